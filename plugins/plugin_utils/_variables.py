# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a module taken from variables of the host, for a role whose variables are called like the options.

In YAML each would be handed on by ``default(omit)``, which takes an undefined variable inside a user's value for one that was
not given: the task would then be about another tenant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.validation import check_type_int

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import RefusedTaskError, to_plain


def read_options(
    known: Mapping[str, str],
    prefix: str,
    others: Collection[str] | None,
    variables: Mapping[str, Any],
    value_of: Callable[[Any], Any],
) -> dict[str, Any]:
    """The options for which there is a variable. ``known``: them by the names of their variables, which begin with ``prefix``;
    ``value_of`` templates a value.

    Raises RefusedTaskError, in the names of the variables, for one that begins so and is neither known nor one of ``others``, unless
    that is None, and for one that cannot be templated.
    """
    given = sorted(name for name in map(str, variables) if name.startswith(prefix))
    for name in given:
        if others is not None and name not in known and name not in others:
            meant = get_close_matches(name, [*known, *others], 1)
            advice = f"Is {meant[0]} meant?" if meant else f"There are: {', '.join(sorted([*known, *others]))}."
            raise RefusedTaskError(f"{name}: there is no such variable. {advice}", begins_with_option=False)
    options = {}
    for name in given:
        if name in known:
            try:
                options[known[name]] = value_of(variables[name])
            except AnsibleError as error:
                raise RefusedTaskError(
                    f"{name}: its value cannot be made out: {error.message}", begins_with_option=False
                ) from None
    return options


def apply_flat_variables(
    options: Mapping[str, Any], places: Mapping[str, tuple[str, str]], flat: Mapping[str, Any], spec: Mapping[str, Any]
) -> dict[str, Any]:
    """The options with what flat variables say of options inside them, which wins. ``places`` are those by the variables' names.

    Raises RefusedTaskError, in the name of the variable, for text that is no number where one is needed.
    """
    folded = dict(options)
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
        outer = _read(folded.get(option))
        if isinstance(outer, Mapping):
            folded[option] = {**outer, inner: value}
    return folded


def _read(outer: Any) -> Any:
    """A dictionary that may be JSON text; whatever else it is, those who check the options tell."""
    if outer is None:
        return {}
    if isinstance(outer, str):
        with suppress(ValueError, RecursionError):
            return json.loads(outer)
    return outer
