# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``identity_provider_info``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.provider_filter import ProviderFilter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import IdentityProvider
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant


class FindIdentityProviders:
    def __init__(self, params: Mapping[str, Any]):
        self._filter = ProviderFilter(params)
        self._id = parse_id(params, "id")
        self._active: bool | None = params["active"]

    def answer(self, tenant: Tenant) -> dict[str, Any]:
        found = [provider.as_result() for provider in self._list_candidates(tenant) if self._is_meant(provider)]
        return {"identity_providers": found}

    def _list_candidates(self, tenant: Tenant) -> list[IdentityProvider]:
        if self._id is not None:
            provider = tenant.identity_providers.get(self._id)
            return [provider] if provider else []
        return list(tenant.identity_providers.list(active=self._active))

    def _is_meant(self, provider: IdentityProvider) -> bool:
        """The service filters by ``active`` only."""
        return self._active in (None, provider.active) and self._filter.matches(provider)
