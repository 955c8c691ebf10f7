# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action whose options may come from the variables of a role, which are called like the options after a prefix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import is_blank
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import (
    ROLE_MODULES,
    OTHER_ROLE_VARIABLES,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._handed_over import HandedOver, RefusedTask
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import (
    options_from_variables,
    with_flat,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._worker_action import WorkerAction

PATIENCE = {"timeout": 15, "retries": 2}
"""Less than a task of one tenant has by itself: among many, one that does not answer is told within a minute."""


class RoleAction(WorkerAction):
    _flat: Mapping[str, tuple[str, str]] = {}
    """The flat variables that were given, and the options inside others that they are for."""

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if self._flat and isinstance(result.get("msg"), str):
            prefix = str(self._task.args.get("variables_prefix"))
            for variable, (option, inner) in self._flat.items():
                result["msg"] = result["msg"].replace(f"{prefix}{option}.{inner}", variable)
        return result

    def left_alone(self) -> frozenset[str]:
        """Options that this call does not take from the variables, though those say them for others."""
        return frozenset()

    def task_args(self, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
        """Beside what the task says, what the variables say that it names by ``variables_prefix``.

        The task wins over the variables, and those over its defaults, which may be set for a whole play.
        """
        said = self._task.args
        prefix = said.get("variables_prefix")
        if not isinstance(prefix, str) or not prefix:
            return said
        left_alone = self.left_alone()
        known = {
            variable: name for variable, name in self.arguments.map_variables(prefix).items() if name not in left_alone
        }
        places = {
            variable: place
            for variable, place in self.arguments.map_flat_variables(prefix).items()
            if place[0] not in left_alone
        }
        others = {str(name) for name in said.get("other_variables") or []}
        others.update(f"{prefix}{name}" for name in OTHER_ROLE_VARIABLES)
        for arguments in ROLE_MODULES:
            others.update(arguments.map_variables(prefix))
            others.update(arguments.map_flat_variables(prefix))
        given = options_from_variables(
            {**known, **{variable: variable for variable in places}}, prefix, others, task_vars, self._templar.template
        )
        self._flat = {
            variable: place for variable, place in places.items() if variable in given and not is_blank(given[variable])
        }
        flat = {variable: given[variable] for variable in self._flat}
        taken = self.arguments.drop_unanswered({name: given[name] for name in given if name not in places})
        taken = with_flat(taken, places, flat, self.arguments.spec)
        own = self._own_names()
        defaults = {name: value for name, value in said.items() if name not in own}
        return {**PATIENCE, **defaults, **taken, **_only(said, own)}

    def _handed_over(self, task_args: Mapping[str, Any]) -> HandedOver:
        try:
            return super()._handed_over(task_args)
        except RefusedTask as refusal:
            prefix = task_args.get("variables_prefix")
            raise RefusedTask(
                refusal.message_for(self.arguments.build_renamer(None if prefix is None else str(prefix)))
            ) from None


def _only(said: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name in names}
