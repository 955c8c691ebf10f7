# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audit events, written by what happens to keys and their config."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .clock import timestamp
from .tenant import Tenant, new_uuid

CREATED, UPDATED, DELETED = "created", "updated", "deleted"
VALIDATION_FAILED, CONFIG_UPDATED = "validation failed", "config updated"

CURRENT = {
    CREATED: "com.qlik.core.api-key.created",
    UPDATED: "com.qlik.core.api-key.updated",
    DELETED: "com.qlik.core.api-key.deleted",
    VALIDATION_FAILED: "com.qlik.core.api-key.validation.failed",
    CONFIG_UPDATED: "com.qlik.core.api-keys-config.updated",
}
# Deprecated on 2026-08-31. (qlik.dev, events "API keys" and "API key configs")
DEPRECATED = {
    CREATED: "com.qlik.api-key.created",
    UPDATED: "com.qlik.api-key.updated",
    DELETED: "com.qlik.api-key.deleted",
    VALIDATION_FAILED: "com.qlik.v1.api-key.validation.failed",
    CONFIG_UPDATED: "com.qlik.api-keys-config.updated",
}
SOURCE = "com.qlik/api-keys"

Data = dict[str, Any]


def list_known_types(tenant: Tenant) -> set[str]:
    """The types of events that this tenant has."""
    only = {"current": CURRENT, "deprecated": DEPRECATED}.get(tenant.settings.event_names)
    return set(only.values()) if only else {*CURRENT.values(), *DEPRECATED.values()}


def record(
    tenant: Tenant,
    event: str,
    *,
    user_id: str,
    data: Data,
    deprecated_data: Data | None = None,
    **extensions: Any,
) -> None:
    """Write the event by the names that the settings say. `deprecated_data`: what the older form has besides."""
    now = tenant.clock.now()
    for names in _choose_generations(tenant):
        written = {**data, **(deprecated_data or {})} if names is DEPRECATED else data
        tenant.store.insert(
            "audits",
            tenant_id=tenant.id,
            id=new_uuid(),
            user_id=user_id,
            event_type=names[event],
            event_time=now,
            source=SOURCE,
            data=json.dumps(written),
            extensions=json.dumps({name: value for name, value in extensions.items() if value is not None}),
        )


def _choose_generations(tenant: Tenant) -> tuple[Mapping[str, str], ...]:
    """The names to write an event by; `mixed` takes the two by turns, `both` writes it twice."""
    setting = tenant.settings.event_names
    if setting == "both":
        return CURRENT, DEPRECATED
    is_current = setting == "current"
    if setting == "mixed":
        is_current = tenant.store.one("SELECT count(*) FROM audits WHERE tenant_id = ?", tenant.id)[0] % 2 == 0
    return (CURRENT if is_current else DEPRECATED,)


def record_key_event(
    tenant: Tenant,
    event: str,
    key: Mapping[str, Any],
    *,
    user_id: str,
    actor: str | None = None,
    outcome: str | None = None,
    updates: Any = None,
) -> None:
    """An event about one key record. `outcome` (deleted or revoked) goes with DELETED, `updates` with UPDATED."""
    data = {
        "id": key["id"],
        "sub": key["sub"],
        "subType": key["sub_type"],
        "description": key["description"],
        "expiry": timestamp(key["expiry"]),
    }
    if outcome:
        data["status"] = outcome
    record(
        tenant,
        event,
        user_id=user_id,
        data=data,
        actor=_build_actor(actor),
        ownerId=key["created_by_user"],
        updates=updates,
    )


def record_failed_validation(tenant: Tenant, key: Mapping[str, Any], code: str, description: str) -> None:
    """A SCIM key was used that has ended: `description` says why it was refused, and is not that of the key."""
    data = {
        "jti": key["id"],
        "code": code,
        "idpId": key["sub"].rpartition("\\")[2],
        "subType": key["sub_type"],
        "description": description,
        "createdByUser": key["created_by_user"],
    }
    record(
        tenant,
        VALIDATION_FAILED,
        user_id=key["created_by_user"],
        data=data,
        deprecated_data={"id": key["id"], "sub": key["sub"]},
        topLevelResourceId=key["id"],
    )


def record_config_event(tenant: Tenant, *, user_id: str, actor: str | None, config: Data, updates: Any) -> None:
    record(tenant, CONFIG_UPDATED, user_id=user_id, data=config, actor=_build_actor(actor), updates=updates)


def _build_actor(user_id: str | None) -> dict[str, str] | None:
    """Who acted on behalf of the event's user."""
    return None if user_id is None else {"sub": user_id, "subType": "user"}
