# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that several modules make, as expectations: each function adds one to the fake network."""

from __future__ import annotations

from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CONFIG,
    TENANT,
    TENANT_ID,
    USER,
    USER_ID,
    page,
    record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, Wire

KEYS = "/api/v1/api-keys"
CONFIGS = f"{KEYS}/configs/{TENANT_ID}"
LIST = {"sort": "-created", "limit": "100"}
# The key of ``record`` as the options name it, as a listing is narrowed to it, and as it is asked for.
NIGHTLY = {"description": "nightly reload"}
MINE = {"status": "active", "sub": USER_ID}
BODY = {**NIGHTLY, "subType": "user"}


def expect_requester(wire: Wire, bearer: str = ACCESS_TOKEN) -> None:
    wire.expects("GET", "/api/v1/users/me", bearer=bearer).answers(json=USER)


def expect_tenant(wire: Wire) -> None:
    wire.expects("GET", "/api/v1/tenants/me").answers(json=TENANT)


def expect_listing(wire: Wire, *records: dict, **filters: str) -> None:
    wire.expects("GET", KEYS, query={**LIST, **filters}).answers(json=page(*records))


def expect_my_keys(wire: Wire, *records: dict) -> None:
    """What is read to find a key of the requester's own."""
    expect_requester(wire)
    expect_listing(wire, *records, **MINE)


def expect_record(wire: Wire, found: dict) -> None:
    wire.expects("GET", f"{KEYS}/{found['id']}").answers(json=found)


def expect_no_record(wire: Wire, key_id: str) -> None:
    wire.expects("GET", f"{KEYS}/{key_id}").answers(404)


def expect_creation(wire: Wire, body: dict, made: dict, token: Any) -> None:
    wire.expects("POST", KEYS, json=body).answers(201, json={**made, "token": token})


def expect_new_key(wire: Wire, key_id: str, **differences: Any) -> None:
    """The creation of the key of ``record`` under that id, with a token that names it."""
    expect_creation(wire, BODY, record(key_id, **differences), token_of(key_id))


def expect_renaming(wire: Wire, key_id: str, description: str, *left: dict) -> None:
    """The change and the looks at what is ``left`` of the record; without, it has the new description at once."""
    patch = [{"op": "replace", "path": "/description", "value": description}]
    wire.expects("PATCH", f"{KEYS}/{key_id}", json=patch).answers(204)
    for found in left or (record(key_id, description=description),):
        expect_record(wire, found)


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


def steps(results: dict, of: str = "actions") -> list[str]:
    """The actions of a run in short and in order: ``create key-2``, ``retire key-1``."""
    return [" ".join(filter(None, (action["action"], action["id"]))) for action in results[of]]
