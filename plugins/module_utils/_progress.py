# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, told while it runs, and what it waits for."""

from __future__ import annotations

import time
from collections.abc import Callable

INTERVAL = 8.0
"""Seconds between two lines, and before the first, so that a short run says nothing."""


class Progress:
    """Tells by ``say``, in the run's own thread; without it, nobody."""

    def __init__(self, say: Callable[[str], object] | None = None):
        self._say = say
        self._told = time.monotonic()
        self._how_far = "reading"

    def is_now(self, how_far: str) -> None:
        """The run has come so far."""
        self._how_far = how_far
        self.tell_if_due()

    def tell_if_due(self) -> None:
        """Called often: tells how far the run is, if that was not told for some seconds."""
        self._tell(self._how_far)

    def tell_answer_awaited(self) -> None:
        """Called each second of a call that takes long."""
        self._tell(f"{self._how_far}, waiting for the tenant's answer")

    def wait(self, seconds: float, what_for: str) -> None:
        """Sleep, telling what for."""
        left = seconds
        while left > 0:
            self._tell(f"{self._how_far}, waiting {left:.0f} s for {what_for}")
            nap = left if self._say is None else min(left, INTERVAL)
            time.sleep(nap)
            left -= nap

    def wait_a_moment(self, seconds: float, what_for: str) -> None:
        """Sleep once; for a wait whose end is not known, which is asked for again and again."""
        self._tell(f"{self._how_far}, waiting for {what_for}")
        time.sleep(seconds)

    def _tell(self, text: str) -> None:
        now = time.monotonic()
        if self._say is not None and now - self._told >= INTERVAL:
            self._told = now
            self._say(text)
