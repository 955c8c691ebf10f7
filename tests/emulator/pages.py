# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists: order, conditions, and pages that hold their place by the last row seen, however many rows sort equal."""

from __future__ import annotations

import base64
import binascii
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .calls import Call
from .errors import bad_parameter

DEFAULT_LIMIT = 20
MAX_LIMIT = 100

Condition = tuple[str, list[Any]]  # an SQL condition and the values for its marks


@dataclass(frozen=True)
class Order:
    column: str
    descending: bool


@dataclass(frozen=True)
class Edge:
    """Where a page begins (rows after this id) or, if `backward`, ends (rows before it).

    `repeated`: the page shows that row once more, as pages do that count rows while the list grows.
    """

    id: str
    backward: bool
    repeated: bool = False


@dataclass(frozen=True)
class Page:
    rows: list[sqlite3.Row]
    has_next: bool
    has_previous: bool


def select(
    call: Call, source: str, conditions: Iterable[Condition], order: Order, edge: Edge | None, limit: int
) -> Page | None:
    """One page of `source`, a table or query with the columns `seq`, `id` and `tenant_id`.

    None if the edge names no row of it: the row that held the place is gone, or never was.
    """
    clauses, values = ["tenant_id = ?"], [call.tenant.id]
    for clause, clause_values in conditions:
        clauses.append(clause)
        values += clause_values
    backward = edge is not None and edge.backward
    direction, beyond = ("DESC", "<") if order.descending != backward else ("ASC", ">")
    if edge is not None:
        place = call.tenant.store.one(
            f"SELECT {order.column}, seq FROM {source} WHERE tenant_id = ? AND id = ?", call.tenant.id, edge.id
        )
        if place is None:
            return None
        clauses.append(f"({order.column}, seq) {beyond}{'=' if edge.repeated else ''} (?, ?)")
        values += place
    rows = call.tenant.store.all(
        f"SELECT * FROM {source} WHERE {' AND '.join(clauses)}"
        f" ORDER BY {order.column} {direction}, seq {direction} LIMIT ?",
        *values,
        limit + 1,
    )
    more, rows = len(rows) > limit, rows[:limit]
    if backward:
        return Page(rows[::-1], has_next=True, has_previous=more)
    return Page(rows, has_next=more, has_previous=edge is not None)


def select_page(
    call: Call, source: str, conditions: Iterable[Condition], order: Order
) -> tuple[list[sqlite3.Row], dict[str, Any]]:
    """Rows and links of a list whose links carry opaque cursors in `next` and `prev`."""
    names = [name for name in ("next", "prev") if name in call.query]
    if len(names) == 2:
        raise bad_parameter("prev", "next and prev exclude each other")
    edge = Edge(_decode_cursor(names[0], call.query[names[0]]), names[0] == "prev") if names else None
    page = select(call, source, conditions, order, edge, parse_limit(call))
    if page is None:
        raise bad_parameter(names[0], "unknown cursor")
    return page.rows, links(call, page, ("next", "prev"), _encode_cursor)


def links(call: Call, page: Page, parameters: tuple[str, str], encode: Any = str) -> dict[str, Any]:
    """`self`, and `next` and `prev` where there is more; `parameters` name the query parameters that continue."""
    kept = {name: value for name, value in call.query.items() if name not in parameters}
    asked = f"{call.path}?{call.query_string}" if call.query_string else call.path
    result = {"self": {"href": _build_href(call, asked)}}
    ends = {
        "next": (page.has_next, parameters[0], -1),
        "prev": (page.has_previous, parameters[1], 0),
    }
    for name, (there_is_more, parameter, end) in ends.items():
        if there_is_more and page.rows:
            query = urlencode({**kept, parameter: encode(page.rows[end]["id"])})
            result[name] = {"href": _build_href(call, f"{call.path}?{query}")}
        elif call.tenant.settings.link_style == "null":
            result[name] = {"href": None}
    return result


def self_link(call: Call, path: str) -> dict[str, Any]:
    return {"self": {"href": _build_href(call, path)}}


def _build_href(call: Call, path_and_query: str) -> str:
    absolute = call.tenant.settings.link_style == "absolute"
    return (call.base_url if absolute else call.base_path) + path_and_query


def parse_limit(call: Call) -> int:
    text = call.query.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch("0*[1-9][0-9]{0,2}", text, re.ASCII) or int(text) > MAX_LIMIT:
        raise bad_parameter("limit", f"must be an integer from 1 to {MAX_LIMIT}")
    return min(int(text), call.tenant.settings.most_per_page)


def order(call: Call, columns: Mapping[str, str], default: str) -> Order:
    """The `sort` parameter: a name of `columns` (to SQL columns), with + or - before it or neither."""
    text = call.query.get("sort", default)
    sign, name = (text[0], text[1:]) if text[:1] in ("+", "-") else ("+", text)
    if name not in columns:
        raise bad_parameter("sort", f"must be one of {', '.join(columns)}, with + or - before it")
    return Order(columns[name], descending=sign == "-")


def _encode_cursor(id: str) -> str:
    return base64.urlsafe_b64encode(id.encode("utf-8")).decode("ascii")


def _decode_cursor(parameter: str, cursor: str) -> str:
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise bad_parameter(parameter, "unknown cursor") from error
