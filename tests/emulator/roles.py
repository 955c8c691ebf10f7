# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls on /roles."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from . import pages, scim_filter
from .bodies import require_object, require_text
from .calls import Call
from .clock import timestamp
from .errors import Refusal, bad_body, forbidden, not_found
from .json_patch import Operation, operations
from .tenant import new_user_id

FILTERS = {name: scim_filter.exact(name) for name in ("id", "name", "type")}
MAX_ROLES = 500
PATCHABLE = {
    "replace": ("/name", "/description", "/assignedScopes"),
    "add": ("/assignedScopes/-",),
    "remove-value": ("/assignedScopes",),
}


def list_roles(call: Call) -> Response:
    """GET /roles."""
    conditions = scim_filter.conditions(call, FILTERS)
    order = pages.order(call, {"name": "name", "type": "type"}, default="+name")
    rows, links = pages.select_page(call, "roles", conditions, order)
    return JSONResponse({"data": [_build_body(call, row) for row in rows], "links": links})


def get_role(call: Call) -> Response:
    """GET /roles/{id}."""
    return JSONResponse(_build_body(call, _find(call, call.ids["id"])))


def create_role(call: Call) -> Response:
    """POST /roles: a custom role with a name of its own."""
    call.caller.require_admin()
    body = require_object(call.body)
    name = require_text(body.get("name"), "/name")
    description = _text(body.get("description", ""), "/description")
    scopes = _scopes(body.get("assignedScopes", []), "/assignedScopes")
    _require_free_name(call, name)
    if call.tenant.store.one("SELECT count(*) FROM roles WHERE tenant_id = ?", call.tenant.id)[0] >= MAX_ROLES:
        raise Refusal(400, "Too many roles", f"a tenant has at most {MAX_ROLES} roles")
    role_id, now = new_user_id(), call.tenant.clock.now()
    call.tenant.store.insert(
        "roles",
        tenant_id=call.tenant.id,
        id=role_id,
        name=name,
        type="custom",
        level="user",
        description=description,
        assigned_scopes=json.dumps(scopes),
        can_edit=1,
        can_delete=1,
        created=now,
        last_updated=now,
    )
    return JSONResponse(_build_body(call, _find(call, role_id)), 201)


def patch_role(call: Call) -> Response:
    """PATCH /roles/{id}: name, description and scopes of a custom role, scopes of UserDefault."""
    call.caller.require_admin()
    role = _find(call, call.ids["id"])
    changes = operations(call.body, PATCHABLE)
    if not role["can_edit"]:
        raise forbidden(f"the role {role['name']} cannot be edited")
    patched = {"name": role["name"], "description": role["description"], "scopes": json.loads(role["assigned_scopes"])}
    for index, change in enumerate(changes):
        _apply(patched, change, f"/{index}/value")
    if role["type"] == "default" and patched["name"] != role["name"]:
        raise forbidden("a default role keeps its name")
    if patched["name"] != role["name"]:
        _require_free_name(call, patched["name"])
    call.tenant.store.run(
        "UPDATE roles SET name = ?, description = ?, assigned_scopes = ?, last_updated = ? WHERE id = ?",
        patched["name"],
        patched["description"],
        json.dumps(patched["scopes"]),
        call.tenant.clock.now(),
        role["id"],
    )
    return Response(status_code=204)


def delete_role(call: Call) -> Response:
    """DELETE /roles/{id}: a custom role that nobody holds."""
    call.caller.require_admin()
    role = _find(call, call.ids["id"])
    if not role["can_delete"]:
        raise forbidden(f"the role {role['name']} cannot be deleted")
    if call.tenant.store.one("SELECT 1 FROM assigned_roles WHERE role_id = ?", role["id"]):
        raise Refusal(409, "Role is assigned", "take the role from its users and groups first")
    call.tenant.store.run("DELETE FROM roles WHERE id = ?", role["id"])
    return Response(status_code=204)


def _apply(patched: dict[str, Any], change: Operation, pointer: str) -> None:
    scopes: list[str] = patched["scopes"]
    if change.path == "/name":
        patched["name"] = require_text(change.value, pointer)
    elif change.path == "/description":
        patched["description"] = _text(change.value, pointer)
    elif change.op == "replace":
        patched["scopes"] = _scopes(change.value, pointer)
    elif change.op == "add":
        patched["scopes"] = _scopes([*scopes, change.value], pointer)
    else:
        patched["scopes"] = [scope for scope in scopes if scope != change.value]


def _text(value: Any, pointer: str) -> str:
    if not isinstance(value, str):
        raise bad_body(pointer, "a string is required")
    return value


def _scopes(value: Any, pointer: str) -> list[str]:
    if not isinstance(value, list):
        raise bad_body(pointer, "a list of scopes is required")
    return list(dict.fromkeys(require_text(scope, pointer) for scope in value))


def _require_free_name(call: Call, name: str) -> None:
    if call.tenant.store.one("SELECT 1 FROM roles WHERE tenant_id = ? AND name = ?", call.tenant.id, name):
        raise Refusal(409, "Role exists", f"there is a role named {name!r}")


def _find(call: Call, role_id: str) -> sqlite3.Row:
    role = call.tenant.store.one("SELECT * FROM roles WHERE tenant_id = ? AND id = ?", call.tenant.id, role_id)
    if role is None:
        raise not_found("role")
    return role


def _build_body(call: Call, role: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": role["id"],
        "tenantId": role["tenant_id"],
        "name": role["name"],
        "type": role["type"],
        "level": role["level"],
        "description": role["description"],
        "assignedScopes": json.loads(role["assigned_scopes"]),
        "canEdit": bool(role["can_edit"]),
        "canDelete": bool(role["can_delete"]),
        "createdAt": timestamp(role["created"]),
        "lastUpdatedAt": timestamp(role["last_updated"]),
        "links": pages.self_link(call, f"/api/v1/roles/{role['id']}"),
    }
