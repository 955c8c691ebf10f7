# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenant's time: the machine's time plus an offset that tests move. Moments are integer milliseconds since 1970."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from email.utils import formatdate
from functools import lru_cache

import isodate

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
END_OF_TIME = datetime.max.replace(tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)

# Ten years either way: far beyond any expiry worth testing, and every date stays representable.
MAX_OFFSET_SECONDS = 10 * 366 * 86400


class Clock:
    """Milliseconds now, as this tenant sees it. `offset` is in seconds."""

    def __init__(self, offset: float = 0.0) -> None:
        self.move_to(offset)

    def move_to(self, offset: float) -> None:
        """Raises ValueError beyond MAX_OFFSET_SECONDS."""
        if not abs(offset) <= MAX_OFFSET_SECONDS:
            raise ValueError(f"the clock offset is at most {MAX_OFFSET_SECONDS} seconds either way")
        self.offset = offset

    def now(self) -> int:
        return int((time.time() + self.offset) * 1000)

    def http_date(self) -> str:
        return formatdate(self.now() / 1000, usegmt=True)


# A page of a hundred keys shows three hundred times, the same in the next listing: formatting them took half its time.
@lru_cache(maxsize=65536)
def timestamp(moment: int) -> str:
    """RFC 3339 in UTC with milliseconds, the form of every time in Qlik's answers."""
    return (EPOCH + moment * MILLISECOND).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse_timestamp(text: str) -> int:
    """The moment of an RFC 3339 text. Raises ValueError."""
    try:
        parsed = isodate.parse_datetime(text)
    except (isodate.ISO8601Error, OverflowError) as error:
        raise ValueError(f"not an RFC 3339 date and time: {text!r}") from error
    if parsed.tzinfo is None:
        raise ValueError(f"a date and time without a zone: {text!r}")
    return (parsed - EPOCH) // MILLISECOND


def after(start: int, duration: str) -> int:
    """The moment `duration` (ISO 8601, positive) after `start`; what lies past the year 9999 ends there.

    Raises ValueError for anything but a positive duration. Years and months count by the calendar from `start`.
    """
    begin = EPOCH + start * MILLISECOND
    try:
        length = isodate.parse_duration(duration)
    except (isodate.ISO8601Error, ArithmeticError, TypeError, ValueError) as error:
        raise ValueError(f"not an ISO 8601 duration: {duration!r}") from error
    try:
        end = begin + length
    except (OverflowError, ValueError):
        end = END_OF_TIME
    moment = (end - EPOCH) // MILLISECOND
    if moment <= start:
        raise ValueError(f"not a positive duration: {duration!r}")
    return moment
