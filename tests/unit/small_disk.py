# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storing a token where there is hardly room. As a program: ``python -m ….tests.unit.small_disk FOLDER FREE_PAGES``."""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
from pathlib import Path

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file_lock import TokenFileLock
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of

OLD, NEW = token_of("old"), token_of("new")
PAGE = 4096


def try_to_store(folder: Path, free: int | None = None, largest: int | None = None) -> dict:
    """Put NEW in the place of OLD: how far that came, why no further, and what the folder then holds.

    ``free``: fill the disk first, but for so many pages, and fill the rest as soon as the room was proven. ``largest``:
    from then on this process can make no file larger than so many bytes.
    """
    file, filler = TokenFile(str(folder / "t")), folder / "filler"
    Path(file.path).write_text(OLD)
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    if free is not None:
        _fill(filler)
        os.truncate(filler, filler.stat().st_size - free * PAGE)
    reached, why = "prepare", ""
    try:
        with TokenFileLock(file) as lock:
            lock.prepare(InterruptedRun("https://tenant.example.com", "nightly reload", "user-1", "user"))
            reached = "store"
            if free is not None:
                _fill(filler)
            lock.store(NEW, file.read())
            lock.remove_leftovers()
        reached = "end"
    except QlikCloudError as error:
        why = str(error)
    filler.unlink(missing_ok=True)
    return {"reached": reached, "why": why, "left": {path.name: path.read_text() for path in folder.iterdir()}}


def no_space_left(*_arguments: object, **_options: object) -> None:
    """Stands for a function of ``os`` while the disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _fill(filler: Path) -> None:
    with filler.open("ab", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(PAGE))
        except OSError as error:
            assert error.errno == errno.ENOSPC


if __name__ == "__main__":
    print(json.dumps(try_to_store(Path(sys.argv[1]), int(sys.argv[2]))))
