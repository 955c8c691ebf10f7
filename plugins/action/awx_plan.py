# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what playbook awx has to do on a controller; documented with the module of that name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import AWX_PLAN
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.defects import told_defect
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.controller import ControllerError, signed_in
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.plan import PlanError, planned
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.refusals import refusal
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._handed_over import RefusedTask, handed_over
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import options_from_variables


class ActionModule(ActionBase):
    _supports_check_mode = True
    _requires_connection = False
    TRANSFERS_FILES = False

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        as_variable = AWX_PLAN.as_variable(str(self._task.args.get("variables_prefix") or "") or None)
        try:
            given = self._given(task_vars or {})
            options = handed_over(AWX_PLAN, given, is_own=lambda name: True, no_log=False, no_token=None).options
            problem = refusal(options)
            if problem:
                raise RefusedTask(problem)
            with signed_in() as controller:
                return {**result, "changed": False, **planned(controller, options)}
        except RefusedTask as refused:
            return {**result, "failed": True, "msg": refused.told(as_variable)}
        except (ControllerError, PlanError) as error:
            return {**result, "failed": True, "msg": str(error)}
        except Exception as error:
            return {**result, "failed": True, "msg": told_defect(error)}

    def _given(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """What the task says, and the variables. Raises RefusedTask."""
        said = self._task.args
        prefix = said.get("variables_prefix")
        taken: dict[str, Any] = {}
        if isinstance(prefix, str) and prefix:
            known = AWX_PLAN.by_variable(prefix)
            taken = options_from_variables(known, prefix, (), task_vars, self._templar.template)
        given = {**taken, **said}
        for name, value in given.items():
            # The playbook itself reads the secrets in them, from the same variables.
            if AWX_PLAN.spec.get(name, {}).get("type") == "list" and isinstance(value, str):
                raise RefusedTask(
                    f"{name}: must be a list, not text. Give it in a file of variables, by -e @variables.yml."
                )
        return given
