# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that know whether a request was sent, and calls that end in time whatever the other side does.

``requests`` and urllib3 bound each wait, not a whole call: a server that sends a byte now and then keeps them for ever, and a
name with many addresses is tried for the whole timeout at each.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPResponse, LineTooLong
from typing import Any, TypeVar

try:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except ImportError:
    # The client says so, before any connection is made.
    HTTPAdapter = HTTPConnection = HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = object

# As long as Python lets a header line be.
MAX_LINE_BYTES = 64 * 1024
# Seconds between two looks whether a call has ended.
POLL_SECONDS = 1.0

Result = TypeVar("Result")


class DeadlineExceeded(Exception):
    """A call took longer than it may."""


@dataclass
class Attempt:
    """How far one request came, on which connection. ``is_given_up``: nobody waits for it any more."""

    is_connecting: bool = False
    was_sent: bool = False
    is_given_up: bool = False
    connection: Any = None

    def give_up(self) -> None:
        """See that it is not sent late, and that whoever waits for its answer ends: by its connection, if there is one."""
        self.is_given_up = True
        connected = getattr(self.connection, "sock", None)
        if isinstance(connected, socket.socket):
            with suppress(OSError):
                # Not the shutdown of TLS, which is not made for two threads.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


_thread = threading.local()


def run_with_deadline(
    seconds: float, attempt: Attempt, work: Callable[[], Result], meanwhile: Callable[[], object] = lambda: None
) -> Result:
    """What ``work`` returns or raises. Raises DeadlineExceeded when that takes longer than ``seconds``.

    ``meanwhile`` is called each second, in the thread that waits.

    It is done in a thread, because nothing else can end the wait for a name server, for the handshakes of TLS and proxies,
    and for headers. Given up, the thread ends as soon as it has a connection, with the process at the latest.
    """
    outcome: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        _thread.attempt = attempt
        try:
            outcome.put((work(), None))
        except BaseException as error:
            outcome.put((None, error))

    threading.Thread(target=run, daemon=True, name="request").start()
    try:
        result, error = _wait_for_outcome(outcome, seconds, meanwhile)
    except BaseException:
        # Nobody waits any more, be it that the task was ended.
        attempt.give_up()
        raise
    if error is None:
        return result
    context = error.__context__
    try:
        raise error
    finally:
        # What the caller is just handling is no part of why this failed.
        error.__context__ = context


def _wait_for_outcome(outcome: queue.SimpleQueue, seconds: float, meanwhile: Callable[[], object]) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return outcome.get(timeout=max(0.0, min(POLL_SECONDS, deadline - time.monotonic())))
        except queue.Empty:
            if time.monotonic() >= deadline:
                raise DeadlineExceeded from None
        meanwhile()


class _BoundedLines:
    """A stream to read from whose lines are bounded: urllib3 1 and early 2 read those between chunks however long they are."""

    def __init__(self, stream: Any):
        self._stream = stream

    def readline(self, size: int = -1) -> bytes:
        line = self._stream.readline(MAX_LINE_BYTES + 1 if size < 0 else size)
        if size < 0 and len(line) > MAX_LINE_BYTES:
            raise LineTooLong("chunk")
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _FinalResponse(HTTPResponse):
    """Passes over interim answers such as 103, which may come before any answer (RFC 9110, section 15.2).

    Python does so with 100 only, and takes another for the answer; the true one would then be that to the next request.
    """

    def begin(self) -> None:
        super().begin()
        while HTTPStatus.CONTINUE < self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None
            super().begin()
        if self.chunked:
            self.fp = _BoundedLines(self.fp)


class _RecordingConnection:
    """Notes in the thread's attempt when a connection is made and when a request begins to be sent."""

    response_class = _FinalResponse

    def connect(self) -> None:
        attempt = _current_attempt()
        attempt.is_connecting, attempt.connection = True, self
        super().connect()
        attempt.is_connecting = False

    def send(self, data: Any) -> None:
        attempt = _current_attempt()
        # While connecting, what is sent is for a proxy.
        if not attempt.is_connecting:
            if self.sock is None and self.auto_open:
                self.connect()
            if attempt.is_given_up:
                raise DeadlineExceeded
            attempt.was_sent, attempt.connection = True, self
        super().send(data)


class _PlainConnection(_RecordingConnection, HTTPConnection):
    pass


class _TlsConnection(_RecordingConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


POOLS = {"http": _PlainPool, "https": _TlsPool}


class RecordingAdapter(HTTPAdapter):
    """Makes connections that note how far an attempt came, directly and by a proxy."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **named)
        if not proxy.lower().startswith("socks"):
            # SOCKS has connections of its own.
            manager.pool_classes_by_scheme = POOLS
        return manager


def _current_attempt() -> Attempt:
    return getattr(_thread, "attempt", None) or Attempt()
