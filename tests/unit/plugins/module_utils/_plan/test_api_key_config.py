# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_config import find_changes, plan_config
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig

TODAY = ApiKeyConfig(None, 5, "PT24H", "P365D")
WITH_SWITCH = ApiKeyConfig(False, 5, "PT24H", None)


@pytest.mark.parametrize("current", [TODAY, WITH_SWITCH])
def test_nothing_asked_for_is_nothing_to_do(current):
    assert plan_config("t1", current, {}) == Plan(current.as_result(), current.as_result())


@pytest.mark.parametrize(
    ("wanted", "differs"),
    [
        ({"max_keys_per_user": 5}, {}),
        ({"max_keys_per_user": 0}, {"max_keys_per_user": 0}),
        ({"max_api_key_expiry": "P1D"}, {}),
        ({"max_api_key_expiry": "P2D"}, {"max_api_key_expiry": "P2D"}),
        ({"scim_external_client_expiry": "P1Y"}, {"scim_external_client_expiry": "P1Y"}),
        ({"scim_external_client_expiry": "PT8760H", "max_keys_per_user": 9}, {"max_keys_per_user": 9}),
    ],
)
def test_durations_differ_by_length_and_numbers_by_value(wanted, differs):
    assert find_changes(TODAY, wanted) == differs


def test_all_changes_are_one_action_that_names_each_with_its_old_and_new_value():
    wanted = {"api_keys_enabled": True, "max_keys_per_user": 5, "scim_external_client_expiry": "P30D"}
    plan = plan_config("t1", WITH_SWITCH, wanted)
    reason = 'api_keys_enabled from false to true, scim_external_client_expiry from unset to "P30D"'
    assert plan == Plan(
        before=WITH_SWITCH.as_result(),
        after={**WITH_SWITCH.as_result(), "api_keys_enabled": True, "scim_external_client_expiry": "P30D"},
        actions=(Action("update", "t1", "API key configuration", reason),),
    )
    assert plan.changed


def test_enabling_without_a_switch_warns_about_the_permission_and_leaves_the_rest_to_be_done():
    plan = plan_config("t1", TODAY, {"api_keys_enabled": True, "max_keys_per_user": 6})
    assert plan.after == {**TODAY.as_result(), "max_keys_per_user": 6}
    assert len(plan.warnings) == 1
    assert "permission Manage API keys" in plan.warnings[0] and "api_key_permission" in plan.warnings[0]


def test_disabling_without_a_switch_fails_before_anything_is_changed():
    with pytest.raises(TenantStateError, match="^api_keys_enabled: this tenant has no switch.*Nothing was changed"):
        plan_config("t1", TODAY, {"api_keys_enabled": False, "max_keys_per_user": 6})


def test_a_limit_of_very_many_months_is_warned_of_and_set_all_the_same():
    plan = plan_config("t1", TODAY, {"max_api_key_expiry": "P90M"})
    assert plan.after["max_api_key_expiry"] == "P90M"
    assert [warning.split(" lasts")[0] for warning in plan.warnings] == ["max_api_key_expiry: P90M"]
