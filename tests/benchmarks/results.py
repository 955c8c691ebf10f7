# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a part found out, and the file that keeps it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

Value = str | int | float
Row = dict[str, Value]


@dataclass(frozen=True)
class Result:
    """``tables`` by name, each row by the titles of its columns; ``figures`` are single values that the text mentions."""

    tables: dict[str, list[Row]]
    figures: dict[str, Value]


@dataclass(frozen=True)
class Measurement:
    """A result with where and when it was taken. ``load``: how many processes wanted to run in the minute before."""

    result: Result
    machine: dict[str, str]
    taken: str
    load: float


def save(measurement: Measurement, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(measurement), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> Measurement:
    """Raises OSError when the part was not measured yet."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Measurement(**{**kept, "result": Result(**kept["result"])})
