# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times in headers, and the tenant's clock by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# RFC 9110, section 5.6.7, the one form that a server may send. With others Python's parser can fail in ways that it does not
# document.
HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT", re.ASCII)
# More than drift and daylight saving make of two clocks.
MAX_CLOCK_DIFFERENCE = timedelta(hours=2)


def parse_http_date(text: str) -> datetime | None:
    """The time (UTC) of a header such as ``Date``, None for text that is no such time."""
    if not HTTP_DATE.fullmatch(text.strip()):
        return None
    try:
        return parsedate_to_datetime(text.strip())
    except ValueError:
        return None


def get_machine_time() -> datetime:
    """This machine's time, in UTC."""
    return datetime.now(timezone.utc)


class TenantClock:
    """The time by the ``Date`` of the tenant's answers and by this machine.

    Either clock may be wrong, and the time decides whether a key has expired, so that its token may be overwritten. So nothing
    has expired or is due before both clocks say so. ``warn`` gets one warning when they are far apart.
    """

    def __init__(self, warn: Callable[[str], object]):
        self._warn = warn
        self._offset = timedelta(0)
        self._has_warned = False
        self.has_tenant_time = False
        """Whether the tenant's time is known; until then this machine's clock decides alone."""

    def update(self, headers: Mapping[str, str]) -> None:
        """Set the tenant's time by the headers of an answer."""
        served = parse_http_date(headers.get("Date", ""))
        if served is None:
            return
        self.has_tenant_time = True
        here = get_machine_time()
        self._offset = served - here
        if not self.is_close and not self._has_warned:
            self._has_warned = True
            self._warn(
                f"The tenant says that it is {served:%Y-%m-%d %H:%M} UTC, and this machine that it is "
                f"{here:%Y-%m-%d %H:%M} UTC. The later one is not believed: no key counts as expired or due before "
                "both clocks say so. Set the clock that is wrong."
            )

    @property
    def is_close(self) -> bool:
        """Whether the tenant's clock and this machine's agree, drift aside."""
        return abs(self._offset) <= MAX_CLOCK_DIFFERENCE

    def tenant_time(self) -> datetime:
        """The tenant's time by its last answer; this machine's before the first."""
        return self._shift(self._offset)

    def now(self) -> datetime:
        """The earlier of the tenant's time and this machine's."""
        return self._shift(min(self._offset, timedelta(0)))

    @staticmethod
    def _shift(duration: timedelta) -> datetime:
        try:
            return get_machine_time() + duration
        except OverflowError:
            return get_machine_time()
