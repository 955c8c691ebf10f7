# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the token of one key is kept: in a file, or in a store of the caller's own; and which key it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.file_options import parse_attributes
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_key_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile

# A tenant may refuse a record with these, because the requester may not see it or the id is not of this tenant's kind.
HIDDEN_RECORD_STATUSES = {400, 403, 422}


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

    ``file`` is None unless the token is kept in one. ``handed_over`` is the token that an earlier call returned, None without.
    """

    def __init__(self, params: Mapping[str, Any], handed_over: HandedOverToken | None = None):
        asked = parse_attributes(params)
        self.file = None if params["token_file"] is None else TokenFile(params["token_file"], asked)
        self._token: str | None = params["token"]
        self._key_id = parse_key_id(params)
        self.handed_over = handed_over

    @property
    def is_tracked(self) -> bool:
        """Whether a run can tell whose token is kept."""
        return self.file is not None or self._token is not None or self._key_id is not None

    def read(self, tenant: Tenant) -> StoredToken | None:
        """What is kept, a secret from now on; None also of a store that gives no more than a key's id.

        Raises TokenFileError.
        """
        if self.file is not None:
            stored = self.file.read()
        else:
            stored = None if self._token is None else StoredToken.parse(self._token)
        if stored is not None:
            tenant.keep_secret(stored.text)
        return stored

    def is_empty(self, stored: StoredToken | None) -> bool:
        """Whether no token is kept, as far as that is known."""
        return stored is None and not self._key_id

    def find_tracked_token(self, tenant: Tenant, known: KnownKeys, stored: StoredToken | None) -> TrackedToken | None:
        """Whose token is kept: that of ``stored``, or the one handed over since. May read that key's record."""
        if self.handed_over is not None:
            token = self._track_key_id(tenant, known, self.handed_over.key_id)
            return replace(token, replaced=self.handed_over.replaced)
        if self._key_id is not None:
            return self._track_key_id(tenant, known, self._key_id)
        if not self.is_tracked:
            return None
        return self._track_stored(tenant, known, stored)

    def needs_storing(self, stored: StoredToken | None) -> bool:
        """Whether a token was handed over that belongs into the file and is not there yet."""
        if self.file is None or self.handed_over is None:
            return False
        return stored is None or stored.text != self.handed_over.token

    def _track_stored(self, tenant: Tenant, known: KnownKeys, stored: StoredToken | None) -> TrackedToken:
        claims = stored.claims if stored else None
        is_answered, record = (False, None) if claims is None else _find_owner(tenant, known, claims.key_id)
        return TrackedToken(
            place=f"token_file {self.file.path}" if self.file else "the given token",
            path=self.file.path if self.file else None,
            is_empty=stored is None,
            key_id=claims.key_id if claims else None,
            has_no_key_id=stored is not None and stored.is_token and claims is None,
            exposed_mode=self.file.find_exposed_mode(stored) if self.file else None,
            ends_by_status_only=not tenant.has_tenant_time,
            record=record,
            is_of_deleted_key=claims is not None and is_answered and record is None and _is_visible(claims, tenant),
        )

    def _track_key_id(self, tenant: Tenant, known: KnownKeys, key_id: str) -> TrackedToken:
        token = TrackedToken(
            place="key_id",
            path=self.file.path if self.file else None,
            is_empty=not key_id,
            key_id=key_id or None,
            is_id_only=True,
            ends_by_status_only=not tenant.has_tenant_time,
        )
        if not key_id:
            return token
        is_answered, record = _find_owner(tenant, known, key_id)
        is_gone = is_answered and record is None and tenant.requester.is_admin
        return replace(token, record=record, is_of_deleted_key=is_gone)


def get_key_id(stored: StoredToken | None) -> str | None:
    """The key that a stored token says it is of."""
    return stored.claims.key_id if stored and stored.claims else None


def _find_owner(tenant: Tenant, known: KnownKeys, key_id: str) -> tuple[bool, ApiKey | None]:
    """Whether the tenant answered if there is such a key, and its record."""
    record = known.get(key_id)
    if record is not None:
        return True, record
    try:
        return True, tenant.api_keys.get(key_id)
    except RefusedError as error:
        if error.status not in HIDDEN_RECORD_STATUSES:
            raise
        return False, None


def _is_visible(claims: Claims, tenant: Tenant) -> bool:
    """Whether the requester would be shown the token's key if it still existed; others than admins see their own only."""
    if not claims.is_plain_jwt:
        # No key's: the tenant has no record of a token that signs a user in, and yet accepts it.
        return False
    requester = tenant.requester
    if claims.tenant_id is None or claims.tenant_id != requester.tenant_id:
        return False
    return requester.is_admin or claims.sub == requester.id
