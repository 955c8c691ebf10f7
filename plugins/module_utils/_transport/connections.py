# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that record in an attempt how far a request came."""

from __future__ import annotations

from http import HTTPStatus
from http.client import HTTPResponse, LineTooLong
from typing import TYPE_CHECKING, Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.request_thread import (
    DeadlineExceeded,
    get_current_attempt,
)

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
        attempt = get_current_attempt()
        attempt.is_connecting = True
        attempt.connection = self
        super().connect()
        attempt.is_connecting = False

    def send(self, data: Any) -> None:
        attempt = get_current_attempt()
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
