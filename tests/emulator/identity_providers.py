# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls on /identity-providers."""

from __future__ import annotations

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from . import pages
from .calls import Call
from .clock import timestamp
from .errors import bad_parameter, not_found


def list_identity_providers(call: Call) -> Response:
    """GET /identity-providers, newest first; `active` selects."""
    conditions = []
    if "active" in call.query:
        if call.query["active"] not in ("true", "false"):
            raise bad_parameter("active", "must be true or false")
        conditions.append(("active = ?", [call.query["active"] == "true"]))
    order = pages.Order("created", descending=True)
    rows, links = pages.select_page(call, "identity_providers", conditions, order)
    return JSONResponse({"data": [_build_body(call, row) for row in rows], "links": links})


def get_identity_provider(call: Call) -> Response:
    """GET /identity-providers/{id}."""
    row = call.tenant.store.one(
        "SELECT * FROM identity_providers WHERE tenant_id = ? AND id = ?", call.tenant.id, call.ids["id"]
    )
    if row is None:
        raise not_found("identity provider")
    return JSONResponse(_build_body(call, row))


def _build_body(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "active": bool(row["active"]),
        "interactive": bool(row["interactive"]),
        "protocol": row["protocol"],
        "provider": row["provider"],
        "description": row["description"],
        "tenantIds": [row["tenant_id"]],
        "created": timestamp(row["created"]),
        "lastUpdated": timestamp(row["created"]),
        "links": pages.self_link(call, f"/api/v1/identity-providers/{row['id']}"),
    }
