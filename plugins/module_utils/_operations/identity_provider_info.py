# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``identity_provider_info``."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    check_not_blank,
    given_id,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import IdentityProvider
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

TEXTS = ("provider", "protocol", "description")


class FindIdentityProviders:
    def __init__(self, params: Mapping):
        check_not_blank(params, *TEXTS)
        self._id = given_id(params, "id")
        self._active: bool | None = params["active"]
        self._texts = {name: params[name] for name in TEXTS if params[name] is not None}

    def answer(self, tenant: Tenant) -> dict:
        found = [provider.as_result() for provider in self._candidates(tenant) if self._is_meant(provider)]
        return {"identity_providers": found}

    def _candidates(self, tenant: Tenant) -> list[IdentityProvider]:
        if self._id is not None:
            provider = tenant.identity_providers.get(self._id)
            return [provider] if provider else []
        return list(tenant.identity_providers.list(active=self._active))

    def _is_meant(self, provider: IdentityProvider) -> bool:
        """The service filters by ``active`` only; vendors and protocols are compared without regard to case."""
        return self._active in (None, provider.active) and all(
            (getattr(provider, name) or "").casefold() == text.casefold() for name, text in self._texts.items()
        )
