# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One tenant in one call: what is asked, in which order it is written, and what a second run does."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import ROLE_DESCRIPTION
from ansible_collections.tenantops.qlik_cloud.tests.unit import set_up_calls, tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    ROLES,
    everybody,
    expect_all_roles,
    expect_group,
    expect_role_by_name,
    expect_user,
    group_record,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.permission_calls import (
    expect_group_roles,
    expect_scope_given,
    expect_scope_taken,
    expect_user_roles,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CONFIG,
    IDP_ID,
    LONG_PAST,
    REFUSAL,
    TENANT,
    TENANT_ID,
    USER_ID,
    record,
    result_of,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import (
    ACTIVE,
    ENTRA,
    HOST,
    SCIM,
    WEEKLY,
    entra_key,
    expect_beginning,
    expect_key,
    expect_providers,
    expect_scim_key,
    weekly_key,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    MINE,
    expect_config,
    expect_config_change,
    expect_listing,
    expect_retirement,
    steps,
)

OWNERS = "API key owners"
LIMITS = {"max_keys_per_user": 10, "max_api_key_expiry": "P90D"}


@pytest.fixture
def everything(tmp_path) -> dict:
    """All that a tenant can be given, its tokens on file."""
    return {
        "api_keys_enabled": True,
        "config": LIMITS,
        "permission": {"role": OWNERS, "users": [USER_ID], "groups": ["group-1"]},
        "scim_keys": [
            {
                "description": "Entra",
                "idp": {"provider": "AZUREAD", "protocol": "oidc"},
                "token_file": str(tmp_path / "entra.token"),
            }
        ],
        "keys": [{**WEEKLY, "token_file": str(tmp_path / "weekly.token")}],
    }


def expect_reads_of_a_new_tenant(wire) -> None:
    expect_beginning(wire)
    expect_providers(wire, {**ENTRA, "id": "okta-1", "provider": "okta"}, ENTRA)
    expect_all_roles(wire, everybody())
    expect_user(wire, USER_ID, user_record(USER_ID))
    expect_group(wire, "group-1", group_record("group-1"))
    expect_listing(wire, **ACTIVE)


def test_nothing_given_is_nothing_asked(run, wire):
    expect_beginning(wire)
    results = run("tenant", diff=True).results
    fact = results.pop("fact")
    assert results == {
        "changed": False,
        "tenant": {
            "id": TENANT_ID,
            "name": TENANT["name"],
            "hostname": HOST,
            "hostnames": TENANT["hostnames"],
        },
        "enabled_by": "permission",
        "config": {
            "api_keys_enabled": None,
            "max_keys_per_user": CONFIG["max_keys_per_user"],
            "max_api_key_expiry": CONFIG["max_api_key_expiry"],
            "scim_external_client_expiry": CONFIG["scim_externalClient_expiry"],
        },
        "permission": None,
        "api_keys": [],
        "scim_keys": [],
        "missing": [],
        "has_leftovers": False,
        "actions": [],
        "summary": f"{HOST}: nothing to do",
        "diff": {"before": {}, "after": {}},
    }
    same = ("enabled_by", "config", "scim_keys", "missing", "actions", "summary")
    assert fact == {
        **{name: results[name] for name in same},
        "keys": [],
        "tenant_id": TENANT_ID,
        "hostname": HOST,
    }


@pytest.mark.parametrize("nothing", [{"permission": {}}, {"config": {}}, {"permission": {"exclusive": False}}])
def test_an_empty_option_is_none(run, wire, nothing):
    expect_beginning(wire)
    result = run("tenant", **nothing).results
    assert (result["changed"], result["permission"]) == (False, None)


def test_a_new_tenant_gets_its_limits_its_permission_and_its_keys_in_that_order(run, wire, tmp_path, everything):
    expect_reads_of_a_new_tenant(wire)
    expect_config_change(wire, **LIMITS)
    expect_config(wire, **LIMITS)
    creation = {"name": OWNERS, "description": ROLE_DESCRIPTION, "assignedScopes": ["api-keys"]}
    wire.expects("POST", ROLES, json=creation).answers(201, json={**role_record(), **creation})
    expect_user_roles(wire, USER_ID, (), (OWNERS,))
    expect_group_roles(wire, "group-1", (), (OWNERS,))
    expect_scim_key(wire)
    expect_key(wire, "weekly")
    result = run("tenant", diff=True, **everything)
    assert steps(result.results) == [
        f"update {TENANT_ID}",
        "create role-1",
        f"update {USER_ID}",
        "update group-1",
        "create scim-1",
        "create weekly",
    ]
    assert (result.results["changed"], result.warnings) == (True, [])
    assert result.results["config"]["max_api_key_expiry"] == "P90D"
    assert result.results["permission"]["role"]["scopes"] == ["api-keys"]
    assert result.results["api_keys"] == [
        {**result_of(weekly_key()), "token_file": str(tmp_path / "weekly.token")},
    ]
    assert [key["id"] for key in result.results["scim_keys"]] == ["scim-1"]
    assert (tmp_path / "entra.token").read_text() == token_of("scim-1") + "\n"
    assert set(result.results["diff"]["after"]) == {"config", "permission", "api_keys"}
    assert result.results["summary"].startswith(
        f"{HOST}: changed API key configuration (max_keys_per_user from 5 to 10"
    )


def test_check_mode_sends_reads_only_and_tells_the_same_actions(run, wire, tmp_path, everything):
    expect_reads_of_a_new_tenant(wire)
    result = run("tenant", check=True, **everything).results
    assert steps(result) == [f"update {TENANT_ID}", "create", f"update {USER_ID}", "update group-1", "create", "create"]
    assert (result["changed"], list(tmp_path.iterdir())) == (True, [])
    assert [(key["id"], key["description"]) for key in result["api_keys"]] == [(None, "weekly")]
    assert result["summary"].startswith(f"{HOST}: would change API key configuration (")
    assert "would make Entra (no active API key 'Entra' (externalClient SCIM\\" in result["summary"]


@pytest.mark.parametrize("check", [False, True])
def test_a_second_run_sends_reads_only(run, wire, tmp_path, everything, check):
    for name, key_id in (("entra", "scim-1"), ("weekly", "weekly")):
        (tmp_path / f"{name}.token").write_text(token_of(key_id) + "\n")
        (tmp_path / f"{name}.token").chmod(0o600)
    expect_beginning(wire, **LIMITS)
    expect_providers(wire, ENTRA)
    expect_all_roles(wire, everybody(), role_record(OWNERS, "api-keys"))
    expect_user(wire, USER_ID, user_record(USER_ID, OWNERS))
    expect_group(wire, "group-1", group_record("group-1", OWNERS))
    expect_listing(wire, entra_key(), weekly_key(), **ACTIVE)
    result = run("tenant", check=check, diff=True, **everything).results
    assert (result["changed"], result["actions"]) == (False, [])
    assert result["diff"]["before"] == result["diff"]["after"]
    assert result["summary"] == f"{HOST}: nothing to do"


def test_without_a_switch_keys_are_enabled_for_everybody_where_nothing_else_is_said(run, wire):
    expect_beginning(wire)
    expect_role_by_name(wire, "UserDefault", everybody())
    expect_scope_given(wire, everybody())
    result = run("tenant", api_keys_enabled=True).results
    assert (steps(result), result["enabled_by"]) == (["update role-0"], "permission")
    assert result["summary"] == f"{HOST}: changed UserDefault (gets the scope api-keys)"


@pytest.mark.parametrize("permission", [None, {"role": OWNERS}, {"exclusive": True}])
def test_a_switch_is_turned_and_roles_are_left_alone_where_nobody_is_named(run, wire, permission):
    expect_beginning(wire, api_keys_enabled=False)
    expect_config_change(wire, api_keys_enabled=True)
    expect_config(wire, api_keys_enabled=True)
    result = run("tenant", api_keys_enabled=True, permission=permission).results
    assert (steps(result), result["enabled_by"], result["permission"]) == ([f"update {TENANT_ID}"], "switch", None)
    assert result["config"]["api_keys_enabled"] is True


def test_on_a_tenant_with_the_switch_those_named_become_developers_whatever_role_is_said(run, wire):
    developer = role_record("Developer", type="default", id="role-9")
    expect_beginning(wire, api_keys_enabled=True)
    expect_role_by_name(wire, "Developer", developer)
    expect_user(wire, USER_ID, user_record(USER_ID, "Steward"))
    expect_user_roles(wire, USER_ID, ("Steward",), ("Steward", "Developer"))
    permission = {"role": OWNERS, "users": [USER_ID], "exclusive": True}
    result = run("tenant", api_keys_enabled=True, permission=permission).results
    assert (steps(result), result["permission"]["role"]["name"]) == ([f"update {USER_ID}"], "Developer")


def test_a_switch_is_turned_off_by_itself(run, wire):
    expect_beginning(wire, api_keys_enabled=True)
    expect_config_change(wire, api_keys_enabled=False)
    expect_config(wire, api_keys_enabled=False)
    assert steps(run("tenant", api_keys_enabled=False).results) == [f"update {TENANT_ID}"]


@pytest.mark.parametrize("check", [False, True])
def test_keys_cannot_be_turned_off_where_there_is_no_switch(run, wire, check):
    expect_beginning(wire)
    result = run("tenant", check=check, api_keys_enabled=False)
    assert result.message.startswith("api_keys_enabled: this tenant has no switch for API keys")
    assert "take that permission away" in result.message and "changed" not in result.results


def test_the_permission_is_taken_from_all_others_when_those_named_have_it(run, wire):
    expect_beginning(wire)
    expect_all_roles(wire, everybody("a", "api-keys"), role_record(OWNERS))
    expect_user(wire, USER_ID, user_record(USER_ID, OWNERS))
    expect_scope_given(wire, role_record(OWNERS))
    expect_scope_taken(wire, everybody("a", "api-keys"))
    permission = {"role": OWNERS, "users": [USER_ID], "exclusive": True}
    result = run("tenant", permission=permission)
    assert (steps(result.results), result.warnings) == (["update role-1", "update role-0"], [])


def test_what_is_wrong_with_the_permission_is_told_by_its_place_before_anything_is_written(run, wire):
    expect_beginning(wire)
    expect_all_roles(wire)
    expect_user(wire, "nobody")
    result = run("tenant", config=LIMITS, permission={"role": OWNERS, "users": ["nobody"]})
    assert result.message.startswith("permission: users: there is no user with the id, e-mail or subject 'nobody'")
    assert "changed" not in result.results


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"config": {"max_keys_per_user": 1001}}, "config.max_keys_per_user: must be from 0 to 1000"),
        ({"config": {"max_api_key_expiry": "soon"}}, "config.max_api_key_expiry: 'soon' is not an ISO 8601 duration"),
        (
            {"permission": {"role": "UserDefault", "users": ["a"]}},
            "permission.users: cannot be given with the role UserDefault",
        ),
        ({"permission": {"role": " "}}, "permission.role: must not be empty."),
        ({"keys": [{"expiry": "P1D"}]}, "keys[0].description: needed to say which key is meant"),
        ({"scim_keys": [{"description": "a"}]}, "one of the following is required: idp_id, idp"),
        ({"scim_keys": [{**SCIM, "idp": {"provider": "okta"}}]}, "mutually exclusive: idp_id|idp"),
        ({"scim_keys": [SCIM], "keys": [SCIM]}, "keys[0]: names the same key as scim_keys[0]"),
        ({"purge": True, "purge_scope": {"sub_type": "user"}}, "purge: has no meaning without keys or scim_keys"),
        ({"keys": [], "purge": True}, "purge_scope: needed with purge"),
        (
            {"api_keys_enabled": False, "permission": {"role": OWNERS}},
            "permission: cannot be granted with api_keys_enabled: false",
        ),
        ({"api_keys_enabled": False, "keys": [WEEKLY]}, "keys: keys cannot be used with api_keys_enabled: false"),
        ({"api_keys_enabled": False, "scim_keys": [SCIM]}, "scim_keys: keys cannot be used with api_keys_enabled"),
        ({"only_renew": True, "config": LIMITS}, "only_renew: renews keys and does nothing else"),
        ({"only_renew": True, "api_keys_enabled": True}, "only_renew: renews keys and does nothing else"),
        ({"only_renew": True, "permission": {"role": OWNERS}}, "only_renew: renews keys and does nothing else"),
        (
            {"only_renew": True, "keys": [], "purge": True, "purge_scope": {"sub_type": "user"}},
            "only_renew: renews keys and does nothing else",
        ),
    ],
)
def test_bad_input_is_told_by_its_option_before_any_request(run, wire, options, expected):
    assert expected in run("tenant", **options).message
    assert wire.sent == []


def test_keys_may_be_retired_while_they_are_turned_off(run, wire):
    expect_beginning(wire, api_keys_enabled=True)
    expect_listing(wire, weekly_key(), **MINE)
    expect_config_change(wire, api_keys_enabled=False)
    expect_config(wire, api_keys_enabled=False)
    expect_retirement(wire, "weekly")
    result = run("tenant", api_keys_enabled=False, keys=[{**WEEKLY, "state": "absent"}]).results
    assert (steps(result), result["api_keys"]) == ([f"update {TENANT_ID}", "retire weekly"], [None])


def test_a_purge_spares_what_either_list_names(run, wire):
    expect_beginning(wire)
    stray = entra_key("stray", description="Stray")
    expect_listing(wire, weekly_key(), entra_key(), stray, entra_key("ended", expiry=LONG_PAST), **ACTIVE)
    expect_retirement(wire, "stray")
    purge = {"purge": True, "purge_scope": {"sub": f"SCIM\\\\{IDP_ID}"}}
    assert steps(run("tenant", scim_keys=[SCIM], keys=[WEEKLY], **purge).results) == ["retire stray"]


def documented_runs(wire, run, token_file) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    keys = [{**tenant_calls.NIGHTLY, "token_file": token_file, "return_token": True}, {"description": "weekly"}]
    gone = {"description": "gone", "state": "absent"}
    set_up_calls.expect_beginning(wire)
    tenant_calls.expect_listing(wire, record("gone", description="gone"), **tenant_calls.MINE)
    tenant_calls.expect_new_key(wire, "key-1")
    set_up_calls.expect_key(wire, "weekly", key_id="key-2")
    tenant_calls.expect_retirement(wire, "gone")
    done = run("tenant", diff=True, return_tokens=True, keys=[*keys, gone]).results
    lost = {"description": "weekly", "key_id": "", "on_lost_token": "replace"}
    set_up_calls.expect_beginning(wire)
    tenant_calls.expect_listing(wire, record("key-1", description="weekly"), **tenant_calls.MINE)
    set_up_calls.expect_key(wire, "weekly", key_id="key-2")
    handing_on = run("tenant", keys=[lost], handed_on=[]).results
    set_up_calls.expect_beginning(wire)
    tenant_calls.expect_listing(wire, record("gone", description="gone"), **tenant_calls.MINE)
    tenant_calls.expect_retirement(wire, "gone")
    wire.expects("POST", tenant_calls.KEYS, json=tenant_calls.BODY).answers(403, json=REFUSAL)
    return [done, handing_on, run("tenant", return_tokens=True, keys=[gone, tenant_calls.NIGHTLY]).results]
