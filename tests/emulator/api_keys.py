# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls on /api-keys and /api-keys/{id}."""

from __future__ import annotations

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from . import audit_log, key_records, pages
from .bodies import require_text
from .callers import Caller, find_refusal_to_manage_keys
from .calls import Call
from .errors import Refusal, bad_parameter, forbidden, not_found
from .json_patch import operations
from .key_creation import build_requested_key
from .tenant import new_uuid

SORT_COLUMNS = {
    "createdByUser": "created_by_user",
    "sub": "sub",
    "status": "status",
    "description": "description",
    "created": "created",
}


def list_keys(call: Call) -> Response:
    """GET /api-keys: all keys for a TenantAdmin, their own for others."""
    if call.tenant.settings.listing_needs_permission:
        _require_permission(call)
    conditions = [
        (f"{column} = ?", [call.query[name]])
        for name, column in (("createdByUser", "created_by_user"), ("sub", "sub"))
        if name in call.query
    ]
    if "status" in call.query:
        if call.query["status"] not in key_records.STATUSES:
            raise bad_parameter("status", f"must be one of {', '.join(key_records.STATUSES)}")
        conditions.append(("status = ?", [call.query["status"]]))
    if not call.caller.is_admin:
        conditions.append(("? IN (created_by_user, CASE sub_type WHEN 'user' THEN sub END)", [call.caller.id]))
    order = pages.order(call, SORT_COLUMNS, default="-created")
    source, limit = key_records.listed(call.tenant), pages.parse_limit(call)
    page = pages.select(call, source, conditions, order, _build_edge(call, source, limit), limit)
    data = [key_records.wire(call.tenant, key) for key in page.rows]
    return JSONResponse({"data": data, "links": pages.links(call, page, ("startingAfter", "endingBefore"))})


def _build_edge(call: Call, source: str, limit: int) -> pages.Edge | None:
    names = [name for name in ("startingAfter", "endingBefore") if name in call.query]
    if len(names) == 2:
        raise bad_parameter("endingBefore", "startingAfter and endingBefore exclude each other")
    if not names:
        return None
    key = key_records.find(call.tenant, call.query[names[0]], source)
    if key is None or not _may_see(call.caller, key):
        raise bad_parameter(names[0], "no such API key")
    # A page of one row that repeats a row would never lead on.
    repeated = call.tenant.settings.shifting_pages and limit > 1
    return pages.Edge(key["id"], backward=names[0] == "endingBefore", repeated=repeated)


def create_key(call: Call) -> Response:
    """POST /api-keys: the only answer that ever carries the token."""
    _require_permission(call)
    wanted = build_requested_key(call)
    key = key_records.insert(call.tenant, created_by_user=call.caller.id, **wanted)
    _note(call, audit_log.CREATED, key)
    answer = key_records.wire(call.tenant, key)
    if not call.tenant.settings.omit_token:
        jti = key["id"] if call.tenant.settings.token_jti == "key_id" else new_uuid()
        answer["token"] = call.tenant.signer.api_key(id=key["id"], jti=jti, sub=key["sub"], sub_type=key["sub_type"])
    return JSONResponse(answer, 201)


def get_key(call: Call) -> Response:
    """GET /api-keys/{id}."""
    return JSONResponse(key_records.wire(call.tenant, _visible_key(call)))


def patch_key(call: Call) -> Response:
    """PATCH /api-keys/{id}: a new description, nothing else."""
    key = _visible_key(call)
    changes = operations(call.body, {"replace": ("/description",)})
    descriptions = [require_text(change.value, f"/{index}/value") for index, change in enumerate(changes)]
    if key["status"] == "revoked" and call.tenant.settings.patch_revoked == "refuse":
        raise Refusal(400, "API key is revoked", "a revoked key cannot be changed")
    key_records.rename(call.tenant, key["id"], descriptions[-1])
    renamed = key_records.find(call.tenant, key["id"])
    updates = [{"path": "/description", "oldValue": key["description"], "newValue": renamed["description"]}]
    _note(call, audit_log.UPDATED, renamed, updates=updates)
    return Response(status_code=204)


def delete_key(call: Call) -> Response:
    """DELETE /api-keys/{id}: the owner's removes the record, another admin's revokes the key."""
    key = _visible_key(call)
    settings = call.tenant.settings
    if key["status"] != "active" and settings.delete_inactive == "refuse":
        raise Refusal(400, "API key is not active", f"the key is {key['status']}; only active keys can be deleted")
    keeps_record = settings.admin_deletes_own == "revoke" and call.caller.is_admin
    if (_owns(call.caller, key) and not keeps_record) or key["status"] != "active":
        key_records.remove(call.tenant, key["id"])
        outcome = "deleted"
    else:
        key_records.revoke(call.tenant, key["id"])
        outcome = "revoked"
    _note(call, audit_log.DELETED, key, outcome=outcome)
    return Response(status_code=204)


def _note(call: Call, event: str, key: sqlite3.Row, **more: Any) -> None:
    """Leave an audit event of what the caller did to the key."""
    audit_log.record_key_event(call.tenant, event, key, user_id=call.caller.id, actor=call.caller.actor, **more)


def _visible_key(call: Call) -> sqlite3.Row:
    key = key_records.find(call.tenant, call.ids["id"])
    if key is None:
        raise not_found("API key")
    if not _may_see(call.caller, key):
        raise forbidden("the key belongs to another user; this needs the role TenantAdmin")
    return key


def _owns(caller: Caller, key: sqlite3.Row) -> bool:
    return caller.id == key["created_by_user"] or (key["sub_type"] == "user" and caller.id == key["sub"])


def _may_see(caller: Caller, key: sqlite3.Row) -> bool:
    return caller.is_admin or _owns(caller, key)


def _require_permission(call: Call) -> None:
    reason = find_refusal_to_manage_keys(call.tenant, call.caller)
    if reason:
        raise forbidden(reason)
