# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What module tenant is given, and the calls that it makes, as expectations on the fake network."""

from __future__ import annotations

from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    IDP_ID,
    TENANT_ID,
    USER,
    page,
    record,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    expect_config,
    expect_creation,
    expect_tenant,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Wire

ME = "/api/v1/users/me"
PROVIDERS = "/api/v1/identity-providers"
ENTRA = {
    "id": IDP_ID,
    "provider": "azureAD",
    "protocol": "OIDC",
    "active": True,
    "interactive": True,
    "description": "Entra",
    "tenantIds": [TENANT_ID],
}
SCIM_BODY = {"description": "Entra", "subType": "externalClient", "sub": f"SCIM\\{IDP_ID}"}
# As the options name the keys that the tests have.
WEEKLY = {"description": "weekly"}
SCIM = {"description": "Entra", "idp_id": IDP_ID}
ACTIVE = {"status": "active"}
# The host name that a summary begins with.
HOST = "4ddkg5r5sr5bm4l.eu.qlikcloud.com"


def expect_beginning(wire: Wire, *, user: dict[str, Any] | None = None, **config: Any) -> None:
    """What is read in every run; ``user`` are differences of who signs in."""
    expect_tenant(wire)
    wire.expects("GET", ME).answers(json={**USER, **(user or {})})
    expect_config(wire, **config)


def expect_providers(wire: Wire, *found: dict) -> None:
    wire.expects("GET", PROVIDERS).answers(json=page(*found))


def expect_provider(wire: Wire, found: dict) -> None:
    wire.expects("GET", f"{PROVIDERS}/{found['id']}").answers(json=found)


def expect_key(wire: Wire, description: str, *, key_id: str | None = None, **more: Any) -> None:
    """The creation of a user's key whose id is its description, unless told; ``more`` is what else is asked for."""
    made = record(key_id or description, description=description)
    expect_creation(wire, {**BODY, "description": description, **more}, made, token_of(made["id"]))


def expect_scim_key(wire: Wire, key_id: str = "scim-1", **more: Any) -> None:
    made = scim_record(key_id, description="Entra")
    expect_creation(wire, {**SCIM_BODY, **more}, made, token_of(key_id))


def entra_key(key_id: str = "scim-1", **differences: Any) -> dict:
    return scim_record(key_id, **{"description": "Entra", **differences})


def weekly_key(key_id: str = "weekly", **differences: Any) -> dict:
    return record(key_id, **{"description": "weekly", **differences})
