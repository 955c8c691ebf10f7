# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Python's parser takes more than JSON has: hooks for ``json.loads`` that refuse it, and how deep a value is."""

from __future__ import annotations

from typing import Any, NoReturn


def build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What a JSON object has. Raises ValueError when that depends on who reads it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice, and readers differ about which one counts")
    return found


def refuse_constant(name: str) -> NoReturn:
    """Raises ValueError for ``NaN`` and ``Infinity``, which Python takes and JSON does not have."""
    raise ValueError(f"{name} is not JSON")


def is_deeper_than(value: Any, levels: int) -> bool:
    """Whether more than so many lists and objects are nested in each other."""
    if not isinstance(value, (list, dict)):
        return False
    entries = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_deeper_than(entry, levels - 1) for entry in entries)
