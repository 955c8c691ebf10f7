# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, told while it runs, and what it waits for."""

from __future__ import annotations

import time
from collections.abc import Callable

INTERVAL_SECONDS = 8.0
"""Seconds between two lines, and before the first, so that a short run says nothing."""


class Progress:
    """Tells by ``say``, in the run's own thread; without it, nobody."""

    def __init__(self, say: Callable[[str], object] | None = None):
        self._say = say
        self._reported_at = time.monotonic()
        self._stage = "reading"

    def update(self, how_far: str) -> None:
        """The run has come so far."""
        self._stage = how_far
        self.report_if_due()

    def report_if_due(self) -> None:
        """Called often: tells how far the run is, if that was not told for some seconds."""
        self._report(self._stage)

    def report_waiting_for_answer(self) -> None:
        """Called each second of a call that takes long."""
        self._report(f"{self._stage}, waiting for the tenant's answer")

    def wait(self, seconds: float, what_for: str) -> None:
        """Sleep, telling what for."""
        left = seconds
        while left > 0:
            self._report(f"{self._stage}, waiting {left:.0f} s for {what_for}")
            nap = left if self._say is None else min(left, INTERVAL_SECONDS)
            time.sleep(nap)
            left -= nap

    def wait_once(self, seconds: float, what_for: str) -> None:
        """Sleep once; for a wait whose end is not known, which is asked for again and again."""
        self._report(f"{self._stage}, waiting for {what_for}")
        time.sleep(seconds)

    def _report(self, text: str) -> None:
        now = time.monotonic()
        if self._say is not None and now - self._reported_at >= INTERVAL_SECONDS:
            self._reported_at = now
            self._say(text)
