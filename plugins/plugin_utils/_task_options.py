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

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._option_mistakes import find_mistake

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
    mistake = find_mistake(arguments, given)
    if mistake is not None:
        raise RefusedTaskError(mistake)
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


def parse_json_options(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Parse text as JSON where a list or dictionary of suboptions belongs: a survey of AWX and ``-e name=value`` give only text.

    Text that is no JSON stays as it is, and is refused by the checks that follow.
    """
    read = dict(given)
    for name, value in given.items():
        suboptions = spec.get(name, {}).get("options")
        if suboptions is None:
            continue
        if isinstance(value, str):
            with suppress(ValueError, RecursionError):
                read[name] = json.loads(value)
        if isinstance(read[name], dict):
            read[name] = parse_json_options(suboptions, read[name])
        elif isinstance(read[name], list):
            read[name] = [
                parse_json_options(suboptions, entry) if isinstance(entry, dict) else entry for entry in read[name]
            ]
    return read


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
