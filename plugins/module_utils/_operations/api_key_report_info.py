# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``api_key_report_info``: what a report says of one tenant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from itertools import islice
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    OptionError,
    QlikCloudError,
    RequestError,
    at_option,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.findings import find_findings
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import Policy
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import (
    KeySnapshot,
    KeyCreatorsSnapshot,
    StoredTokenSnapshot,
    TenantSnapshot,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.summary import format_summary
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_keys import KEY_DEFAULTS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import TokenStore
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    parse_duration,
    parse_wanted_key,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_owners import KeyOwners
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creators import (
    KeyCreators,
    find_key_creators,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_check import ended, check_token
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.ages import expired_within
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import DEFAULT_ROLE
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.successors import find_successors
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import parse_idp_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

LISTS = ("scim_keys", "keys")
MAX_REASON_LENGTH = 300
NONE_STORED = "the store has none"
# Of the users and groups who may make keys. A report is read by people; that there are more is told.
MAX_CREATORS = 500
# How many groups are looked at for their roles: ten pages.
MAX_GROUPS = 1000


class ReadForReport:
    def __init__(self, params: Mapping):
        self._policy = Policy.from_options(params["policy"])
        self._meant_role = None if params["permission"] is None else params["permission"].get("role") or DEFAULT_ROLE
        if self._meant_role is not None and not isinstance(self._meant_role, str):
            raise OptionError("permission.role", "must be the name of a role.")
        self._fail_within = parse_duration(params, "fail_within")
        self._stored: list[tuple[Mapping[str, Any], TokenStore]] = []
        for name in LISTS:
            for number, options in enumerate(params[name] or []):
                with at_option(f"{name}[{number}]"):
                    given = {**KEY_DEFAULTS, **options}
                    # What cannot be made so is refused as it is where keys are made.
                    parse_wanted_key(given)
                    kept = TokenStore(given)
                if kept.is_tracked and given["state"] == "present":
                    self._stored.append((given, kept))

    def answer(self, tenant: Tenant) -> dict:
        requester, record = tenant.requester, tenant.record()
        config = _config(tenant)
        policy = self._policy_for(config)
        makers = find_key_creators(tenant) if config is not None else None
        listed = _listed(tenant, config)
        now = tenant.now()
        successor_of = find_successors(listed, now)
        keys = [key for key in listed if key.is_active(now) or expired_within(key, policy.expired_within, now)]
        owners = _owners(tenant, keys, makers)
        providers = _Providers(tenant)
        snapshot = TenantSnapshot(
            requester=requester.name or f"user {requester.id}",
            sees_all=requester.is_admin,
            config=config,
            key_creators=_makers(tenant, makers),
            keys=[
                KeySnapshot(
                    record=key,
                    owner=None if owners is None else owners.describe(key),
                    identity_provider=providers.of(key),
                    successor=successor_of.get(key.id),
                )
                for key in sorted(keys, key=lambda key: _place(key, now))
            ],
            stored_tokens=list(self._stored_tokens(tenant, listed)),
        )
        found = [finding.as_result() for finding in find_findings(snapshot, policy, self._fail_within, now)]
        name = record.hostname or record.id
        return {
            "report": {
                "tenant_id": record.id,
                "hostname": record.hostname,
                "name": record.name,
                "read_at": now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "enabled_by": None if config is None else "switch" if config.has_switch else "permission",
                "config": None if config is None else config.as_result(),
                "makers": None if snapshot.key_creators is None else snapshot.key_creators.as_result(),
                "api_keys": [key.as_result(now) for key in snapshot.keys],
                "stored_tokens": [stored.as_result() for stored in snapshot.stored_tokens],
                "findings": found,
                "policy": {**policy.as_result(), "fail_within": self._fail_within},
                "summary": format_summary(name, snapshot, found, now),
            }
        }

    def _policy_for(self, config: ApiKeyConfig | None) -> Policy:
        """With the role that is meant to let users make keys, where that was not said otherwise.

        A tenant with the switch has one role for it, which nobody chooses.
        """
        if self._meant_role is None or self._policy.permission_roles is not None or config is None or config.has_switch:
            return self._policy
        return replace(self._policy, permission_roles=(self._meant_role,))

    def _stored_tokens(self, tenant: Tenant, listed: Sequence[ApiKey]) -> Iterator[StoredTokenSnapshot]:
        known, now = KnownKeys(listed), tenant.now()
        there = {(key.sub_type, key.description) for key in listed if key.is_active(now)}
        for given, kept in self._stored:
            key_id, valid, reason = _judged(tenant, given, kept, known)
            kind = "externalClient" if given["idp_id"] or given["idp"] else given["sub_type"]
            yield StoredTokenSnapshot(
                description=given["description"] or given["id"] or "",
                token_file=given["token_file"],
                key_id=key_id,
                valid=valid,
                reason=format_one_line(reason, MAX_REASON_LENGTH),
                is_due=reason == NONE_STORED and (kind, given["description"]) not in there,
            )


def _judged(
    tenant: Tenant, given: Mapping[str, Any], kept: TokenStore, known: KnownKeys
) -> tuple[str | None, bool | None, str]:
    """The key that the stored token says it is of, whether it is valid, and why."""
    try:
        stored = kept.read(tenant)
        if stored is not None:
            check = check_token(tenant, stored, known)
            return stored.claims.key_id if stored.claims else None, check.valid, check.reason
        if kept.is_empty(stored):
            return None, False, NONE_STORED
        return _judged_by_id(tenant, given["key_id"], known)
    except RequestError as error:
        return given["key_id"], None, str(error)
    except QlikCloudError as error:
        # Its file cannot be read.
        return None, False, str(error)


def _judged_by_id(tenant: Tenant, key_id: str, known: KnownKeys) -> tuple[str, bool | None, str]:
    """Of a store that gives nothing back but the id of a key."""
    key = known.get(key_id) or tenant.api_keys.get(key_id)
    if key is None:
        return key_id, False, "the tenant has no record of its API key"
    if not key.is_active(tenant.now()):
        return key_id, False, ended(key)
    return key_id, None, "its API key is active, and its store gives nothing back, so the token cannot be read"


def _config(tenant: Tenant) -> ApiKeyConfig | None:
    """None for a requester who may not see it."""
    try:
        return tenant.config()
    except ForbiddenError:
        return None


def _listed(tenant: Tenant, config: ApiKeyConfig | None) -> list[ApiKey]:
    """Active and expired keys. Of a tenant that is turned off there may be none to be seen."""
    try:
        keys = [key for status in ("active", "expired") for key in tenant.api_keys.list(status=status)]
    except ForbiddenError:
        if config is None or config.api_keys_enabled is not False:
            raise
        return []
    # One that expires between the two listings is in both.
    return list({key.id: key for key in keys}.values())


def _owners(tenant: Tenant, keys: Sequence[ApiKey], makers: KeyCreators | None) -> KeyOwners | None:
    """None for a requester who may not look users up."""
    try:
        return KeyOwners(tenant, keys, makers)
    except ForbiddenError:
        return None


def _makers(tenant: Tenant, makers: KeyCreators | None) -> KeyCreatorsSnapshot | None:
    if makers is None:
        return None
    groups, is_complete = [], makers.is_complete and len(makers.users) <= MAX_CREATORS
    if makers.roles and not makers.everybody:
        try:
            looked_at = list(islice(tenant.groups.all(), MAX_GROUPS + 1))
        except ForbiddenError:
            is_complete = False
        else:
            groups = [group for group in looked_at if set(makers.roles).intersection(group.roles)]
            is_complete = is_complete and len(looked_at) <= MAX_GROUPS
    return KeyCreatorsSnapshot(
        everybody=makers.everybody,
        roles=makers.roles,
        users=tuple({"id": user.id, "name": user.name, "email": user.email} for user in makers.users[:MAX_CREATORS]),
        groups=tuple({"id": group.id, "name": group.name} for group in groups),
        complete=is_complete,
    )


class _Providers:
    """The identity providers of SCIM keys, listed once if there is any such key."""

    def __init__(self, tenant: Tenant):
        self._tenant = tenant
        self._are_hidden = False

    def of(self, key: ApiKey) -> dict[str, Any] | None:
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


def _place(key: ApiKey, now: datetime) -> tuple[bool, bool, float]:
    """Active ones first, the soonest to expire before others; one whose end is not known comes last."""
    left = key.expires_in(now)
    return not key.is_active(now), left is None, left or 0
