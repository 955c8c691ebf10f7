# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_key``: the set of one."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_keys import known_for, own_key_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_entry import KeyEntry
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.user_names import UserNames
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import check_outlasts
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant


class EnsureApiKey:
    def __init__(self, params: Mapping):
        self._entry = KeyEntry(params)

    def plan(self, tenant: Tenant) -> KeyPlan:
        self._entry.resolve(tenant, UserNames(tenant))
        plan = self._entry.plan(tenant, self._known(tenant))
        check_outlasts(plan.actions, own_key_id(tenant))
        return plan

    def apply(self, tenant: Tenant, plan: KeyPlan, report: ActionLog) -> KeyPlan:
        try:
            plan = self._entry.apply(tenant, plan, report, lambda: self._known(tenant))
        finally:
            if self._entry.returned_token:
                report.secured = self.results(plan)
        return plan

    def results(self, plan: KeyPlan) -> dict:
        record = self._entry.record(plan)
        return {
            **({} if record is None else {"api_key": record}),
            **self._entry.token_file,
            **self._entry.returned_token,
        }

    def _known(self, tenant: Tenant) -> KnownKeys:
        return known_for([self._entry], tenant)
