# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ISO 8601 durations, as Qlik takes them for expiries (``PT24H``, ``P365D``), and times, as it answers them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import MissingLibraryError, OptionError

if TYPE_CHECKING:
    from isodate import Duration

EARLIEST_TIME = datetime.min.replace(tzinfo=timezone.utc)
"""Sorts before all other times, for records without one."""
DURATION_EXAMPLES = "an ISO 8601 duration such as PT24H, P30D or P1Y"
START = datetime(2000, 1, 1)  # noqa: DTZ001
"""The start of a year, from which durations with years or months are measured."""
# datetime.fromisoformat takes "Z", and fractions of any length, from Python 3.11 on only.
RFC_3339 = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<clock>\d\d:\d\d:\d\d)(\.(?P<fraction>\d+))?(?P<zone>[Zz]|[+-]\d\d:\d\d)?",
    re.ASCII,
)

# "m" alone is missing: it may be minutes or months.
DURATION_UNITS = {
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "Y"),
    **dict.fromkeys(("mo", "mon", "month", "months"), "M"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "W"),
    **dict.fromkeys(("d", "day", "days"), "D"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "TH"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "TM"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "TS"),
}
"""Designators by how people write units; after "T" those of the parts of a day."""
NUMBER_AND_UNIT = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)\s*([a-z]+)\s*(?:,|and\b)?\s*", re.ASCII)
NUMBER_OF_M = re.compile(r"P?T?\s*(\d{1,6})\s*M", re.ASCII | re.IGNORECASE)
NUMBER_ALONE = re.compile(r"P?T?(\d{1,6})", re.ASCII | re.IGNORECASE)


def check_duration(option: str, text: str, *, may_be_zero: bool = False) -> str:
    """Return the text, which is sent to the tenant as it is.

    Raises OptionError when it is no ISO 8601 duration, or is zero where that is not allowed, or negative.
    Raises MissingLibraryError without isodate.
    """
    end = _find_end(text)
    if end is None:
        raise OptionError(option, _describe_wrong_duration(text))
    if end < START or (end == START and not may_be_zero):
        raise OptionError(option, f"{text!r} is not longer than zero; give {DURATION_EXAMPLES}.")
    return text


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration longer than zero."""
    end = _find_end(text)
    return end is not None and end > START


def suggest_duration(text: str) -> str | None:
    """The ISO 8601 duration that a text such as ``90 days`` means, None where that is not certain."""
    as_written = text.strip().upper()
    if is_duration(as_written):
        return as_written
    rest = text.strip().lower().removeprefix("p").removeprefix("t").lstrip()
    numbers: dict[str, str] = {}
    while rest:
        part = NUMBER_AND_UNIT.match(rest)
        designator = DURATION_UNITS.get(part[2]) if part else None
        if part is None or designator is None or designator in numbers:
            return None
        numbers[designator] = part[1].replace(",", ".")
        rest = rest[part.end() :]
    days = "".join(f"{numbers[unit]}{unit}" for unit in "YMWD" if unit in numbers)
    times = "".join(f"{numbers[f'T{unit}']}{unit}" for unit in "HMS" if f"T{unit}" in numbers)
    meant = f"P{days}T{times}" if times else f"P{days}"
    return meant if is_duration(meant) else None


def is_same_duration(one: str | None, other: str | None) -> bool:
    """Whether two durations last equally long: ``P7D`` and ``PT168H`` do.

    Years and months have no fixed length, so ``P1Y`` equals ``P12M`` but not ``P365D``. Text that is no duration
    equals only itself.
    """
    if one is None or other is None or one == other:
        return one == other
    try:
        return _split_duration(one) == _split_duration(other)
    except (ValueError, TypeError, ArithmeticError):
        return False


def is_at_least_as_long(one: str, other: str) -> bool:
    """Whether a checked duration lasts as long as another, or longer; years and months as from the start of a year."""
    return _add_to_start(one) >= _add_to_start(other)


def add_duration(time: datetime, text: str) -> datetime | None:
    """A time plus a checked duration, None when that lies beyond what a date can hold."""
    try:
        return _add(time, _parse_duration(text))
    except (OverflowError, ValueError):
        return None


def subtract_duration(time: datetime, text: str) -> datetime | None:
    """A time minus a checked duration, None when that lies before what a date can hold."""
    try:
        earlier: datetime = time - _parse_duration(text)
        return earlier
    except (OverflowError, ValueError):
        return None


def parse_time(text: object) -> datetime | None:
    """The time, in UTC, that an RFC 3339 text names; None for anything else. Without a zone it is taken as UTC."""
    return _parse_time_text(text) if isinstance(text, str) else None


# The times of a key are compared again and again.
@lru_cache(maxsize=10_000)
def _parse_time_text(text: str) -> datetime | None:
    parts = RFC_3339.fullmatch(text)
    if parts is None:
        return None
    fraction = (parts["fraction"] or "")[:6].ljust(6, "0")
    zone = "+00:00" if parts["zone"] in (None, "Z", "z") else parts["zone"]
    try:
        time = datetime.fromisoformat(f"{parts['day']}T{parts['clock']}.{fraction}{zone}")
        return time.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def _describe_wrong_duration(text: str) -> str:
    meant, number = suggest_duration(text), NUMBER_ALONE.fullmatch(text.strip())
    ambiguous = NUMBER_OF_M.fullmatch(text.strip())
    if meant is not None:
        return f"{text!r} is not an ISO 8601 duration; write {meant}."
    if number is not None:
        count = number[1]
        return f"{text!r} is not an ISO 8601 duration, since it has no unit; write P{count}D for days, PT{count}H for hours."
    if ambiguous is not None:
        count = ambiguous[1]
        return f"{text!r} is not an ISO 8601 duration; write P{count}M for months, PT{count}M for minutes."
    return f"{text!r} is not {DURATION_EXAMPLES}."


def _find_end(text: str) -> datetime | None:
    """As ``_add_to_start``, None for text that is no duration."""
    if text != text.strip():
        # isodate would pass over white space.
        return None
    try:
        return _add_to_start(text)
    except (ValueError, TypeError, ArithmeticError):
        return None


def _add(time: datetime, duration: timedelta | Duration) -> datetime:
    end: datetime = time + duration
    return end


def _add_to_start(text: str) -> datetime:
    """The time at which a duration ends that begins at ``START``, at most the end of the year 9999.

    Raises ValueError for text that is no duration, and for a part of a year or month, which has no length at all.
    """
    duration = _parse_duration(text)
    if not isinstance(duration, timedelta) and (duration.years % 1 or duration.months % 1):
        raise ValueError("part of a year or month")
    try:
        return _add(START, duration)
    except (OverflowError, ValueError):
        length = duration if isinstance(duration, timedelta) else duration.tdelta
        negative = length < timedelta(0) or text.startswith("-")
        return datetime.min if negative else datetime.max


def _split_duration(text: str) -> tuple[int, timedelta]:
    """The months (years included) of a duration, and the rest of it."""
    duration = _parse_duration(text)
    if isinstance(duration, timedelta):
        return 0, duration
    return duration.years * 12 + duration.months, duration.tdelta


def _parse_duration(text: str) -> timedelta | Duration:
    """A timedelta, or isodate's own ``Duration`` where there are years or months. Raises ValueError as isodate does."""
    # Imported here because most runs are given no duration, and records' times are read without it.
    try:
        import isodate
    except ImportError as error:
        raise MissingLibraryError("isodate", str(error)) from None
    duration: timedelta | Duration = isodate.parse_duration(text)
    return duration
