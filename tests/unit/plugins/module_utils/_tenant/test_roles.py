# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    RefusedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Role, Roles
from unit.directory import ROLES, everybody, expect_role, expect_scope, role_record
from unit.samples import page, refused


@pytest.fixture
def roles(calls) -> Roles:
    return Roles(calls)


def test_a_role_is_found_by_its_exact_name_among_what_the_filter_lets_through(wire, roles):
    expect_role(wire, "Key Makers", role_record("key makers"), everybody("x"), role_record("Key Makers", "a", id="2"))
    assert roles.find("Key Makers") == Role("2", "Key Makers", "custom", "", ("a",), True)


def test_a_role_on_a_later_page_is_found_though_the_filter_is_ignored(wire, roles):
    first = page(*(role_record(f"role {number}") for number in range(100)), next={"href": f"{ROLES}?next=abc"})
    query = {"filter": 'name eq "the \\"good\\" ones"', "limit": "100"}
    wire.expects("GET", ROLES, query=query).answers(json=first)
    wire.expects("GET", ROLES, query={"next": "abc"}).answers(json=page(role_record('the "good" ones', id="2")))
    assert roles.find('the "good" ones').id == "2"


def test_a_role_that_is_not_there_is_none(wire, roles):
    expect_role(wire, "Key Makers", role_record("key makers"))
    assert roles.find("Key Makers") is None


def test_a_default_role_may_come_without_scopes_description_and_can_edit(wire, roles):
    expect_role(wire, "TenantAdmin", {"id": "1", "name": "TenantAdmin", "type": "default", "permissions": ["x"]})
    assert roles.find("TenantAdmin") == Role("1", "TenantAdmin", "default", "", (), False)


@pytest.mark.parametrize("missing", ["id", "name", "type"])
def test_a_role_without_what_decides_something_cannot_be_used(wire, roles, missing):
    expect_role(wire, "Key Makers", {**role_record(), missing: None})
    with pytest.raises(UnusableAnswerError, match=f"without a usable '{missing}'"):
        roles.find("Key Makers")


def test_a_role_is_made_with_its_scopes(wire, roles):
    body = {"name": "Key Makers", "description": "make keys", "assignedScopes": ["api-keys"]}
    wire.expects("POST", ROLES, json=body).answers(201, json={**role_record(), **body})
    made = roles.create("Key Makers", "make keys", ["api-keys"])
    assert made == Role("role-1", "Key Makers", "custom", "make keys", ("api-keys",), True)


def test_a_scope_is_added_and_removed_by_itself(wire, roles):
    expect_scope(wire, "role%2F1", "add")
    roles.add_scope("role/1", "api-keys")
    expect_scope(wire, "role%2F1", "remove-value")
    roles.remove_scope("role/1", "api-keys")


@pytest.mark.parametrize("status", [204, 404])
def test_a_role_is_deleted_or_gone_already(wire, roles, status):
    wire.expects("DELETE", f"{ROLES}/role-1").answers(status)
    roles.delete("role-1")


def test_a_role_that_is_assigned_is_not_deleted(wire, roles):
    wire.expects("DELETE", f"{ROLES}/role-1").answers(409, json=refused("ROLES-1", "Role is assigned"))
    with pytest.raises(RefusedError, match="Role is assigned"):
        roles.delete("role-1")


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", ROLES, lambda roles: roles.find("x")),
        ("POST", ROLES, lambda roles: roles.create("x", "", [])),
        ("PATCH", f"{ROLES}/1", lambda roles: roles.add_scope("1", "api-keys")),
        ("DELETE", f"{ROLES}/1", lambda roles: roles.delete("1")),
    ],
)
def test_a_403_names_the_missing_role(wire, roles, method, path, call):
    bodies = {
        "POST": {"name": "x", "description": "", "assignedScopes": []},
        "PATCH": [{"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}],
    }
    query = {"filter": 'name eq "x"', "limit": "100"} if method == "GET" else {}
    wire.expects(method, path, json=bodies.get(method), query=query).answers(403)
    with pytest.raises(ForbiddenError, match="this call needs the role TenantAdmin"):
        call(roles)
