# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``api_key_report_info``: what a report says of one tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from itertools import islice
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    OptionError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.findings import find_findings
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import Policy
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import (
    KeyCreatorsSnapshot,
    KeySnapshot,
    TenantSnapshot,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.summary import format_summary
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creators import (
    KeyCreators,
    find_key_creators,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    parse_duration,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_owners import KeyOwners
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.stored_tokens import StoredTokens
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.ages import expired_within
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import DEFAULT_ROLE
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.successors import find_successors
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import Group
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import parse_idp_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Requester, Tenant

# Of the users and groups who may make keys. People read a report, and it says if there are more.
MAX_CREATORS = 500
# How many groups are looked at for their roles: ten pages.
MAX_GROUPS = 1000


class ReadForReport:
    def __init__(self, params: Mapping[str, Any]):
        self._policy = Policy.from_options(params["policy"])
        self._creator_role = None if params["permission"] is None else params["permission"].get("role") or DEFAULT_ROLE
        """The role that is meant to let users make keys."""
        if self._creator_role is not None and not isinstance(self._creator_role, str):
            raise OptionError("permission.role", "must be the name of a role.")
        self._fail_within = parse_duration(params, "fail_within")
        self._stored_tokens = StoredTokens(params)

    def answer(self, tenant: Tenant) -> dict[str, Any]:
        requester, record = tenant.requester, tenant.record()
        config = _read_config(tenant)
        policy, now = self._complete_policy(config), tenant.now()
        snapshot = self._read_snapshot(tenant, requester, config, policy)
        found = [finding.as_result() for finding in find_findings(snapshot, policy, self._fail_within, now)]
        return {
            "report": {
                "tenant_id": record.id,
                "hostname": record.hostname,
                "name": record.name,
                "read_at": now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "enabled_by": _describe_generation(config),
                "config": None if config is None else config.as_result(),
                "makers": None if snapshot.key_creators is None else snapshot.key_creators.as_result(),
                "api_keys": [key.as_result(now) for key in snapshot.keys],
                "stored_tokens": [stored.as_result() for stored in snapshot.stored_tokens],
                "findings": found,
                "policy": {**policy.as_result(), "fail_within": self._fail_within},
                "summary": format_summary(record.hostname or record.id, snapshot, found, now),
            }
        }

    def _complete_policy(self, config: ApiKeyConfig | None) -> Policy:
        """The policy with the role that is meant to let users make keys, where it does not say which do.

        A tenant with the switch has one role for it, which nobody chooses.
        """
        if self._creator_role is None or self._policy.permission_roles is not None:
            return self._policy
        if config is None or config.has_switch:
            return self._policy
        return replace(self._policy, permission_roles=(self._creator_role,))

    def _read_snapshot(
        self, tenant: Tenant, requester: Requester, config: ApiKeyConfig | None, policy: Policy
    ) -> TenantSnapshot:
        creators = find_key_creators(tenant) if config is not None else None
        listed = _list_keys(tenant, config)
        now = tenant.now()
        keys = [key for key in listed if key.is_active(now) or expired_within(key, policy.expired_within, now)]
        keys.sort(key=lambda key: _sort_position(key, now))
        owners = _find_owners(tenant, keys, creators)
        successors = find_successors(listed, now)
        providers = _Providers(tenant)
        return TenantSnapshot(
            requester=requester.name or f"user {requester.id}",
            sees_all=requester.is_admin,
            config=config,
            key_creators=None if creators is None else _read_creators(tenant, creators),
            keys=[
                KeySnapshot(
                    record=key,
                    owner=None if owners is None else owners.describe(key),
                    identity_provider=providers.describe(key),
                    successor=successors.get(key.id or ""),
                )
                for key in keys
            ],
            stored_tokens=list(self._stored_tokens.check(tenant, listed)),
        )


def _describe_generation(config: ApiKeyConfig | None) -> str | None:
    """What lets users make keys on the tenant; None where that cannot be seen."""
    if config is None:
        return None
    return "switch" if config.has_switch else "permission"


def _read_config(tenant: Tenant) -> ApiKeyConfig | None:
    """None for a requester who may not see it."""
    try:
        return tenant.config()
    except ForbiddenError:
        return None


def _list_keys(tenant: Tenant, config: ApiKeyConfig | None) -> list[ApiKey]:
    """Active and expired keys. Of a tenant that is turned off there may be none to be seen."""
    try:
        keys = [key for status in ("active", "expired") for key in tenant.api_keys.list(status=status)]
    except ForbiddenError:
        if config is None or config.api_keys_enabled is not False:
            raise
        return []
    # One that expires between the two listings is in both.
    return list({key.id: key for key in keys}.values())


def _find_owners(tenant: Tenant, keys: Sequence[ApiKey], creators: KeyCreators | None) -> KeyOwners | None:
    """None for a requester who may not look users up."""
    try:
        return KeyOwners(tenant, keys, creators)
    except ForbiddenError:
        return None


def _read_creators(tenant: Tenant, creators: KeyCreators) -> KeyCreatorsSnapshot:
    """The roles, users and groups that may make keys; the first few users and groups where there are many."""
    groups: list[Group] = []
    is_complete = creators.is_complete and len(creators.users) <= MAX_CREATORS
    if creators.roles and not creators.everybody:
        try:
            looked_at = list(islice(tenant.groups.all(), MAX_GROUPS + 1))
        except ForbiddenError:
            is_complete = False
        else:
            groups = [group for group in looked_at if set(creators.roles).intersection(group.roles)]
            is_complete = is_complete and len(looked_at) <= MAX_GROUPS
    return KeyCreatorsSnapshot(
        everybody=creators.everybody,
        roles=creators.roles,
        users=tuple({"id": user.id, "name": user.name, "email": user.email} for user in creators.users[:MAX_CREATORS]),
        groups=tuple({"id": group.id, "name": group.name} for group in groups),
        complete=is_complete,
    )


class _Providers:
    """The identity providers of SCIM keys, listed once if there is any such key."""

    def __init__(self, tenant: Tenant):
        self._tenant = tenant
        self._are_hidden = False

    def describe(self, key: ApiKey) -> dict[str, Any] | None:
        """None for other keys, and for a requester who may not see providers."""
        idp_id = parse_idp_id(key.sub) if key.sub_type == "externalClient" else None
        if idp_id is None or self._are_hidden:
            return None
        try:
            self._tenant.identity_providers.all()
        except ForbiddenError:
            self._are_hidden = True
            return None
        found = self._tenant.identity_providers.get_cached(idp_id)
        if found is None:
            return {"id": idp_id, "provider": None, "active": None}
        return {"id": idp_id, "provider": found.provider, "active": found.active}


def _sort_position(key: ApiKey, now: datetime) -> tuple[bool, bool, float]:
    """Active ones first, the soonest to expire before others; one whose end is not known comes last."""
    left = key.expires_in(now)
    return not key.is_active(now), left is None, left or 0
