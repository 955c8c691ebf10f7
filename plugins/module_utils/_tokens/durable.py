# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing that survives a power cut: the bytes reach the disk, and so does the folder's entry."""

from __future__ import annotations

import os
from contextlib import suppress


def create_private(path: str) -> int:
    """A descriptor of a new file: 0600 from its first byte, and never through a link that somebody planted there.

    What a killed run left at the path is removed first. Raises OSError.
    """
    with suppress(FileNotFoundError):
        os.unlink(path)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def write_all(descriptor: int, content: bytes) -> None:
    """Make ``content`` all that the file holds, and see that it does. Raises OSError."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    rest = content
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    # Only now: what the file took before is room that is certain to be there.
    os.ftruncate(descriptor, len(content))
    os.fsync(descriptor)
    if os.pread(descriptor, len(content) + 1, 0) != content:
        raise OSError(0, "the file does not hold what was written to it")


def sync_folder(folder: str) -> None:
    """Make a rename or removal in the folder last.

    Some network file systems cannot do that; the rename itself has been done by then, and stands.
    """
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
