# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Qlik Cloud tenant, seen through one signed-in caller."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RequestError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import (
    ApiKeyConfig,
    ApiKeyConfigs,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.audit_log import AuditLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import IdentityProviders
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.owners import Owners
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import Group, RoleHolders, User
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Roles
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import find_tokens

NEEDS_SIGN_IN = "a user of this tenant"


@dataclass(frozen=True)
class Requester:
    """The user that the calls are made as. ``groups`` are ids, None where the tenant leaves them out."""

    id: str
    tenant_id: str
    name: str | None
    email: str | None
    subject: str | None
    roles: tuple[str, ...]
    groups: tuple[str, ...] | None = None

    @property
    def is_admin(self) -> bool:
        """Whether this is a TenantAdmin; the bot user of an OAuth client acts as one (qlik.dev, OAuth clients)."""
        return "TenantAdmin" in self.roles or (self.subject or "").startswith("qlikbot\\")

    def as_result(self) -> dict[str, Any]:
        """The user as modules return it, without groups."""
        result = {**asdict(self), "roles": list(self.roles)}
        del result["groups"]
        return result


@dataclass(frozen=True)
class TenantRecord:
    """``hostname`` is the original one, which Entra ID must be given; ``hostnames`` holds the alias as well."""

    id: str
    name: str | None
    hostname: str | None
    hostnames: tuple[str, ...]


class Tenant:
    """The calls of a tenant by their nouns, and what is read once for a run."""

    def __init__(self, calls: Calls):
        self._calls = calls
        self.api_keys = ApiKeys(calls)
        self.api_key_configs = ApiKeyConfigs(calls)
        self.roles = Roles(calls)
        self.users = RoleHolders(calls, User)
        self.groups = RoleHolders(calls, Group)
        self.owners = Owners(calls)
        self.identity_providers = IdentityProviders(calls)
        self.audit_log = AuditLog(calls)
        self._is_config_unreadable = False

    def sign_in_with(self, token: str) -> Tenant:
        """The same tenant, over the same connection, seen by whoever the token belongs to."""
        return Tenant(self._calls.sign_in_with(token))

    @property
    def url(self) -> str:
        """The address it was called by."""
        return self._calls.http.base_url

    def keep_secret(self, text: str) -> None:
        """Hide each token in the text from here on, should the tenant repeat it.

        Other text may be a name or an id as well, which must not be damaged.
        """
        for token in find_tokens(text):
            self._calls.http.secrets.add(token)

    def bearer_token(self) -> str:
        """The token that the calls are signed with; a secret."""
        return self._calls.bearer_token()

    def now(self) -> datetime:
        """The time by which keys expire and become due, see ``HttpClient.now``."""
        return self._calls.http.now()

    def time(self) -> datetime | None:
        """The tenant's own time, by its answers; None when it is far from this machine's, so that either may be wrong."""
        http = self._calls.http
        return http.tenant_time() if http.clocks_agree else None

    @property
    def has_tenant_time(self) -> bool:
        """Whether the tenant's time is known, see ``HttpClient.has_tenant_time``."""
        return self._calls.http.has_tenant_time

    @cached_property
    def requester(self) -> Requester:
        """The user that the calls are made as, read once."""
        answer = self._calls.send("GET", "/users/me", needs=NEEDS_SIGN_IN)
        user = Record(answer, answer.document(), "user")
        return Requester(
            id=user.id(),
            tenant_id=user.id("tenantId"),
            name=user.optional_text("name"),
            email=user.optional_text("email") or None,
            subject=user.optional_text("subject"),
            roles=_collect_role_names(user.fields),
            groups=_collect_group_ids(user.fields),
        )

    def longest_life(self, sub_type: str) -> str | None:
        """The longest life (ISO 8601) that the configuration allows keys of that ``sub_type``; None where it cannot be read."""
        if self._is_config_unreadable:
            return None
        try:
            config = self.config()
        except RequestError:
            self._is_config_unreadable = True
            return None
        return config.longest_life(sub_type)

    def config(self) -> ApiKeyConfig:
        """The configuration of API keys, read once unless it is written."""
        return self.api_key_configs.get_cached(self.requester.tenant_id)

    def record(self) -> TenantRecord:
        """The tenant itself."""
        answer = self._calls.send("GET", "/tenants/me", needs=NEEDS_SIGN_IN)
        tenant = Record(answer, answer.document(), "tenant")
        hostnames = tenant.texts("hostnames")
        return TenantRecord(
            id=tenant.id(),
            name=tenant.optional_text("name"),
            # The first one is the original; an alias comes after it (qlik.dev, GET /v1/tenants/me).
            hostname=hostnames[0] if hostnames else None,
            hostnames=hostnames,
        )


def _collect_group_ids(user: dict[str, Any]) -> tuple[str, ...] | None:
    """The ids in ``assignedGroups``, a list of ``{id, name, …}``; None without it."""
    assigned = user.get("assignedGroups")
    if not isinstance(assigned, list):
        return None
    ids = (entry.get("id") for entry in assigned if isinstance(entry, dict))
    return tuple(group_id for group_id in ids if isinstance(group_id, str))


def _collect_role_names(user: dict[str, Any]) -> tuple[str, ...]:
    """The names in ``assignedRoles``, a list of ``{id, name, …}``, or in ``roles``, the older field, a list of names."""
    assigned = user.get("assignedRoles") or user.get("roles")
    entries = assigned if isinstance(assigned, list) else []
    names = (entry.get("name") if isinstance(entry, dict) else entry for entry in entries)
    return tuple(sorted(name for name in names if isinstance(name, str)))
