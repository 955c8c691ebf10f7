# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of an answer, and what it may be instead of what it should be."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from exchanges import Answer

from hostile.gateway import Exchange, Gateway
from hostile.manners import nested

EACH = "*"
"""In the way to a field: in each element of the list."""
REMOVED = object()
NESTED = "deeply nested, put in when the text is made"
ODD_VALUES: dict[str, Any] = {
    "a number": 7,
    "true": True,
    "a word": "odd",
    "an empty list": [],
    "a list": [7, None, "odd", {}],
    "an object": {"name": 7},
    "null": None,
    "missing": REMOVED,
    "lone surrogate": "\ud800",
    "1 MB": "x" * 1_000_000,
    "nested": json.loads(nested(500)),
}
"""For every field."""
ODD_WHOLES = {"nested as deep as no reader goes": NESTED}
"""For the answer itself, and what is in it: wherever it is, the text is not read to its end."""
ODD_TEXTS = {"empty": "", "ESC": "\x1b[2J\u202e", "dots": "..", "the end of time": "9999-12-31T23:59:59-14:00"}
"""For fields that are texts."""
ODD_NUMBERS = {"NaN": float("nan"), "a fraction": 0.5, "a number of 400 digits": 10**400, "negative": -1}
"""For fields that are numbers."""
ALL_ODD = {**ODD_VALUES, **ODD_WHOLES, **ODD_TEXTS, **ODD_NUMBERS}
NEXT_LINK = ("links", "next", "href")
# Not read by any module, and told by the service for people.
UNREAD = {
    "self",
    "level",
    "permissions",
    "canDelete",
    "createdAt",
    "lastUpdatedAt",
    "groups",
    "assignedGroups",
    "datacenter",
}
COLLECTION_PATHS = (
    r"/api/v1/api-keys/configs/[^/]+",
    r"/api/v1/api-keys/(?!configs/)[^/]+",
    r"/api/v1/(?:users|tenants)/(?!me$)[^/]+",
    r"/api/v1/(?:groups|roles|identity-providers)/[^/]+",
)

Way = tuple[Any, ...]


@dataclass(frozen=True)
class OddField:
    """In the answers to this request, from the ``occurrence``-th (from 0) on, the field by this way has that odd value."""

    method: str
    path: str
    occurrence: int
    way: Way
    value: str

    def __str__(self) -> str:
        field = ".".join(map(str, self.way)) or "all of it"
        return f"{self.method} {self.path} #{self.occurrence}, {field}: {self.value}"

    def spoil(self, gateway: Gateway) -> None:
        value = ALL_ODD[self.value]
        gateway.spoil(
            self.method, self.path, lambda exchange: spoiled(exchange.real(), self.way, value), skip=self.occurrence
        )


def places(exchanges: list[Exchange]) -> Iterator[tuple[Exchange, tuple[str, str, int]]]:
    """Each request with its method, a pattern for its path, and how many of these came before it."""
    seen: dict[tuple[str, str], int] = {}
    for exchange in exchanges:
        place = (exchange.method, pattern_of(exchange.path))
        seen[place] = seen.get(place, -1) + 1
        yield exchange, (*place, seen[place])


def odd_fields(exchanges: list[Exchange]) -> Iterator[OddField]:
    """Every odd value of every field in what these requests were answered."""
    for exchange, place in places(exchanges):
        answer = exchange.real()
        if not 200 <= answer.status < 300 or not answer.body:
            continue
        for way, value in ways(json.loads(answer.body)):
            for name in (*ODD_VALUES, *_more_odd(way, value)):
                yield OddField(*place, way, name)


def _more_odd(way: Way, value: Any) -> dict[str, Any]:
    if isinstance(value, (dict, list)):
        return ODD_WHOLES if len(way) < 2 else {}
    if isinstance(value, str):
        return ODD_TEXTS
    return ODD_NUMBERS if isinstance(value, (int, float)) and not isinstance(value, bool) else {}


def pattern_of(path: str) -> str:
    """A pattern for paths of that kind: ids differ from run to run."""
    return next((pattern for pattern in COLLECTION_PATHS if re.fullmatch(pattern, path)), re.escape(path))


def ways(document: Any, before: Way = ()) -> Iterator[tuple[Way, Any]]:
    """The way to each field and what is there: keys of objects, the first element of a list, and each of its elements."""
    yield before, document
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in UNREAD:
                yield from ways(value, (*before, name))
        if not before and isinstance(document.get("data"), list):
            yield NEXT_LINK, "/x"
    elif isinstance(document, list) and document:
        yield (*before, 0), document[0]
        inner = [way for way in ways(document[0], (*before, EACH)) if len(way[0]) > len(before) + 1]
        yield from inner or [((*before, EACH), document[0])]


def spoiled(answer: Answer, way: Way, value: Any) -> Answer:
    """The answer with that value at the end of the way; as it is where there is no such field."""
    if not 200 <= answer.status < 300 or not answer.body:
        return answer
    document = json.loads(answer.body)
    changed = _with(document, way, value)
    text = b"" if changed is REMOVED else json.dumps(changed).encode()
    return replace(answer, body=text.replace(json.dumps(NESTED).encode(), nested()))


def _with(document: Any, way: Way, value: Any) -> Any:
    if not way:
        return value
    step, rest = way[0], way[1:]
    if isinstance(document, list):
        steps = range(len(document)) if step == EACH else [step] if document else []
        changed: Any = copy.copy(document)
    elif isinstance(document, dict):
        steps, changed = [step], dict(document)
    else:
        return document
    for each in steps:
        new = _with(_get(document, each), rest, value)
        if new is REMOVED and isinstance(changed, dict):
            changed.pop(each, None)
        elif new is not REMOVED:
            changed[each] = new
    return changed


def _get(document: Any, step: Any) -> Any:
    """What is there; an object where there is nothing yet, for a way that leads further."""
    return document.get(step, {}) if isinstance(document, dict) else document[step]
