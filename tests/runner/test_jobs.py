# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX plays them: credentials in the environment, an inventory in three slices, two of them at once, and all cancelled once.

What AWX would keep of them, events and artifacts, is searched for secrets, and has what came of each tenant.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner, environment, runners_of_jobs
from emulator_process import EmbeddedTenant, ServedTenant
from marked_processes import MARK, kill_marked

SLICES = 3
AT_ONCE = 2
TENANTS = 6
LONGEST_SECONDS = 240.0
JOB = Path(__file__).with_name("controller_job.py")
ANY_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]+")
HANGING = (
    ("PATCH", "/api/v1/roles/[^/]+", "after"),
    ("POST", "/api/v1/api-keys", "before"),
    ("POST", "/api/v1/api-keys", "after"),
)
"""The call of a slice's first tenant that hangs when the slice is cancelled, and when."""
TEMPLATE = {
    "project/job.yml": "- {name: Onboard, ansible.builtin.import_playbook: tenantops.qlik_cloud.onboard}\n",
    "env/settings": json.dumps({"suppress_ansible_output": True, "suppress_output_file": True}),
}


@dataclass(frozen=True)
class Kept:
    """What AWX keeps of a job: its status, what its output says, its artifacts by ``set_stats``, and everything as text."""

    status: str
    left: dict[str, Any]
    text: str


class Launch:
    """All slices of one launch of a job template, each in a folder of its own."""

    def __init__(self, runner: Runner, tenants: list[ServedTenant], folder: Path, name: str):
        self._runner, self._tenants = runner, tenants
        self._folder, self._name = folder, name

    def play(self, is_cancelled: bool) -> list[Kept]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda number: self._play_slice(number, is_cancelled), range(SLICES)))

    def _play_slice(self, number: int, is_cancelled: bool) -> Kept:
        folder = self._folder / f"{self._name}-{number}"
        self._prepare(folder, number)
        method, path, when = HANGING[number]
        order = {"method": method, "path": path, "when": when, "kind": "hang", "seconds": LONGEST_SECONDS}
        first = self._tenants[number]
        if is_cancelled:
            first.control("POST", "faults", order)
        mark = str(folder)
        process = subprocess.Popen(
            [sys.executable, str(JOB), str(folder)],
            env={**environment(self._runner, folder), MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            if is_cancelled:
                self._wait_until_it_hangs(first, process)
                (folder / "cancel").touch()
            output = process.communicate(timeout=LONGEST_SECONDS)[0]
        finally:
            # With the container all of its processes end, those as well that left the group which the runner ends.
            kill_marked(mark)
        return kept(folder / "artifacts", output)

    def _prepare(self, folder: Path, number: int) -> None:
        for name, content in (*TEMPLATE.items(), ("inventory/hosts", self._inventory(number))):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        (folder / "inventory/hosts").chmod(0o700)
        # As the injectors of the credential type with a contexts file do it.
        contexts = {
            f"tenant-{index}": {
                "server": tenant.url,
                "headers": {"Authorization": f"Bearer {tenant.ready['admin_token']}"},
            }
            for index, tenant in enumerate(self._tenants)
        }
        (folder / "env/tmp_contexts").write_text(json.dumps({"contexts": contexts}))
        of_job = {
            "JOB_ID": "7",
            "AWX_PRIVATE_DATA_DIR": str(folder),
            "QLIK_CONTEXTS_FILE": str(folder / "env/tmp_contexts"),
            # Fields of another credential that were left empty.
            "QLIK_TENANT_URL": "",
            "QLIK_CLIENT_ID": "",
            "QLIK_CLIENT_SECRET": "",
            "QLIK_ACCESS_TOKEN": "",
        }
        job = {
            "ident": 7,
            "private_data_dir": str(folder),
            "playbook": "job.yml",
            "inventory": str(folder / "inventory/hosts"),
        }
        launched = {"extravars": {"onboarding_config": '{"max_keys_per_user": "20"}'}, "verbosity": 4}
        (folder / "job.json").write_text(json.dumps({**job, **launched, "envvars": of_job, "suppress_env_files": True}))

    def _inventory(self, number: int) -> str:
        """A program that prints it, with every third host, as AWX writes it."""
        tokens = self._folder / "volume"
        tokens.mkdir(exist_ok=True)
        hosts = {
            f"tenant-{index}": {
                "ansible_connection": "local",
                "onboarding_context": f"tenant-{index}",
                "onboarding_scim_keys": [
                    {
                        "description": "Entra",
                        "idp_id": tenant.ready["idp_id"],
                        "on_lost_token": "replace",
                        "token_file": str(tokens / f"tenant-{index}.token"),
                    }
                ],
            }
            for index, tenant in enumerate(self._tenants)
            if index % SLICES == number
        }
        listed = {"all": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}}
        return f"#! {sys.executable}\nprint({json.dumps(listed)!r})\n"

    @staticmethod
    def _wait_until_it_hangs(tenant: ServedTenant, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + LONGEST_SECONDS
        while not any(call["fault"] for call in tenant.control("GET", "requests")["requests"]):
            assert process.poll() is None and time.monotonic() < deadline, process.stdout
            time.sleep(0.1)
        # What is carried out before it hangs is.
        time.sleep(0.5)


def kept(artifacts: Path, output: str) -> Kept:
    events = [json.loads(path.read_text()) for path in artifacts.glob("7/job_events/*.json")]
    left = next(
        (event["event_data"].get("artifact_data", {}) for event in events if event["event"] == "playbook_on_stats"), {}
    )
    files = [path.read_text(encoding="utf-8") for path in sorted(artifacts.rglob("*")) if path.is_file()]
    return Kept(output.split()[-1] if output.split() else "", left, "\n".join([output, *files]))


@dataclass(frozen=True)
class Played:
    cancelled: list[Kept]
    completed: list[Kept]
    keys: list[list[dict[str, Any]]]
    tokens: dict[str, str]
    secrets: list[str]


@pytest.fixture(scope="session")
def played(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Runner, Played]]:
    with EmbeddedTenant(tenants=TENANTS) as process:
        yield {each: play(each, process.all, tmp_path_factory.mktemp("jobs")) for each in runners_of_jobs(pytestconfig)}


def play(runner: Runner, tenants: list[ServedTenant], folder: Path) -> Played:
    for tenant in tenants:
        tenant.control("POST", "reset")
    cancelled = Launch(runner, tenants, folder, "cancelled").play(is_cancelled=True)
    for tenant in tenants:
        tenant.control("DELETE", "faults")
    completed = Launch(runner, tenants, folder, "completed").play(is_cancelled=False)
    return Played(
        cancelled,
        completed,
        keys=[
            [key for key in tenant.control("GET", "keys")["keys"] if key["status"] == "active"] for tenant in tenants
        ],
        tokens={path.stem: path.read_text().strip() for path in (folder / "volume").glob("*.token")},
        secrets=[tenant.ready["admin_token"] for tenant in tenants],
    )


def test_slices_that_are_cancelled_are_completed_by_the_next_launch(
    job_runner: Runner, played: dict[Runner, Played]
) -> None:
    run = played[job_runner]
    assert [kept.status for kept in run.cancelled] == ["canceled"] * SLICES
    assert [kept.status for kept in run.completed] == ["successful"] * SLICES, run.completed[0].text[-3000:]
    assert [len(keys) for keys in run.keys] == [1] * TENANTS
    assert sorted(run.tokens) == [f"tenant-{index}" for index in range(TENANTS)]


def test_each_slice_leaves_what_came_of_its_tenants(job_runner: Runner, played: dict[Runner, Played]) -> None:
    left = [kept.left["qlik_cloud"] for kept in played[job_runner].completed]
    assert [sorted(slice["tenants"]) for slice in left] == [
        ["tenant-0", "tenant-3"],
        ["tenant-1", "tenant-4"],
        ["tenant-2", "tenant-5"],
    ]
    assert [slice["summary"]["failed"] for slice in left] == [0] * SLICES
    assert all(tenant["next_expiry"] for slice in left for tenant in slice["tenants"].values())
    assert [kept.left for kept in played[job_runner].cancelled] == [{}] * SLICES


def test_no_secret_is_in_what_is_kept_of_a_job(job_runner: Runner, played: dict[Runner, Played]) -> None:
    run = played[job_runner]
    for job in (*run.cancelled, *run.completed):
        assert "playbook_on_play_start" in job.text
        assert [secret for secret in (*run.secrets, *run.tokens.values()) if secret in job.text] == []
        assert ANY_TOKEN.findall(job.text) == []
