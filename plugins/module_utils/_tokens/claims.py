# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a token says of itself, read without asking anybody."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Claims:
    """``key_id`` is the ``jti``, the id of the key (API reference, schema ApiKey); the others may be missing.

    ``payload`` is all that the token says; it holds no secret, the signature is that.
    """

    key_id: str
    tenant_id: str | None = None
    sub: str | None = None
    sub_type: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict, compare=False)


def claims_of(token: str) -> Claims | None:
    """The claims of an API key's token; None when the text is no JSON Web Token with a ``jti`` fit to be an id.

    The signature is not checked: the id only serves to find the key's record, and the tenant itself judges the token
    when it is used.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        payload = json_object(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    told = {name: value for name, value in (payload or {}).items() if isinstance(value, str)}
    key_id = told.get("jti", "")
    if not key_id.isprintable() or not key_id.strip("."):
        return None
    return Claims(key_id, told.get("tenantId"), told.get("sub"), told.get("subType"), payload)


def json_object(text: bytes) -> dict | None:
    """What the text says, None when it is no JSON object; nested too deeply to be read counts as that."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
