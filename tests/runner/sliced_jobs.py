# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX plays them: credentials in the environment, an inventory in three slices, two of them at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conftest import Runner, environment
from emulator_process import ServedTenant
from marked_processes import MARK, kill_marked

SLICES = 3
AT_ONCE = 2
MAX_SECONDS = 900.0
POLL_SECONDS = 0.2
JOB = Path(__file__).with_name("controller_job.py")
ANY_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]+")
SETTINGS = json.dumps({"suppress_ansible_output": True, "suppress_output_file": True})


@dataclass(frozen=True)
class Hang:
    """A slice is cancelled at this call of its first tenant, which then does not answer; ``skip`` calls like it pass first."""

    method: str
    path: str
    when: str = "before"
    skip: int = 0

    def prepare(self, tenant: ServedTenant) -> None:
        tenant.control("POST", "faults", {**vars(self), "kind": "hang", "seconds": MAX_SECONDS})

    @staticmethod
    def has_come(calls: Sequence[Mapping[str, Any]]) -> bool:
        return any((call["fault"] or {}).get("kind") == "hang" for call in calls)


@dataclass(frozen=True)
class Seen:
    """A slice is cancelled once its first tenant has had so many of these calls, whatever comes of the last."""

    method: str
    path: str = ".*"
    count: int = 1
    status: int | None = None

    def prepare(self, tenant: ServedTenant) -> None:
        """Nothing is to be ordered."""

    def has_come(self, calls: Sequence[Mapping[str, Any]]) -> bool:
        seen = [call for call in calls if call["method"] == self.method and re.fullmatch(self.path, call["path"])]
        return len([call for call in seen if self.status in (None, call["status"])]) >= self.count


Moment = Hang | Seen


@dataclass(frozen=True)
class Template:
    """What is launched: a playbook of the collection, extra variables, and the variables of the host of a tenant, by its number."""

    playbook: str
    variables_of: Callable[[int], dict[str, Any]]
    extra_variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """What AWX keeps of a job: its status, what its output says, its artifacts by ``set_stats``, and everything as text."""

    status: str
    left: dict[str, Any]
    text: str
    seconds: float


class Launch:
    """All slices of one launch of a job template, each in a folder of its own."""

    def __init__(self, runner: Runner, tenants: list[ServedTenant], folder: Path, name: str, template: Template):
        self._runner, self._tenants = runner, tenants
        self._folder, self._name = folder, name
        self._template = template

    def play(self, moments: Sequence[Moment] = ()) -> list[Kept]:
        """With moments, one for each slice, each is cancelled at its own."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda number: self._play_slice(number, moments), range(SLICES)))

    def _play_slice(self, number: int, moments: Sequence[Moment]) -> Kept:
        folder = self._folder / f"{self._name}-{number}"
        self._prepare(folder, number)
        mark = str(folder)
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, str(JOB), str(folder)],
            env={**environment(self._runner, folder), MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            if moments:
                self._wait_until(moments[number], self._tenants[number], process)
                (folder / "cancel").touch()
            output = process.communicate(timeout=MAX_SECONDS)[0]
        finally:
            # With the container all of its processes end, those as well that left the group which the runner ends.
            kill_marked(mark)
        return read_kept(folder / "artifacts", output, time.monotonic() - started)

    def _prepare(self, folder: Path, number: int) -> None:
        playbook = f"tenantops.qlik_cloud.{self._template.playbook}"
        files = {
            "project/job.yml": f"- {{name: Play the job, ansible.builtin.import_playbook: {playbook}}}\n",
            "env/settings": SETTINGS,
            "env/tmp_contexts": self._contexts(),
            "inventory/hosts": self._inventory(number),
        }
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        (folder / "inventory/hosts").chmod(0o700)
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
            "extravars": dict(self._template.extra_variables),
            "verbosity": 4,
            "envvars": of_job,
            "suppress_env_files": True,
        }
        (folder / "job.json").write_text(json.dumps(job))

    def _contexts(self) -> str:
        """As the injectors of the credential type with a contexts file write it."""
        contexts = {
            f"tenant-{index}": {
                "server": tenant.url,
                "headers": {"Authorization": f"Bearer {tenant.ready['admin_token']}"},
            }
            for index, tenant in enumerate(self._tenants)
        }
        return json.dumps({"contexts": contexts})

    def _inventory(self, number: int) -> str:
        """A program that prints it, with every third host, as AWX writes it."""
        hosts = {
            f"tenant-{index}": {
                "ansible_connection": "local",
                "onboarding_context": f"tenant-{index}",
                **self._template.variables_of(index),
            }
            for index in range(number, len(self._tenants), SLICES)
        }
        listed = {"all": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}}
        return f"#! {sys.executable}\nprint({json.dumps(listed)!r})\n"

    @staticmethod
    def _wait_until(moment: Moment, tenant: ServedTenant, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + MAX_SECONDS
        while not moment.has_come(tenant.control("GET", "requests")["requests"]):
            if process.poll() is not None:
                raise AssertionError(f"it ended before {moment}: {process.stdout.read()[-3000:]}")
            assert time.monotonic() < deadline, moment
            time.sleep(POLL_SECONDS)
        # What is carried out before it hangs is.
        time.sleep(0.5)


def read_kept(artifacts: Path, output: str, seconds: float) -> Kept:
    events = [json.loads(path.read_text()) for path in artifacts.glob("7/job_events/*.json")]
    left = next(
        (event["event_data"].get("artifact_data", {}) for event in events if event["event"] == "playbook_on_stats"), {}
    )
    files = [path.read_text(encoding="utf-8") for path in sorted(artifacts.rglob("*")) if path.is_file()]
    return Kept(output.split()[-1] if output.split() else "", left, "\n".join([output, *files]), seconds)


def assert_no_secret(jobs: Sequence[Kept], secrets: Sequence[str]) -> None:
    for job in jobs:
        assert "playbook_on_play_start" in job.text
        assert [secret for secret in secrets if secret in job.text] == []
        assert ANY_TOKEN.findall(job.text) == []
