# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV that spreadsheets take for text: the report, and lists of other records."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.rows import COLUMNS, build_rows
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import mark_unseen

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection). Nothing in a library marks them. Where a comma is
# the decimal sign, spreadsheets begin a cell after each semicolon, even in quotes.
FORMULA = re.compile(r'(^|;)(?=[\s"]*[=+\-@|%＝＋－＠])')


def render(document: Mapping[str, Any]) -> str:
    return format_csv(COLUMNS, build_rows(document))


def format_csv(columns: Sequence[str], records: Iterable[Mapping[str, Any]]) -> str:
    """With a line of names first, and each cell in quotes."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([_format_cell(name) for name in columns])
    writer.writerows([_format_cell(record.get(name)) for name in columns] for record in records)
    return written.getvalue()


def _format_cell(value: Any) -> str | int:
    """An apostrophe stands before what could be a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return value
    return FORMULA.sub(r"\1'", mark_unseen(str(value)))
