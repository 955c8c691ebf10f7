# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what playbook awx has to do on a controller; documented with the module of that name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import AWX_PLAN
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.controller import sign_in
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.plan import build_plan
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.refusals import find_refusal
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._control_node_action import ControlNodeAction
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import RefusedTaskError


class ActionModule(ControlNodeAction):
    arguments, other_variables = AWX_PLAN, ()

    def check_raw_options(self, options: Mapping[str, Any]) -> None:
        for name, value in options.items():
            # The playbook itself reads the secrets in them, from the same variables.
            if AWX_PLAN.spec.get(name, {}).get("type") == "list" and isinstance(value, str):
                raise RefusedTaskError(
                    f"{name}: must be a list, not text. Give it in a file of variables, by -e @variables.yml."
                )
            # Ansible would make text of it, and objects of that name.
            if AWX_PLAN.spec.get(name, {}).get("type") == "str" and isinstance(value, (list, Mapping)):
                raise RefusedTaskError(
                    f"{name}: must be text, not a {'dictionary' if isinstance(value, Mapping) else 'list'}."
                )

    def execute(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        problem = find_refusal(options)
        if problem:
            raise RefusedTaskError(problem)
        with sign_in() as controller:
            return {"changed": False, **build_plan(controller, options)}
