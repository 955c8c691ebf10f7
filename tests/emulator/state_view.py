# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole state of the tenant as its tables hold it, for tests that compare before and after."""

from __future__ import annotations

from typing import Any

from .tenant import Tenant

# All but the tenant's own row, which holds secrets and never changes, and the audit trail, which only grows.
TABLES = ("api_key_configs", "api_keys", "users", "user_groups", "group_members", "roles", "assigned_roles")


def state(tenant: Tenant) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, by the table's name, in the order of insertion."""
    return {table: [dict(row) for row in tenant.store.all(f"SELECT * FROM {table} ORDER BY rowid")] for table in TABLES}
