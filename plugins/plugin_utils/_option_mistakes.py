# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds what is wrong with the options of a task, wherever it is inside them.

Ansible's validator refuses the same, but it does not say which entry of a list is meant, and it shows values. Every message
begins with the place of an option, such as ``keys[2].idp.provider``. None has the value of an option that is secret, or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.validation import (
    check_type_bool,
    check_type_dict,
    check_type_float,
    check_type_int,
    check_type_list,
)

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import (
    NULLABLE_OPTIONS,
    Arguments,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._suggestions import join_alternatives, suggest_names

NAMING_OPTIONS = ("description", "name", "id")
"""The options by which a user knows an entry of a list."""
TYPE_NAMES = {
    "str": "text",
    "path": "text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "list": "a list",
    "dict": "a dictionary",
}
CONVERTERS: Mapping[str, Callable[[Any], Any]] = {
    "bool": check_type_bool,
    "int": check_type_int,
    "float": check_type_float,
    "list": check_type_list,
    "dict": check_type_dict,
}


@dataclass(frozen=True)
class Block:
    """Options that stand together: those of the task, or those inside one of its options.

    ``spec`` says which options there may be, and ``constraints`` has what is said of several of them, by the names that
    Ansible's argument specs have for it. ``place`` is empty for the options of the task, ``entry`` names the entry of a list.
    """

    spec: Mapping[str, Mapping[str, Any]]
    constraints: Mapping[str, Any]
    given: Mapping[str, Any]
    place: str = ""
    entry: str | None = None

    def is_given(self, name: str) -> bool:
        return self.given.get(name) is not None

    def describe(self, place: str, problem: str, advice: str = "") -> str:
        """The message about a place inside."""
        entry = "" if self.entry is None else f" (entry {quote_text(self.entry)})"
        return f"{place}: {problem}{entry}.{advice and f' {advice}'}"

    def find_place(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def iterate_blocks(self) -> Iterator[Block]:
        """This one, and all that are inside it."""
        yield self
        for name, value in self.given.items():
            argument = self.spec.get(name, {})
            if "options" not in argument:
                continue
            place = self.find_place(name)
            if isinstance(value, dict):
                yield from Block(argument["options"], argument, value, place, self.entry).iterate_blocks()
            elif isinstance(value, list):
                for number, entry in enumerate(value):
                    if isinstance(entry, dict):
                        inner = Block(argument["options"], argument, entry, f"{place}[{number}]", _find_name(entry))
                        yield from inner.iterate_blocks()


def find_mistake(arguments: Arguments, given: Mapping[str, Any]) -> str | None:
    """The message about the first mistake in the options, None without one."""
    blocks = list(Block(arguments.spec, arguments.build_module_arguments(), given).iterate_blocks())
    for find in (_find_unknown, _find_misshapen, _find_nulls, _find_unusable, _find_contradictions, _find_missing):
        for block in blocks:
            for message in find(block):
                return message
    return None


def _find_unknown(block: Block) -> Iterator[str]:
    for name in block.given:
        if name not in block.spec:
            aliases = [alias for argument in block.spec.values() for alias in argument.get("aliases", ())]
            advice = suggest_names(name, [*block.spec, *aliases])
            yield block.describe(block.find_place(name), "there is no such option", advice)


def _find_misshapen(block: Block) -> Iterator[str]:
    """Anything else where suboptions belong: secrets in it could not be masked."""
    for name, value in block.given.items():
        argument, place = block.spec[name], block.find_place(name)
        if "options" not in argument or value is None:
            continue
        suboptions = f"with options out of: {', '.join(argument['options'])}"
        by_json = " As text, it must be JSON." if isinstance(value, str) else ""
        if argument["type"] == "dict" and not isinstance(value, dict):
            yield block.describe(
                place, f"must be a dictionary, not {_describe_type(value)}", f"Give one {suboptions}.{by_json}"
            )
        elif argument["type"] == "list" and not isinstance(value, list):
            problem = f"must be a list of dictionaries, not {_describe_type(value)}"
            yield block.describe(place, problem, f"Give a list, each entry {suboptions}.{by_json}")
        elif argument["type"] == "list":
            for number, entry in enumerate(value):
                if entry is not None and not isinstance(entry, dict):
                    problem = f"must be a dictionary, not {_describe_type(entry)}"
                    yield block.describe(f"{place}[{number}]", problem, f"Give one {suboptions}.")


def _find_nulls(block: Block) -> Iterator[str]:
    """Nulls that could mean more than an option that is left out. Dictionaries without suboptions are not searched."""
    for name, value in block.given.items():
        place = block.find_place(name)
        if value is None and name not in NULLABLE_OPTIONS:
            yield block.describe(
                place,
                "must not be null",
                "Give a value, or leave the option out. If a variable that may be empty gives the value, append "
                "| default(omit, true) to it.",
            )
        elif name == "headers" and isinstance(value, dict):
            for header, content in value.items():
                if content is None:
                    yield block.describe(
                        f"{place}.{header}", "must not be null", "Give a value, or leave the header out."
                    )
        elif isinstance(value, list):
            for number, entry in enumerate(value):
                if entry is None:
                    advice = "Give a value, or leave the entry out."
                    yield block.describe(f"{place}[{number}]", "must not be null", advice)


def _find_unusable(block: Block) -> Iterator[str]:
    """Values of the wrong type, and those that are none of the choices."""
    for name, value in block.given.items():
        argument, place = block.spec[name], block.find_place(name)
        if "options" in argument or value is None:
            continue
        problem = _find_type_problem(argument["type"], value, argument)
        if problem is not None:
            yield block.describe(place, problem)
        elif argument["type"] == "list":
            for number, entry in enumerate(check_type_list(value)):
                problem = _find_type_problem(argument.get("elements", "raw"), entry, argument)
                if problem is not None:
                    yield block.describe(f"{place}[{number}]" if isinstance(value, list) else place, problem)


def _find_contradictions(block: Block) -> Iterator[str]:
    """Options that exclude each other, or have no meaning without others."""
    for names in block.constraints.get("mutually_exclusive") or ():
        given = [name for name in names if block.is_given(name)]
        if len(given) > 1:
            others = join_alternatives(given[1:], "and")
            yield block.describe(block.find_place(given[0]), f"is given together with {others}", "Give one of them.")
    for name, needed in (block.constraints.get("required_by") or {}).items():
        missing = [other for other in needed if not block.is_given(other)]
        if block.is_given(name) and missing:
            others = join_alternatives(missing, "and")
            advice = f"Give {others}, or leave {name} out."
            yield block.describe(block.find_place(name), f"has no meaning without {others}", advice)


def _find_missing(block: Block) -> Iterator[str]:
    """Options that are not given, and must be: always, or by what else is given."""
    for name, argument in block.spec.items():
        if argument.get("required") and not block.is_given(name):
            yield block.describe(block.find_place(name), "must be given")
    for names in block.constraints.get("required_one_of") or ():
        if not any(map(block.is_given, names)):
            yield block.describe(
                block.find_place(names[0]), f"must be given, unless {join_alternatives(names[1:])} is given"
            )
    for names in block.constraints.get("required_together") or ():
        given, missing = ([name for name in names if block.is_given(name) is wanted] for wanted in (True, False))
        if given and missing:
            others = join_alternatives(given, "and")
            yield block.describe(block.find_place(missing[0]), f"must be given with {others}", "Give both, or none.")


def _find_type_problem(kind: str, value: Any, argument: Mapping[str, Any]) -> str | None:
    """What is wrong with a value for that type or those choices, None if it can be used."""
    choices: Sequence[str] | None = argument.get("choices")
    if kind in ("str", "path"):
        is_right = not isinstance(value, (list, dict)) and (choices is None or str(value) in choices)
    else:
        is_right = kind not in CONVERTERS or _can_convert(CONVERTERS[kind], value)
    if is_right:
        return None
    wanted = join_alternatives(choices) if choices and not isinstance(value, (list, dict)) else TYPE_NAMES[kind]
    return f"must be {wanted}, not {_describe_type(value) if argument.get('no_log') else _describe_value(value)}"


def _can_convert(convert: Callable[[Any], Any], value: Any) -> bool:
    try:
        convert(value)
    except (TypeError, ValueError):
        return False
    return True


def _describe_value(value: Any) -> str:
    if isinstance(value, str):
        return quote_text(value)
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else _describe_type(value)


def _describe_type(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a dictionary"


def _find_name(entry: Mapping[str, Any]) -> str | None:
    """What the user calls an entry of a list, None for one without such a text."""
    names = (entry.get(option) for option in NAMING_OPTIONS)
    return next((name for name in names if isinstance(name, str) and name.strip()), None)
