# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing that survives a power cut: the bytes reach the disk before anything relies on them."""

from __future__ import annotations

import os


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
