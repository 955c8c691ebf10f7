# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audit events, written by what happens to keys and their config."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .clock import timestamp
from .tenant import Tenant, new_uuid

CREATED = "com.qlik.core.api-key.created"
UPDATED = "com.qlik.core.api-key.updated"
DELETED = "com.qlik.core.api-key.deleted"
VALIDATION_FAILED = "com.qlik.core.api-key.validation.failed"
CONFIG_UPDATED = "com.qlik.core.api-keys-config.updated"

SOURCE = "com.qlik/api-keys"


def record(tenant: Tenant, event_type: str, *, user_id: str, data: dict[str, Any]) -> None:
    tenant.store.insert(
        "audits",
        tenant_id=tenant.id,
        id=new_uuid(),
        user_id=user_id,
        event_type=event_type,
        event_time=tenant.clock.now(),
        source=SOURCE,
        data=json.dumps(data),
    )


def record_key_event(
    tenant: Tenant, event_type: str, key: Mapping[str, Any], *, user_id: str, outcome: str | None = None
) -> None:
    """An event about one key record. `outcome` (deleted or revoked) goes with DELETED."""
    data = {
        "id": key["id"],
        "sub": key["sub"],
        "subType": key["sub_type"],
        "description": key["description"],
        "expiry": timestamp(key["expiry"]),
    }
    if outcome:
        data["status"] = outcome
    record(tenant, event_type, user_id=user_id, data=data)
