# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin around the module, as a worker of Ansible runs it: in a process of its own.

Here it must be one: with its controller side loaded, Ansible treats what modules do in this process differently.
"""

from __future__ import annotations

import io
import tempfile
import threading
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.progress import VARIABLE, Progress
from unit.processes import PATIENCE, beside

GIVEN = [{"LANG": "C"}]
RESULT = {"changed": True}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


class Queue:
    """Stands for Ansible's: keeps what is sent, and lets the module end with the first."""

    def __init__(self) -> None:
        self.sent: list[tuple] = []
        self.was_sent = threading.Event()

    def send_display(self, *arguments: Any, **options: Any) -> None:
        self.sent.append((arguments, options))
        self.was_sent.set()


class Closed(Queue):
    """Ansible has ended meanwhile."""

    def send_display(self, *arguments: Any, **options: Any) -> None:
        super().send_display(*arguments, **options)
        raise OSError("handle is closed")


def told_by(
    queue: Queue | None, transport: str = "local", become: bool = False, seconds: int = 0, interval: float = 0.01
) -> dict[str, Any]:
    """What comes of a run in which the module tells ``1 of 2``, and then waits for the first line if there can be one.

    ``seconds`` are those of ``async``; ``environments`` those of the task while the module runs and afterwards.
    """

    def work(connection: Connection) -> None:
        from ansible_collections.tenantops.qlik_cloud.plugins.action import api_keys

        task = SimpleNamespace(args={}, environment=GIVEN, async_val=seconds, check_mode=False, diff=False)
        reached = SimpleNamespace(transport=transport, _shell=SimpleNamespace(tmpdir="its own"))
        plugin = api_keys.ActionModule(task, reached, SimpleNamespace(become=become), None, None, None)
        environments = []

        def execute_module(**_options: Any) -> dict:
            variables = {name: value for each in task.environment for name, value in each.items()}
            environments.append(variables)
            Progress(variables.get(VARIABLE)).tell(1, 2)
            if VARIABLE in variables and interval < PATIENCE:
                queue.was_sent.wait(PATIENCE)
            return RESULT

        plugin._execute_module = execute_module
        api_keys.INTERVAL = interval
        api_keys.display._final_q = queue
        # A callback may replace it by what writes at once, as that of older ansible-runners.
        api_keys.display.display = print
        with redirect_stdout(io.StringIO()) as written, redirect_stderr(written):
            result = plugin.run(task_vars={"inventory_hostname": "here"})
        connection.send(
            {
                "result": result,
                "environments": [*environments, task.environment],
                "written": written.getvalue(),
                "sent": queue.sent if queue else [],
            }
        )

    with beside(work) as connection:
        assert connection.poll(PATIENCE)
        return connection.recv()


def test_lines_go_by_ansibles_own_queue_and_nothing_is_written_in_the_worker(temporary):
    told = told_by(Queue())
    assert told["sent"][0] == (("display", "api_keys: [here] 1 of 2 changes made"), {"stderr": True})
    assert told["written"] == ""
    assert RESULT.items() <= told["result"].items()
    during, afterwards = told["environments"]
    assert sorted(during) == ["LANG", VARIABLE]
    assert afterwards == GIVEN
    assert list(temporary.iterdir()) == []


def test_an_error_of_the_queue_ends_nothing_and_is_written_nowhere(temporary):
    told = told_by(Closed())
    assert told["sent"]
    assert told["written"] == ""
    assert RESULT.items() <= told["result"].items()
    assert list(temporary.iterdir()) == []


def test_a_module_that_ends_within_the_interval_is_not_told_of(temporary):
    told = told_by(Queue(), interval=threading.TIMEOUT_MAX)
    assert (told["sent"], told["written"]) == ([], "")
    assert VARIABLE in told["environments"][0]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "how",
    [
        {"queue": None},
        {"queue": Queue(), "transport": "ssh"},
        {"queue": Queue(), "become": True},
        {"queue": Queue(), "seconds": 60},
    ],
    ids=["no queue", "ssh", "become", "async"],
)
def test_where_nothing_can_be_told_the_module_just_runs(temporary, how):
    told = told_by(**how)
    assert (told["sent"], told["written"]) == ([], "")
    assert RESULT.items() <= told["result"].items()
    assert told["environments"] == [{"LANG": "C"}, GIVEN]
    assert list(temporary.iterdir()) == []


def test_without_room_for_a_file_the_module_just_runs(temporary):
    temporary.rmdir()
    told = told_by(Queue())
    assert (told["sent"], told["written"]) == ([], "")
    assert RESULT.items() <= told["result"].items()
    assert told["environments"] == [{"LANG": "C"}, GIVEN]
