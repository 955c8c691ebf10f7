# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON Patch as Qlik takes it: a few operations on a few paths, all applied or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .errors import bad_body


class Operation(NamedTuple):
    op: str
    path: str
    value: Any


def operations(body: Any, allowed: Mapping[str, tuple[str, ...]]) -> list[Operation]:
    """The operations of a patch document; `allowed` maps each `op` to its paths. Raises Refusal (400)."""
    if not isinstance(body, list) or not body:
        raise bad_body("", "a JSON Patch with at least one operation is required")
    return [_parse_operation(index, item, allowed) for index, item in enumerate(body)]


def _parse_operation(index: int, item: Any, allowed: Mapping[str, tuple[str, ...]]) -> Operation:
    if not isinstance(item, dict) or "value" not in item:
        raise bad_body(f"/{index}", "an operation has op, path and value")
    op, path = item.get("op"), item.get("path")
    if not isinstance(op, str) or op not in allowed:
        raise bad_body(f"/{index}/op", f"must be one of {', '.join(allowed)}")
    if not isinstance(path, str) or path not in allowed[op]:
        raise bad_body(f"/{index}/path", f"with {op} must be one of {', '.join(allowed[op])}")
    return Operation(op, path, item["value"])
