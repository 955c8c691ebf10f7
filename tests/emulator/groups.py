# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls on /groups."""

from __future__ import annotations

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from . import pages, scim_filter
from .assigned_roles import assign, find_held_roles, find_wanted_roles
from .calls import Call
from .clock import timestamp
from .errors import not_found
from .json_patch import operations

FILTERS = {name: scim_filter.exact(name) for name in ("id", "name")}


def list_groups(call: Call) -> Response:
    """GET /groups."""
    conditions = scim_filter.conditions(call, FILTERS)
    order = pages.order(call, {"name": "name"}, default="+name")
    rows, links = pages.select_page(call, "user_groups", conditions, order)
    return JSONResponse({"data": [_build_body(call, row) for row in rows], "links": links})


def get_group(call: Call) -> Response:
    """GET /groups/{id}."""
    return JSONResponse(_build_body(call, _find(call)))


def patch_group(call: Call) -> Response:
    """PATCH /groups/{id}: which roles the group's members hold."""
    call.caller.require_admin()
    group = _find(call)
    changes = operations(call.body, {"replace": ("/assignedRoles",)})
    assign(call.tenant, group["id"], find_wanted_roles(call.tenant, changes))
    call.tenant.store.run("UPDATE user_groups SET last_updated = ? WHERE id = ?", call.tenant.clock.now(), group["id"])
    return Response(status_code=204)


def _find(call: Call) -> sqlite3.Row:
    group = call.tenant.store.one(
        "SELECT * FROM user_groups WHERE tenant_id = ? AND id = ?", call.tenant.id, call.ids["id"]
    )
    if group is None:
        raise not_found("group")
    return group


def _build_body(call: Call, group: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": group["id"],
        "tenantId": group["tenant_id"],
        "name": group["name"],
        "status": "active",
        "assignedRoles": find_held_roles(call.tenant, group["id"]),
        "createdAt": timestamp(group["created"]),
        "lastUpdatedAt": timestamp(group["last_updated"]),
        "links": pages.self_link(call, f"/api/v1/groups/{group['id']}"),
    }
