# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The `filter` parameter (RFC 7644, section 3.4.2.2) of users, groups and roles, as far as `eq`, `and`, `or` and
parentheses go."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .bodies import parse_json
from .calls import Call
from .errors import bad_parameter
from .pages import Condition

TOKEN = re.compile(r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<word>[A-Za-z]+)|(?P<mark>[()]))\s*')


def conditions(call: Call, columns: Mapping[str, str]) -> list[Condition]:
    """The filter as SQL; `columns` maps lower-case attribute names to columns. Raises Refusal (400)."""
    text = call.query.get("filter")
    if text is None:
        return []
    try:
        return [_Parser(text, columns).condition()]
    except RecursionError as error:
        raise bad_parameter("filter", "nested too deep") from error
    except ValueError as error:
        raise bad_parameter("filter", str(error)) from error


class _Parser:
    """Recursive descent; `and` binds tighter than `or`. Attributes, operators and values are compared without regard to
    case (the API reference says so of all conditions of the parameter)."""

    def __init__(self, text: str, columns: Mapping[str, str]) -> None:
        self._columns = columns
        self._tokens = _tokens(text)
        self._values: list[str] = []

    def condition(self) -> Condition:
        sql = self._either()
        if self._tokens:
            raise ValueError(f"unexpected {self._tokens[0]!r}")
        return sql, self._values

    def _either(self) -> str:
        sql = self._both()
        while self._accept("or"):
            sql = f"({sql} OR {self._both()})"
        return sql

    def _both(self) -> str:
        sql = self._comparison()
        while self._accept("and"):
            sql = f"({sql} AND {self._comparison()})"
        return sql

    def _comparison(self) -> str:
        if self._accept("("):
            sql = self._either()
            if not self._accept(")"):
                raise ValueError("a closing parenthesis is missing")
            return sql
        attribute, operator, value = self._next(), self._next(), self._next()
        if attribute.lower() not in self._columns:
            raise ValueError(f"cannot filter by {attribute!r}; known: {', '.join(self._columns)}")
        if operator.lower() != "eq":
            raise ValueError(f"unsupported operator {operator!r}")
        if not value.startswith('"'):
            raise ValueError(f"expected a string in double quotes, not {value!r}")
        self._values.append(parse_json(value.encode("utf-8")))
        return f"{self._columns[attribute.lower()]} = ? COLLATE NOCASE"

    def _accept(self, word: str) -> bool:
        if self._tokens and self._tokens[0].lower() == word:
            self._tokens.pop(0)
            return True
        return False

    def _next(self) -> str:
        if not self._tokens:
            raise ValueError("the filter ends too early")
        return self._tokens.pop(0)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise ValueError(f"cannot read the filter at {text[place:place + 20]!r}")
        found.append(match.group().strip())
        place = match.end()
    return found
