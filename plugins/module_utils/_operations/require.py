# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that may be None by their type, and cannot be by what was checked before."""

from __future__ import annotations

from typing import TypeVar

Value = TypeVar("Value")


def require(value: Value | None, name: str) -> Value:
    """The value itself. Raises RuntimeError, which is a defect of the collection, where there is none."""
    if value is None:
        raise RuntimeError(f"no {name}")
    return value
