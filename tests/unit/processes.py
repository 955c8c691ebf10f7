# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real processes beside that of the test, which know what it knows."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

FORK = multiprocessing.get_context("fork")
PATIENCE = 30.0


def killed_in(work: Callable[..., Any], *arguments: Any) -> None:
    """Do the work in a process that is killed by signal 9 as soon as it is done, before it can tidy up."""

    def work_and_die() -> None:
        work(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    process = FORK.Process(target=work_and_die)
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL


@contextmanager
def beside(work: Callable[..., Any], *arguments: Any) -> Iterator[Connection]:
    """A process that does ``work(connection, *arguments)``; gives this end of the connection. It must end by itself."""
    here, there = FORK.Pipe()
    process = FORK.Process(target=work, args=(there, *arguments))
    process.start()
    yield here
    process.join(PATIENCE)
    assert process.exitcode == 0
