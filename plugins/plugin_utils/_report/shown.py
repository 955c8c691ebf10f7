# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as text in the output of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.markdown import render

MOST_UNASKED = 1000
"""A controller keeps every line of the output."""


def shown(document: Mapping[str, Any], asked: bool | None, *, lose_it: bool) -> list[str]:
    """Lines of Markdown. ``asked``: None if nobody has said. Then a report that would be lost is shown, though not more of it than is
    of use.
    """
    if not (lose_it if asked is None else asked):
        return []
    lines = render(document).splitlines()
    if asked or len(lines) <= MOST_UNASKED:
        return lines
    return [*lines[:MOST_UNASKED], f"… and {len(lines) - MOST_UNASKED} lines more, which show: true would show."]
