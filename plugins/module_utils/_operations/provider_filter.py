# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity provider named by what it is, instead of by its id."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import check_not_blank
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import IdentityProvider
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

TEXTS = ("provider", "protocol", "description")


class ProviderFilter:
    """``given``: ``TEXTS``, None for those that do not matter. Raises OptionError for blank ones."""

    def __init__(self, given: Mapping):
        check_not_blank(given, *TEXTS)
        self._texts = {name: given[name] for name in TEXTS if given[name] is not None}

    @property
    def identity(self) -> tuple:
        """The same for two that ask for the same."""
        return tuple((name, text.casefold()) for name, text in self._texts.items())

    def fits(self, provider: IdentityProvider) -> bool:
        """Vendors, protocols and descriptions are compared without regard to case."""
        return all((getattr(provider, name) or "").casefold() == text.casefold() for name, text in self._texts.items())

    def find(self, tenant: Tenant) -> IdentityProvider:
        """The only provider of that kind. Raises OptionError when there is none, or more than one."""
        found = [provider for provider in tenant.identity_providers.all() if self.fits(provider)]
        if len(found) == 1:
            return found[0]
        told = ", ".join(f"{name} {text!r}" for name, text in self._texts.items())
        if not found:
            raise OptionError("idp", f"no identity provider of the tenant fits {told}; exactly one must.")
        ids = ", ".join(provider.id for provider in found)
        raise OptionError("idp", f"{len(found)} identity providers fit {told}: {ids}. Say more, or give idp_id.")
