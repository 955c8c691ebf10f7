# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A large set of keys by ``api_keys`` in a playbook, which is killed in the middle, and what the next run makes of it."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ansible_collections.tenantops.qlik_cloud.tests.faults.judge import Violation
from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import Run
from ansible_collections.tenantops.qlik_cloud.tests.faults.playbook_play import PlaybookPlay
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Case, HttpFault, Schedule, Spoiled
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Call, Stage
from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import Kill

KEYS = 300
COLUMNS = ("", "Active keys of the set", "Their tokens on file", "Requests that write")


@dataclass(frozen=True)
class Stop:
    """What there was after a run: how many of the set's keys were active, of how many of those the token was on file.

    ``writes`` counts the run's writing requests by name.
    """

    active: int
    held: int
    writes: Mapping[str, int]


class SetPlay(PlaybookPlay):
    """``stops``: one for each run."""

    def __init__(self, stage: Stage, schedule: Schedule, folder: Path, workshop: Path):
        super().__init__(stage, schedule, folder, workshop)
        self._others = set(self._scene.start.active)
        self.stops: list[Stop] = []

    def _playbook(self) -> str:
        task = {"name": "Have the keys", "tenantops.qlik_cloud.api_keys": self._scene.options(first_runs=True)}
        path = self._workshop / "set.yml"
        path.write_text(
            json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}])
        )
        return str(path)

    def _finish(self, run: Run, *, stores: bool) -> None:
        super()._finish(run, stores=stores)
        active = set(self._now.active) - self._others
        self.stops.append(Stop(len(active), len(active & set(self._now.held)), {}))

    def _run_unspoiled(self) -> tuple[Run, list[Call]]:
        run, calls = super()._run_unspoiled()
        self.stops[-1] = replace(self.stops[-1], writes=Counter(call.name for call in calls if call.writes))
        return run, calls


def stopped_in_the_middle(stage: Stage, keys: int) -> tuple[list[Stop], list[Violation]]:
    """Kill the run that makes the keys when the tenant has made half of them and not answered for the last one."""
    cases = tuple(Case("create", "file", "user", f"key {number}") for number in range(keys))
    unanswered = HttpFault("POST", "hang", "after", skip=keys // 2 - 1)
    schedule = Schedule(0, "api_keys", cases, (Spoiled((unanswered,), Kill(1, "POST")),))
    with tempfile.TemporaryDirectory(prefix="large-set-") as folder:
        with tempfile.TemporaryDirectory(prefix="large-set-runs-", ignore_cleanup_errors=True) as workshop:
            play = SetPlay(stage, schedule, Path(folder), Path(workshop))
            violations = play.play().violations
    return play.stops, violations


def table(stops: list[Stop]) -> str:
    """Markdown."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for number, stop in enumerate(stops):
        if number:
            writes = ", ".join(f"{count} {call}" for call, count in sorted(stop.writes.items())) or "none"
            lines.append(f"| run {number + 1} | {stop.active} | {stop.held} | {writes} |")
        else:
            lines.append(f"| run 1, killed | {stop.active} | {stop.held} | |")
    return "\n".join(lines)
