# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that tests order: which requests they hit, how often, and what they do to the answer."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from http import HTTPStatus
from typing import Any

from . import rewriting

# Answers that do not come, come late or cannot be read.
KINDS = ("status", "drop", "hang", "truncate", "garbage", "latency")
# Whole answers that say something else than the tenant does.
FALSE_KINDS = ("foreign", "date", "rewrite")
MAX_SECONDS = 3600
HEADER_NAME = re.compile("[A-Za-z0-9-]+")
STATUSES = frozenset(int(status) for status in HTTPStatus if status >= 200)
DEFAULT_STATUS = {"status": 503, "garbage": 200, "truncate": 200, "foreign": 404}
# Fields without which a kind would do nothing.
NEEDED = {"date": "value", "rewrite": "changes"}


@dataclass
class Fault:
    """One order. `skip` and `times` count down; `method` None means any, `path` is a regular expression for all of it.

    `when` before: the request is not executed; after: it is, and only its answer is spoiled. `value` is the Date header
    of `date`; `changes` maps JSON pointers to the values that `rewrite` puts there.
    """

    kind: str
    path: str
    method: str | None = None
    skip: int = 0
    times: int = 1
    when: str = "before"
    status: int | None = None
    body: Any = None
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 1.0
    value: str | None = None
    changes: dict[str, Any] | None = None

    def matches(self, method: str, path: str) -> bool:
        return self.method in (None, method) and re.fullmatch(self.path, path) is not None


class Faults:
    """The orders, oldest first. Those used up stay listed with `times` 0, so that a test can see that they struck."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def add(self, order: Any) -> Fault:
        """Raises ValueError saying what is wrong with the order."""
        fault = _check(order)
        self._orders.append(fault)
        return fault

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._orders]

    def clear(self) -> None:
        self._orders.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request, counted down."""
        for fault in self._orders:
            if not fault.times or not fault.matches(method, path):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            return fault
        return None


def _check(order: Any) -> Fault:
    known = [entry.name for entry in fields(Fault)]
    if not isinstance(order, dict):
        raise ValueError("a fault is an object")
    unknown = sorted(set(order) - set(known))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    kinds = KINDS + FALSE_KINDS
    if order.get("kind") not in kinds:
        raise ValueError(f"kind must be one of {', '.join(kinds)}")
    if not isinstance(order.get("path"), str):
        raise ValueError("path must be a regular expression")
    try:
        re.compile(order["path"])
    except re.error as error:
        raise ValueError(f"path must be a regular expression: {error}") from error
    fault = Fault(**order)
    if fault.status is None:
        fault.status = DEFAULT_STATUS.get(fault.kind)
    for name, accepted in _CHECKS.items():
        if not accepted(getattr(fault, name)):
            raise ValueError(f"{name} cannot be {getattr(fault, name)!r}")
    needed = NEEDED.get(fault.kind)
    if needed and getattr(fault, needed) is None:
        raise ValueError(f"{needed} must be given for the kind {fault.kind}")
    return fault


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_header_value(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _are_headers(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return all(HEADER_NAME.fullmatch(name) and _is_header_value(text) for name, text in value.items())


def _are_changes(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    for pointer in value:
        rewriting.steps(pointer)
    return True


_CHECKS = {
    "method": lambda value: value is None or (isinstance(value, str) and value.isupper()),
    "skip": _is_count,
    "times": _is_count,
    "when": lambda value: value in ("before", "after"),
    "status": lambda value: value is None or (_is_count(value) and value in STATUSES),
    "content_type": lambda value: value is None or _is_header_value(value),
    "headers": _are_headers,
    "value": lambda value: value is None or _is_header_value(value),
    "changes": lambda value: value is None or _are_changes(value),
    "seconds": lambda value: isinstance(value, (int, float)) and 0 <= value <= MAX_SECONDS,
}
