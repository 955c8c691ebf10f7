# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long to wait for the tenant's rate limits, and before which requests (qlik.dev, rate limits).

Reads are counted in tier 1, writes and sign-in in tier 2, each per user and minute, bursts allowed. So requests go as fast
as they can until the tenant says that nothing is left, and again from the time that it names. They are not counted here,
because other runs of the same user use up the same limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.http_dates import parse_http_date

READS, WRITES = 1, 2
# The service counts per minute, so a larger number is something else, such as seconds since 1970.
MAX_HINTED_WAIT_SECONDS = 60.0
MAX_GUESSED_WAIT_SECONDS = 30.0
# Far beyond what any run may wait; keeps sums of waits finite.
MAX_REQUESTED_WAIT_SECONDS = 1e9


class RateLimits:
    """The waits of one run after the other. Sleeps nowhere and reads no clock.

    ``now``: seconds by any clock that never goes back. ``max_wait``: seconds that all waits of a run may take together.
    ``min_wait``: seconds to wait when the tenant refuses a request without saying for how long.
    """

    def __init__(self, max_wait: float, min_wait: float):
        self.max_wait = max_wait
        self.waited = 0.0
        self._min_wait = min_wait
        self._opens_at: dict[int, float] = {}
        self._guesses: dict[int, float] = {}

    def start_run(self) -> None:
        """Let another run wait as long as any; what the tenant said of its limits still holds."""
        self.waited = 0.0

    def reserve(self, wait: float) -> bool:
        """Count a wait as made and return True; return False when the run may not wait that much longer."""
        if self.waited + wait > self.max_wait:
            return False
        self.waited += wait
        return True

    def reserve_pause(self, method: str, now: float) -> float:
        """Seconds to wait before a request because an earlier answer of its tier said that nothing is left; counted as made.

        It is 0 where the run may not wait that much longer: only the tenant's refusal may end a run.
        """
        wait = self._opens_at.pop(_find_tier(method), now) - now
        return wait if wait > 0 and self.reserve(wait) else 0.0

    def record_admission(self, method: str, headers: Mapping[str, str], now: float) -> None:
        """Remember what an answer that is not 429 says of its tier."""
        tier = _find_tier(method)
        self._guesses.pop(tier, None)
        wait = _find_hinted_wait(headers)
        if wait is None:
            self._opens_at.pop(tier, None)
        else:
            self._opens_at[tier] = now + wait

    def record_refusal(self, method: str, headers: Mapping[str, str], tenant_time: datetime) -> float:
        """Seconds to wait after an answer of 429 before the request is repeated; not counted yet.

        ``Retry-After`` decides, else the hints. Without either it is a guess that doubles with each refusal in a row.
        """
        requested_wait = _parse_retry_after(headers, tenant_time) or _find_hinted_wait(headers)
        if requested_wait:
            return requested_wait
        tier = _find_tier(method)
        self._guesses[tier] = max(self._min_wait, min(2 * self._guesses.get(tier, 0.0), MAX_GUESSED_WAIT_SECONDS))
        return self._guesses[tier]


def _find_tier(method: str) -> int:
    return READS if method == "GET" else WRITES


def _parse_retry_after(headers: Mapping[str, str], tenant_time: datetime) -> float | None:
    """Seconds to wait by ``Retry-After``, a number or an HTTP date; None when it asks for nothing.

    The date is of the tenant's clock, so it is compared with the tenant's time and not with this machine's.
    """
    text = headers.get("Retry-After", "")
    seconds = _parse_whole_number(text)
    if seconds is None:
        until = parse_http_date(text)
        if until is None:
            return None
        seconds = (until - tenant_time).total_seconds()
    return seconds if seconds > 0 else None


def _find_hinted_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until there is something left again, None when there is, or when the hints are missing or make no sense.

    The hints are not documented; the names with and without ``X-`` are both in use among gateways.
    """
    for prefix in ("Ratelimit", "X-Ratelimit"):
        remaining = _parse_whole_number(headers.get(f"{prefix}-Remaining", ""))
        reset = _parse_whole_number(headers.get(f"{prefix}-Reset", ""))
        if remaining == 0 and reset is not None and reset <= MAX_HINTED_WAIT_SECONDS:
            return reset
    return None


def _parse_whole_number(text: str) -> float | None:
    text = text.strip()
    return min(float(text), MAX_REQUESTED_WAIT_SECONDS) if text.isascii() and text.isdecimal() else None
