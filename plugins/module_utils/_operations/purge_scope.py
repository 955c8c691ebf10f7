# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say which keys are purged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, at_option
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    check_not_blank,
    parse_duration,
    parse_name,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.user_names import (
    UserNames,
    check_sees_keys_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import PurgeScope
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

USER_OPTIONS = ("sub", "created_by_user", "owner")
DURATION_OPTIONS = ("older_than", "lives_longer_than")


def parse_purge_scope(params: Mapping[str, Any]) -> PurgeScope | None:
    """The scope, with users as the options name them; None where nothing is purged. Raises OptionError."""
    given = {**asdict(PurgeScope()), **(params["purge_scope"] or {})}
    with at_option("purge_scope"):
        users = {name: parse_name(given, name) for name in USER_OPTIONS}
        durations = {name: parse_duration(given, name) for name in DURATION_OPTIONS}
        check_not_blank(given, "description_search")
    scope = PurgeScope(**{**given, **users, **durations})
    is_empty = scope == PurgeScope()
    if params["purge"] and is_empty:
        *names, last = asdict(scope)
        raise OptionError(
            "purge_scope",
            f"needed with purge: give at least one of {', '.join(names)} and {last}, so that no other key is retired.",
        )
    if not params["purge"] and not is_empty:
        raise OptionError("purge_scope", "has no meaning without purge: true.")
    return scope if params["purge"] else None


def resolve_users(scope: PurgeScope, tenant: Tenant, known: KnownKeys) -> PurgeScope:
    """The scope with its users by id. Raises OptionError for one that the tenant does not have."""
    given = {name: getattr(scope, name) for name in USER_OPTIONS if getattr(scope, name) is not None}

    def find_covered(ids: Mapping[str, str]) -> list[ApiKey]:
        return [key for key in known if replace(scope, **ids).matches_users(key)]

    with at_option("purge_scope"):
        ids, covered = UserNames(tenant, given.values()).resolve_and_read(given, find_covered)
        if not covered:
            check_sees_keys_of(tenant, ids)
    return replace(scope, **ids)
