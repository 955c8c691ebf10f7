# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that runs beside Ansible only, without a module behind it, and calls no tenant."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.defects import describe_defect
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._handed_over import RefusedTask, handed_over
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import options_from_variables


class OwnAction(ActionBase):
    """``others``: what other variables may begin with the prefix; None where that is not looked at here."""

    arguments: Arguments
    others: tuple[str, ...] | None = None

    _supports_check_mode = True
    _requires_connection = False
    TRANSFERS_FILES = False

    @abstractmethod
    def done(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """What the task returns, from checked options. Raises RefusedTask and QlikCloudError."""

    def check_given(self, given: Mapping[str, Any]) -> None:
        """Raise RefusedTask for what may not be given so, before anything is made of it."""

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result, variables = super().run(tmp, task_vars), task_vars or {}
        as_variable = self.arguments.build_renamer(str(self._task.args.get("variables_prefix") or "") or None)
        try:
            given = self._given(variables)
            self.check_given(given)
            checked = handed_over(self.arguments, given, is_own=lambda name: True, no_log=False, no_token=None)
            return {**result, **self.done(checked.options, variables)}
        except (RefusedTask, QlikCloudError) as error:
            return {**result, "failed": True, "msg": error.message_for(as_variable)}
        except Exception as error:
            return {**result, "failed": True, "msg": describe_defect(error)}

    def _given(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """What the task says, and beside it what the variables say that it names by ``variables_prefix``."""
        said = self._task.args
        prefix = said.get("variables_prefix")
        if not isinstance(prefix, str) or not prefix:
            return dict(said)
        known = self.arguments.map_variables(prefix)
        taken = options_from_variables(known, prefix, self.others, task_vars, self._templar.template)
        return {**self.arguments.drop_unanswered(taken), **said}
