# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An action whose options may come from the variables of a role, which are called like the options after a prefix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments, is_blank
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import (
    OTHER_ROLE_VARIABLES,
    ROLE_MODULES,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import RefusedTaskError, TaskOptions
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._variables import (
    apply_flat_variables,
    build_template,
    read_options,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._worker_action import WorkerAction

ROLE_DEFAULTS = {"timeout": 15, "retries": 2}
"""Less than a task of one tenant has by itself: among many, one that does not answer fails within a minute."""
FURTHER_OPTION = re.compile(r"(?<=\b(?:as|of) )(?:scim_keys|keys)(?=\[\d+\])")
"""What may be an option that a message names after the one it begins with."""


class RoleAction(WorkerAction):
    _flat_variables: Mapping[str, tuple[str, str]] = {}
    """The flat variables that were given, and the options inside others that they are for."""

    def run(self, tmp: object = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        prefix = self._prefix
        if prefix is not None and isinstance(result.get("msg"), str):
            result["msg"] = self._name_variables(result["msg"], prefix)
        return result

    @property
    def _prefix(self) -> str | None:
        """The beginning of the variables' names; None if the task takes none."""
        prefix = self._task.args.get("variables_prefix")
        return str(prefix) if isinstance(prefix, str) and prefix else None

    def _name_variables(self, message: str, prefix: str) -> str:
        """The message with the variables that the user wrote where it names options."""
        message = name_further_variables(message, self.arguments, prefix)
        for variable, (option, inner) in self._flat_variables.items():
            message = message.replace(f"{prefix}{option}.{inner}", variable)
        return message

    def ignored_options(self) -> frozenset[str]:
        """The options that this task does not take from the variables, which other tasks take."""
        return frozenset()

    def task_args(self, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options of the task, and what variables say of the others if the task has a ``variables_prefix``.

        The task wins over the variables, and those over its defaults, which may be set for a whole play.
        """
        task_args, prefix = super().task_args(task_vars), self._prefix
        if prefix is None:
            return task_args
        from_variables = self._read_variables(prefix, task_args.get("other_variables") or [], task_vars)
        given = self._names_given_by_task()
        own = {name: value for name, value in task_args.items() if name in given}
        return {**ROLE_DEFAULTS, **task_args, **from_variables, **own}

    def _read_variables(self, prefix: str, other_variables: list[Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        ignored = self.ignored_options()
        options = {
            variable: option
            for variable, option in self.arguments.map_variables(prefix).items()
            if option not in ignored
        }
        flat = {
            variable: place
            for variable, place in self.arguments.map_flat_variables(prefix).items()
            if place[0] not in ignored
        }
        known = {**options, **{variable: variable for variable in flat}}
        others = {*map(str, other_variables), *_variables_of_role(prefix)}
        given = read_options(known, prefix, others, task_vars, build_template(self._templar, task_vars))
        self._flat_variables = {
            variable: place for variable, place in flat.items() if variable in given and not is_blank(given[variable])
        }
        values = {variable: given[variable] for variable in self._flat_variables}
        outer = self.arguments.drop_unanswered({name: given[name] for name in given if name not in flat})
        return apply_flat_variables(outer, flat, values, self.arguments.spec)

    def _check_options(self, task_args: Mapping[str, Any]) -> TaskOptions:
        try:
            return super()._check_options(task_args)
        except RefusedTaskError as refusal:
            raise RefusedTaskError(refusal.message_for(self.arguments.build_renamer(self._prefix))) from None


def name_further_variables(message: str, arguments: Arguments, prefix: str) -> str:
    """The message with a role's variables for the options that it names after its beginning; other words stay as they are."""
    as_variable = arguments.build_renamer(prefix)
    return FURTHER_OPTION.sub(lambda name: as_variable(name[0]) if name[0] in arguments.spec else name[0], message)


def _variables_of_role(prefix: str) -> set[str]:
    """All variables of role onboarding: one that a task does not take is no mistake of the user."""
    variables = {f"{prefix}{name}" for name in OTHER_ROLE_VARIABLES}
    for arguments in ROLE_MODULES:
        variables.update(arguments.map_variables(prefix), arguments.map_flat_variables(prefix))
    return variables
