# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ISO 8601 durations, as Qlik takes them for expiries (``PT24H``, ``P365D``), and times, as it answers them."""

from __future__ import annotations

import traceback
from datetime import datetime, timedelta, timezone

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

try:
    import isodate
except ImportError:
    ISODATE_IMPORT_ERROR = traceback.format_exc()
else:
    ISODATE_IMPORT_ERROR = None

EXAMPLES = "an ISO 8601 duration such as PT24H, P30D or P1Y"


def check_duration(option: str, text: str) -> str:
    """Return ``text`` as it will be sent to the tenant.

    Raises OptionError when it is no ISO 8601 duration, or is not longer than zero.
    """
    try:
        if text != text.strip():
            raise ValueError("white space")
        end = _after(text)
    except (ValueError, TypeError, ArithmeticError):
        raise OptionError(option, f"{text!r} is not {EXAMPLES}.") from None
    if end <= _START:
        raise OptionError(option, f"{text!r} is not longer than zero; give {EXAMPLES}.")
    return text


def same_length(one: str | None, other: str | None) -> bool:
    """Whether two durations last equally long: ``P7D`` and ``PT168H`` do.

    Years and months have no fixed length, so ``P1Y`` equals ``P12M`` but not ``P365D``. Text that is no duration
    equals only itself.
    """
    if one == other:
        return True
    try:
        return _length(one) == _length(other)
    except (ValueError, TypeError, ArithmeticError):
        return False


def add_duration(moment: datetime, text: str) -> datetime | None:
    """``moment`` plus a checked duration, None when that lies beyond what a date can hold."""
    try:
        return moment + isodate.parse_duration(text)
    except (OverflowError, ValueError):
        return None


def moment(text: object) -> datetime | None:
    """An RFC 3339 time, UTC where it names no zone; None when there is none, or none that can be read."""
    try:
        read = isodate.parse_datetime(text)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=timezone.utc)


_START = datetime(2000, 1, 1)


def _after(text: str) -> datetime:
    """The moment ``text`` after a fixed start; a duration past the year 9999 counts as the last moment there is.

    Raises ValueError for what is no duration, and for a part of a year or month, which has no length at all.
    """
    duration = isodate.parse_duration(text)
    if not isinstance(duration, timedelta) and (duration.years % 1 or duration.months % 1):
        raise ValueError("part of a year or month")
    try:
        return _START + duration
    except (OverflowError, ValueError):
        length = duration if isinstance(duration, timedelta) else duration.tdelta
        negative = length < timedelta(0) or text.startswith("-")
        return datetime.min if negative else datetime.max


def _length(text: str) -> tuple:
    duration = isodate.parse_duration(text)
    if isinstance(duration, timedelta):
        return (0, duration)
    return (duration.years * 12 + duration.months, duration.tdelta)
