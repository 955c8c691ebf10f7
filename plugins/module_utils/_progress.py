# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress messages of a run: how far it is, and what it waits for."""

from __future__ import annotations

import time
from collections.abc import Callable

INTERVAL_SECONDS = 8.0
"""Seconds between two messages, and before the first, so that a short run has none."""


class Progress:
    """Hands messages to ``say``, in the run's own thread; without it there are none."""

    def __init__(self, say: Callable[[str], object] | None = None):
        self._say = say
        self._reported_at = time.monotonic()
        self._stage = "reading"

    def update(self, stage: str) -> None:
        """Set how far the run is, such as ``3 of 5 changes made``."""
        self._stage = stage
        self.report_if_due()

    def report_if_due(self) -> None:
        """Say how far the run is, unless a message was said a short while ago. Called often."""
        self._report(self._stage)

    def report_waiting_for_answer(self) -> None:
        """Say that the tenant's answer is awaited. Called each second of a call that takes long."""
        self._report(f"{self._stage}, waiting for the tenant's answer")

    def wait(self, seconds: float, reason: str) -> None:
        """Sleep, saying what for, such as ``another try``."""
        left = seconds
        while left > 0:
            self._report(f"{self._stage}, waiting {left:.0f} s for {reason}")
            nap = left if self._say is None else min(left, INTERVAL_SECONDS)
            time.sleep(nap)
            left -= nap

    def wait_once(self, seconds: float, reason: str) -> None:
        """Sleep, saying what for. For a caller who checks again and again whether the wait is over."""
        self._report(f"{self._stage}, waiting for {reason}")
        time.sleep(seconds)

    def _report(self, text: str) -> None:
        now = time.monotonic()
        if self._say is not None and now - self._reported_at >= INTERVAL_SECONDS:
            self._reported_at = now
            self._say(text)
