# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writes of api_key_permission as expectations on the fake network, each with the looks at what became of it."""

from __future__ import annotations

from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    GROUPS,
    ROLES,
    USERS,
    group_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Wire

SCOPE = "api-keys"


def expect_scope_given(wire: Wire, role: dict, *, left: dict | None = None) -> None:
    """``role`` is the record before; ``left`` the one that is read back, if not with the scope."""
    _expect_scope_change(wire, role["id"], {"op": "add", "path": "/assignedScopes/-", "value": SCOPE})
    _expect_role(wire, left or {**role, "assignedScopes": [*role["assignedScopes"], SCOPE]})


def expect_scope_taken(wire: Wire, role: dict, *, left: dict | None = None) -> None:
    _expect_scope_change(wire, role["id"], {"op": "remove-value", "path": "/assignedScopes", "value": SCOPE})
    without = [scope for scope in role["assignedScopes"] if scope != SCOPE]
    _expect_role(wire, left or {**role, "assignedScopes": without})


def expect_role_deleted(wire: Wire, role_id: str) -> None:
    wire.expects("DELETE", f"{ROLES}/{role_id}").answers(204)
    wire.expects("GET", f"{ROLES}/{role_id}").answers(404)


def expect_user_roles(wire: Wire, user_id: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """The roles of a user are read, set, and read back."""
    expect_user_read(wire, user_id, *before)
    expect_write_of_roles(wire, f"{USERS}/{user_id}", *after)
    expect_user_read(wire, user_id, *after)


def expect_group_roles(wire: Wire, group_id: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    expect_group_read(wire, group_id, *before)
    expect_write_of_roles(wire, f"{GROUPS}/{group_id}", *after)
    expect_group_read(wire, group_id, *after)


def expect_user_read(wire: Wire, user_id: str, *roles: str) -> None:
    wire.expects("GET", f"{USERS}/{user_id}").answers(json=user_record(user_id, *roles))


def expect_group_read(wire: Wire, group_id: str, *roles: str) -> None:
    wire.expects("GET", f"{GROUPS}/{group_id}").answers(json=group_record(group_id, *roles))


def expect_write_of_roles(wire: Wire, path: str, *roles: str, status: int = 204, answer: Any = None) -> None:
    """``path`` is that of the user or group; ``roles`` are all it shall have."""
    value = [{"name": role} for role in roles]
    patch = [{"op": "replace", "path": "/assignedRoles", "value": value}]
    wire.expects("PATCH", path, json=patch).answers(status, json=answer)


def _expect_scope_change(wire: Wire, role_id: str, operation: dict[str, Any]) -> None:
    wire.expects("PATCH", f"{ROLES}/{role_id}", json=[operation]).answers(204)


def _expect_role(wire: Wire, role: dict) -> None:
    wire.expects("GET", f"{ROLES}/{role['id']}").answers(json=role)
