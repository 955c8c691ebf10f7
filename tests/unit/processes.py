# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real processes beside that of the test, which know what it knows."""

from __future__ import annotations

import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

FORK = multiprocessing.get_context("fork")
MAX_SECONDS = 30.0
# The user and group without rights of their own, by their usual ids.
NOBODY = 65534


def killed_in(work: Callable[..., Any], *arguments: Any) -> None:
    """Do the work in a process that is killed by signal 9 as soon as it is done, before it can tidy up."""

    def work_and_die() -> None:
        work(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    process = FORK.Process(target=work_and_die)
    process.start()
    process.join(MAX_SECONDS)
    assert process.exitcode == -signal.SIGKILL


@contextmanager
def beside(work: Callable[..., Any], *arguments: Any) -> Iterator[Connection]:
    """A process that does ``work(connection, *arguments)``; gives this end of the connection. It must end by itself."""
    here, there = FORK.Pipe()
    process = FORK.Process(target=work, args=(there, *arguments))
    process.start()
    yield here
    process.join(MAX_SECONDS)
    assert process.exitcode == 0


def done_by_nobody(work: Callable[..., Any], *arguments: Any) -> Any:
    """What the work returns in a process of the user nobody; only root can start one."""
    here, there = FORK.Pipe(duplex=False)

    def drop_and_work() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        there.send(work(*arguments))

    process = FORK.Process(target=drop_and_work)
    process.start()
    there.close()
    # Raises EOFError when the process ended without an answer.
    answer = here.recv()
    process.join(MAX_SECONDS)
    assert process.exitcode == 0
    return answer


def can_become_others(what_for: str) -> bool:
    """Whether this is root; warns when it is not, so that nobody takes ``what_for`` for tried."""
    if os.geteuid() != 0:
        warnings.warn(f"Only root can try this: {what_for}", stacklevel=2)
    return os.geteuid() == 0
