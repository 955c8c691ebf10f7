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
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("jti"), str) or not payload["jti"].strip("."):
        return None
    told = {name: value for name, value in payload.items() if isinstance(value, str)}
    return Claims(told["jti"], told.get("tenantId"), told.get("subType"), payload)
