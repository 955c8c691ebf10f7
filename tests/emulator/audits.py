# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""GET /audits: what happened to keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from . import audit_log, pages
from .calls import Call
from .clock import parse_timestamp, timestamp
from .errors import bad_parameter

SORTED_BY = {"eventTime": "event_time", "eventType": "event_type", "source": "source"}


def list_audits(call: Call) -> Response:
    """GET /audits, for TenantAdmins; newest first unless sorted otherwise."""
    call.caller.require_admin()
    conditions = [
        (f"{column} = ?", [call.query[name]])
        for name, column in (("eventType", "event_type"), ("userId", "user_id"), ("source", "source"))
        if name in call.query
    ]
    refuses = call.tenant.settings.unknown_event_types == "refuse"
    if refuses and call.query.get("eventType") not in {None, *audit_log.list_known_types(call.tenant)}:
        raise bad_parameter("eventType", "no such type of event")
    if "id" in call.query:
        ids = call.query["id"].split(",")
        conditions.append((f"id IN ({', '.join('?' * len(ids))})", ids))
    if "eventTime" in call.query:
        conditions.append(("event_time BETWEEN ? AND ?", _parse_interval(call.query["eventTime"])))
    order = pages.order(call, SORTED_BY, default="-eventTime")
    rows, links = pages.select_page(call, "audits", conditions, order)
    return JSONResponse({"data": [_build_body(call, row) for row in rows], "links": links})


def _parse_interval(text: str) -> list[int]:
    begin, slash, end = text.partition("/")
    try:
        if not slash:
            raise ValueError("expected two times with a slash between")
        return [parse_timestamp(begin), parse_timestamp(end)]
    except ValueError as error:
        raise bad_parameter("eventTime", str(error)) from error


def _build_body(call: Call, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "tenantId": row["tenant_id"],
        "userId": row["user_id"],
        "eventId": row["id"],
        "eventType": row["event_type"],
        "eventTypeVersion": "1.0.0",
        "eventTime": timestamp(row["event_time"]),
        "source": row["source"],
        "contentType": "application/json",
        "data": json.loads(row["data"]),
        "extensions": json.loads(row["extensions"]),
        "links": pages.self_link(call, f"/api/v1/audits/{row['id']}"),
    }
