# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""POST /oauth/token: access tokens for the tenant's machine-to-machine client, and for users it impersonates."""

from __future__ import annotations

import base64
import binascii
import hmac
import sqlite3
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .bodies import get_media_type, read_json_body, require_object
from .calls import UnsignedEndpoint, method_not_allowed
from .clock import timestamp
from .errors import Refusal, bad_body
from .tenant import Tenant

LIFETIME_SECONDS = 21600
CLIENT_CREDENTIALS = "client_credentials"
IMPERSONATION = "urn:qlik:oauth:user-impersonation"
LOOKUP_FIELDS = ("userId", "subject")


class TokenEndpoint(UnsignedEndpoint):
    """Takes JSON or a form; signs in as the client's bot user, or as the user that `user_lookup` names.

    The client's id and secret come in the body or, as the official Python SDK (qlik-sdk 0.17.0) sends them, as HTTP
    Basic (RFC 6749, section 2.3.1).
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def _answer(self, request: Request, body: bytes) -> Response:
        if request.method != "POST":
            raise method_not_allowed({"POST": self})
        fields = _fields(request, body)
        record = self._tenant.record
        client_id, secret = _client(request, fields)
        id_matches = _equal(client_id, record["client_id"])
        if not (_equal(secret, record["client_secret"]) and id_matches):
            raise Refusal(401, "invalid_client", "client authentication failed", code="invalid_client")
        headers = self._tenant.limits.admit(record["bot_user_id"], request.method)
        expires = self._tenant.clock.now() // 1000 + LIFETIME_SECONDS
        answer = {
            "access_token": self._access_token(self._user_id(fields), expires),
            "token_type": "bearer",
            "expires_in": LIFETIME_SECONDS,
            "expires_at": timestamp(expires * 1000),
        }
        return JSONResponse(answer, headers=headers)

    def _access_token(self, user_id: str, expires: int) -> str:
        bot = self._tenant.record["bot_user_id"]
        actor = None if user_id == bot else bot
        return self._tenant.signer.access_token(sub=user_id, expires=expires, actor=actor)

    def _user_id(self, fields: dict[str, Any]) -> str:
        grant_type = fields.get("grant_type")
        if grant_type == CLIENT_CREDENTIALS:
            return self._tenant.record["bot_user_id"]
        if grant_type != IMPERSONATION:
            raise bad_body("/grant_type", f"must be {CLIENT_CREDENTIALS} or {IMPERSONATION}")
        lookup = fields.get("user_lookup")
        field, value = (lookup.get("field"), lookup.get("value")) if isinstance(lookup, dict) else (None, None)
        if field not in LOOKUP_FIELDS or not isinstance(value, str):
            raise bad_body("/user_lookup", f"needs a value and a field, {' or '.join(LOOKUP_FIELDS)}")
        column = "id" if field == "userId" else "subject"
        user: sqlite3.Row | None = self._tenant.store.one(
            f"SELECT id FROM users WHERE tenant_id = ? AND {column} = ?", self._tenant.id, value
        )
        if user is None:
            raise bad_body("/user_lookup/value", "no such user")
        return user["id"]


def _fields(request: Request, body: bytes) -> dict[str, Any]:
    if get_media_type(request) != "application/x-www-form-urlencoded":
        return require_object(read_json_body(request, body))
    fields: dict[str, Any] = dict(parse_qsl(body.decode("utf-8", "replace")))
    lookup = {name: fields[f"user_lookup[{name}]"] for name in ("field", "value") if f"user_lookup[{name}]" in fields}
    return {**fields, "user_lookup": lookup}


def _client(request: Request, fields: dict[str, Any]) -> tuple[Any, Any]:
    """The id and secret sent. Raises Refusal (400) where they are sent both ways."""
    scheme, blank, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return fields.get("client_id"), fields.get("client_secret")
    if "client_secret" in fields:
        raise bad_body("/client_secret", "the client authenticates by HTTP Basic already")
    try:
        client_id, colon, secret = base64.b64decode(credentials.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None, None
    return client_id, secret


def _equal(sent: Any, expected: str) -> bool:
    return isinstance(sent, str) and hmac.compare_digest(sent.encode("utf-8"), expected.encode("utf-8"))
