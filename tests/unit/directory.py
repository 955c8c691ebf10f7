# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles, users and groups as a tenant answers them, and the calls on them as expectations on the fake network."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import CONFIG, TENANT_ID, USER, page
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Wire

ROLES = "/api/v1/roles"
USERS = "/api/v1/users"
GROUPS = "/api/v1/groups"


def role_record(name: str = "Key Makers", *scopes: str, **differences: Any) -> dict:
    """A custom role with these scopes."""
    return {
        "id": "role-1",
        "name": name,
        "type": "custom",
        "description": "",
        "assignedScopes": list(scopes),
        "canEdit": True,
        **differences,
    }


def everybody(*scopes: str, **differences: Any) -> dict:
    """The role UserDefault with these scopes."""
    return role_record("UserDefault", *scopes, **{"id": "role-0", "type": "default", **differences})


def user_record(user_id: str = "user-1", *roles: str, **differences: Any) -> dict:
    return {
        "id": user_id,
        "name": f"Name of {user_id}",
        "email": f"{user_id}@example.com",
        "subject": f"auth0|{user_id}",
        "status": "active",
        "assignedRoles": _references(roles),
        **differences,
    }


def group_record(group_id: str = "group-1", *roles: str, **differences: Any) -> dict:
    return {"id": group_id, "name": f"Name of {group_id}", "assignedRoles": _references(roles), **differences}


def expect_generation(wire: Wire, *, has_switch: bool = False) -> None:
    """By its configuration the tenant tells whether it has the switch."""
    switch = {"api_keys_enabled": True} if has_switch else {}
    wire.expects("GET", "/api/v1/users/me").answers(json=USER)
    wire.expects("GET", f"/api/v1/api-keys/configs/{TENANT_ID}").answers(json={**CONFIG, **switch})


def expect_role(wire: Wire, name: str, *found: dict) -> None:
    """Any role but that of everybody is looked for among all, since others may have the permission as well."""
    expect_generation(wire)
    if name == "UserDefault":
        expect_role_by_name(wire, name, *found)
    else:
        expect_all_roles(wire, *found)


def expect_role_by_name(wire: Wire, name: str, *found: dict) -> None:
    query = {"filter": f"name eq {json.dumps(name)}", "limit": "100"}
    wire.expects("GET", ROLES, query=query).answers(json=page(*found))


def expect_all_roles(wire: Wire, *found: dict) -> None:
    wire.expects("GET", ROLES, query={"limit": "100"}).answers(json=page(*found))


def expect_user(wire: Wire, name: str, *found: dict) -> None:
    value = json.dumps(name)
    query = {"filter": f"id eq {value} or email eq {value} or subject eq {value}", "limit": "100"}
    wire.expects("GET", USERS, query=query).answers(json=page(*found))


def expect_group(wire: Wire, name: str, *found: dict) -> None:
    value = json.dumps(name)
    wire.expects("GET", GROUPS, query={"filter": f"id eq {value} or name eq {value}", "limit": "100"}).answers(
        json=page(*found)
    )


def expect_scope(wire: Wire, role_id: str, op: str) -> None:
    """The scope ``api-keys`` is given (``add``) or taken (``remove-value``)."""
    path = "/assignedScopes/-" if op == "add" else "/assignedScopes"
    wire.expects("PATCH", f"{ROLES}/{role_id}", json=[{"op": op, "path": path, "value": "api-keys"}]).answers(204)


def expect_assignment(wire: Wire, path: str, *roles: str, status: int = 204, answer: Any = None) -> None:
    """``path`` is that of the user or group; ``roles`` are all it shall have."""
    value = [{"name": role} for role in roles]
    patch = [{"op": "replace", "path": "/assignedRoles", "value": value}]
    wire.expects("PATCH", path, json=patch).answers(status, json=answer)


def _references(roles: tuple[str, ...]) -> list[dict]:
    return [{"id": f"id of {role}", "name": role, "type": "custom", "level": "user"} for role in roles]
