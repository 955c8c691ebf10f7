# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls on /users."""

from __future__ import annotations

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from . import pages, user_filter
from .assigned_roles import assign, find_held_roles, find_unassigned, find_wanted_roles
from .calls import Call
from .clock import timestamp
from .errors import bad_body, envelope, not_found
from .json_patch import operations

PATCHABLE = ("/assignedRoles", "/status")
STATUSES = ("active", "disabled")


def get_me(call: Call) -> Response:
    """GET /users/me: the caller, or a redirect to them (qlik-facts: documented as 301, served directly to some)."""
    if call.tenant.settings.redirect_me:
        return RedirectResponse(f"{call.base_url}/api/v1/users/{call.caller.id}", 301)
    return JSONResponse(_build_body(call, _find(call, call.caller.id)))


def list_users(call: Call) -> Response:
    """GET /users."""
    order = pages.order(call, {"name": "name"}, default="+name")
    rows, links = pages.select_page(call, "users", user_filter.requested(call), order)
    return JSONResponse({"data": [_build_body(call, row) for row in rows], "links": links})


def get_user(call: Call) -> Response:
    """GET /users/{id}."""
    return JSONResponse(_build_body(call, _find(call, call.ids["id"])))


def patch_user(call: Call) -> Response:
    """PATCH /users/{id}: which roles the user holds, and whether they are active.

    May succeed in part (207), as Qlik documents.
    """
    call.caller.require_admin()
    user = _find(call, call.ids["id"])
    changes = operations(call.body, {"replace": PATCHABLE})
    status, failed = user["status"], []
    for index, change in enumerate(changes):
        if change.path == "/status":
            status = _status(change.value, f"/{index}/value")
    of_roles = [change for change in changes if change.path == "/assignedRoles"]
    if of_roles:
        role_ids = find_wanted_roles(call.tenant, of_roles)
        failed = role_ids[1:] if call.tenant.settings.partial_user_patch else []
        assign(call.tenant, user["id"], role_ids[:1] if failed else role_ids)
    call.tenant.store.run(
        "UPDATE users SET status = ?, last_updated = ? WHERE id = ?", status, call.tenant.clock.now(), user["id"]
    )
    if failed:
        return JSONResponse(envelope(*map(find_unassigned, failed)), 207)
    return Response(status_code=204)


def _status(value: Any, pointer: str) -> str:
    if value not in STATUSES:
        raise bad_body(pointer, f"must be one of {', '.join(STATUSES)}")
    return value


def _find(call: Call, user_id: str) -> sqlite3.Row:
    user = call.tenant.store.one("SELECT * FROM users WHERE tenant_id = ? AND id = ?", call.tenant.id, user_id)
    if user is None:
        raise not_found("user")
    return user


def _build_body(call: Call, user: sqlite3.Row) -> dict[str, Any]:
    roles = find_held_roles(call.tenant, user["id"])
    groups = call.tenant.store.all(
        """SELECT user_groups.id, user_groups.name FROM group_members
           JOIN user_groups ON user_groups.id = group_members.group_id WHERE user_id = ? ORDER BY user_groups.seq""",
        user["id"],
    )
    return {
        "id": user["id"],
        "tenantId": user["tenant_id"],
        "status": user["status"],
        "subject": user["subject"],
        "name": user["name"],
        "email": user["email"],
        "roles": [role["name"] for role in roles],
        "assignedRoles": roles,
        "assignedScopes": user_filter.assigned_scopes(call.tenant, user["id"]),
        "groups": [group["name"] for group in groups],
        "assignedGroups": [dict(group) for group in groups],
        "createdAt": timestamp(user["created"]),
        "lastUpdatedAt": timestamp(user["last_updated"]),
        "links": pages.self_link(call, f"/api/v1/users/{user['id']}"),
    }
