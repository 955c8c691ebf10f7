# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as text in the output of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.markdown import render

MAX_UNASKED_LINES = 1000
"""A controller keeps every line of the output."""


def show_report(document: Mapping[str, Any], asked: bool | None, *, is_lost_otherwise: bool) -> list[str]:
    """The lines to display, as Markdown; none if the report is not to be displayed.

    ``asked`` is the option ``show``. If it is None, a report of which no file remains is displayed, up to MAX_UNASKED_LINES.
    """
    if not (is_lost_otherwise if asked is None else asked):
        return []
    lines = render(document).splitlines()
    if asked or len(lines) <= MAX_UNASKED_LINES:
        return lines
    return [
        *lines[:MAX_UNASKED_LINES],
        f"… and {len(lines) - MAX_UNASKED_LINES} lines more, which show: true would show.",
    ]
