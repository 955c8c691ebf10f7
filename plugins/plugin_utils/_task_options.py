# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the options of a task before anything happens: none may be unknown or null, and no token may be returned unasked.

Only the control node can check that: a module gets a null as if the option were left out, and Ansible's validator shows the
value of an option that it does not know.
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

NO_TOKEN_UNDER_ASYNC = "no token is returned under async, whose results lie in a file"
NO_TOKEN_UNDER_RETRIES = (
    "no token is returned under until or retries, which throw away what an attempt returned when another follows"
)


class RefusedTaskError(Exception):
    """The task cannot be run as it is; ``str()`` of it says which option, what is wrong and what would be right.

    ``begins_with_option``: whether the message begins with the name of an option. Those of Ansible's own validator do not, nor
    those that begin with the name of a variable.
    """

    def __init__(self, message: str, *, begins_with_option: bool = True):
        super().__init__(message)
        self.begins_with_option = begins_with_option

    def message_for(self, as_variable: Callable[[str], str]) -> str:
        """The same for a caller who gives options by variables, see ``QlikCloudError.message_for``."""
        return as_variable(str(self)) if self.begins_with_option else str(self)


@dataclass(frozen=True)
class TaskOptions:
    """``options`` are checked and complete; ``given`` is for an ordinary module, which checks them again."""

    options: dict[str, Any]
    given: dict[str, Any]


def check_task_options(
    arguments: Arguments,
    task_args: Mapping[str, Any],
    *,
    is_given_by_task: Callable[[str], bool],
    no_log: bool,
    no_token_reason: str | None,
) -> TaskOptions:
    """Check the options of a task. Raises RefusedTaskError.

    ``task_args`` are the options of the task itself and of its defaults; ``is_given_by_task`` takes the name of an option, and
    says whether it is one of the former. ``no_token_reason`` is why the task must not return a token; None if it may.
    """
    given = parse_json_options(arguments.spec, resolve_aliases(arguments, to_plain(task_args), is_given_by_task))
    _check_known(arguments.module, arguments.spec, given)
    _check_structure(arguments.spec, given)
    for place in find_nulls(arguments.spec, given):
        raise RefusedTaskError(
            f"{place}: must not be null: without it the task would be about more, or about somebody else. Give a value, or "
            "drop the option, which default(omit) does in a template."
        )
    checked = ArgumentSpecValidator(**arguments.build_module_arguments()).validate(given)
    if checked.error_messages:
        raise RefusedTaskError(checked.error_messages[0], begins_with_option=False)
    options = checked.validated_parameters
    if not {"return_token", "return_tokens"}.intersection(arguments.spec):
        return TaskOptions(options, given)
    if options.get("handed_on") is not None:
        if not no_log or no_token_reason is not None:
            raise RefusedTaskError(
                f"handed_on: {no_token_reason or 'tokens are returned, so the task needs no_log: true'}."
            )
        return TaskOptions(options, given)
    if options.get("variables_prefix") and not options["return_tokens"]:
        _check_returns_none(arguments, options, given)
        return TaskOptions(options, given)
    for key, given_key, place in _iterate_key_options(arguments, options, given):
        if _must_return_token(key, options, place, no_log, no_token_reason):
            given_key["return_token"] = key["return_token"] = True
    return TaskOptions(options, given)


def to_plain(value: Any) -> Any:
    """The value in Python's own types, without what Ansible adds to it: marks of trust and origin, special texts, encryption."""
    if isinstance(value, Mapping):
        return {
            to_plain(name) if isinstance(name, str) else str(name): to_plain(entry) for name, entry in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(entry) for entry in value]
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


def resolve_aliases(
    arguments: Arguments, given: Mapping[str, Any], is_given_by_task: Callable[[str], bool]
) -> dict[str, Any]:
    """Replace aliases by the names of their options. What the task itself gives wins over its defaults, else the last wins."""
    names = {alias: name for name, argument in arguments.spec.items() for alias in argument.get("aliases", ())}
    return {names.get(name, name): given[name] for name in sorted(given, key=is_given_by_task)}


def to_process_variables(environment: Mapping[Any, Any]) -> dict[str, str]:
    """Convert a task's ``environment`` to variables of a process. Raises RefusedTaskError for one that no process can have."""
    variables = {str(to_plain(name)): str(to_plain(value)) for name, value in environment.items()}
    for name, value in variables.items():
        if not name or "=" in name or "\0" in name:
            raise RefusedTaskError(f"environment: {name!r} cannot be the name of a variable.")
        if "\0" in value:
            raise RefusedTaskError(f"environment: the value of {name} has a NUL character, which no variable can have.")
    return variables


def find_nulls(spec: Mapping[str, Any], given: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield the place of each null that is not allowed, such as ``keys[0].sub``. Dictionaries without suboptions are not searched."""
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
                    yield from find_nulls(nested, entry, f"{where}[{number}]")
        elif nested is not None and isinstance(value, dict):
            yield from find_nulls(nested, value, where)


def parse_json_options(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Parse text as JSON where a list or dictionary of suboptions belongs: a survey of AWX and ``-e name=value`` give only text.

    Text that is no JSON stays as it is, and is refused by the checks that follow.
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
            raise RefusedTaskError(f"{where}: is no option of {module}. There are: {', '.join(sorted(spec))}.")
        nested = spec[name].get("options")
        if nested is not None and isinstance(value, dict):
            _check_known(module, nested, value, where)
        elif nested is not None and isinstance(value, list):
            for number, entry in enumerate(value):
                if isinstance(entry, dict):
                    _check_known(module, nested, entry, f"{where}[{number}]")


def _check_structure(spec: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Raise RefusedTaskError for text where suboptions belong: secrets in it could not be hidden."""
    for name, argument in spec.items():
        value = given.get(name)
        if "options" not in argument or value is None:
            continue
        suboptions = ", ".join(argument["options"])
        if argument["type"] == "list" and not (
            isinstance(value, list) and all(entry is None or isinstance(entry, dict) for entry in value)
        ):
            raise RefusedTaskError(f"{name}: must be a list of dictionaries, each with options out of: {suboptions}.")
        if argument["type"] == "dict" and not isinstance(value, dict):
            raise RefusedTaskError(f"{name}: must be a dictionary with options out of: {suboptions}.")


def _iterate_key_options(
    arguments: Arguments, options: dict[str, Any], given: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """Yield the options of each key, as checked and as given, and the beginning of their place, such as ``keys[0].``"""
    if "return_token" in arguments.spec:
        yield options, given, ""
    for name in ("scim_keys", "keys"):
        for number, (key, given_key) in enumerate(zip(options.get(name) or [], given.get(name) or [])):
            yield key, given_key, f"{name}[{number}]."


def _check_returns_none(arguments: Arguments, options: dict[str, Any], given: dict[str, Any]) -> None:
    """Raise RefusedTaskError for a key whose token would be returned to a role that has no token tasks: it would be shown."""
    for key, _given_key, place in _iterate_key_options(arguments, options, given):
        if key["return_token"]:
            raise RefusedTaskError(
                f"{place}return_token: nothing would keep the token that is returned. Give token_file, or token tasks that store it."
            )


def _must_return_token(
    key: Mapping[str, Any], options: Mapping[str, Any], place: str, no_log: bool, no_token_reason: str | None
) -> bool:
    """Whether a new token is returned though no option says so: it has no file, and the task shows no result."""
    wanted, option = key["return_token"], f"{place}return_token"
    if wanted is None and options.get("return_tokens") is not None:
        wanted, option = options["return_tokens"], "return_tokens"
    if wanted and no_token_reason is not None:
        raise RefusedTaskError(f"{option}: {no_token_reason}. Give token_file instead.")
    return wanted is None and no_log and no_token_reason is None and key["token_file"] is None
