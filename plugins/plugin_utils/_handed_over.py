# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task hands over, before anything happens: in plain types, by each option's own name, and nothing of it unknown,
null or shown unasked.

The controller is the only place where that can be seen: a module gets a null as if the option were left out, and Ansible's
validator shows the value of an option that it does not know.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import (
    NULLABLE_OPTIONS,
    Arguments,
)

ASYNC = "no token is returned under async, whose results lie in a file"
REPEATED = "no token is returned under until or retries, which throw away what an attempt returned when another follows"


class RefusedTask(Exception):
    """What the task says cannot be done; ``str()`` of it says which option, what is wrong and what would be right.

    ``begins_with_option``: not so the words of Ansible's own validator, and what is told of a variable.
    """

    def __init__(self, told: str, *, begins_with_option: bool = True):
        super().__init__(told)
        self.begins_with_option = begins_with_option

    def message_for(self, as_variable: Callable[[str], str]) -> str:
        """The same for a caller who gives options by variables, see ``QlikCloudError.told``."""
        return as_variable(str(self)) if self.begins_with_option else str(self)


@dataclass(frozen=True)
class HandedOver:
    """``options`` are checked and complete; ``given`` is what an ordinary module, which checks anew, is to be given."""

    options: dict[str, Any]
    given: dict[str, Any]


def handed_over(
    arguments: Arguments,
    task_args: Mapping[str, Any],
    *,
    is_own: Callable[[str], bool],
    no_log: bool,
    no_token: str | None,
) -> HandedOver:
    """Raises RefusedTask. ``task_args`` are those that the task itself gives, which ``is_own`` tells by the name, and those of
    its defaults.

    ``no_token``: why the task returns none, whatever it says; None where it may.
    """
    given = read_json(arguments.spec, by_own_names(arguments, plain(task_args), is_own))
    _check_known(arguments.module, arguments.spec, given)
    _check_structure(arguments.spec, given)
    for place in nulls(arguments.spec, given):
        raise RefusedTask(
            f"{place}: must not be null: without it the task would be about more, or about somebody else. Give a value, or "
            "drop the option, which default(omit) does in a template."
        )
    checked = ArgumentSpecValidator(**arguments.build_module_arguments()).validate(given)
    if checked.error_messages:
        raise RefusedTask(checked.error_messages[0], begins_with_option=False)
    options = checked.validated_parameters
    if not {"return_token", "return_tokens"}.intersection(arguments.spec):
        return HandedOver(options, given)
    if options.get("handed_on") is not None:
        if not no_log or no_token is not None:
            raise RefusedTask(f"handed_on: {no_token or 'tokens are returned, so the task needs no_log: true'}.")
        return HandedOver(options, given)
    if options.get("variables_prefix") and not options["return_tokens"]:
        _check_returns_none(arguments, options, given)
        return HandedOver(options, given)
    for holder, source, place in _token_makers(arguments, options, given):
        if _returns_token(holder, options, place, no_log, no_token):
            source["return_token"] = holder["return_token"] = True
    return HandedOver(options, given)


def plain(value: Any) -> Any:
    """The value without what Ansible adds to it: marks of trust and origin, templates' own kinds of text, encryption."""
    if isinstance(value, Mapping):
        return {plain(name) if isinstance(name, str) else str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(entry) for entry in value]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def by_own_names(arguments: Arguments, given: Mapping[str, Any], is_own: Callable[[str], bool]) -> dict[str, Any]:
    """Aliases replaced by the options they are of. What the task itself says wins over its defaults, else the last."""
    names = {alias: name for name, argument in arguments.spec.items() for alias in argument.get("aliases", ())}
    return {names.get(name, name): given[name] for name in sorted(given, key=is_own)}


def process_variables(environment: Mapping[Any, Any]) -> dict[str, str]:
    """A task's ``environment`` as variables of a process. Raises RefusedTask for what can be none."""
    variables = {str(plain(name)): str(plain(value)) for name, value in environment.items()}
    for name, value in variables.items():
        if not name or "=" in name or "\0" in name:
            raise RefusedTask(f"environment: {name!r} cannot be the name of a variable.")
        if "\0" in value:
            raise RefusedTask(f"environment: the value of {name} has a NUL character, which no variable can have.")
    return variables


def nulls(spec: Mapping[str, Any], given: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Where there is a null that must not be; what options hold that are not known one by one is not looked at."""
    for name, value in given.items():
        where = f"{place}.{name}" if place else name
        nested = spec[name].get("options")
        if value is None:
            if name not in NULLABLE_OPTIONS:
                yield where
        elif name == "headers" and isinstance(value, dict):
            yield from (f"{where}.{header}" for header, entry in value.items() if entry is None)
        elif isinstance(value, list):
            for number, entry in enumerate(value):
                if entry is None:
                    yield f"{where}[{number}]"
                elif nested is not None and isinstance(entry, dict):
                    yield from nulls(nested, entry, f"{where}[{number}]")
        elif nested is not None and isinstance(value, dict):
            yield from nulls(nested, value, where)


def read_json(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Text in place of options of their own is read as JSON, which is all that a survey of AWX or ``-e name=value`` can give.

    What cannot be read stays as it is, for the checks that follow.
    """
    read = dict(given)
    for name, value in given.items():
        if "options" not in spec.get(name, {}) or not isinstance(value, str):
            continue
        with suppress(ValueError, RecursionError):
            read[name] = json.loads(value)
    return read


def _check_known(module: str, spec: Mapping[str, Any], given: Mapping[str, Any], place: str = "") -> None:
    for name, value in given.items():
        where = f"{place}.{name}" if place else name
        if name not in spec:
            raise RefusedTask(f"{where}: is no option of {module}. There are: {', '.join(sorted(spec))}.")
        nested = spec[name].get("options")
        if nested is not None and isinstance(value, dict):
            _check_known(module, nested, value, where)
        elif nested is not None and isinstance(value, list):
            for number, entry in enumerate(value):
                if isinstance(entry, dict):
                    _check_known(module, nested, entry, f"{where}[{number}]")


def _check_structure(spec: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Raise RefusedTask for text where options of their own belong: as text they could not be hidden where need be."""
    for name, argument in spec.items():
        value = given.get(name)
        if "options" not in argument or value is None:
            continue
        own = ", ".join(argument["options"])
        if argument["type"] == "list" and not (
            isinstance(value, list) and all(entry is None or isinstance(entry, dict) for entry in value)
        ):
            raise RefusedTask(f"{name}: must be a list of dictionaries, each with options out of: {own}.")
        if argument["type"] == "dict" and not isinstance(value, dict):
            raise RefusedTask(f"{name}: must be a dictionary with options out of: {own}.")


def _token_makers(
    arguments: Arguments, options: dict[str, Any], given: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """The options by which a token may be made, as checked and as given, and where they are."""
    if "return_token" in arguments.spec:
        yield options, given, ""
    for name in ("scim_keys", "keys"):
        for number, (entry, source) in enumerate(zip(options.get(name) or [], given.get(name) or [])):
            yield entry, source, f"{name}[{number}]."


def _check_returns_none(arguments: Arguments, options: dict[str, Any], given: dict[str, Any]) -> None:
    """Raise RefusedTask for a key whose token would be returned to a role, which shows what it does not hand on."""
    for holder, _source, place in _token_makers(arguments, options, given):
        if holder["return_token"]:
            raise RefusedTask(
                f"{place}return_token: nothing would keep the token that is returned. Give token_file, or token tasks that store it."
            )


def _returns_token(
    holder: Mapping[str, Any], options: Mapping[str, Any], place: str, no_log: bool, no_token: str | None
) -> bool:
    """Whether a new token is returned though no option says so: it has no file, and the task shows no result."""
    said, option = holder["return_token"], f"{place}return_token"
    if said is None and options.get("return_tokens") is not None:
        said, option = options["return_tokens"], "return_tokens"
    if said and no_token is not None:
        raise RefusedTask(f"{option}: {no_token}. Give token_file instead.")
    if said is None:
        return no_log and no_token is None and holder["token_file"] is None
    return False
