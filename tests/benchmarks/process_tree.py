# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory of a process with all its descendants, from Linux's ``/proc``."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
LOOK_EVERY_SECONDS = 0.5
PROPORTIONAL = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class MemoryWatch:
    """``with MemoryWatch(pid) as watch: …``, and then ``watch.most`` is the most that ``memory(pid)`` was seen to be."""

    def __init__(self, root: int) -> None:
        self.most = 0.0
        self._root = root
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_EVERY_SECONDS):
            self.most = max(self.most, memory(self._root))


def memory(root: int) -> float:
    """MiB that process ``root`` and its descendants hold now.

    A page that several of them share is counted once: Ansible's workers are forks and share most of theirs.
    """
    return sum(_proportional_kib(process) for process in _descendants(root)) / 1024


def _descendants(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for process, parent in _parents():
        children.setdefault(parent, []).append(process)
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children.get(process, [])


def _parents() -> Iterator[tuple[int, int]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            text = _read(folder / "stat")
            # The command's name comes before, in parentheses, and may itself hold spaces and parentheses.
            fields = text.rpartition(")")[2].split()
            if fields:
                yield int(folder.name), int(fields[1])


def _proportional_kib(process: int) -> int:
    found = PROPORTIONAL.search(_read(PROC / str(process) / "smaps_rollup"))
    return int(found[1]) if found else 0


def _read(path: Path) -> str:
    """Nothing for a process that has ended meanwhile."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
