# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant answers, as small as its published shapes allow, and tokens such as it hands out."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

TENANT_ID = "hRiwv3zYnJ0OWVBVGkOLkKQQ8yuJ1Hb5"
USER_ID = "66f0c7d2a1b2c3d4e5f60718"
IDP_ID = "6f1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"
CREATED = "2026-11-22T09:15:00.000Z"
FAR_AWAY = "2999-01-01T00:00:00.000Z"
LONG_PAST = "2020-01-01T00:00:00.000Z"

USER = {"id": USER_ID, "tenantId": TENANT_ID, "name": "Platform Automation", "subject": "auth0|platform"}
TENANT = {
    "id": TENANT_ID,
    "name": "4ddkg5r5sr5bm4l",
    "hostnames": ["4ddkg5r5sr5bm4l.eu.qlikcloud.com", "your-tenant.eu.qlikcloud.com"],
}
CONFIG = {"max_keys_per_user": 5, "max_api_key_expiry": "PT24H", "scim_externalClient_expiry": "P365D"}


def record(key_id: str = "key-1", **differences: Any) -> dict:
    """An API key of the caller as the tenant answers it."""
    return {
        "id": key_id,
        "tenantId": TENANT_ID,
        "description": "nightly reload",
        "status": "active",
        "sub": USER_ID,
        "subType": "user",
        "expiry": FAR_AWAY,
        "created": CREATED,
        "lastUpdated": CREATED,
        "createdByUser": USER_ID,
        **differences,
    }


def scim_record(key_id: str = "key-1", **differences: Any) -> dict:
    """A SCIM key as the tenant answers it."""
    return record(key_id, **{"sub": f"SCIM\\{IDP_ID}", "subType": "externalClient", **differences})


def result_of(wire_record: dict) -> dict:
    """The same record with the names under which modules return it."""
    return {
        "id": wire_record["id"],
        "description": wire_record["description"],
        "status": wire_record["status"],
        "sub": wire_record["sub"],
        "sub_type": wire_record["subType"],
        "expiry": wire_record["expiry"],
        "created": wire_record["created"],
        "last_updated": wire_record["lastUpdated"],
        "created_by_user": wire_record["createdByUser"],
        "tenant_id": wire_record["tenantId"],
    }


def api_key(key_id: str = "key-1", **differences: Any) -> ApiKey:
    """The same record as the collection holds it; differences have the collection's names."""
    return ApiKey(**{**result_of(record(key_id)), **differences})


def page(*records: dict, **links: Any) -> dict:
    """One page of a list call; ``next`` as a keyword is its link to the next page."""
    return {"data": list(records), "links": {"self": {"href": "https://tenant.example.com/this"}, **links}}


def marker_of(*existing: str, **noted: Any) -> dict:
    """What a run leaves beside a token file when it is stopped while it asks for the key of ``record``."""
    return {
        "tenant_url": BASE,
        "description": "nightly reload",
        "sub": USER_ID,
        "sub_type": "user",
        "existing": list(existing),
        "replaced": [],
        "stored": None,
        **noted,
    }


def token_of(key_id: str, **claims: Any) -> str:
    """A token of the caller's with the form of Qlik's: a JSON Web Token whose ``jti`` is the key's id."""
    return jwt({"jti": key_id, "sub": USER_ID, "subType": "user", "tenantId": TENANT_ID, **claims})


def jwt(payload: Any, typ: str = "JWT") -> str:
    """A JSON Web Token with any payload; its signature is as long as a valid one, and another for each payload."""
    signed = f"{_encoded({'alg': 'ES384', 'typ': typ})}.{_encoded(payload)}"
    # 96 bytes, as those of ES384 are: 128 characters.
    return f"{signed}.{'not-a-signature-' * 2}{hashlib.sha384(signed.encode()).hexdigest()}"


def refused(code: str, title: str, **more: Any) -> dict:
    """The error envelope with one error."""
    return {"errors": [{"code": code, "title": title, **more}], "traceId": "trace-1"}


def _encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


REFUSAL = refused("CODE-1", "No", detail="Not at all")
