# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a schedule of one task of ``api_key`` or ``api_keys`` by whole playbook runs."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ansible_collections.tenantops.qlik_cloud.tests.faults.play import Outcome
from ansible_collections.tenantops.qlik_cloud.tests.faults.playbook_play import PlaybookPlay
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Schedule, Spoiled
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage


class TaskPlay(PlaybookPlay):
    def _prepare(self, spoiled: Spoiled | None) -> None:
        options = self._scene.options(first_runs=spoiled is not None, timeout=spoiled.timeout if spoiled else None)
        task = {"name": "Keep the keys", f"tenantops.qlik_cloud.{self._scene.schedule.module}": options}
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
        Path(self._playbook()).write_text(json.dumps([play]))

    def _playbook(self) -> str:
        return str(self._workshop / "task.yml")


def play_task(stage: Stage, schedule: Schedule) -> Outcome:
    """Play a schedule of one task, its tokens on file."""
    with tempfile.TemporaryDirectory(prefix="fault-campaign-") as folder:
        with tempfile.TemporaryDirectory(prefix="fault-campaign-task-", ignore_cleanup_errors=True) as workshop:
            return TaskPlay(stage, schedule, Path(folder), Path(workshop)).play()
