# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limits per user and tier: reads are tier 1, writes and sign-in are tier 2."""

from __future__ import annotations

import math
import time

from .errors import Refusal
from .settings import Settings


class RateLimits:
    """Counts requests in fixed windows of real time, which the tenant's clock offset does not move."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._windows: dict[tuple[str, int], tuple[float, int]] = {}

    def forget(self) -> None:
        """Let every window begin anew."""
        self._windows.clear()

    def admit(self, user_id: str, method: str) -> dict[str, str]:
        """Count one request; the headers to add to its answer. Raises Refusal (429), and then nothing was counted."""
        tier = 1 if method == "GET" else 2
        limit = self._settings.tier1_per_minute if tier == 1 else self._settings.tier2_per_minute
        if limit == 0:
            return {}
        window = self._settings.ratelimit_window
        now = time.monotonic()
        started, count = self._windows.get((user_id, tier), (now, 0))
        if now - started >= window:
            started, count = now, 0
        remaining_seconds = max(1, math.ceil(started + window - now))
        if count >= limit:
            headers = {"retry-after": str(remaining_seconds), **self._build_headers(limit, 0, remaining_seconds)}
            raise Refusal(429, "Too many requests", f"tier {tier} allows {limit} in {window} s", headers=headers)
        self._windows[user_id, tier] = (started, count + 1)
        return self._build_headers(limit, limit - count - 1, remaining_seconds)

    def _build_headers(self, limit: int, remaining: int, reset: int) -> dict[str, str]:
        if not self._settings.ratelimit_headers:
            return {}
        return {
            "Ratelimit-Limit": str(limit),
            "Ratelimit-Remaining": str(remaining),
            "Ratelimit-Reset": str(reset),
        }
