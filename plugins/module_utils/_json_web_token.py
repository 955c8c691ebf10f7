# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: a text counts as one if it is a signed JSON Web Token as a whole (RFC 7519, in the compact form of RFC 7515).

The signature is not checked, only whether it has the length of its algorithm: a token that was cut, wrapped, quoted or
lies among other text is none.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._strict_json import (
    build_object,
    is_deeper_than,
    refuse_constant,
)

# Tokens have a few hundred characters.
MAX_TOKEN_CHARACTERS = 64 * 1024
MAX_DEPTH = 32
# May stand around a token; the other white space of Unicode is no part of a text file's layout.
WHITE_SPACE = " \t\r\n\v\f"
BASE64URL = re.compile(r"[A-Za-z0-9_-]+")

# Bytes of a signature by its algorithm (RFC 7518, sections 3.2 and 3.4; RFC 8037; RFC 8812; RFC 9864).
SIGNATURE_BYTES = {
    "HS256": {32},
    "HS384": {48},
    "HS512": {64},
    "ES256": {64},
    "ES256K": {64},
    "ES384": {96},
    "ES512": {132},
    "EdDSA": {64, 114},
    "Ed25519": {64},
    "Ed448": {114},
}
# As long as the key's modulus, which must have 2048 bits at least (RFC 7518, sections 3.3 and 3.5).
RSA = re.compile(r"[RP]S(256|384|512)")
MIN_RSA_BYTES, RSA_STEP_BYTES = 256, 64
# The length of the shortest known signature, for algorithms to come.
MIN_SIGNATURE_BYTES = 32


@dataclass(frozen=True)
class JsonWebToken:
    """``text`` is the token without white space around it; ``signature``, its last part, is what makes it a secret."""

    text: str = field(repr=False)
    header: Mapping[str, object]
    payload: Mapping[str, object]
    signature: str = field(repr=False)


def parse_token(text: str) -> JsonWebToken | None:
    """The token that the whole text is, white space around it aside; None when the text is anything else."""
    if len(text) > MAX_TOKEN_CHARACTERS:
        return None
    stripped = text.strip(WHITE_SPACE)
    parts = stripped.split(".")
    if len(parts) != 3 or not all(BASE64URL.fullmatch(part) and len(part) % 4 != 1 for part in parts):
        return None
    header, payload = (_parse_object(_decode(part)) for part in parts[:2])
    if header is None or payload is None or not _has_signature_length(header.get("alg"), len(_decode(parts[2]))):
        return None
    return JsonWebToken(stripped, header, payload, parts[2])


def _decode(part: str) -> bytes:
    """The bytes of a part in base64url, which has no padding in tokens."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _parse_object(content: bytes) -> dict[str, object] | None:
    """The JSON object, None for anything else."""
    try:
        text = content.decode("utf-8")
        value = STRICT_DECODER.decode(text)
        if "\\u" in text:
            # It may have half of a surrogate pair, which no text can be written with: this raises ValueError.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and not is_deeper_than(value, MAX_DEPTH) else None


def _parse_finite_number(text: str) -> float:
    """Raises ValueError for a number that Python would read as infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("too large a number")
    return number


STRICT_DECODER = json.JSONDecoder(
    object_pairs_hook=build_object, parse_constant=refuse_constant, parse_float=_parse_finite_number
)


def _has_signature_length(algorithm: object, length: int) -> bool:
    """Whether a signature of so many bytes can be one of the algorithm, the ``alg`` of a header."""
    if not isinstance(algorithm, str) or algorithm.strip().lower() in ("", "none"):
        return False
    if algorithm in SIGNATURE_BYTES:
        return length in SIGNATURE_BYTES[algorithm]
    if RSA.fullmatch(algorithm):
        return length >= MIN_RSA_BYTES and length % RSA_STEP_BYTES == 0
    return length >= MIN_SIGNATURE_BYTES
