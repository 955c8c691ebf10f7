# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``tenant_info``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import ForbiddenError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    DEVELOPER,
    EVERYBODY,
    SCOPE,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant


class DescribeTenant:
    def __init__(self, params: Mapping):
        """There is nothing to ask for beyond the common options."""

    def answer(self, tenant: Tenant) -> dict:
        requester, record = tenant.requester, tenant.record()
        config = tenant.config()
        return {
            "tenant": {**asdict(record), "hostnames": list(record.hostnames)},
            "requester": requester.as_result(),
            "enabled_by": "switch" if config.has_switch else "permission",
            "config": config.as_result(),
            "permission": _permission(tenant, has_switch=config.has_switch),
        }


def _permission(tenant: Tenant, *, has_switch: bool) -> dict | None:
    """By which roles users may make keys; None for a caller who may not see roles."""
    if has_switch:
        return {"roles": [DEVELOPER], "everybody": False}
    try:
        roles = [role.name for role in tenant.roles.all() if SCOPE in role.scopes]
    except ForbiddenError:
        return None
    return {"roles": sorted(roles), "everybody": EVERYBODY in roles}
