# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bearer tokens: ES384 JSON web tokens, as Qlik Cloud issues them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

ALGORITHM = "ES384"
ISSUER = "qlik.api"

# RFC 9068 gives access tokens a type of their own; API keys carry the general one.
API_KEY_TYPE = "JWT"
ACCESS_TOKEN_TYPE = "at+jwt"

# Where the key's id stands when the `jti` is something else; clients are not to know it.
KEY_ID_CLAIM = "x-emulator-key-id"


class BadToken(Exception):
    """Not a token that this tenant signed."""


@dataclass(frozen=True)
class Claims:
    """What a verified token says: `kind` is API_KEY_TYPE or ACCESS_TOKEN_TYPE, `expires` seconds since 1970 or None.

    `actor`: the user who acts as `sub` by impersonation.
    """

    kind: str
    id: str
    sub: str
    expires: int | None
    actor: str | None = None


def new_signing_key() -> str:
    """A P-384 private key as PEM."""
    return (
        ec.generate_private_key(ec.SECP384R1())
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode("ascii")
    )


@dataclass(frozen=True)
class Signer:
    """Issues and verifies one tenant's tokens. `signing_key` is PEM, `key_id` becomes the header's `kid`."""

    tenant_id: str
    signing_key: str = field(repr=False)
    key_id: str
    # A signature that was good stays good, and checking it is the dearest part of a small request.
    _verified: dict[str, Claims] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _private_key(self) -> Any:
        return serialization.load_pem_private_key(self.signing_key.encode("ascii"), password=None)

    def api_key(self, *, id: str, jti: str, sub: str, sub_type: str) -> str:
        """The token of the API key `id`. It has no `exp`: only the tenant's record knows the expiry."""
        named_apart = {} if jti == id else {KEY_ID_CLAIM: id}
        return self._sign(API_KEY_TYPE, {"jti": jti, "sub": sub, "subType": sub_type, **named_apart})

    def access_token(self, *, sub: str, expires: int | None, actor: str | None = None) -> str:
        """An OAuth access token that acts as user `sub`, until `expires` (seconds since 1970) or for ever.

        `actor` is the user who impersonates `sub`.
        """
        claims: dict[str, Any] = {"jti": str(uuid.uuid4()), "sub": sub, "subType": "user"}
        if expires is not None:
            claims["exp"] = expires
        if actor is not None:
            # RFC 8693, section 4.1
            claims["act"] = {"sub": actor}
        return self._sign(ACCESS_TOKEN_TYPE, claims)

    def _sign(self, kind: str, claims: dict[str, Any]) -> str:
        payload = {**claims, "tenantId": self.tenant_id, "iss": ISSUER, "aud": ISSUER}
        headers = {"kid": self.key_id, "typ": kind}
        return jwt.encode(payload, self._private_key, algorithm=ALGORITHM, headers=headers)

    def verify(self, token: str) -> Claims:
        """The claims of a token this tenant signed. Raises BadToken.

        Time is left to the caller, who knows the tenant's clock.
        """
        if token not in self._verified:
            self._verified[token] = self._decode(token)
        return self._verified[token]

    def _decode(self, token: str) -> Claims:
        ignore_time = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            decoded = jwt.decode_complete(
                token, self._private_key.public_key(), algorithms=[ALGORITHM], audience=ISSUER, options=ignore_time
            )
        except jwt.InvalidTokenError as error:
            raise BadToken(str(error)) from error
        claims = decoded["payload"]
        if claims["tenantId"] != self.tenant_id:
            raise BadToken("issued by another tenant")
        key_id = claims.get(KEY_ID_CLAIM, claims["jti"])
        actor = claims.get("act", {}).get("sub")
        return Claims(decoded["header"]["typ"], key_id, claims["sub"], claims.get("exp"), actor)
