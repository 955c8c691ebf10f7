# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, told in a file while a module runs: Ansible shows a module's own output only when it has ended."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress

VARIABLE = "QLIK_PROGRESS_FILE"
"""The environment variable by which the action plugin says which file it follows."""


LENGTH = 32
"""Of what the file holds, in bytes: more than two counts take."""


class Progress:
    """``path`` None tells nobody. A file that cannot be written is no reason to fail."""

    def __init__(self, path: str | None):
        self._path = path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Progress:
        return cls(environment.get(VARIABLE))

    def tell(self, done: int, planned: int) -> None:
        if self._path is None:
            return
        with suppress(OSError):
            # Not created here: if the follower is gone, nobody would remove it.
            descriptor = os.open(self._path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                # Always as long as before, so that it is never seen empty or with an old end.
                os.write(descriptor, f"{done} {planned}".ljust(LENGTH).encode())
            finally:
                os.close(descriptor)


def progress_in(path: str) -> tuple[int, int] | None:
    """``done`` and ``planned`` as they were last told; None when nothing was told yet."""
    try:
        with open(path, encoding="ascii") as file:
            done, planned = file.read().split()
        return int(done), int(planned)
    except (OSError, ValueError):
        return None
