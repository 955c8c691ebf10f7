# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ISO 8601 durations, as Qlik takes them for expiries (``PT24H``, ``P365D``), and times, as it answers them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import MissingLibraryError, OptionError

EARLIEST_TIME = datetime.min.replace(tzinfo=timezone.utc)
"""Before all others, for what has no time."""
DURATION_EXAMPLES = "an ISO 8601 duration such as PT24H, P30D or P1Y"
# datetime.fromisoformat takes "Z", and fractions of any length, from Python 3.11 on only.
RFC_3339 = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<clock>\d\d:\d\d:\d\d)(\.(?P<fraction>\d+))?(?P<zone>[Zz]|[+-]\d\d:\d\d)?",
    re.ASCII,
)


def check_duration(option: str, text: str, *, may_be_zero: bool = False) -> str:
    """Return ``text`` as it will be sent to the tenant.

    Raises OptionError when it is no ISO 8601 duration, or is not longer than zero and need be.
    Raises MissingLibraryError without isodate.
    """
    try:
        if text != text.strip():
            raise ValueError("white space")
        end = _add_to_start(text)
    except (ValueError, TypeError, ArithmeticError):
        raise OptionError(option, f"{text!r} is not {DURATION_EXAMPLES}.") from None
    if end < _START or (end == _START and not may_be_zero):
        raise OptionError(option, f"{text!r} is not longer than zero; give {DURATION_EXAMPLES}.")
    return text


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration longer than zero."""
    try:
        check_duration("", text)
    except OptionError:
        return False
    return True


def is_same_duration(one: str | None, other: str | None) -> bool:
    """Whether two durations last equally long: ``P7D`` and ``PT168H`` do.

    Years and months have no fixed length, so ``P1Y`` equals ``P12M`` but not ``P365D``. Text that is no duration
    equals only itself.
    """
    if one == other:
        return True
    try:
        return _split_duration(one) == _split_duration(other)
    except (ValueError, TypeError, ArithmeticError):
        return False


def is_at_least_as_long(one: str, other: str) -> bool:
    """Whether a checked duration lasts as long as another, or longer; years and months as from the start of a year."""
    return _add_to_start(one) >= _add_to_start(other)


def add_duration(parse_time: datetime, text: str) -> datetime | None:
    """``moment`` plus a checked duration, None when that lies beyond what a date can hold."""
    try:
        return parse_time + _parse_duration(text)
    except (OverflowError, ValueError):
        return None


def subtract_duration(parse_time: datetime, text: str) -> datetime | None:
    """``moment`` less a checked duration, None when that lies before what a date can hold."""
    try:
        return parse_time - _parse_duration(text)
    except (OverflowError, ValueError):
        return None


def parse_time(text: object) -> datetime | None:
    """An RFC 3339 time, in UTC; None when there is none, or none that can be read. It is UTC where it names no zone."""
    parts = RFC_3339.fullmatch(text) if isinstance(text, str) else None
    if parts is None:
        return None
    fraction = (parts["fraction"] or "")[:6].ljust(6, "0")
    zone = "+00:00" if parts["zone"] in (None, "Z", "z") else parts["zone"]
    try:
        read = datetime.fromisoformat(f"{parts['day']}T{parts['clock']}.{fraction}{zone}")
        return read.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


_START = datetime(2000, 1, 1)


def _add_to_start(text: str) -> datetime:
    """The moment ``text`` after a fixed start; a duration past the year 9999 counts as the last moment there is.

    Raises ValueError for what is no duration, and for a part of a year or month, which has no length at all.
    """
    duration = _parse_duration(text)
    if not isinstance(duration, timedelta) and (duration.years % 1 or duration.months % 1):
        raise ValueError("part of a year or month")
    try:
        return _START + duration
    except (OverflowError, ValueError):
        length = duration if isinstance(duration, timedelta) else duration.tdelta
        negative = length < timedelta(0) or text.startswith("-")
        return datetime.min if negative else datetime.max


def _split_duration(text: str) -> tuple:
    duration = _parse_duration(text)
    if isinstance(duration, timedelta):
        return (0, duration)
    return (duration.years * 12 + duration.months, duration.tdelta)


def _parse_duration(text: str):
    """A timedelta, or isodate's own kind of duration where there are years or months. Raises as isodate does."""
    # Imported here because most runs are given no duration, and records' times are read without it.
    try:
        import isodate
    except ImportError as error:
        raise MissingLibraryError("isodate", str(error)) from None
    return isodate.parse_duration(text)
