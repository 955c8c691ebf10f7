# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How late this machine is: what may be added to a time that was promised, so that a busy machine fails no test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

TICK = 0.05


class Lateness:
    """``seconds``: by how much so far, in sum, short sleeps have lasted longer than they should."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._is_over = threading.Event()

    def watch(self) -> None:
        while not self._is_over.is_set():
            begun = time.monotonic()
            time.sleep(TICK)
            self.seconds += time.monotonic() - begun - TICK

    def end(self) -> None:
        self._is_over.set()


@contextmanager
def watched() -> Iterator[Lateness]:
    """Sums up for as long as the block lasts."""
    lateness = Lateness()
    thread = threading.Thread(target=lateness.watch, daemon=True)
    thread.start()
    try:
        yield lateness
    finally:
        lateness.end()
        thread.join()
