# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may make and use API keys on a tenant: the roles that let them, and the users who hold those."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import ForbiddenError, RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    DEFAULT_ROLE,
    DEVELOPER,
    SCOPE,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.owners import Owner
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

ADMIN = "TenantAdmin"


@dataclass(frozen=True)
class KeyCreators:
    """``roles`` are names. ``users`` hold one of them, also by a group; empty where ``everybody`` may.

    ``is_enabled`` is False on a tenant whose switch is off: nobody may then. ``is_complete`` is False where the tenant did not
    tell which users hold the roles.
    """

    everybody: bool
    roles: tuple[str, ...]
    users: tuple[Owner, ...] = ()
    is_enabled: bool = True
    is_complete: bool = True

    def includes(self, owner: Owner) -> bool | None:
        """Whether this user may make and use keys; None where that cannot be said."""
        if not self.is_enabled:
            return False
        held = set(owner.roles or ())
        if self.everybody or held.intersection(self.roles) or SCOPE in (owner.scopes or ()):
            return True
        if owner.id in {user.id for user in self.users}:
            return True
        # Whether the roles of administrators and of bots bring it along is not documented.
        is_open = owner.is_bot or ADMIN in held or owner.roles is None or not self.is_complete
        return None if is_open else False


def find_creator_roles(tenant: Tenant, config: ApiKeyConfig) -> tuple[str, ...] | None:
    """The names of the roles that let users make keys; None for a caller who may not see roles."""
    if config.has_switch:
        return (DEVELOPER,)
    try:
        return tuple(sorted(role.name for role in tenant.roles.all() if SCOPE in role.scopes))
    except ForbiddenError:
        return None


def find_key_creators(tenant: Tenant) -> KeyCreators | None:
    """None for a caller who may not see roles."""
    config = tenant.config()
    roles = find_creator_roles(tenant, config)
    if roles is None:
        return None
    is_enabled = config.api_keys_enabled is not False
    if DEFAULT_ROLE in roles or not roles:
        return KeyCreators(everybody=DEFAULT_ROLE in roles, roles=roles, is_enabled=is_enabled)
    try:
        users, is_complete = tuple(tenant.owners.list_by_roles(roles)), True
    except RefusedError:
        # Not every tenant need know how to find users so.
        users, is_complete = (), False
    return KeyCreators(everybody=False, roles=roles, users=users, is_enabled=is_enabled, is_complete=is_complete)
