# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of kills before each step, as a Markdown table."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any


def table_of(columns: Sequence[str], some_rows: Sequence[Any]) -> str:
    """Markdown; steps that follow each other and come to the same share a line."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for outcome, group in itertools.groupby(some_rows, key=lambda row: row.outcome):
        same = list(group)
        numbers = f"{same[0].number}" if len(same) == 1 else f"{same[0].number}–{same[-1].number}"
        lines.append("| " + " | ".join([f"{numbers}: {', '.join(row.step for row in same)}", *outcome]) + " |")
    return "\n".join(lines)
