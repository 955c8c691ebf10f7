# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls on /tenants."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response

from . import pages
from .calls import Call
from .clock import timestamp
from .errors import not_found


def get_me(call: Call) -> Response:
    """GET /tenants/me: the caller's tenant, or a redirect to it (qlik-facts: documented as 302)."""
    if call.tenant.settings.redirect_me:
        return RedirectResponse(f"{call.base_url}/api/v1/tenants/{call.tenant.id}", 302)
    return JSONResponse(_build_body(call))


def get_tenant(call: Call) -> Response:
    """GET /tenants/{id}."""
    if call.ids["id"] != call.tenant.id:
        raise not_found("tenant")
    return JSONResponse(_build_body(call))


def _build_body(call: Call) -> dict[str, Any]:
    record = call.tenant.record
    return {
        "id": call.tenant.id,
        "name": record["name"],
        "hostnames": call.tenant.hostnames,
        "datacenter": record["region"],
        "status": "active",
        "created": timestamp(record["created"]),
        "lastUpdated": timestamp(record["created"]),
        "createdByUser": record["admin_user_id"],
        "links": pages.self_link(call, f"/api/v1/tenants/{call.tenant.id}"),
    }
