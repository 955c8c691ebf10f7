# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose key an entry is about: the user or identity provider that the options name, or the requester."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.provider_filter import ProviderFilter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.user_names import UserNames
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant


class KeySubject:
    """``wanted`` is the key that the options describe, from ``resolve`` on with the subject that the tenant knows it by.
    ``requested_sub`` is the subject for the request that makes the key, None for the requester's own.
    """

    def __init__(self, wanted: WantedKey, provider: ProviderFilter | None):
        self.wanted = wanted
        self.requested_sub = wanted.sub
        self._provider = provider
        self._user_names: UserNames | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for two entries that mean the same key, as far as that is known."""
        return (*self.wanted.identity, None if self._provider is None else self._provider.identity)

    @property
    def user(self) -> str | None:
        """The user whose key it is, as the options name them; None for other keys and for the requester."""
        return self.wanted.sub if self.wanted.sub_type == "user" else None

    def resolve(self, tenant: Tenant, user_names: UserNames) -> None:
        """Find out who is meant. Raises OptionError where the tenant has no such user or provider, or several."""
        if self._provider is not None:
            self._set_named(self._provider.find(tenant).sub)
            self._provider = None
        elif self.user is not None:
            self._user_names = user_names
            self._set_named(user_names.find_id("sub", self.user))
        elif self.wanted.id is None and self.wanted.sub is None:
            self.wanted = replace(self.wanted, sub=tenant.requester.id)

    def check_user(self) -> None:
        """Raise OptionError if the options name a user, and the tenant has none with that id."""
        if self._user_names is not None and self.user is not None:
            self._user_names.check("sub", self.user)

    def _set_named(self, sub: str) -> None:
        self.requested_sub = sub
        self.wanted = replace(self.wanted, sub=sub)
