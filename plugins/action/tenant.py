# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs module ``tenant`` inside Ansible's worker where it can; documented with the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import TENANT
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.tenant import SetUpTenant
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._handed_over import HandedOver, RefusedTask
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import options_from_variables
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._worker_action import WorkerAction

NOT_BY_VARIABLE = {"only_renew", "handed_on", "done_before", "return_tokens", "variables_prefix", "other_variables"}
"""What is about this very call and not about the tenant."""
NOT_RENEWED = {"api_keys_enabled", "permission", "config", "purge", "purge_scope"}
"""What a call that only renews leaves alone, though the variables say it for others."""


class ActionModule(WorkerAction):
    arguments, work = TENANT, SetUpTenant

    def task_args(self, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
        """Beside what the task says, what the variables say that it names by ``variables_prefix``.

        The task wins over the variables, and those over its defaults, which may be set for a whole play.
        """
        said = self._task.args
        prefix = said.get("variables_prefix")
        if not isinstance(prefix, str) or not prefix:
            return said
        others = {str(name) for name in said.get("other_variables") or []}
        not_taken = NOT_BY_VARIABLE
        if boolean(said.get("only_renew", False), strict=False):
            others |= {f"{prefix}{name}" for name in NOT_RENEWED}
            not_taken = NOT_BY_VARIABLE | NOT_RENEWED
        names = [name for name in TENANT.spec if name not in not_taken]
        taken = options_from_variables(prefix, names, others, task_vars, self._templar.template)
        own = self._own_names()
        return {**{name: value for name, value in said.items() if name not in own}, **taken, **_only(said, own)}

    def _handed_over(self, task_args: Mapping[str, Any]) -> HandedOver:
        try:
            return super()._handed_over(task_args)
        except RefusedTask as refusal:
            prefix = task_args.get("variables_prefix") or ""
            raise RefusedTask(refusal.told(str(prefix))) from None


def _only(said: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name in names}
