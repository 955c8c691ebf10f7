# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times in headers, and what they tell of the tenant's clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# RFC 9110, section 5.6.7, the one form that a server may send. What Python's parser makes of others is not worth asking:
# it can fail in ways that it does not document.
HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT", re.ASCII)
# Further apart than clocks drift and daylight saving moves them.
MAX_CLOCK_DIFFERENCE = timedelta(hours=2)


def parse_http_date(text: str) -> datetime | None:
    """The time (UTC) that a header such as ``Date`` tells, None when it is not one."""
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
    """What time it is, by the ``Date`` of the tenant's answers and by this machine.

    Either clock may be wrong, and what a key's expiry is compared with decides whether its token may be overwritten. So
    nothing has expired or is due before both clocks say so. ``warn`` is told once when they are far apart.
    """

    def __init__(self, warn: Callable[[str], object]):
        self._warn = warn
        self._offset = timedelta(0)
        self._has_warned = False
        self.has_tenant_time = False
        """Whether the tenant has told its time; until then this machine's clock stands alone."""

    def read(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer."""
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
        """Whether the tenant's clock and this machine's do, drift aside."""
        return abs(self._offset) <= MAX_CLOCK_DIFFERENCE

    def tenant_time(self) -> datetime:
        """The tenant's time by its last answer; this machine's before the first."""
        return self._shift(self._offset)

    def now(self) -> datetime:
        """The earlier of the tenant's time and this machine's."""
        return self._shift(min(self._offset, timedelta(0)))

    @staticmethod
    def _shift(span: timedelta) -> datetime:
        try:
            return get_machine_time() + span
        except OverflowError:
            return get_machine_time()
