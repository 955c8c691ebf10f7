# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed before any of its steps leaves what the next one brings to the right end."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.faults import onboarding_kills
from ansible_collections.tenantops.qlik_cloud.tests.faults.kills import FLOWS, Row, rows, table
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage

DOCUMENTED = Path(__file__).parents[2] / "docs" / "stopped-runs.md"
# What a run of each flow cannot do without; were it not among the steps, the list would be of something else.
MILESTONES = {
    "create": {"flock lock", "replace new file as marker", "POST", "link new file as token file", "unlink marker"},
    "renew": {"flock lock", "replace new file as marker", "POST", "replace new file as token file", "DELETE"},
    "renew with overlap": {"replace new file as marker", "POST", "replace new file as token file", "unlink marker"},
    "replace": {"replace new file as marker", "POST", "link new file as token file", "DELETE"},
    "retire first": {"replace new file as marker", "DELETE", "POST", "replace new file as token file"},
    "absent": {"DELETE", "unlink token file"},
}


@pytest.mark.parametrize("flow", FLOWS)
def test_the_run_after_a_kill_brings_it_to_the_right_end(stage: Stage, flow: str) -> None:
    seen = list(rows(stage, flow))
    assert MILESTONES[flow] <= {row.step for row in seen}
    wrong = {f"{row.number}: {row.step}": list(map(str, row.violations)) for row in seen if row.violations}
    assert wrong == {}


def test_the_run_after_a_kill_completes_the_onboarding_of_a_new_tenant(stage: Stage) -> None:
    seen = list(onboarding_kills.rows(stage))
    milestones = {"sign-in", "PATCH config", "PATCH role", "POST", "link new file as token file", "unlink marker"}
    assert milestones <= {row.step for row in seen}
    assert {f"{row.number}: {row.step}": row.wrong for row in seen if row.wrong} == {}


def test_inside_the_worker_it_is_just_as_documented() -> None:
    """In a process of its own, for modules run otherwise where the controller's side of Ansible is loaded.

    Two flows, which have every kind of step; ``make kills ARGS="--shell worker"`` has all.
    """
    flows = ("renew", "absent")
    command = [sys.executable, "-m", rows.__module__, "--shell", "worker", *(f"--flow={flow}" for flow in flows)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    finished = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert finished.returncode == 0, finished.stderr
    printed = finished.stdout.split("\n\n")
    tables = [table for title, table in itertools.pairwise(printed) if title.startswith("### ")]
    documented = DOCUMENTED.read_text(encoding="utf-8")
    assert len(tables) == len(flows)
    assert [table for table in tables if table not in documented] == []


def test_steps_that_come_to_the_same_share_a_line() -> None:
    same = [
        Row(number, step, "none", "none", "lock", "create key 1", "key 1", ()) for number, step in ((1, "a"), (2, "b"))
    ]
    other = Row(3, "POST", "key 1", "none", "lock", "retire key 1", "key 2", ())
    lines = table([*same, other]).splitlines()[2:]
    assert lines == [
        "| 1–2: a, b | none | none | lock | create key 1 | key 1 |",
        "| 3: POST | key 1 | none | lock | retire key 1 | key 2 |",
    ]
