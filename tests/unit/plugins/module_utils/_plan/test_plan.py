# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan, check_own_key_lasts


@pytest.mark.parametrize(("outcome", "message"), [(None, {}), ("revoked", {"outcome": "revoked"})])
def test_an_outcome_is_only_told_of_a_retirement_that_was_carried_out(outcome, message):
    action = Action("retire", "key-1", "nightly", "state is absent", outcome)
    expected = {"action": "retire", "id": "key-1", "description": "nightly", "reason": "state is absent"}
    assert action.as_result() == {**expected, **message}


@pytest.mark.parametrize(("after", "changed"), [({"a": 1}, False), ({"a": 2}, True)])
def test_changed_and_diff_come_from_the_same_two_pictures(after, changed):
    plan = Plan(before={"a": 1}, after=after)
    assert (plan.changed, plan.diff()) == (changed, {"before": {"a": 1}, "after": after})


CREATE = Action("create", None, "nightly", "force_renew")
RETIRE_OWN = Action("retire", "own", "nightly", "retire_first")
RENAME_OWN = Action("update", "own", "nightly", "description was 'weekly'")


@pytest.mark.parametrize(
    ("actions", "refused"),
    [
        ([], False),
        ([RETIRE_OWN], False),
        ([CREATE, RETIRE_OWN], False),
        ([RENAME_OWN, CREATE], False),
        ([RETIRE_OWN, CREATE], True),
        ([CREATE, RETIRE_OWN, CREATE], True),
    ],
)
def test_a_run_does_not_retire_the_key_it_signs_in_with_before_everything_else_is_done(actions, refused):
    assert check_own_key_lasts(actions, None) is check_own_key_lasts(actions, "another") is None
    if refused:
        with pytest.raises(TenantStateError, match=r"signs in with API key own \('nightly'\).*Nothing was changed"):
            check_own_key_lasts(actions, "own")
    else:
        assert check_own_key_lasts(actions, "own") is None
