# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``tenant_info``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creators import find_creator_roles
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import DEFAULT_ROLE
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant


class DescribeTenant:
    def __init__(self, params: Mapping[str, Any]):
        """There is nothing to ask for beyond the common options."""

    def answer(self, tenant: Tenant) -> dict[str, Any]:
        requester, record = tenant.requester, tenant.record()
        config = tenant.config()
        return {
            "tenant": {**asdict(record), "hostnames": list(record.hostnames)},
            "requester": requester.as_result(),
            "enabled_by": "switch" if config.has_switch else "permission",
            "config": config.as_result(),
            "permission": _describe_permission(tenant, config),
        }


def _describe_permission(tenant: Tenant, config: ApiKeyConfig) -> dict[str, Any] | None:
    """By which roles users may make keys; None for a caller who may not see roles."""
    roles = find_creator_roles(tenant, config)
    return None if roles is None else {"roles": list(roles), "everybody": DEFAULT_ROLE in roles}
