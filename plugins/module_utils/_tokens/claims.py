# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the claims of an API key's token; sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._json_web_token import JsonWebToken, parse_token

# The longest id that a record of the tenant may have.
MAX_ID_LENGTH = 255


@dataclass(frozen=True)
class Claims:
    """``key_id`` is the ``jti``, the id of the key (API reference, schema ApiKey); the others may be missing.

    ``payload`` is all that the token says; it holds no secret, the signature is that. ``is_plain_jwt``: its header names no
    other kind of token, as that of an OAuth access token does with ``at+jwt`` (RFC 9068, section 2.1).
    """

    key_id: str
    tenant_id: str | None = None
    sub: str | None = None
    sub_type: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict, compare=False)
    is_plain_jwt: bool = True


def read_claims(text: str) -> Claims | None:
    """The claims of an API key's token; None when the text is no token, or one without a ``jti`` fit to be an id.

    The signature is not checked: the id only serves to find the key's record, and the tenant itself judges the token
    when it is used.
    """
    token = parse_token(text)
    return None if token is None else extract_claims(token)


def extract_claims(token: JsonWebToken) -> Claims | None:
    """The claims of a token that was parsed already, see ``read_claims``."""
    texts = {name: value for name, value in token.payload.items() if isinstance(value, str)}
    key_id = texts.get("jti", "")
    if not key_id.isprintable() or not key_id.strip(".") or len(key_id) > MAX_ID_LENGTH:
        return None
    kind = token.header.get("typ", "JWT")
    is_plain = isinstance(kind, str) and kind.casefold() == "jwt"
    return Claims(key_id, texts.get("tenantId"), texts.get("sub"), texts.get("subType"), token.payload, is_plain)
