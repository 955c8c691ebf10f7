# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the records that the keys of the options are among, in as few requests as will do."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import read_claims


def read_known_keys(tenant: Tenant, wanted: Sequence[WantedKey], *, everything: bool = False) -> KnownKeys:
    """The active records among which the wanted keys are, by one listing; ``everything``: all active ones.

    A key named by its id that is not active is asked for by itself, to be able to say what became of it. Where one is to be
    renamed, its namesakes are among the records.
    """
    ids = [one.id for one in wanted if one.id is not None]
    subjects = {one.listing_sub for one in wanted if one.id is None}
    if not everything and not subjects and len(ids) == 1:
        return KnownKeys(_read_single(tenant, wanted[0], ids[0]))
    keys: list[ApiKey] = []
    if everything or subjects or ids:
        is_narrow = len(subjects) == 1 and not ids and not everything
        keys = _list_active(tenant, wanted, wanted[0].listing_sub if is_narrow else None)
    listed = {key.id for key in keys}
    unlisted = [tenant.api_keys.get(key_id) for key_id in ids if key_id not in listed]
    return KnownKeys([*keys, *(key for key in unlisted if key is not None)])


def find_own_key_id(tenant: Tenant) -> str | None:
    """The id of the API key that the run signs in with, None if it signs in otherwise."""
    claims = read_claims(tenant.bearer_token())
    return claims.key_id if claims else None


def _read_single(tenant: Tenant, wanted: WantedKey, key_id: str) -> list[ApiKey]:
    """One key by its id; and if it gets another description, the keys that may have that already."""
    key = tenant.api_keys.get(key_id)
    if key is None:
        return []
    if not wanted.renames(key):
        return [key]
    owner = key.sub if key.sub_type == "user" else None
    return [key, *(other for other in _list_active(tenant, [wanted], owner) if other.id != key.id)]


def _list_active(tenant: Tenant, wanted: Sequence[WantedKey], sub: str | None) -> list[ApiKey]:
    """``sub``: of this subject only. Raises UnusableAnswerError when a record that may be of a wanted key cannot be read."""
    return list(
        tenant.api_keys.list(
            is_needed=lambda fields: any(one.may_match(fields) for one in wanted), status="active", sub=sub
        )
    )
