# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_key_config``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import check_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_config import (
    DURATION_SETTINGS,
    find_changes,
    plan_config,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import (
    WIRE_NAMES,
    ApiKeyConfig,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

# API reference, schema ApiKeysConfig
MAX_KEYS_PER_USER = 1000


class SetConfig:
    def __init__(self, params: Mapping[str, Any]):
        self._tenant_id = parse_id(params, "tenant_id")
        self._wanted = {name: params[name] for name in WIRE_NAMES if params.get(name) is not None}
        self._found: ApiKeyConfig | None = None
        limit = self._wanted.get("max_keys_per_user")
        if limit is not None and not 0 <= limit <= MAX_KEYS_PER_USER:
            raise OptionError("max_keys_per_user", f"must be from 0 to {MAX_KEYS_PER_USER}, not {limit}.")
        for name in sorted(DURATION_SETTINGS & self._wanted.keys()):
            check_duration(name, self._wanted[name])

    def plan(self, tenant: Tenant) -> Plan:
        if self._tenant_id is None:
            self._tenant_id = tenant.requester.tenant_id
        current = tenant.api_key_configs.get_cached(self._tenant_id)
        return plan_config(self._tenant_id, current, self._wanted)

    def apply(self, tenant: Tenant, plan: Plan, log: ActionLog) -> Plan:
        """Write what differs, then read it back: the service answers 204 whatever it made of the values."""
        changes = {name: value for name, value in plan.after.items() if value != plan.before[name]}
        if not changes:
            return plan
        tenant_id = require(self._tenant_id, "tenant id")
        tenant.api_key_configs.update(tenant_id, changes)
        for action in plan.actions:
            log.add(action)
        self._found = tenant.api_key_configs.get(tenant_id)
        for name, value in find_changes(self._found, changes).items():
            raise TenantStateError(
                f"{name}: the tenant accepted {value!r}, but now has {getattr(self._found, name)!r}. "
                "Give the value in the form the tenant keeps.",
                begins_with_option=True,
            )
        return plan

    def results(self, plan: Plan) -> dict[str, Any]:
        config = self._found.as_result() if self._found else plan.after
        return {"tenant_id": self._tenant_id, "config": config}
