# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The `filter` parameter (RFC 7644, section 3.4.2.2) of users, groups and roles, as far as `eq`, `co`, `and`, `or` and
parentheses go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .bodies import parse_json
from .calls import Call
from .errors import bad_parameter
from .pages import Condition

TOKEN = re.compile(r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<word>[A-Za-z]+(?:\.[A-Za-z]+)*)|(?P<mark>[()]))\s*')
# SQLite takes an expression that is nested a thousand times, and counts a chain of OR as nested.
MAX_COMPARISONS = 500


@dataclass(frozen=True)
class Attribute:
    """How the records with an attribute are found: a SQL condition with one mark for each operator that it supports."""

    eq: str
    co: str | None = None

    def operators(self) -> dict[str, str]:
        return {name: sql for name, sql in (("eq", self.eq), ("co", self.co)) if sql}


def exact(column: str) -> Attribute:
    return Attribute(eq=f"{column} = ? COLLATE NOCASE")


def text(column: str) -> Attribute:
    """An attribute of which a part may be asked for as well."""
    return Attribute(eq=exact(column).eq, co=f"instr(lower({column}), lower(?))")


def conditions(call: Call, attributes: Mapping[str, Attribute], grouped: str | None = None) -> list[Condition]:
    """The filter as SQL. Raises Refusal (400).

    Conditions on the attribute `grouped` must stand together in parentheses, joined to all the rest by `and`.
    """
    expression = call.query.get("filter")
    if expression is None:
        return []
    try:
        parser = _Parser(expression, attributes)
        whole = parser.whole()
        if grouped:
            _require_group(whole, grouped)
    except RecursionError as error:
        raise bad_parameter("filter", "nested too deep") from error
    except ValueError as error:
        raise bad_parameter("filter", str(error)) from error
    return [(whole.sql, parser.values)]


@dataclass(frozen=True)
class _Node:
    """A part of the expression: a comparison, a group in parentheses, or parts joined by `and` or `or`."""

    kind: str
    sql: str
    attributes: frozenset[str]
    parts: tuple[_Node, ...] = ()


def _join(operator: str, parts: list[_Node]) -> _Node:
    if len(parts) == 1:
        return parts[0]
    sql = f" {operator} ".join(part.sql for part in parts)
    return _Node(operator, f"({sql})", frozenset[str]().union(*(part.attributes for part in parts)), tuple(parts))


def _require_group(whole: _Node, name: str) -> None:
    """Raises ValueError unless the conditions on that attribute are one group that holds for the whole expression."""
    if name not in whole.attributes or whole.attributes == {name}:
        return
    while whole.kind == "group":
        (whole,) = whole.parts
    about = [part for part in whole.parts if name in part.attributes]
    if whole.kind != "and" or [(part.kind, part.attributes) for part in about] != [("group", {name})]:
        raise ValueError(
            f"conditions on {name} must stand together in parentheses and hold for the whole filter:"
            f' (...) and ({name} eq "...")'
        )


class _Parser:
    """Recursive descent; `and` binds tighter than `or`. Attributes, operators and values are compared without regard to
    case (the API reference says so of all conditions of the parameter)."""

    def __init__(self, expression: str, attributes: Mapping[str, Attribute]) -> None:
        self._known = {name.lower(): (name, attribute) for name, attribute in attributes.items()}
        self._tokenize = _tokenize(expression)
        self.values: list[str] = []

    def whole(self) -> _Node:
        node = self._parse_or()
        if self._tokenize:
            raise ValueError(f"unexpected {self._tokenize[0]!r}")
        return node

    def _parse_or(self) -> _Node:
        parts = [self._parse_and()]
        while self._accept("or"):
            parts.append(self._parse_and())
        return _join("or", parts)

    def _parse_and(self) -> _Node:
        parts = [self._parse_comparison()]
        while self._accept("and"):
            parts.append(self._parse_comparison())
        return _join("and", parts)

    def _parse_comparison(self) -> _Node:
        if self._accept("("):
            inner = self._parse_or()
            if not self._accept(")"):
                raise ValueError("a closing parenthesis is missing")
            return _Node("group", inner.sql, inner.attributes, (inner,))
        word, operator, value = self._next(), self._next(), self._next()
        if word.lower() not in self._known:
            raise ValueError(f"cannot filter by {word!r}; known: {_list(known[0] for known in self._known.values())}")
        name, attribute = self._known[word.lower()]
        operators = attribute.operators()
        if operator.lower() not in operators:
            raise ValueError(f"unsupported operator {operator!r}; {name} takes {_list(operators)}")
        if not value.startswith('"'):
            raise ValueError(f"expected a string in double quotes, not {value!r}")
        if len(self.values) == MAX_COMPARISONS:
            raise ValueError(f"more than {MAX_COMPARISONS} comparisons")
        self.values.append(parse_json(value.encode("utf-8")))
        return _Node("comparison", operators[operator.lower()], frozenset({name}))

    def _accept(self, word: str) -> bool:
        if self._tokenize and self._tokenize[0].lower() == word:
            self._tokenize.pop(0)
            return True
        return False

    def _next(self) -> str:
        if not self._tokenize:
            raise ValueError("the filter ends too early")
        return self._tokenize.pop(0)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _tokenize(expression: str) -> list[str]:
    found, place = [], 0
    while place < len(expression):
        match = TOKEN.match(expression, place)
        if match is None:
            raise ValueError(f"cannot read the filter at {expression[place:place + 20]!r}")
        found.append(match.group().strip())
        place = match.end()
    return found
