# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the permission reaches, and what becomes of it on a tenant that is large, unwilling or asked by the wrong one."""

from __future__ import annotations

import pytest
from conftest import Playground

MODULE = "tenantops.qlik_cloud.api_key_permission"
KEY = "tenantops.qlik_cloud.api_key"
MEMBER = {"access_token": "{{ tenant.member_token }}"}
NAME = "Key Makers"

pytestmark = pytest.mark.parametrize("generation", ["permission"])


@pytest.mark.parametrize(
    "permission",
    [{}, {"role": NAME, "users": ["auth0|member"]}, {"role": NAME, "groups": ["Finance"]}],
    ids=["everybody", "user", "group"],
)
def test_keys_can_be_made_with_the_permission_and_not_without(playground: Playground, permission: dict) -> None:
    def make(description: str) -> dict:
        return {KEY: {"description": description, "token_file": "{{ folder }}/" + description, **MEMBER}}

    before, granted, made, taken, after = playground.run(
        make("mine"), {MODULE: permission}, make("mine"), {MODULE: {**permission, "state": "absent"}}, make("another")
    )
    assert [granted["changed"], made["changed"], taken["changed"]] == [True, True, True]
    assert [(refused["failed"], refused["failure"]["status"]) for refused in (before, after)] == [(True, 403)] * 2


def test_only_an_admin_may_grant_it(playground: Playground) -> None:
    custom = {"role": NAME, "users": ["auth0|member"]}
    for refused in playground.run({MODULE: dict(MEMBER)}, {MODULE: {**custom, **MEMBER}}):
        assert refused["failed"] and "needs the role TenantAdmin" in refused["msg"]
        assert "actions" not in refused


@pytest.mark.parametrize("link_style", ["absolute", "relative", "null"])
def test_a_role_is_found_among_many_pages_of_them(playground: Playground, link_style: str) -> None:
    playground.tenant.control("PATCH", "settings", {"link_style": link_style, "tier2_per_minute": 0})
    for number in range(250):
        playground.api("POST", "/roles", {"name": f"A role {number}"})
    # A filter that the service does not heed is told by its answer, which is then the first page of all roles.
    everything = playground.api("GET", "/roles?limit=100").text
    fault = {"method": "GET", "path": "/api/v1/roles", "kind": "status", "status": 200, "body": everything}
    playground.tenant.control("POST", "faults", {**fault, "content_type": "application/json"})
    playground.forget_calls()
    [granted] = playground.run({MODULE: {}})
    assert granted["role"]["scopes"] == ["api-keys"]
    # Who signs in and the configuration, by which the generation of the tenant is told; then three pages.
    assert [call["method"] for call in playground.calls()] == ["GET"] * 5 + ["PATCH", "GET"]


def test_a_user_who_gets_a_part_only_is_named_and_the_rest_is_told(playground: Playground) -> None:
    playground.api("PATCH", f"/users/{playground.tenant.ready['member_user_id']}", replace_roles("Steward"))
    playground.tenant.control("PATCH", "settings", {"partial_user_patch": True})
    users = ["auth0|second-member", "auth0|member"]
    [partial] = playground.run({MODULE: {"role": NAME, "users": users}})
    assert partial["failed"] and partial["changed"]
    assert partial["failure"]["status"] == 207
    assert "user 'Member'" in partial["msg"] and "Role not assigned" in partial["msg"]
    assert [action["description"] for action in partial["actions"]] == [NAME, "Second Member"]

    playground.tenant.control("PATCH", "settings", {"partial_user_patch": False})
    [mended] = playground.run({MODULE: {"role": NAME, "users": users}})
    assert [action["description"] for action in mended["actions"]] == ["Member"]


def test_a_role_that_somebody_still_holds_stays_without_the_scope(playground: Playground) -> None:
    absent = {"role": NAME, "state": "absent"}
    given, first, second = playground.run(
        {MODULE: {"role": NAME, "groups": ["Finance"]}}, {MODULE: dict(absent)}, {MODULE: dict(absent)}
    )
    assert given["changed"] and first["changed"]
    assert (first["role"]["exists"], first["role"]["scopes"]) == (True, [])
    assert len(first["warnings"]) == 1 and "Role is assigned" in first["warnings"][0]
    assert not second["changed"] and "warnings" not in second
    assert playground.writes() == [
        ("POST", "/api/v1/roles"),
        ("PATCH", f"/api/v1/groups/{playground.api('GET', '/groups').json()['data'][0]['id']}"),
        ("DELETE", f"/api/v1/roles/{first['role']['id']}"),
        ("PATCH", f"/api/v1/roles/{first['role']['id']}"),
    ]


def replace_roles(*names: str) -> list[dict]:
    return [{"op": "replace", "path": "/assignedRoles", "value": [{"name": name} for name in names]}]
