# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other values in an answer's JSON, at places named by JSON pointers (RFC 6901)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .bodies import parse_json


def steps(pointer: str) -> list[str]:
    """The names and numbers on the way to the place. Raises ValueError for what is no JSON pointer."""
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is not a JSON pointer: it is empty or begins with /")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def rewrite(body: bytes, changes: Mapping[str, Any]) -> bytes:
    """The body with each value put where its pointer leads; those that lead nowhere, and what is no JSON, stay."""
    try:
        document = parse_json(body)
    except ValueError:
        return body
    changed = False
    for pointer, value in changes.items():
        holder: Any = {"": document}
        *way, last = ["", *steps(pointer)]
        try:
            for step in way:
                holder = holder[_find_place(holder, step)]
            last_place = _find_place(holder, last)
        except LookupError:
            continue
        holder[last_place], changed = value, True
        document = value if pointer == "" else document
    if not changed:
        return body
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _find_place(holder: Any, step: str) -> str | int:
    """The key or index of an existing member. Raises LookupError if there is none."""
    if isinstance(holder, dict) and step in holder:
        return step
    if isinstance(holder, list) and step in map(str, range(len(holder))):
        return int(step)
    raise LookupError(step)
