# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, told in a file while a module runs: Ansible shows a module's own output only when it has ended."""

from __future__ import annotations

import os
import re
import secrets
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

VARIABLE = "QLIK_PROGRESS"
"""The environment variable by which the action plugin says which file it follows: by a word, never by a path."""

LENGTH = 32
"""Of what the file holds, in bytes: more than two counts take."""

WORD = re.compile(r"[a-z0-9]{16}")
WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class FollowedFile:
    """A new file for a module of this machine and user to tell its progress in, by ``word``, until ``remove``.

    Raises OSError where there can be none.
    """

    def __init__(self) -> None:
        self.word = secrets.token_hex(8)
        self._path = _path(self.word)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(self._descriptor, b" " * LENGTH)
        except OSError:
            self.remove()
            raise

    def told(self) -> tuple[int, int] | None:
        """``done`` and ``planned`` as they were last told, both 0 before there is a plan; None when nothing was told."""
        try:
            # Not opened anew: another file may have taken its place.
            done, planned = os.pread(self._descriptor, LENGTH, 0).decode("ascii").split()
            return int(done), int(planned)
        except (OSError, ValueError):
            return None

    def remove(self) -> None:
        with suppress(OSError):
            os.close(self._descriptor)
        with suppress(OSError):
            os.unlink(self._path)


class Progress:
    """``word`` says whose file it is; None, or what is no such word, tells nobody. A file never makes a run fail."""

    def __init__(self, word: str | None) -> None:
        self._word = word if word and WORD.fullmatch(word) else None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Progress:
        """Tells as well that the run has begun."""
        progress = cls(environment.get(VARIABLE))
        progress.tell(0, 0)
        return progress

    def tell(self, done: int, planned: int) -> None:
        """Written only if the file is one that ``FollowedFile`` made: anybody can set a variable, or make a file."""
        if self._word is None:
            return
        with suppress(OSError):
            # Not created here: if the follower is gone, nobody would remove it. Not waiting: it may be a FIFO.
            descriptor = os.open(_path(self._word), os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                if _is_followed(os.fstat(descriptor)):
                    # Always as long as before, so that it is never seen empty or with an old end.
                    os.write(descriptor, f"{done} {planned}".ljust(LENGTH).encode())
            finally:
                os.close(descriptor)


class Ending(Protocol):
    """As ``threading.Event``."""

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds at most; whether the end has come."""


def follow(file: FollowedFile, interval: float, ended: Ending, say: Callable[[str], None]) -> None:
    """Say how far the module is each ``interval`` seconds, as soon as it has told anything, until it has ended."""
    while not ended.wait(interval):
        told = file.told()
        if told is not None:
            done, planned = told
            say(f"{done} of {planned} changes made" if planned else "reading the keys")


def _path(word: str) -> str:
    """Raises OSError where no folder for temporary files can be used."""
    return os.path.join(tempfile.gettempdir(), f"qlik-progress-{word}")


def _is_followed(status: os.stat_result) -> bool:
    """Whether it is what ``FollowedFile`` makes: a regular file of this user alone, by one name, of that length."""
    return (
        stat.S_ISREG(status.st_mode)
        and status.st_uid == os.geteuid()
        and not status.st_mode & WRITABLE_BY_OTHERS
        and status.st_nlink == 1
        and status.st_size == LENGTH
    )
