# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generator of the fault campaign: the same schedules for the same seed, all kinds among them, none impossible."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.emulator.faults import KINDS, Faults
from ansible_collections.tenantops.qlik_cloud.tests.faults.draws import (
    PLAYBOOK_EVERY,
    ROLE_EVERY,
    UNANSWERED,
    draw,
    is_by_playbook,
)
from ansible_collections.tenantops.qlik_cloud.tests.faults.flows import FLOWS
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import DATES, HttpFault, Schedule
from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import CALLS

SCHEDULES = [draw(1, number) for number in range(600)]
OF_MODULES = [schedule for schedule in SCHEDULES if schedule.module != "role" and not schedule.by_playbook]


def http_faults(schedules: Iterable[Schedule]) -> list[HttpFault]:
    return [fault for schedule in schedules for run in schedule.runs for fault in run.http]


def test_a_schedule_follows_from_its_seed_and_number_alone() -> None:
    assert [draw(1, number) for number in (599, 7, 300)] == [SCHEDULES[number] for number in (599, 7, 300)]
    assert [str(draw(2, number)) for number in range(20)] != [str(schedule) for schedule in SCHEDULES[:20]]


def test_every_flow_store_and_kind_of_key_is_drawn() -> None:
    cases = {(case.flow, case.store, case.sub_type) for schedule in OF_MODULES for case in schedule.cases}
    possible = {(flow.name, store, kind) for flow in FLOWS.values() for store in flow.stores for kind in flow.sub_types}
    assert cases <= possible
    assert {flow for flow, store, kind in cases} == set(FLOWS)
    assert {(store, kind) for flow, store, kind in cases} == {(store, kind) for flow, store, kind in possible}


def test_every_kind_of_fault_is_drawn_for_every_call() -> None:
    faults = http_faults(OF_MODULES)
    assert {fault.call for fault in faults} == {name for method, path, name in CALLS}
    assert {fault.kind for fault in faults} == {*KINDS, "late", "foreign", "date"}
    assert {fault.status for fault in faults} == {None, 429, 401, 403, 404, 409, 500, 502, 503, 504}
    assert {fault.date for fault in faults} == {None, *DATES}
    faults_met = {(fault.call, fault.kind, fault.when) for fault in faults}
    assert {("POST", kind, when) for kind in UNANSWERED for when in ("before", "after")} <= faults_met


def test_kills_failing_disks_rivals_and_killed_callers_are_drawn() -> None:
    runs = list(chain.from_iterable(schedule.runs for schedule in OF_MODULES))
    assert {run.kill.name is None for run in runs if run.kill} == {True, False}
    assert {run.disk.error for run in runs if run.disk} == {"ENOSPC", "EIO"}
    assert any(run.rival for run in runs)
    assert any(run.not_stored for run in runs)
    assert any(run.kill and run.http for run in runs)
    assert any(run.renamed for run in runs)
    assert any(run.given_away for run in runs)


def test_lists_on_small_pages_that_shift_and_lag_are_drawn() -> None:
    settings = {name for schedule in OF_MODULES for name in schedule.settings}
    assert {"most_per_page", "shifting_pages", "list_lag"} <= settings


def test_every_fault_is_one_that_the_embedded_tenant_takes() -> None:
    faults = http_faults(SCHEDULES)
    orders = Faults()
    assert all(orders.add(fault.order()) for fault in faults)


@pytest.mark.parametrize("schedule", OF_MODULES[:200], ids=lambda schedule: str(schedule.number))
def test_what_is_drawn_can_be(schedule: Schedule) -> None:
    """A disk fails only where a file is written; two runs at once keep no token of the caller's; a limit ends."""
    stores = {case.store for case in schedule.cases}
    assert all("file" in stores for run in schedule.runs if run.disk)
    assert all(stores == {"file"} for run in schedule.runs if run.rival)
    assert all("caller" in stores for run in schedule.runs if run.not_stored)
    assert all(fault.times == 1 and fault.when == "before" for fault in http_faults([schedule]) if fault.status == 429)
    assert len({case.description for case in schedule.cases}) == len(schedule.cases)
    if len(schedule.cases) > 1:
        assert not any(FLOWS[case.flow].fails or FLOWS[case.flow].settings for case in schedule.cases)


def test_the_role_and_whole_playbook_runs_have_their_share() -> None:
    by_playbook = [draw(1, number) for number in range(10 * ROLE_EVERY) if is_by_playbook(number)]
    of_role = [schedule for schedule in by_playbook if schedule.module == "role"]
    assert (len(of_role), len(by_playbook)) == (10, 10 * ROLE_EVERY // PLAYBOOK_EVERY)
    assert {case.store for schedule in of_role for case in schedule.cases} == {"file", "caller"}
    assert all(schedule.by_playbook for schedule in by_playbook if schedule not in of_role)


def test_a_schedule_says_what_is_in_it() -> None:
    schedule = next(each for each in OF_MODULES if each.skew and each.settings and each.runs[0].http and each.purges)
    text = str(schedule)
    assert str(schedule.runs[0].http[0]) in text
    assert f"clock ahead by {schedule.skew} s" in text
    assert all(f"{name}={value}" in text for name, value in schedule.settings.items())
    assert "with purge" in text
