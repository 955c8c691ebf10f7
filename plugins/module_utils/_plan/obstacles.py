# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tenant will probably refuse, told before the first write.

They are warnings: none of it is documented to the letter. Whether a tenant refuses a life beyond its limit or shortens it, and
whether the bot of an OAuth client needs the permission as well, is not known.
"""

from __future__ import annotations

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
    """That a key is asked to live longer than ``config``, as it will be, allows; None when it is not."""
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
    """Of each user who would have more active keys than allowed. ``retired`` are ids of keys that go before others come."""
    most = config.max_keys_per_user
    if most is None:
        return []
    gone = set(retired)
    counts: dict[str, int] = {}
    for key in listed:
        if key.sub_type == "user" and key.id not in gone:
            counts[key.sub] = counts.get(key.sub, 0) + 1
    more: dict[str, int] = {}
    for wanted in new:
        if wanted.sub_type == "user" and wanted.sub is not None:
            more[wanted.sub] = more.get(wanted.sub, 0) + 1
    totals = {sub: counts.get(sub, 0) + count for sub, count in more.items()}
    return [
        f"User {sub} would have {total} active API {'key' if total == 1 else 'keys'}, and max_keys_per_user is {most}. The tenant "
        "may refuse the last of them."
        for sub, total in totals.items()
        if total > most
    ]


def describe_unusual_provider(place: str, provider: IdentityProvider | None, idp_id: str) -> str | None:
    """That SCIM is not documented for the provider of a key; None when it is."""
    if provider is not None and provider.scim_documented:
        return None
    if provider is None:
        what = f"the tenant has no identity provider {idp_id}"
    elif not provider.active:
        what = f"identity provider {idp_id} is not active"
    else:
        what = f"identity provider {idp_id} is no interactive Microsoft Entra ID ({provider.provider}, {provider.protocol})"
    return f"{place}: {what}. Qlik documents SCIM for active, interactive providers of Microsoft Entra ID only."


def describe_missing_permission(requester: str, roles_with_permission: Sequence[str], option: str) -> str:
    """That the user who signs in does not seem to hold the permission; ``option`` is where more users are named."""
    roles = ", ".join(roles_with_permission) or "none"
    return (
        f"User {requester}, who signs in, holds none of the roles that may make API keys ({roles}). The tenant may refuse the "
        f"keys; name this user in {option} if it does."
    )
