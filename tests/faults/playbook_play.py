# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a schedule by real ``ansible-playbook`` runs, which are killed with all their processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from marked_processes import MARK, kill_marked

from ansible_collections.tenantops import qlik_cloud
from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import Run
from ansible_collections.tenantops.qlik_cloud.tests.faults.play import POLL_SECONDS, Play
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Schedule, Spoiled
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage

MAX_RUN_SECONDS = 300


class PlaybookPlay(Play, ABC):
    """``workshop``: a folder for what the runs need beside the token folder.

    A kill strikes when the call of its name has reached the tenant and one of the run's faults lets it hang.
    """

    def __init__(self, stage: Stage, schedule: Schedule, folder: Path, workshop: Path):
        super().__init__(stage, schedule, folder)
        self._workshop = workshop

    @abstractmethod
    def _playbook(self) -> str:
        """Its name, or the path of its file."""

    def _prepare(self, spoiled: Spoiled | None) -> None:
        """Write what a run needs before it starts; ``spoiled`` is None for a run without faults."""

    def _variables(self, spoiled: Spoiled | None) -> dict[str, Any]:
        """What the playbook is told; ``spoiled`` is None for a run without faults."""
        return {}

    def _execute(self, spoiled: Spoiled | None) -> list[Run]:
        self._prepare(spoiled)
        inputs = self._workshop / "inputs.json"
        inputs.write_text(json.dumps(self._variables(spoiled)))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-e", f"@{inputs}"]
        command += ["-e", f"ansible_python_interpreter={sys.executable}", "-vvv", "--diff", self._playbook()]
        with (self._workshop / "output").open("w+") as output:
            process = subprocess.Popen(
                command,
                cwd=self._workshop,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            if spoiled and spoiled.kill:
                self._kill_at(spoiled.kill.name, process)
            process.wait(MAX_RUN_SECONDS)
            output.seek(0)
            return [_as_run(process.returncode, output.read())]

    def _environment(self) -> dict[str, str]:
        collections = Path(next(iter(qlik_cloud.__path__))).parents[2]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "QLIK_"))}
        own = {"HOME": "ansible-home", "LOCAL_TEMP": "ansible-tmp"}
        return {
            **inherited,
            MARK: str(self._workshop),
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "HOME": str(self._workshop),
            **{f"ANSIBLE_{name}": str(self._workshop / place) for name, place in own.items()},
        }

    def _kill_at(self, call: str, process: subprocess.Popen) -> None:
        """Wait until the call has reached the tenant, which lets it hang; then end every process of the run at once."""
        while process.poll() is None:
            if any(asked.name == call and asked.fault for asked in self._stage.calls_so_far()):
                kill_marked(str(self._workshop))
                return
            time.sleep(POLL_SECONDS)


def _as_run(code: int, output: str) -> Run:
    """A playbook's end in the terms of a module's: its message begins with the first failure, all of it is searched."""
    if code == -signal.SIGKILL:
        return Run(code, output, "", ())
    recap = output.rpartition("PLAY RECAP")[2]
    changed = int(re.search(r"changed=(\d+)", recap)[1]) if "changed=" in recap else 0
    result = {
        "changed": changed > 0,
        "failed": code != 0,
        "msg": output.partition("fatal: ")[2],
        "warnings": re.findall(r"^\[WARNING\]: (.*)", output, re.MULTILINE),
        "output": output,
    }
    return Run(min(code, 1), json.dumps(result), "", ())
