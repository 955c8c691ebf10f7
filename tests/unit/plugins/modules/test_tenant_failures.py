# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant refuses in the middle, and keys that it does not list before they are enabled."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import everybody, expect_role_by_name
from ansible_collections.tenantops.qlik_cloud.tests.unit.permission_calls import expect_scope_given
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, TENANT_ID, result_of, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import (
    ACTIVE,
    ENTRA,
    SCIM,
    WEEKLY,
    expect_beginning,
    expect_key,
    expect_scim_key,
    weekly_key,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    CONFIGS,
    KEYS,
    LIST,
    MINE,
    expect_config,
    expect_config_change,
    expect_listing,
    steps,
)


def test_a_failure_after_a_change_says_what_was_done_and_what_remains(run, wire):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    expect_config_change(wire, max_keys_per_user=9)
    expect_config(wire, max_keys_per_user=9)
    wire.expects("POST", KEYS, json={**WEEKLY, "subType": "user"}).answers(403)
    result = run("tenant", config={"max_keys_per_user": 9}, keys=[WEEKLY], return_tokens=True)
    assert result.message.startswith("keys[0]: POST /api/v1/api-keys was refused with 403")
    assert (result.results["changed"], result.results["failure"]["status"]) == (True, 403)
    assert (steps(result.results), steps(result.results, "remaining")) == ([f"update {TENANT_ID}"], ["create"])


def test_a_failure_returns_the_tokens_of_keys_made_until_then_beside_their_entries(run, wire):
    expect_beginning(wire)
    expect_listing(wire, **ACTIVE)
    wire.expects("GET", f"/api/v1/identity-providers/{IDP_ID}").answers(json=ENTRA)
    expect_scim_key(wire)
    wire.expects("POST", KEYS, json={**WEEKLY, "subType": "user"}).answers(403)
    result = run("tenant", scim_keys=[SCIM], keys=[WEEKLY], return_tokens=True).results
    assert [key["token"] for key in result["scim_keys"]] == [token_of("scim-1")]
    assert result["api_keys"] == [None]


def test_what_may_be_left_as_a_fact_has_no_tokens(run, wire):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    expect_key(wire, "weekly")
    result = run("tenant", keys=[WEEKLY], return_tokens=True).results
    assert result["api_keys"] == [{**result_of(weekly_key()), "token_file": None, "token": token_of("weekly")}]
    assert result["fact"]["keys"] == [{**result_of(weekly_key()), "token_file": None}]


def test_a_refused_configuration_stops_before_anything_else_is_written(run, wire):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    patch = [{"op": "replace", "path": "/max_keys_per_user", "value": 9}]
    wire.expects("PATCH", CONFIGS, json=patch).answers(403)
    result = run("tenant", config={"max_keys_per_user": 9}, keys=[WEEKLY], return_tokens=True)
    assert "this call needs the role TenantAdmin" in result.message and "changed" not in result.results


@pytest.mark.parametrize("check", [False, True])
def test_keys_that_a_tenant_does_not_list_before_they_are_enabled_are_planned_as_if_there_were_none(
    run, wire, tmp_path, check
):
    (tmp_path / "stored.token").write_text(token_of("stored"))
    (tmp_path / "stored.token").chmod(0o600)
    keys = [
        {**WEEKLY, "token_file": str(tmp_path / "weekly.token")},
        {"description": "stored", "token_file": str(tmp_path / "stored.token")},
    ]
    expect_beginning(wire, api_keys_enabled=False)
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(403)
    if not check:
        expect_config_change(wire, api_keys_enabled=True)
        expect_config(wire, api_keys_enabled=True)
        stored = weekly_key("stored", description="stored")
        expect_listing(wire, stored, weekly_key("lost", description="other"), **MINE)
        expect_key(wire, "weekly")
    result = run("tenant", check=check, api_keys_enabled=True, keys=keys)
    done = ["create"] if check else ["create weekly"]
    assert steps(result.results) == [f"update {TENANT_ID}", *done]
    assert result.warnings == [
        "keys[1]: what is to be done about it can be seen only when API keys are enabled.",
    ]


def test_keys_that_are_there_once_they_can_be_seen_are_not_made_again(run, wire, tmp_path):
    expect_beginning(wire)
    expect_role_by_name(wire, "UserDefault", everybody())
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(403)
    expect_scope_given(wire, everybody())
    expect_listing(wire, weekly_key(), **MINE)
    options = {"api_keys_enabled": True, "keys": [{**WEEKLY, "on_lost_token": "ignore"}], "return_tokens": True}
    result = run("tenant", **options).results
    assert (steps(result), result["api_keys"][0]["id"]) == (["update role-0"], "weekly")


def test_keys_that_cannot_be_listed_though_they_are_enabled_are_a_failure(run, wire):
    expect_beginning(wire, api_keys_enabled=True)
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(403)
    result = run("tenant", api_keys_enabled=True, config={"max_keys_per_user": 5}, keys=[WEEKLY])
    assert result.results["failure"]["status"] == 403 and "changed" not in result.results
