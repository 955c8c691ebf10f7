# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the token of one key is kept: in a file, or in a store of the caller's own; and which key it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.file_options import asked_attributes
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import given_key_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile

# How a tenant may refuse to tell of a key: the requester may not see it, or its id is none of this tenant's kind.
NOT_OF_THIS_TENANT = {400, 403, 422}


@dataclass(frozen=True)
class HandedOverToken:
    """What the caller did with the token of a key that an earlier call made. ``problem``: why it was not stored, else empty.

    ``replaced``: ids of the keys whose token nobody holds and that it takes the place of.
    """

    key_id: str
    token: str = field(repr=False)
    problem: str = ""
    replaced: tuple[str, ...] = ()


class TokenStore:
    """``params``: the options of one key. Raises OptionError when they cannot be used as given.

    ``file`` is None unless the token is kept in one. ``handed_on`` is what the caller did with a token just made.
    """

    def __init__(self, params: Mapping):
        asked = asked_attributes(params)
        self.file = None if params["token_file"] is None else TokenFile(params["token_file"], asked)
        self._token: str | None = params["token"]
        self._key_id = given_key_id(params)
        self.handed_on: HandedOverToken | None = None

    @property
    def is_tracked(self) -> bool:
        """Whether it is known, or can be, whose token is kept."""
        return any(place is not None for place in (self.file, self._token, self._key_id))

    def stored(self, tenant: Tenant) -> StoredToken | None:
        """What is kept, a secret from now on; None also of a store that says no more than a key's id."""
        if self.file is not None:
            stored = self.file.read()
        else:
            stored = None if self._token is None else StoredToken.of(self._token)
        if stored is not None:
            tenant.keep_secret(stored.text)
        return stored

    def is_empty(self, stored: StoredToken | None) -> bool:
        """Whether nothing is kept, as far as that is known."""
        return stored is None and not self._key_id

    def tracked(self, tenant: Tenant, known: KnownKeys, stored: StoredToken | None) -> TrackedToken | None:
        """Whose the token is that is kept: ``stored``, or what was handed on since. May read that key's record."""
        if self.handed_on is not None:
            return replace(self._by_id(tenant, known, self.handed_on.key_id), replaced=self.handed_on.replaced)
        if not self.is_tracked:
            return None
        if self._key_id is not None:
            return self._by_id(tenant, known, self._key_id)
        claims = stored.claims if stored else None
        token = TrackedToken(
            place=f"token_file {self.file.path}" if self.file else "the given token",
            path=self.file.path if self.file else None,
            is_empty=stored is None,
            key_id=claims.key_id if claims else None,
            is_nameless=stored is not None and stored.is_token and claims is None,
            open_mode=self.file.readable_by_others(stored) if self.file else None,
            by_status=not tenant.has_tenant_time,
        )
        if claims is None:
            return token
        is_told, owner = _owner(tenant, known, claims.key_id)
        return replace(token, owner=owner, is_of_gone_key=is_told and owner is None and _was_visible(claims, tenant))

    def _by_id(self, tenant: Tenant, known: KnownKeys, key_id: str) -> TrackedToken:
        token = TrackedToken(
            place="key_id",
            path=self.file.path if self.file else None,
            is_empty=not key_id,
            key_id=key_id or None,
            is_by_id=True,
            by_status=not tenant.has_tenant_time,
        )
        if not key_id:
            return token
        is_told, owner = _owner(tenant, known, key_id)
        return replace(token, owner=owner, is_of_gone_key=is_told and owner is None and tenant.requester.is_admin)

    def is_to_be_stored(self, stored: StoredToken | None) -> bool:
        """Whether a token was handed on that belongs into the file and is not there yet."""
        if self.file is None or self.handed_on is None:
            return False
        return stored is None or stored.text != self.handed_on.token


def key_id_of(stored: StoredToken | None) -> str | None:
    """The key that a stored token says it is of."""
    return stored.claims.key_id if stored and stored.claims else None


def _owner(tenant: Tenant, known: KnownKeys, key_id: str) -> tuple[bool, ApiKey | None]:
    """The record of a key, and whether the tenant told whether there is one."""
    owner = known.get(key_id)
    if owner is not None:
        return True, owner
    try:
        return True, tenant.api_keys.get(key_id)
    except RefusedError as error:
        if error.status not in NOT_OF_THIS_TENANT:
            raise
        return False, None


def _was_visible(claims: Claims, tenant: Tenant) -> bool:
    """Whether the requester would be shown the token's key if it still existed; others than admins see their own only."""
    if not claims.is_plain_jwt:
        # No key's: the tenant has no record of a token that signs a user in, and yet accepts it.
        return False
    requester = tenant.requester
    if claims.tenant_id is None or claims.tenant_id != requester.tenant_id:
        return False
    return requester.is_admin or claims.sub == requester.id
