# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files so that they survive a power cut."""

from __future__ import annotations

import os


def write_all(descriptor: int, content: bytes) -> None:
    """Make ``content`` all that the open file holds, on the disk, and read it back. Raises OSError."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    rest = content
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    # Cut only after writing: the room that the file took before is certain to be there.
    os.ftruncate(descriptor, len(content))
    os.fsync(descriptor)
    if os.pread(descriptor, len(content) + 1, 0) != content:
        raise OSError(0, "the file does not hold what was written to it")
