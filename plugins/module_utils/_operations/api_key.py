# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_key``: a set of one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_options import EntryOptions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_entry import KeyEntry
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_set import KeySet
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import SetPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

PLACE = ""
"""Messages name the options of the module, and no entry of a list."""


class EnsureApiKey:
    def __init__(self, params: Mapping[str, Any]):
        self._entry = KeyEntry(EntryOptions.from_params(params))
        self._set = KeySet({PLACE: self._entry})

    def plan(self, tenant: Tenant) -> KeyPlan:
        self._set.resolve(tenant)
        return _get_only(self._set.plan(tenant))

    def apply(self, tenant: Tenant, plan: KeyPlan, log: ActionLog) -> KeyPlan:
        carried_out = plan
        try:
            carried_out = _get_only(self._set.apply(tenant, SetPlan.combine({PLACE: plan}, None), log))
        finally:
            if self._entry.result.token:
                log.secured = self.results(carried_out)
        return carried_out

    def results(self, plan: KeyPlan) -> dict[str, Any]:
        record = self._entry.result.build_record(self._entry.wanted, plan)
        return {
            **({} if record is None else {"api_key": record}),
            **self._entry.result.token_file,
            **self._entry.result.token,
        }


def _get_only(plan: SetPlan) -> KeyPlan:
    """The plan of the only key. Raises what is the matter with that."""
    if plan.problems:
        raise plan.problems[0]
    return require(plan.keys[PLACE], "plan")
