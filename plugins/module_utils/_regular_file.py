# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a file that must be a regular one, though somebody may put anything else at its path at any time."""

from __future__ import annotations

import errno
import os
import stat


def describe_file_type(mode: int) -> str | None:
    """Say in words what a file with that ``st_mode`` is; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a special file"


def open_regular_file(path: str, flags: int = os.O_RDONLY, *, dir_fd: int | None = None) -> int:
    """Open the regular file at the path; return its descriptor. A file that is made (``O_CREAT``) has mode 0600 at most.

    Never waits, as opening a pipe does until somebody writes to it. Raises OSError, whose ``strerror`` says in words why the
    file cannot be opened, and ValueError for text that is no path.
    """
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, 0o600, dir_fd=dir_fd)
    other_type = describe_file_type(os.fstat(descriptor).st_mode)
    if other_type is not None:
        os.close(descriptor)
        raise OSError(errno.EINVAL, f"it is {other_type}, not a regular file")
    return descriptor


def read_at_most(descriptor: int, size: int) -> bytes:
    """Read a file that was just opened, up to ``size`` bytes. Raises OSError."""
    content = b""
    while len(content) < size:
        more = os.read(descriptor, size - len(content))
        if not more:
            break
        content += more
    return content
