# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action that has no module behind it: it runs on the control node, and calls no tenant."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.defects import describe_defect
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import (
    RefusedTaskError,
    check_task_options,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import build_template, read_options


class ControlNodeAction(ActionBase):  # type: ignore[misc]  # ansible-core ships no types
    """``other_variables`` are those that may begin with the prefix and are no options; None where that is not checked."""

    arguments: Arguments
    other_variables: tuple[str, ...] | None = None

    _supports_check_mode = True
    _requires_connection = False
    TRANSFERS_FILES = False

    @abstractmethod
    def execute(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Do the work with checked options, and return the task's result. Raises RefusedTaskError and QlikCloudError."""

    def check_raw_options(self, options: Mapping[str, Any]) -> None:
        """Raise RefusedTaskError for what may not be given in this form. Ansible's validator has not converted it yet."""

    def run(self, tmp: object = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result, variables = super().run(tmp, task_vars), task_vars or {}
        as_variable = self.arguments.build_renamer(str(self._task.args.get("variables_prefix") or "") or None)
        try:
            given = self._read_options(variables)
            self.check_raw_options(given)
            checked = check_task_options(
                self.arguments, given, is_given_by_task=lambda name: True, no_log=False, no_token_reason=None
            )
            return {**result, **self.execute(checked.options, variables)}
        except (RefusedTaskError, QlikCloudError) as error:
            return {**result, "failed": True, "msg": error.message_for(as_variable)}
        except Exception as error:
            return {**result, "failed": True, "msg": describe_defect(error)}

    def _read_options(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """The options of the task, and what variables say of the others if the task has a ``variables_prefix``."""
        task_args: Mapping[str, Any] = self._task.args
        prefix = task_args.get("variables_prefix")
        if not isinstance(prefix, str) or not prefix:
            return dict(task_args)
        known = self.arguments.map_variables(prefix)
        from_variables = read_options(
            known, prefix, self.other_variables, task_vars, build_template(self._templar, task_vars)
        )
        return {**self.arguments.drop_unanswered(from_variables), **task_args}
