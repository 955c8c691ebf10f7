# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks whether a token works: by the record of its API key, and for a user's key by signing in with it."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import ForbiddenError, UnauthorizedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Requester, Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

MAX_ID_LENGTH = 100


@dataclass(frozen=True)
class TokenCheck:
    """``reason`` says in words why the token is valid, or why not; ``key`` is the record of its API key, where there is one."""

    valid: bool
    reason: str
    key: ApiKey | None = None
    user: Requester | None = None


def check_token(tenant: Tenant, stored: StoredToken, known: KnownKeys) -> TokenCheck:
    """``known``: records that need not be read again. The token is a secret from now on."""
    tenant.keep_secret(stored.text)
    claims = stored.claims
    if claims is None:
        return TokenCheck(False, "it is not the token of an API key")
    if claims.tenant_id not in (None, tenant.requester.tenant_id):
        return TokenCheck(False, f"it belongs to another tenant, {format_one_line(claims.tenant_id, MAX_ID_LENGTH)}")
    return _check_key(tenant, stored, claims, known.get(claims.key_id) or tenant.api_keys.get(claims.key_id))


def describe_end(key: ApiKey) -> str:
    """Why the token of a key that is not active does not work."""
    return "its API key is revoked" if key.status == "revoked" else "its API key has expired"


def _check_key(tenant: Tenant, stored: StoredToken, claims: Claims, key: ApiKey | None) -> TokenCheck:
    if key is not None and not key.is_active(tenant.now()):
        return TokenCheck(False, describe_end(key), key)
    if claims.sub_type == "externalClient":
        # Such a token is for the provider's SCIM calls alone, so only the record can be asked.
        if key is None:
            return TokenCheck(False, "the tenant has no record of its API key")
        return TokenCheck(True, "its API key is active; a SCIM token itself cannot be tried on the tenant", key)
    try:
        return TokenCheck(True, "the tenant accepts it", key, tenant.sign_in_with(stored.text).requester)
    except (UnauthorizedError, ForbiddenError) as error:
        if error.status == 403 and not error.is_from_tenant:
            # Somebody between refuses, and the tenant was not asked.
            raise
        if key is None:
            return TokenCheck(False, "the tenant has no record of its API key, and does not accept it")
        return TokenCheck(
            False,
            f"its API key is active, yet the tenant does not accept it ({error.status}); "
            "has its owner lost the permission Manage API keys?",
            key,
        )
