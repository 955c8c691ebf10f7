# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding an identity provider by its kind and description, instead of by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import check_not_blank
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import IdentityProvider
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

FILTERS = ("provider", "protocol", "description")


class ProviderFilter:
    """``given``: values by the names in ``FILTERS``, None for those that do not matter. Raises OptionError for blank ones."""

    def __init__(self, given: Mapping[str, Any]):
        check_not_blank(given, *FILTERS)
        self._values: dict[str, str] = {name: given[name] for name in FILTERS if given[name] is not None}

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Equal for two filters that ask for the same."""
        return tuple((name, text.casefold()) for name, text in self._values.items())

    def matches(self, provider: IdentityProvider) -> bool:
        """Whether the provider has these values; case does not matter."""
        return all((getattr(provider, name) or "").casefold() == text.casefold() for name, text in self._values.items())

    def find(self, tenant: Tenant) -> IdentityProvider:
        """The only provider of that kind. Raises OptionError when there is none, or more than one."""
        found = [provider for provider in tenant.identity_providers.all() if self.matches(provider)]
        if len(found) == 1:
            return found[0]
        values = ", ".join(f"{name} {text!r}" for name, text in self._values.items())
        if not found:
            raise OptionError("idp", f"no identity provider of the tenant fits {values}; exactly one must.")
        ids = ", ".join(provider.id for provider in found)
        raise OptionError("idp", f"{len(found)} identity providers fit {values}: {ids}. Say more, or give idp_id.")
