# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes of kills before each step, row by row, and as a Markdown table."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

Row_co = TypeVar("Row_co", covariant=True)


class Killed(Protocol[Row_co]):
    """Something that is done in a folder of its own, and killed there before one of its steps."""

    def steps(self) -> Sequence[str]:
        """The steps when nobody disturbs it."""

    def row(self, number: int, step: str) -> Row_co:
        """What comes of a kill before that step."""


def count_rows(begun_in: Callable[[Path], Killed[Row_co]]) -> Iterator[Row_co]:
    """One row for each step, in order; each time it is begun anew."""
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        steps = begun_in(Path(folder)).steps()
    for number, step in enumerate(steps, 1):
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            yield begun_in(Path(folder)).row(number, step)


def format_table(columns: Sequence[str], some_rows: Sequence[Any]) -> str:
    """Markdown; steps that follow each other and come to the same share a line."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for outcome, group in itertools.groupby(some_rows, key=lambda row: row.outcome):
        same = list(group)
        numbers = f"{same[0].number}" if len(same) == 1 else f"{same[0].number}–{same[-1].number}"
        lines.append("| " + " | ".join([f"{numbers}: {', '.join(row.step for row in same)}", *outcome]) + " |")
    return "\n".join(lines)
