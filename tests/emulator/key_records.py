# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of API keys: their table, and the form in which they are answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from . import key_history
from .clock import timestamp
from .tenant import TENANT_NOW, Tenant, new_uuid

SUB_TYPES = ("user", "externalClient")
STATUSES = ("active", "expired", "revoked")


# The table with the column `status`, which for an unrevoked key depends on the tenant's time. A query of its own asks
# for that time once and not per row; always the same text, SQLite need not compile it for every request.
_STATUS = f"""CASE WHEN revoked THEN 'revoked' WHEN expiry <= (SELECT {TENANT_NOW}()) THEN 'expired'
              ELSE 'active' END AS status"""
SOURCE = f"(SELECT *, {_STATUS} FROM api_keys)"
LAGGING_SOURCE = f"(SELECT *, {_STATUS} FROM {key_history.RECORDS})"


def listed(tenant: Tenant) -> str:
    """The table that the list of keys shows: as it is or, by the setting `list_lag`, as it was."""
    return LAGGING_SOURCE if tenant.settings.list_lag else SOURCE


def find(tenant: Tenant, key_id: str, source: str = SOURCE) -> sqlite3.Row | None:
    return tenant.store.one(f"SELECT * FROM {source} WHERE tenant_id = ? AND id = ?", tenant.id, key_id)


def list_all_keys(tenant: Tenant) -> list[sqlite3.Row]:
    """Every key in the order of creation."""
    return tenant.store.all(f"SELECT * FROM {SOURCE} WHERE tenant_id = ? ORDER BY seq", tenant.id)


def list_active_scim_keys(tenant: Tenant) -> list[sqlite3.Row]:
    return [key for key in list_all_keys(tenant) if key["status"] == "active" and key["sub_type"] == "externalClient"]


def count_active(tenant: Tenant, user_id: str) -> int:
    """How many active keys act as the user."""
    return tenant.store.one(
        f"SELECT count(*) FROM {SOURCE} WHERE tenant_id = ? AND sub = ? AND sub_type = 'user' AND status = 'active'",
        tenant.id,
        user_id,
    )[0]


def insert(
    tenant: Tenant, *, description: str, sub: str, sub_type: str, created: int, expiry: int, created_by_user: str
) -> sqlite3.Row:
    """Create a key that lives between the moments `created` and `expiry`."""
    key_id = new_uuid()
    key_history.remember(tenant, key_id)
    tenant.store.insert(
        "api_keys",
        tenant_id=tenant.id,
        id=key_id,
        description=description,
        sub=sub,
        sub_type=sub_type,
        expiry=expiry,
        created=created,
        last_updated=created,
        created_by_user=created_by_user,
    )
    return find(tenant, key_id)


def rename(tenant: Tenant, key_id: str, description: str) -> None:
    _update(tenant, key_id, "description", description)


def revoke(tenant: Tenant, key_id: str) -> None:
    _update(tenant, key_id, "revoked", 1)


def give(tenant: Tenant, key_id: str, created_by_user: str) -> None:
    """Let the key have been created by somebody else."""
    _update(tenant, key_id, "created_by_user", created_by_user)


def _update(tenant: Tenant, key_id: str, column: str, value: Any) -> None:
    key_history.remember(tenant, key_id)
    tenant.store.run(
        f"UPDATE api_keys SET {column} = ?, last_updated = ? WHERE id = ?", value, tenant.clock.now(), key_id
    )


def remove(tenant: Tenant, key_id: str) -> None:
    key_history.remember(tenant, key_id)
    tenant.store.run("DELETE FROM api_keys WHERE id = ?", key_id)


def wire(tenant: Tenant, key: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the API shows it; never with its token."""
    record = {
        "id": key["id"],
        "tenantId": key["tenant_id"],
        "description": key["description"],
        "status": key["status"],
        "sub": key["sub"],
        "subType": key["sub_type"],
        "expiry": timestamp(key["expiry"]),
    }
    if not tenant.settings.omit_created_by:
        record["createdByUser"] = key["created_by_user"]
    if not tenant.settings.omit_created:
        record |= {"created": timestamp(key["created"]), "lastUpdated": timestamp(key["last_updated"])}
    if tenant.settings.extra_fields:
        record["x-emulator"] = {"note": "a field that clients do not know"}
    return record
