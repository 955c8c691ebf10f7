# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles that users and groups hold, and the patch that sets them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from .errors import bad_body, error_object
from .json_patch import Operation
from .tenant import Tenant


def find_held_roles(tenant: Tenant, holder_id: str) -> list[dict[str, Any]]:
    """The roles assigned to a user or group itself, in the order of assignment."""
    rows = tenant.store.all(
        """SELECT roles.id, roles.name, roles.type, roles.level FROM assigned_roles
           JOIN roles ON roles.id = assigned_roles.role_id WHERE holder_id = ? ORDER BY assigned_roles.seq""",
        holder_id,
    )
    return [dict(row) for row in rows]


def find_wanted_roles(tenant: Tenant, changes: Sequence[Operation]) -> list[str]:
    """Role ids after patches `replace /assignedRoles`, whose values name roles by `id` or `name`.

    Raises Refusal (400).
    """
    value = changes[-1].value
    if not isinstance(value, list):
        raise bad_body("/0/value", "a list of roles is required")
    # A role named twice counts once.
    return list(dict.fromkeys(_parse_role_id(tenant, item) for item in value))


def _parse_role_id(tenant: Tenant, item: Any) -> str:
    if not isinstance(item, dict) or not isinstance(item.get("id", item.get("name")), str):
        raise bad_body("/0/value", "a role is named by its id or name")
    column = "id" if "id" in item else "name"
    role: sqlite3.Row | None = tenant.store.one(
        f"SELECT id FROM roles WHERE tenant_id = ? AND {column} = ?", tenant.id, item[column]
    )
    if role is None:
        raise bad_body("/0/value", f"unknown role {item[column]!r}")
    return role["id"]


def assign(tenant: Tenant, holder_id: str, role_ids: list[str]) -> None:
    """Let the holder have exactly these roles."""
    tenant.store.run("DELETE FROM assigned_roles WHERE holder_id = ?", holder_id)
    for role_id in role_ids:
        tenant.store.insert("assigned_roles", holder_id=holder_id, role_id=role_id)


def find_unassigned(role_id: str) -> dict[str, Any]:
    """The error that a partly successful patch reports for one role."""
    return error_object(400, "Role not assigned", f"role {role_id} could not be assigned")
