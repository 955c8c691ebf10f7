# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A thread for requests, so that a call ends in time whatever the server does.

``requests`` and urllib3 bound each wait, not a whole call: a server that sends a byte now and then occupies them for ever, and
a name with many addresses is tried for the whole timeout at each. Nothing but a second thread can end the wait for a name
server, for the handshakes of TLS and proxies, and for headers.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

POLL_SECONDS = 1.0

Result = TypeVar("Result")


class DeadlineExceeded(Exception):
    """A call took longer than it may."""


@dataclass
class Attempt:
    """How far one request came, and on which connection. ``is_given_up``: nobody waits for it any more."""

    is_connecting: bool = False
    was_sent: bool = False
    is_given_up: bool = False
    connection: Any = None

    def give_up(self) -> None:
        """See that the request is not sent any more, and shut its connection, so that the thread that uses it ends."""
        self.is_given_up = True
        connected = getattr(self.connection, "sock", None)
        if isinstance(connected, socket.socket):
            with suppress(OSError):
                # The plain socket's shutdown: that of TLS must not be called from a second thread.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


class RequestThread:
    """Does one piece of work after another. The thread starts with the first, and serves until the object is gone."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job[Any] | None] | None = None

    def run(
        self,
        seconds: float,
        attempt: Attempt,
        work: Callable[[], Result],
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Result:
        """Return or raise what ``work`` does. Raises DeadlineExceeded when that takes longer than ``seconds``.

        ``meanwhile`` is called each second, in the thread of the caller. Work that is given up ends as soon as it has a
        connection, and at the latest with the process; the next work has another thread.
        """
        job = _Job(attempt, work)
        if self._jobs is None:
            self._jobs = self._start()
        try:
            self._jobs.put(job)
            outcome = job.wait(seconds, meanwhile)
        except BaseException:
            # Also when the task is ended.
            attempt.give_up()
            self.close()
            raise
        return outcome.get()

    def close(self) -> None:
        """Let the thread end when its work is done."""
        if self._jobs is not None:
            self._jobs.put(None)
            self._jobs = None

    def _start(self) -> queue.SimpleQueue[_Job[Any] | None]:
        jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        threading.Thread(target=_do_jobs, args=(jobs,), daemon=True, name="requests").start()
        weakref.finalize(self, jobs.put, None).atexit = False
        return jobs


class _Job(Generic[Result]):
    """One piece of work for the thread."""

    def __init__(self, attempt: Attempt, work: Callable[[], Result]):
        self._attempt = attempt
        self._work = work
        self._outcomes: queue.SimpleQueue[_Outcome[Result]] = queue.SimpleQueue()

    def do(self) -> None:
        _thread.attempt = self._attempt
        try:
            outcome = _Outcome(result=self._work())
        except BaseException as error:
            outcome = _Outcome(error=error)
        self._outcomes.put(outcome)

    def wait(self, seconds: float, meanwhile: Callable[[], object]) -> _Outcome[Result]:
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self._outcomes.get(timeout=max(0.0, min(POLL_SECONDS, deadline - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= deadline:
                    raise DeadlineExceeded from None
            meanwhile()


class _Outcome(Generic[Result]):
    """What the thread returned or raised."""

    def __init__(self, *, result: Result | None = None, error: BaseException | None = None):
        self._result = result
        self._error = error

    def get(self) -> Result:
        if self._error is None:
            return cast(Result, self._result)
        context = self._error.__context__
        try:
            raise self._error
        finally:
            # An error that the caller is just handling is no part of why this failed.
            self._error.__context__ = context


_thread = threading.local()


def get_current_attempt() -> Attempt:
    """The attempt of this thread; one that nobody reads in a thread without."""
    return getattr(_thread, "attempt", None) or Attempt()


def _do_jobs(jobs: queue.SimpleQueue[_Job[Any] | None]) -> None:
    while (job := jobs.get()) is not None:
        job.do()
        # Nothing of a call is kept while the thread waits for the next.
        del job
