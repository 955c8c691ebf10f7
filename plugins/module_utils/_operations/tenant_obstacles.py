# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a tenant may refuse keys that are to be made, as far as its configuration, roles and providers tell beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RequestError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    DEFAULT_ROLE,
    PermissionPlan,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import SetPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.obstacles import (
    describe_excess_keys,
    describe_long_life,
    describe_missing_permission,
    describe_unusual_provider,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import parse_idp_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Requester, Tenant


def find_key_obstacles(
    tenant: Tenant, new: Mapping[str, WantedKey], listed: Sequence[ApiKey], plan: SetPlan, limits: ApiKeyConfig
) -> list[str]:
    """Warnings about the ``new`` keys, by their places among the options; ``limits`` are those that apply to them."""
    warnings = [describe_long_life(place, wanted, limits) for place, wanted in new.items()]
    for place, wanted in new.items():
        idp_id = parse_idp_id(wanted.sub or "") if wanted.sub_type == "externalClient" else None
        if idp_id is not None:
            warnings.append(_find_provider_obstacle(tenant, place, idp_id))
    warnings += describe_excess_keys(list(new.values()), listed, _list_retired_first(plan), limits)
    return [warning for warning in warnings if warning is not None]


def find_permission_obstacles(requester: Requester, permission: PermissionPlan, option: str) -> list[str]:
    """A warning if the requester does not seem to hold the permission once it is granted; ``option`` grants it to more users."""
    role = permission.role
    if role is None or role.name == DEFAULT_ROLE or role.name in requester.roles:
        return []
    groups = {group.id for group in permission.members.groups}
    if requester.id in {user.id for user in permission.members.users} or groups.intersection(requester.groups or ()):
        return []
    others = [other.name for other in permission.other_roles]
    if DEFAULT_ROLE in others or set(others).intersection(requester.roles):
        return []
    return [describe_missing_permission(requester.id, [role.name, *others], option)]


def _find_provider_obstacle(tenant: Tenant, place: str, idp_id: str) -> str | None:
    """An id is good enough by itself: whoever may not read identity providers can still make a key for one."""
    try:
        return describe_unusual_provider(place, tenant.identity_providers.get_cached(idp_id), idp_id)
    except RequestError:
        return None


def _list_retired_first(keys: SetPlan) -> Iterator[str]:
    """The ids of the keys that make room before one is made in their place."""
    for plan in keys.keys.values():
        for action in plan.actions if plan is not None else ():
            if action.action == "create":
                break
            if action.id is not None:
                yield action.id
