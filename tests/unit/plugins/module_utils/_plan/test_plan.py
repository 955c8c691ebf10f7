# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan


@pytest.mark.parametrize(("outcome", "told"), [(None, {}), ("revoked", {"outcome": "revoked"})])
def test_an_outcome_is_only_told_of_a_retirement_that_was_carried_out(outcome, told):
    action = Action("retire", "key-1", "nightly", "state is absent", outcome)
    expected = {"action": "retire", "id": "key-1", "description": "nightly", "reason": "state is absent"}
    assert action.as_result() == {**expected, **told}


@pytest.mark.parametrize(("after", "changed"), [({"a": 1}, False), ({"a": 2}, True)])
def test_changed_and_diff_come_from_the_same_two_pictures(after, changed):
    plan = Plan(before={"a": 1}, after=after)
    assert (plan.changed, plan.diff()) == (changed, {"before": {"a": 1}, "after": after})
