# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings about durations that are valid and probably not meant."""

from __future__ import annotations

import re
from collections.abc import Mapping

# From here on, a number of months is rather one of minutes whose T is missing.
MIN_UNLIKELY_MONTHS = 30
MONTHS_ONLY = re.compile(r"P(\d+)M", re.ASCII)


def warn_of_months(durations: Mapping[str, str | None]) -> list[str]:
    """A warning for each duration of very many months, such as ``P90M``. ``durations``: by the names of their options."""
    warnings = []
    for option, text in durations.items():
        found = MONTHS_ONLY.fullmatch(text or "")
        if found is None or int(found[1]) < MIN_UNLIKELY_MONTHS:
            continue
        years, months = divmod(int(found[1]), 12)
        same = f"P{years}Y{months}M" if months else f"P{years}Y"
        warnings.append(
            f"{option}: {text} lasts {found[1]} months, which is as long as {same}. Minutes come after a T: give PT{found[1]}M "
            f"for {found[1]} minutes, or {same} if the months are meant."
        )
    return warnings
