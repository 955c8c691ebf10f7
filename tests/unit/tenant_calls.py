# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that several modules make, as expectations: each function adds one to the fake network."""

from __future__ import annotations

from typing import Any

from unit.samples import CONFIG, TENANT, TENANT_ID, USER, page
from unit.wire import ACCESS_TOKEN, Wire

KEYS = "/api/v1/api-keys"
CONFIGS = f"{KEYS}/configs/{TENANT_ID}"
LIST = {"sort": "-created", "limit": "100"}


def expect_requester(wire: Wire, bearer: str = ACCESS_TOKEN) -> None:
    wire.expects("GET", "/api/v1/users/me", bearer=bearer).answers(json=USER)


def expect_tenant(wire: Wire) -> None:
    wire.expects("GET", "/api/v1/tenants/me").answers(json=TENANT)


def expect_listing(wire: Wire, *records: dict, **filters: str) -> None:
    wire.expects("GET", KEYS, query={**LIST, **filters}).answers(json=page(*records))


def expect_record(wire: Wire, record: dict) -> None:
    wire.expects("GET", f"{KEYS}/{record['id']}").answers(json=record)


def expect_no_record(wire: Wire, key_id: str) -> None:
    wire.expects("GET", f"{KEYS}/{key_id}").answers(404)


def expect_creation(wire: Wire, body: dict, record: dict, token: Any) -> None:
    wire.expects("POST", KEYS, json=body).answers(201, json={**record, "token": token})


def expect_renaming(wire: Wire, key_id: str, description: str) -> None:
    patch = [{"op": "replace", "path": "/description", "value": description}]
    wire.expects("PATCH", f"{KEYS}/{key_id}", json=patch).answers(204)


def expect_retirement(wire: Wire, key_id: str, left: dict | None = None) -> None:
    """A deletion and the look at what is ``left`` of the record."""
    wire.expects("DELETE", f"{KEYS}/{key_id}").answers(204)
    if left is None:
        expect_no_record(wire, key_id)
    else:
        expect_record(wire, left)


def expect_config(wire: Wire, **differences: Any) -> None:
    wire.expects("GET", CONFIGS).answers(json={**CONFIG, **differences})


def expect_config_change(wire: Wire, **values: Any) -> None:
    patch = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in values.items()]
    wire.expects("PATCH", CONFIGS, json=patch).answers(204)
