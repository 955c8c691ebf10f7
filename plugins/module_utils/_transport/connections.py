# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that record whether a request was sent, and calls that end in time whatever the server does.

``requests`` and urllib3 bound each wait, not a whole call: a server that sends a byte now and then occupies them for ever, and
a name with many addresses is tried for the whole timeout at each.
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
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

try:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except ImportError:
    # HttpClient is not used then, see REQUESTS_IMPORT_ERROR.
    if not TYPE_CHECKING:
        HTTPAdapter = HTTPConnection = HTTPSConnection = HTTPConnectionPool = HTTPSConnectionPool = object

# As Python bounds a header line.
MAX_LINE_BYTES = 64 * 1024
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


_thread = threading.local()


def run_with_deadline(
    seconds: float, attempt: Attempt, work: Callable[[], Result], meanwhile: Callable[[], object] = lambda: None
) -> Result:
    """Return or raise what ``work`` does. Raises DeadlineExceeded when that takes longer than ``seconds``.

    ``meanwhile`` is called each second, in the thread of the caller. ``work`` is done in a thread of its own, because nothing
    else can end the wait for a name server, for the handshakes of TLS and proxies, and for headers. When it is given up, that
    thread ends as soon as it has a connection, and at the latest with the process.
    """
    outcomes: queue.SimpleQueue[_Outcome[Result]] = queue.SimpleQueue()

    def run() -> None:
        _thread.attempt = attempt
        try:
            outcomes.put(_Outcome(result=work()))
        except BaseException as error:
            outcomes.put(_Outcome(error=error))

    threading.Thread(target=run, daemon=True, name="request").start()
    try:
        outcome = _wait_for_outcome(outcomes, seconds, meanwhile)
    except BaseException:
        # Also when the task is ended.
        attempt.give_up()
        raise
    return outcome.get()


class _Outcome(Generic[Result]):
    """What a thread returned or raised."""

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


def _wait_for_outcome(
    outcomes: queue.SimpleQueue[_Outcome[Result]], seconds: float, meanwhile: Callable[[], object]
) -> _Outcome[Result]:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return outcomes.get(timeout=max(0.0, min(POLL_SECONDS, deadline - time.monotonic())))
        except queue.Empty:
            if time.monotonic() >= deadline:
                raise DeadlineExceeded from None
        meanwhile()


class _BoundedLines:
    """A stream with bounded lines: urllib3 1 and early 2 read the lines between chunks however long they are."""

    def __init__(self, stream: Any):
        self._stream = stream

    def readline(self, size: int = -1) -> bytes:
        line: bytes = self._stream.readline(MAX_LINE_BYTES + 1 if size < 0 else size)
        if size < 0 and len(line) > MAX_LINE_BYTES:
            raise LineTooLong("chunk")
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _FinalResponse(HTTPResponse):
    """Skips interim answers such as 103, which may come before any answer (RFC 9110, section 15.2).

    Python skips 100 alone and takes another for the answer; the true one would then be read as that to the next request.
    """

    def begin(self) -> None:
        super().begin()
        while HTTPStatus.CONTINUE < self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None  # type: ignore[assignment]  # as before the first call of begin()
            super().begin()
        if self.chunked:
            self.fp = _BoundedLines(self.fp)  # type: ignore[assignment]  # has the methods that are called


if TYPE_CHECKING:
    _Connection = HTTPConnection
else:
    _Connection = object


class _RecordingConnection(_Connection):
    """Mixin that records in the thread's attempt when a connection is made and when a request begins to be sent."""

    response_class = _FinalResponse

    def connect(self) -> None:
        attempt = _current_attempt()
        attempt.is_connecting = True
        attempt.connection = self
        super().connect()
        attempt.is_connecting = False

    def send(self, data: Any) -> None:
        attempt = _current_attempt()
        # Whatever is sent while connecting is for a proxy.
        if not attempt.is_connecting:
            if self.sock is None and self.auto_open:
                self.connect()
            if attempt.is_given_up:
                raise DeadlineExceeded
            attempt.was_sent = True
            attempt.connection = self
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
    """Makes connections that record how far an attempt came, directly and through a proxy."""

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
    """The attempt of this thread; one that nobody reads in a thread without."""
    return getattr(_thread, "attempt", None) or Attempt()
