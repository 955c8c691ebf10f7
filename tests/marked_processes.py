# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a run of Ansible with all its processes at once, some of which have left its process group."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

MARK = "MARKED_RUN"
"""In the environment of every process of a run, so that all of them can be found."""
POLL_SECONDS = 0.01


def kill_marked(mark: str) -> None:
    """SIGKILL for every process with that mark in its environment, until there is none. Needs /proc."""
    wanted = f"{MARK}={mark}".encode()
    while True:
        found = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if wanted in _environment_of(pid)]
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(POLL_SECONDS)


def _environment_of(pid: int) -> list[bytes]:
    """Empty for a process that is gone, is a zombie, or is another user's."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
