# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a schedule of the role ``onboarding``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import Run
from ansible_collections.tenantops.qlik_cloud.tests.faults.play import Outcome
from ansible_collections.tenantops.qlik_cloud.tests.faults.playbook_play import PlaybookPlay
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Schedule, Spoiled
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage

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


class RolePlay(PlaybookPlay):
    def __init__(self, stage: Stage, schedule: Schedule, folder: Path, workshop: Path):
        super().__init__(stage, schedule, folder, workshop)
        self._store_path = workshop / "store.token"
        [self._subject] = self._scene.subjects
        self._store_path.write_text(self._subject.stored)
        self._tasks_path = workshop / "token_tasks.yml"
        self._tasks_path.write_text(json.dumps(TOKEN_TASKS))

    def _playbook(self) -> str:
        return "tenantops.qlik_cloud.onboard"

    def _variables(self, spoiled: Spoiled | None) -> dict[str, Any]:
        sign_in = {f"onboarding_{name}": value for name, value in self._scene.requester.options.items()}
        hand_on = {"onboarding_token_tasks": str(self._tasks_path), "store": str(self._store_path)}
        return {
            **sign_in,
            **(hand_on if self._subject.case.store == "caller" else {}),
            "store_is_down": spoiled is not None and spoiled.not_stored,
            "onboarding_scim_keys": [self._subject.options(first_runs=spoiled is not None)],
        }

    def _store(self, result: dict[str, Any], *, stores: bool) -> None:
        """The token tasks have stored it themselves, or have failed to."""
        self._outcome.faults_met["store down"] += not stores

    def _finish(self, run: Run, *, stores: bool) -> None:
        if self._subject.case.store == "caller":
            self._subject.stored = self._store_path.read_text()
        super()._finish(run, stores=stores)


def play_role(stage: Stage, schedule: Schedule) -> Outcome:
    """Play a schedule of the role."""
    with tempfile.TemporaryDirectory(prefix="fault-campaign-") as folder:
        with tempfile.TemporaryDirectory(prefix="fault-campaign-role-", ignore_cleanup_errors=True) as workshop:
            return RolePlay(stage, schedule, Path(folder), Path(workshop)).play()
