# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls on /api-keys/configs/{tenantId}."""

from __future__ import annotations

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from . import audit_log, clock
from .calls import Call
from .errors import bad_body, not_found
from .json_patch import Operation, operations
from .tenant import Tenant

MAX_KEYS = 1000
DURATIONS = ("max_api_key_expiry", "scim_externalClient_expiry")
SWITCH = "api_keys_enabled"
EVENT_NAMES = {
    "max_keys_per_user": "maxKeysPerUser",
    "max_api_key_expiry": "maxApiKeyExpiry",
    "scim_externalClient_expiry": "scimExternalClientExpiry",
    SWITCH: "apiKeysEnabled",
}


def read_config(tenant: Tenant) -> sqlite3.Row:
    return tenant.store.one("SELECT * FROM api_key_configs WHERE tenant_id = ?", tenant.id)


def get_config(call: Call) -> Response:
    """GET: for every user of the tenant."""
    _require_own_tenant(call)
    return JSONResponse(_build_body(call.tenant))


def patch_config(call: Call) -> Response:
    """PATCH: for TenantAdmins. The switch exists only on tenants of its generation."""
    _require_own_tenant(call)
    call.caller.require_admin()
    paths = tuple(f"/{name}" for name in _build_body(call.tenant))
    changes = operations(call.body, {"replace": paths})
    columns = [(change.path[1:], _check(call, index, change)) for index, change in enumerate(changes)]
    before = _describe_for_events(call.tenant)
    for column, value in columns:
        call.tenant.store.run(f'UPDATE api_key_configs SET "{column}" = ? WHERE tenant_id = ?', value, call.tenant.id)
    after = _describe_for_events(call.tenant)
    updates = [
        {"path": f"/{name}", "oldValue": before[name], "newValue": value}
        for name, value in after.items()
        if value != before[name]
    ]
    caller = call.caller
    audit_log.record_config_event(
        call.tenant, user_id=caller.id, actor=caller.actor, config=after, updates=updates or None
    )
    return Response(status_code=204)


def _require_own_tenant(call: Call) -> None:
    if call.ids["tenant_id"] != call.tenant.id:
        raise not_found("tenant")


def _build_body(tenant: Tenant) -> dict[str, Any]:
    config = read_config(tenant)
    shown = {name: config[name] for name in ("max_keys_per_user", *DURATIONS)}
    if tenant.generation == "switch":
        shown[SWITCH] = bool(config[SWITCH])
    return shown


def _describe_for_events(tenant: Tenant) -> dict[str, Any]:
    """The config under the names that events have for it. (qlik.dev, events "API key configs")"""
    return {EVENT_NAMES[name]: value for name, value in _build_body(tenant).items()}


def _check(call: Call, index: int, change: Operation) -> Any:
    pointer, name, value = f"/{index}/value", change.path[1:], change.value
    if name == SWITCH:
        if not isinstance(value, bool):
            raise bad_body(pointer, "must be true or false")
        return value
    if name in DURATIONS:
        try:
            clock.after(call.tenant.clock.now(), value)
        except ValueError as error:
            raise bad_body(pointer, str(error)) from error
        return value
    whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1
    if not whole or not 0 <= value <= MAX_KEYS:
        raise bad_body(pointer, f"must be a whole number from 0 to {MAX_KEYS}")
    return int(value)
