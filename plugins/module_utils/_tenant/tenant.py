# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Qlik Cloud tenant, seen through one signed-in caller."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfigs
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.holders import Group, Holders, User
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import IdentityProviders
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Roles

NEEDS_SIGN_IN = "a user of this tenant"


@dataclass(frozen=True)
class Requester:
    """The user that the calls are made as."""

    id: str
    tenant_id: str
    name: str | None
    email: str | None
    subject: str | None
    roles: tuple[str, ...]

    @property
    def is_admin(self) -> bool:
        """Whether this is a TenantAdmin; the bot user of an OAuth client acts as one (qlik.dev, OAuth clients)."""
        return "TenantAdmin" in self.roles or (self.subject or "").startswith("qlikbot\\")

    def as_result(self) -> dict:
        return {**asdict(self), "roles": list(self.roles)}


@dataclass(frozen=True)
class TenantRecord:
    """``hostname`` is the original one, which Entra ID must be given; ``hostnames`` holds the alias as well."""

    id: str
    name: str | None
    hostname: str | None
    hostnames: tuple[str, ...]


class Tenant:
    def __init__(self, calls: Calls):
        self._calls = calls
        self.api_keys = ApiKeys(calls)
        self.api_key_configs = ApiKeyConfigs(calls)
        self.roles = Roles(calls)
        self.users = Holders(calls, User)
        self.groups = Holders(calls, Group)
        self.identity_providers = IdentityProviders(calls)

    def signed_in_with(self, token: str) -> Tenant:
        """The same tenant, over the same connection, seen by whoever the token belongs to."""
        return Tenant(self._calls.signed_with(token))

    @property
    def url(self) -> str:
        """The address it was called by."""
        return self._calls.http.base_url

    def signed_in_token(self) -> str:
        """The token that the calls are signed with; a secret."""
        return self._calls.bearer_token()

    def now(self) -> datetime:
        """The tenant's time, by its answers."""
        return self._calls.http.now()

    @cached_property
    def requester(self) -> Requester:
        answer = self._calls.send("GET", "/users/me", needs=NEEDS_SIGN_IN)
        user = answer.document()
        return Requester(
            id=answer.field(user, "id", str),
            tenant_id=answer.field(user, "tenantId", str),
            name=user.get("name"),
            email=user.get("email") or None,
            subject=user.get("subject"),
            roles=_role_names(user),
        )

    def record(self) -> TenantRecord:
        answer = self._calls.send("GET", "/tenants/me", needs=NEEDS_SIGN_IN)
        document = answer.document()
        hostnames = tuple(name for name in document.get("hostnames") or () if isinstance(name, str))
        return TenantRecord(
            id=answer.field(document, "id", str),
            name=document.get("name"),
            # The first one is the original; an alias comes after it (qlik.dev, GET /v1/tenants/me).
            hostname=hostnames[0] if hostnames else None,
            hostnames=hostnames,
        )


def _role_names(user: dict) -> tuple[str, ...]:
    """``assignedRoles`` is a list of ``{id, name, …}``; ``roles``, the older field, a list of names."""
    assigned = user.get("assignedRoles") or user.get("roles") or []
    names = (entry.get("name") if isinstance(entry, dict) else entry for entry in assigned)
    return tuple(sorted(name for name in names if isinstance(name, str)))
