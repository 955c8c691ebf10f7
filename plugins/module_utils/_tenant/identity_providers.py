# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity providers of a tenant, which SCIM keys are made for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import NotFoundError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, quote_segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record, read_usable_records
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import build_scim_sub

PATH = "/identity-providers"
NOUN = "identity provider"
NEEDS_READ = "a user who may see identity providers, such as a TenantAdmin"


@dataclass(frozen=True)
class IdentityProvider:
    """``provider`` is the vendor (azureAD, okta, …), ``protocol`` how users sign in (OIDC, SAML, jwtAuth, …)."""

    id: str
    provider: str | None
    protocol: str | None
    active: bool
    interactive: bool
    description: str | None
    tenant_ids: tuple[str, ...]

    @classmethod
    def from_record(cls, record: Record) -> IdentityProvider:
        """Raises UnusableAnswerError when a field that decides something is unusable."""
        return cls(
            id=record.id(),
            provider=record.optional_text("provider"),
            protocol=record.optional_text("protocol"),
            active=record.flag("active"),
            interactive=record.flag("interactive"),
            description=record.optional_text("description"),
            tenant_ids=record.texts("tenantIds"),
        )

    @property
    def sub(self) -> str:
        """The subject of a SCIM key for it."""
        return build_scim_sub(self.id)

    @property
    def scim_documented(self) -> bool:
        """Qlik documents SCIM for active, interactive providers of Microsoft Entra ID only (help.qlik.com)."""
        return self.provider == "azureAD" and self.active and self.interactive

    def as_result(self) -> dict[str, Any]:
        """The record as modules return it."""
        return {
            "id": self.id,
            "provider": self.provider,
            "protocol": self.protocol,
            "active": self.active,
            "interactive": self.interactive,
            "description": self.description,
            "tenant_ids": list(self.tenant_ids),
            "scim_sub": self.sub,
            "scim_documented": self.scim_documented,
        }


class IdentityProviders:
    """The calls for identity providers."""

    def __init__(self, calls: Calls):
        self._calls = calls
        self._all: Sequence[IdentityProvider] | None = None

    def all(self) -> Sequence[IdentityProvider]:
        """Every provider, read at the first call."""
        if self._all is None:
            self._all = tuple(self.list())
        return self._all

    def get_cached(self, idp_id: str) -> IdentityProvider | None:
        """One provider by its id, None when the tenant has none; from the list of all if that was read."""
        if self._all is None:
            return self.get(idp_id)
        return next((provider for provider in self._all if provider.id == idp_id), None)

    def list(self, active: bool | None = None) -> Iterator[IdentityProvider]:
        """The providers, of which one that cannot be used is left out with a warning."""
        query: dict[str, str | int] = {} if active is None else {"active": "true" if active else "false"}
        yield from read_usable_records(
            self._calls.pages(PATH, query, needs=NEEDS_READ),
            NOUN,
            IdentityProvider.from_record,
            is_needed=lambda fields: False,
        )

    def get(self, idp_id: str) -> IdentityProvider | None:
        """One provider by its id, None when the tenant has none."""
        try:
            answer = self._calls.send("GET", f"{PATH}/{quote_segment(idp_id)}", needs=NEEDS_READ)
        except NotFoundError:
            return None
        found = IdentityProvider.from_record(Record(answer, answer.document(), NOUN))
        if found.id != idp_id:
            raise answer.build_error(f"with the record of another identity provider, {found.id}")
        return found
