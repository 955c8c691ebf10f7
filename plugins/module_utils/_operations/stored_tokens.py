# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stored tokens of the keys that options list, checked for a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    QlikCloudError,
    RequestError,
    at_option,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import StoredTokenSnapshot
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_keys import KEY_DEFAULTS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_wanted_key
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_check import (
    check_token,
    describe_end,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import TokenStore, get_key_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

LISTS = ("scim_keys", "keys")
MAX_REASON_LENGTH = 300


@dataclass(frozen=True)
class StoredTokenResult:
    """``key_id``: the key that the token, or its store, says it is of. ``valid`` is None where that cannot be seen."""

    key_id: str | None
    valid: bool | None
    reason: str
    is_missing: bool = False


class StoredTokens:
    """The keys of the lists in ``params`` that shall be there and whose tokens are kept somewhere. Raises OptionError."""

    def __init__(self, params: Mapping[str, Any]):
        self._stores: list[tuple[Mapping[str, Any], TokenStore]] = []
        for name in LISTS:
            for number, options in enumerate(params[name] or []):
                with at_option(f"{name}[{number}]"):
                    given = {**KEY_DEFAULTS, **options}
                    # Options that cannot make a key are refused here as they are where keys are made.
                    parse_wanted_key(given)
                    store = TokenStore(given)
                if store.is_tracked and given["state"] == "present":
                    self._stores.append((given, store))

    def check(self, tenant: Tenant, listed: Sequence[ApiKey]) -> Iterator[StoredTokenSnapshot]:
        """``listed``: keys that need not be read again, the active ones among them."""
        known, now = KnownKeys(listed), tenant.now()
        active = {(key.sub_type, key.description) for key in listed if key.is_active(now)}
        for given, store in self._stores:
            result = _check_store(tenant, given["key_id"], store, known)
            sub_type = "externalClient" if given["idp_id"] or given["idp"] else given["sub_type"]
            yield StoredTokenSnapshot(
                description=given["description"] or given["id"] or "",
                token_file=given["token_file"],
                key_id=result.key_id,
                valid=result.valid,
                reason=format_one_line(result.reason, MAX_REASON_LENGTH),
                is_due=result.is_missing and (sub_type, given["description"]) not in active,
            )


def _check_store(tenant: Tenant, key_id: str | None, store: TokenStore, known: KnownKeys) -> StoredTokenResult:
    """``key_id``: the option of that name, for a store that gives no token back."""
    try:
        stored = store.read(tenant)
        if stored is not None:
            check = check_token(tenant, stored, known)
            return StoredTokenResult(get_key_id(stored), check.valid, check.reason)
        if store.is_empty(stored):
            return StoredTokenResult(None, False, "the store has none", is_missing=True)
        return _check_key_id(tenant, require(key_id, "key_id"), known)
    except RequestError as error:
        return StoredTokenResult(key_id, None, str(error))
    except QlikCloudError as error:
        # Its file cannot be read.
        return StoredTokenResult(None, False, str(error))


def _check_key_id(tenant: Tenant, key_id: str, known: KnownKeys) -> StoredTokenResult:
    key = known.get(key_id) or tenant.api_keys.get(key_id)
    if key is None:
        return StoredTokenResult(key_id, False, "the tenant has no record of its API key")
    if not key.is_active(tenant.now()):
        return StoredTokenResult(key_id, False, describe_end(key))
    return StoredTokenResult(
        key_id, None, "its API key is active, and its store gives nothing back, so the token cannot be read"
    )
