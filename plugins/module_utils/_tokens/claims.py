# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a token says of itself, read without asking anybody."""

from __future__ import annotations

import base64
import binascii
import json


def key_id_of(token: str) -> str | None:
    """The id of the key that a Qlik API key token belongs to: its ``jti`` (API reference, schema ApiKey).

    None when the text is no JSON Web Token with a ``jti``. The signature is not checked: the id only serves to find
    the key's record, and the tenant itself judges the token when it is used.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return None
    key_id = payload.get("jti") if isinstance(payload, dict) else None
    return key_id if isinstance(key_id, str) and key_id else None
