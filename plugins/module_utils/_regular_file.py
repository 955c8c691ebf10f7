# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a file that must be a regular one, though anything may be put at its path at any time."""

from __future__ import annotations

import errno
import os
import stat


def describe_file_type(mode: int) -> str | None:
    """What a file of that ``st_mode`` is, in words; None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    return "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "a special file"


def open_regular_file(path: str, flags: int = os.O_RDONLY, *, dir_fd: int | None = None) -> int:
    """A descriptor of the regular file at the path; one that is made (``O_CREAT``) has mode 0600 at most.

    It does not wait, as opening a pipe does until somebody writes. Raises OSError whose ``strerror`` says in words why not,
    ValueError for what is no path.
    """
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, 0o600, dir_fd=dir_fd)
    kind = describe_file_type(os.fstat(descriptor).st_mode)
    if kind is not None:
        os.close(descriptor)
        raise OSError(errno.EINVAL, f"it is {kind}, not a regular file")
    return descriptor


def read_at_most(descriptor: int, size: int) -> bytes:
    """What the just opened file holds, up to ``size`` bytes. Raises OSError."""
    content = b""
    while len(content) < size:
        more = os.read(descriptor, size - len(content))
        if not more:
            break
        content += more
    return content
