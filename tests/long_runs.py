# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holding up a run of Ansible until it has said what it shall say, however fast the machine is."""

from __future__ import annotations

import fcntl
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_server, socket

POLL_SECONDS = 0.1


@contextmanager
def turn_taken(token_file: Path) -> Iterator[None]:
    """As if another run worked on that token file: those that need it wait."""
    lock = os.open(token_file.with_name(f".{token_file.name}.qlik-lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def is_logged(line: str, log: Path, has_ended: Callable[[], bool], seconds: float) -> bool:
    """Wait until Ansible has written the line to its log (ANSIBLE_LOG_PATH).

    False if it has ended without, or so many seconds have passed.
    """
    deadline = time.monotonic() + seconds
    while True:
        is_over = has_ended() or time.monotonic() > deadline
        if log.exists() and line in log.read_text(encoding="utf-8", errors="replace"):
            return True
        if is_over:
            return False
        time.sleep(POLL_SECONDS)


@contextmanager
def silent_until(is_enough: Callable[[], bool], seconds: float) -> Iterator[tuple[str, list[bool]]]:
    """An address that takes connections and answers none; from when it is enough, it closes them.

    The list then tells whether that came within so many seconds from the first.
    """
    ends: list[bool] = []
    over = threading.Event()

    def hold() -> None:
        held: list[socket] = []
        deadline = math.inf
        while not over.is_set():
            with suppress(TimeoutError):
                held.append(server.accept()[0])
                deadline = min(deadline, time.monotonic() + seconds)
            is_late = time.monotonic() > deadline
            if held and not ends and (is_late or is_enough()):
                ends.append(not is_late)
            while held and ends:
                held.pop().close()

    with create_server(("127.0.0.1", 0)) as server:
        server.settimeout(POLL_SECONDS)
        holding = threading.Thread(target=hold)
        holding.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", ends
        finally:
            over.set()
            holding.join()
