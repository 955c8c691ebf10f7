# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings about what the tenant will probably refuse, given before the first write.

They are no errors, since none of it is documented to the letter. Whether a tenant refuses a life beyond its limit or shortens it, and
whether the bot of an OAuth client needs the permission as well, is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import is_at_least_as_long, is_same_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import (
    LIFETIME_SETTINGS,
    ApiKeyConfig,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import IdentityProvider


def describe_long_life(place: str, wanted: WantedKey, config: ApiKeyConfig) -> str | None:
    """The warning that a key is asked to live longer than ``config``, as it will be, allows; None when it is not."""
    limit = config.longest_life(wanted.sub_type)
    if wanted.expiry is None or limit is None:
        return None
    if is_same_duration(wanted.expiry, limit) or not is_at_least_as_long(wanted.expiry, limit):
        return None
    return (
        f"{place}.expiry: {wanted.expiry} is longer than {LIFETIME_SETTINGS[wanted.sub_type]}, which is {limit}. The tenant may refuse the key, or let it "
        "live no longer than that."
    )


def describe_excess_keys(
    new: Iterable[WantedKey], listed: Iterable[ApiKey], retired: Iterable[str], config: ApiKeyConfig
) -> list[str]:
    """A warning for each user who would have more active keys than allowed. ``retired``: ids of keys that go before others come."""
    limit = config.max_keys_per_user
    if limit is None:
        return []
    retired_ids = set(retired)
    present = Counter(key.sub for key in listed if key.sub_type == "user" and key.id not in retired_ids)
    added = Counter(wanted.sub for wanted in new if wanted.sub_type == "user" and wanted.sub is not None)
    totals = {sub: present[sub] + count for sub, count in added.items()}
    return [
        f"User {sub} would have {total} active API {'key' if total == 1 else 'keys'}, and max_keys_per_user is {limit}. The tenant "
        "may refuse the last of them."
        for sub, total in totals.items()
        if total > limit
    ]


def describe_unusual_provider(place: str, provider: IdentityProvider | None, idp_id: str) -> str | None:
    """The warning that SCIM is not documented for the provider of a key; None when it is."""
    if provider is not None and provider.scim_documented:
        return None
    if provider is None:
        fact = f"the tenant has no identity provider {idp_id}"
    elif not provider.active:
        fact = f"identity provider {idp_id} is not active"
    else:
        fact = f"identity provider {idp_id} is no interactive Microsoft Entra ID ({provider.provider}, {provider.protocol})"
    return f"{place}: {fact}. Qlik documents SCIM for active, interactive providers of Microsoft Entra ID only."


def describe_missing_permission(requester: str, roles_with_permission: Sequence[str], option: str) -> str:
    """The warning that the user who signs in does not seem to hold the permission; ``option``: where more users are named."""
    roles = ", ".join(roles_with_permission) or "none"
    return (
        f"User {requester}, who signs in, holds none of the roles that may make API keys ({roles}). The tenant may refuse the "
        f"keys; name this user in {option} if it does."
    )
