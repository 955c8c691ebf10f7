# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The line on stdout that says the server accepts connections, with all that a client needs to know."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .base_paths import base_path
from .tenant import Tenant
from .totals import TOTALS_PATH


def ready_line(tenant: Tenant, origin: str, ca_path: Path | None) -> str:
    """For a tenant at the root of `origin` (scheme, host and port)."""
    return json.dumps(_describe(tenant, origin, ca_path))


def build_ready_line_of_many(tenants: Sequence[Tenant], origin: str, ca_path: Path | None) -> str:
    """The first tenant's, as if it were alone, and `tenants` with everybody's."""
    descriptions = [_describe(tenant, origin + base_path(number), ca_path) for number, tenant in enumerate(tenants, 1)]
    return json.dumps({**descriptions[0], "tenants": descriptions, "totals_url": origin + TOTALS_PATH})


def _describe(tenant: Tenant, url: str, ca_path: Path | None) -> dict[str, Any]:
    record = tenant.record
    return {
        "url": url,
        "tenant_id": tenant.id,
        "admin_token": record["admin_token"],
        "client_id": record["client_id"],
        "client_secret": record["client_secret"],
        "user_id": record["admin_user_id"],
        "idp_id": record["idp_id"],
        "hostname": tenant.hostnames[0],
        "control_url": f"{url}/_control",
        "ca_path": str(ca_path) if ca_path else None,
        "member_user_id": record["member_user_id"],
        "member_token": record["member_token"],
    }
