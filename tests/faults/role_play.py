# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a schedule of the role ``onboarding``, by real ``ansible-playbook`` runs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ansible_collections.tenantops import qlik_cloud

from faults.module_process import Run
from faults.play import GLANCE, Outcome, Play
from faults.schedules import Schedule, Spoiled
from faults.stage import Stage

PLAYBOOK = "tenantops.qlik_cloud.onboard"
LONGEST_RUN = 300
# In the environment of every process of a run, so that all of them can be found and killed.
MARK = "FAULT_CAMPAIGN_RUN"
# What a user's own store does with a new token; it is down while ``store_is_down``.
TOKEN_TASKS = [
    {
        "name": "See whether the store answers",
        "ansible.builtin.assert": {"that": "not (store_is_down | default(false))"},
    },
    {
        "name": "Store the token",
        "ansible.builtin.copy": {"content": "{{ onboarding_token }}", "dest": "{{ store }}", "mode": "0600"},
    },
]


class RolePlay(Play):
    """``workshop``: a folder for what the runs need beside the token folder."""

    def __init__(self, stage: Stage, schedule: Schedule, folder: Path, workshop: Path):
        super().__init__(stage, schedule, folder)
        self._workshop = workshop
        self._store_path = workshop / "store.token"
        [self._subject] = self._scene.subjects
        self._store_path.write_text(self._subject.stored)
        self._tasks_path = workshop / "token_tasks.yml"
        self._tasks_path.write_text(json.dumps(TOKEN_TASKS))

    def _execute(self, spoiled: Spoiled | None) -> list[Run]:
        call = spoiled.kill.name if spoiled and spoiled.kill else None
        is_down = spoiled is not None and spoiled.not_stored
        inputs = self._workshop / "inputs.json"
        inputs.write_text(json.dumps(self._variables(first_runs=spoiled is not None, store_is_down=is_down)))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,"]
        command += [
            "-e",
            f"@{inputs}",
            "-e",
            f"ansible_python_interpreter={sys.executable}",
            "-vvv",
            "--diff",
            PLAYBOOK,
        ]
        with (self._workshop / "output").open("w+") as output:
            process = subprocess.Popen(
                command,
                cwd=self._workshop,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            if call:
                self._kill_at(call, process)
            process.wait(LONGEST_RUN)
            output.seek(0)
            return [_as_run(process.returncode, output.read())]

    def _store(self, result: dict[str, Any], *, stores: bool) -> None:
        """The token tasks have stored it themselves, or have failed to."""
        self._outcome.struck["store down"] += not stores

    def _finish(self, run: Run, *, stores: bool) -> None:
        if self._subject.case.store == "caller":
            self._subject.stored = self._store_path.read_text()
        super()._finish(run, stores=stores)

    def _variables(self, *, first_runs: bool, store_is_down: bool) -> dict[str, Any]:
        sign_in = {f"onboarding_{name}": value for name, value in self._scene.requester.options.items()}
        hand_on = {"onboarding_token_tasks": str(self._tasks_path), "store": str(self._store_path)}
        return {
            **sign_in,
            **(hand_on if self._subject.case.store == "caller" else {}),
            "store_is_down": store_is_down,
            "onboarding_scim_keys": [self._subject.options(first_runs=first_runs)],
        }

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
                _kill_marked(str(self._workshop))
                return
            time.sleep(GLANCE)


def play_role(stage: Stage, schedule: Schedule) -> Outcome:
    """Play a schedule of the role."""
    with tempfile.TemporaryDirectory(prefix="fault-campaign-") as folder:
        with tempfile.TemporaryDirectory(prefix="fault-campaign-role-", ignore_cleanup_errors=True) as workshop:
            return RolePlay(stage, schedule, Path(folder), Path(workshop)).play()


def _as_run(code: int, output: str) -> Run:
    """A playbook's end in the terms of a module's: its message begins with the first failure, all of it is searched."""
    if code == -signal.SIGKILL:
        return Run(code, output, "", ())
    recap = output.rpartition("PLAY RECAP")[2]
    changed = int(re.search(r"changed=(\d+)", recap)[1]) if "changed=" in recap else 0
    result = {"changed": changed > 0, "failed": code != 0, "msg": output.partition("fatal: ")[2], "output": output}
    return Run(min(code, 1), json.dumps(result), "", ())


def _kill_marked(mark: str) -> None:
    """SIGKILL for every process with that mark in its environment, until there is none. Needs /proc."""
    wanted = f"{MARK}={mark}".encode()
    while True:
        found = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if wanted in _environment_of(pid)]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(GLANCE)


def _environment_of(pid: int) -> list[bytes]:
    """Empty for a process that is gone, is a zombie, or is another user's."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
