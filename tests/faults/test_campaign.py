# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short fault campaign, of modules alone; ``make faults`` is the long one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.faults.campaign import Figures, report
from ansible_collections.tenantops.qlik_cloud.tests.faults.draws import draw
from ansible_collections.tenantops.qlik_cloud.tests.faults.mutations import MUTATIONS
from ansible_collections.tenantops.qlik_cloud.tests.faults.play import play
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Schedule
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage

SEED = 2026
SCHEDULES = 60
ENOUGH_TO_FIND_IT = 600
STRIKES = ("kill -9", "caller killed", "rival run", "late", "disk", "drop", "hang", "truncate", "garbage", "status")


def schedules(count: int) -> Iterator[Schedule]:
    drawn = (draw(SEED, number) for number in range(count))
    return (schedule for schedule in drawn if schedule.module != "role" and not schedule.by_playbook)


def test_no_token_is_lost_leaked_or_doubled(stage: Stage) -> None:
    figures = Figures()
    reports = []
    for schedule in schedules(SCHEDULES):
        outcome = play(stage, schedule)
        figures.add(outcome)
        if outcome.violations:
            reports.append(report(outcome, SEED))
    assert not reports, "".join(reports)
    assert [kind for kind in STRIKES if not any(faults_met.startswith(kind) for faults_met in figures.faults_met)] == []
    assert figures.faults_met.total() > SCHEDULES


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_worse_collection_is_found_out(stage: Stage, mutation: Callable[[], None]) -> None:
    finding = MUTATIONS[mutation]
    for schedule in finding.schedules(schedules(ENOUGH_TO_FIND_IT)):
        if finding.kinds & {violation.kind for violation in play(stage, schedule, mutation).violations}:
            return
    pytest.fail(f"{mutation.__name__} went unnoticed")
