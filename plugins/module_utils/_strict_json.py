# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks for ``json.loads`` that refuse what Python takes although it is no JSON (RFC 8259), and the depth of a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn


def build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a JSON object. Raises ValueError for a name that occurs twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice, and parsers differ about which one counts")
    return members


def refuse_constant(name: str) -> NoReturn:
    """Raises ValueError for ``NaN`` and ``Infinity``."""
    raise ValueError(f"{name} is not JSON")


def is_deeper_than(value: Any, levels: int) -> bool:
    """Whether more than so many lists and objects are nested in each other."""
    containers = _keep_containers([value])
    for _level in range(levels):
        if not containers:
            return False
        containers = _keep_containers(
            entry for outer in containers for entry in (outer.values() if isinstance(outer, dict) else outer)
        )
    return bool(containers)


def _keep_containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, (list, dict))]
