# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action

CREATE_A = Action("create", None, "a", "none is active")
CREATE_B = Action("create", None, "b", "none is active")
RETIRE = Action("retire", "key-0", "a", "state is absent")
RENAME = Action("update", "key-2", "c", "description was 'd'")
UNPLANNED = Action("retire", "key-9", "a", "nobody has its token", "deleted")


def made(action: Action, key_id: str) -> Action:
    return replace(action, id=key_id)


@pytest.mark.parametrize(
    ("planned", "done", "remaining"),
    [
        ([CREATE_A, RETIRE], [], [CREATE_A, RETIRE]),
        ([CREATE_A, RETIRE], [made(CREATE_A, "key-1")], [RETIRE]),
        ([CREATE_A, CREATE_A], [made(CREATE_A, "key-1")], [CREATE_A]),
        ([CREATE_A, CREATE_B], [made(CREATE_A, "key-1")], [CREATE_B]),
        ([RETIRE, RENAME], [replace(RETIRE, outcome="revoked")], [RENAME]),
        ([RETIRE, RENAME], [RETIRE, RENAME], []),
        ([CREATE_A, RETIRE], [UNPLANNED, made(CREATE_A, "key-1")], [RETIRE]),
        ([], [UNPLANNED], []),
        ([CREATE_A], [made(CREATE_A, "key-1"), replace(UNPLANNED, id="key-1")], [CREATE_A]),
    ],
)
def test_what_remains_is_what_was_planned_and_not_done(planned, done, remaining):
    log = ActionLog()
    log.set_planned(planned)
    for action in done:
        log.add(action)
    assert (log.find_remaining(), log.done) == (remaining, done)


def test_a_failure_before_any_change_tells_nothing_more():
    log = ActionLog()
    log.set_planned([CREATE_A])
    assert log.build_failure() == {}


def test_a_failure_after_a_change_tells_what_was_done_and_what_remains_and_keeps_the_tokens():
    log = ActionLog(secured={"token": "t"})
    log.set_planned([CREATE_A, RETIRE])
    log.add(made(CREATE_A, "key-1"))
    assert log.build_failure() == {
        "changed": True,
        "actions": [made(CREATE_A, "key-1").as_result()],
        "remaining": [RETIRE.as_result()],
        "token": "t",
    }


def test_what_turns_out_to_be_otherwise_is_planned_anew():
    log = ActionLog()
    log.set_planned([CREATE_A, CREATE_B])
    log.replace_planned([CREATE_A], [RETIRE])
    log.add(RETIRE)
    assert log.find_remaining() == [CREATE_B]


def test_what_is_planned_anew_stays_in_its_place():
    log = ActionLog()
    log.set_planned([CREATE_A, CREATE_B])
    log.replace_planned([CREATE_A], [RETIRE])
    assert log.find_remaining() == [RETIRE, CREATE_B]


def test_a_plan_made_anew_leaves_those_of_other_keys_as_they_are():
    """Two keys for two users may have one description, and then their actions look the same."""
    log = ActionLog()
    log.set_planned([CREATE_A, CREATE_A])
    log.replace_planned([CREATE_A], [])
    assert log.find_remaining() == [CREATE_A]


def test_progress_counts_what_was_done_of_what_is_planned():
    shown = []
    log = ActionLog(progress=SimpleNamespace(update=shown.append))
    log.set_planned([CREATE_A, RETIRE])
    for action in (made(CREATE_A, "key-1"), UNPLANNED, RETIRE):
        log.add(action)
    assert shown == [f"{done} of {planned} changes made" for done, planned in ((0, 2), (1, 2), (2, 2), (3, 3))]


class Retiring:
    """Stands for the tenant: it has revoked the key."""

    def __init__(self):
        self.api_keys = self
        self.retired = []

    def retire(self, key_id: str) -> str:
        self.retired.append(key_id)
        return "revoked"


def test_a_retirement_is_noted_with_its_outcome():
    log, tenant = ActionLog(), Retiring()
    log.retire(tenant, RETIRE)
    assert (tenant.retired, log.done) == (["key-0"], [replace(RETIRE, outcome="revoked")])
