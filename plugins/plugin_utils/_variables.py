# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the options of a module from variables of the host, for a role whose variables are called like the options.

In YAML the role would pass each on with ``default(omit)``. That takes a value with an undefined variable in it for one that was
not given, and the task would then be about another tenant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.validation import check_type_int

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._suggestions import suggest_names
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import RefusedTaskError, to_plain

OMITTED = object()
"""What a template is that ``omit`` is all of."""


def read_options(
    known: Mapping[str, str],
    prefix: str,
    others: Collection[str] | None,
    variables: Mapping[str, Any],
    template: Callable[[Any], Any],
) -> dict[str, Any]:
    """The options that variables give, by the options' names.

    ``known`` maps the names of variables, which begin with ``prefix``, to those of their options; ``template`` templates a value,
    and returns ``OMITTED`` for one that is left out.
    Raises RefusedTaskError for a variable that cannot be templated, and for one that begins with ``prefix`` and is neither known
    nor one of ``others``; ``others`` is None where that is not checked. The message begins with the variable's name.
    """
    given = sorted(name for name in map(str, variables) if name.startswith(prefix))
    for name in given:
        if others is not None and name not in known and name not in others:
            names = [variable.removeprefix(prefix) for variable in (*known, *others)]
            advice = suggest_names(name.removeprefix(prefix), names, prefix)
            raise RefusedTaskError(f"{name}: there is no such variable. {advice}", begins_with_option=False)
    options = {}
    for name in given:
        if name in known:
            try:
                value = template(variables[name])
            except AnsibleError as error:
                raise RefusedTaskError(
                    f"{name}: its value cannot be made out: {error.message}", begins_with_option=False
                ) from None
            if value is not OMITTED:
                options[known[name]] = value
    return options


def build_template(templar: Any, variables: Mapping[str, Any]) -> Callable[[Any], Any]:
    """The function ``template`` of ``read_options``: as in the options of a task, ``default(omit)`` leaves out what it is about."""
    omit = variables.get("omit")

    def template(value: Any) -> Any:
        # In a dictionary because ansible-core leaves out what is omitted there; alone it is an error from 2.19 on.
        templated = templar.template({"value": value})
        # Before 2.19 a text stands for what is omitted.
        return (_drop_omitted(templated, omit) if isinstance(omit, str) else templated).get("value", OMITTED)

    return template


def _drop_omitted(value: Any, omit: str) -> Any:
    if isinstance(value, Mapping):
        return {name: _drop_omitted(entry, omit) for name, entry in value.items() if entry != omit}
    if isinstance(value, list):
        return [_drop_omitted(entry, omit) for entry in value if entry != omit]
    return value


def apply_flat_variables(
    options: Mapping[str, Any], places: Mapping[str, tuple[str, str]], flat: Mapping[str, Any], spec: Mapping[str, Any]
) -> dict[str, Any]:
    """The options, with the values of flat variables for suboptions; a flat variable wins.

    ``places`` maps the name of each flat variable to an option and its suboption. Raises RefusedTaskError for text where a
    number is needed; the message begins with the variable's name.
    """
    merged = dict(options)
    for variable, value in flat.items():
        option, inner = places[variable]
        kind = (spec.get(option, {}).get("options") or {}).get(inner, {}).get("type")
        if kind == "int" and value is not None:
            try:
                value = check_type_int(value)
            except TypeError:
                raise RefusedTaskError(
                    f"{variable}: must be a whole number, not {to_plain(value)!r}.", begins_with_option=False
                ) from None
        outer = _parse_dictionary(merged.get(option))
        if isinstance(outer, Mapping):
            merged[option] = {**outer, inner: value}
    return merged


def _parse_dictionary(outer: Any) -> Any:
    """The dictionary, which may be JSON text. Anything else stays as it is, and is refused when the options are checked."""
    if outer is None:
        return {}
    if isinstance(outer, str):
        with suppress(ValueError, RecursionError):
            return json.loads(outer)
    return outer
