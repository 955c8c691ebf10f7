# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hostile gateway on loopback before an embedded tenant: passes requests on, and spoils those that a test names.

``gateway.spoil("DELETE", "/api/v1/api-keys/.*", manner)`` spoils every such request, or as many as ``times`` says, after
the first ``skip``. A manner is any function that is given the exchange and returns what goes back: an ``Answer``, ``Raw``
bytes, or None for a connection that is closed without a word. Whether the tenant does its work is decided by whether the
manner asks for ``exchange.real()``. Ready-made manners are in ``hostile.manners``.
"""

from __future__ import annotations

import re
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

from exchanges import Answer, Upstream, sent_headers

# A client that reads nothing and does not go away is not waited for any longer.
LONGEST_SECONDS = 120.0
BODILESS = (204, 304)


@dataclass(frozen=True)
class Raw:
    """Bytes as they go onto the wire, status line and headers included, with ``pause`` seconds before each piece.

    ``ending``: what follows the last piece: ``close``, ``reset`` (what is not sent yet is lost), or ``hold``, which says
    nothing more until the client goes.
    """

    pieces: Iterable[bytes]
    pause: float = 0.0
    ending: Literal["close", "reset", "hold"] = "close"


@dataclass
class Exchange:
    """One request and what became of it. ``target`` is path and query as they were sent.

    ``lasted``: seconds from the whole request to the end of the answer, or to when the client went; None until then.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    passed_on: Callable[[], Answer] = field(repr=False)
    lasted: float | None = None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def real(self) -> Answer:
        """Have the tenant do its work, once; its own answer."""
        return self._real

    @cached_property
    def _real(self) -> Answer:
        return self.passed_on()

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


Manner = Callable[[Exchange], "Answer | Raw | None"]


@dataclass
class Rule:
    """``left`` counts down; None means for ever. ``skip`` requests pass first. ``struck`` are those that were spoiled."""

    method: str
    path: re.Pattern[str]
    manner: Manner
    left: int | None
    skip: int
    struck: list[Exchange] = field(default_factory=list)

    def takes(self, exchange: Exchange) -> bool:
        if self.left == 0 or self.method not in ("*", exchange.method) or not self.path.fullmatch(exchange.path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        self.struck.append(exchange)
        return True


class Gateway:
    """``url`` is where it listens; ``exchanges`` are all requests since ``reset``, in the order of their arrival."""

    def __init__(self, upstream: Upstream, url: str):
        self.url = url
        self.exchanges: list[Exchange] = []
        self.keeps_connections = True
        self._upstream = upstream
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    @property
    def authority(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    @property
    def issued(self) -> set[str]:
        """Every token that the tenant has answered through this gateway since ``reset``."""
        return self._upstream.issued

    def spoil(self, method: str, path: str, manner: Manner, *, times: int | None = None, skip: int = 0) -> Rule:
        """From now on; the first rule that takes a request decides. ``method`` ``*`` means any."""
        rule = Rule(method, re.compile(path), manner, times, skip)
        self._rules.append(rule)
        return rule

    def reset(self) -> None:
        """As new: nothing is spoiled, nothing was asked."""
        self._rules.clear()
        self.issued.clear()
        self.exchanges = []
        self.keeps_connections = True

    def asked(self, method: str, path: str) -> list[Exchange]:
        """The requests of that method whose path the pattern matches in full."""
        return [each for each in self.exchanges if each.method == method and re.fullmatch(path, each.path)]

    def answer(self, exchange: Exchange) -> Answer | Raw | None:
        with self._lock:
            self.exchanges.append(exchange)
            rule = next((rule for rule in self._rules if rule.takes(exchange)), None)
        return exchange.real() if rule is None else rule.manner(exchange)

    def exchange(self, method: str, target: str, headers: Any, body: bytes) -> Exchange:
        kept = sent_headers(headers)
        return Exchange(method, target, kept, body, partial(self._upstream.pass_on, method, target, kept, body))


@contextmanager
def serve_gateway(tenant_url: str, tls: ssl.SSLContext | None = None, name: str = "127.0.0.1") -> Iterator[Gateway]:
    """A gateway before that tenant, for as long as the block lasts; ``name`` is what its ``url`` calls it."""
    server = _Server(("127.0.0.1", 0), _Handler, bind_and_activate=True)
    server.tls = tls
    scheme = "https" if tls else "http"
    server.gateway = Gateway(Upstream(tenant_url), f"{scheme}://{name}:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.gateway
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    gateway: Gateway
    tls: ssl.SSLContext | None

    def finish_request(self, request: socket.socket, client_address: Any) -> None:
        """In the thread of the connection, so that a slow handshake holds up nobody."""
        request.settimeout(LONGEST_SECONDS)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that speaks no TLS, or goes in the middle of it, is no news here."""

    def shutdown_request(self, request: Any) -> None:
        with suppress(OSError):
            super().shutdown_request(request)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        gateway = self.server.gateway
        exchange = gateway.exchange(self.command, self.path, self.headers, body)
        begun = time.monotonic()
        answer = gateway.answer(exchange)
        self.close_connection = not gateway.keeps_connections or not isinstance(answer, Answer)
        try:
            if isinstance(answer, Answer):
                self.close_connection |= answer.promised is not None
                self._write(on_the_wire(answer, closes=self.close_connection))
            elif answer is not None:
                self._write_raw(answer)
        except OSError:
            # The client has gone.
            self.close_connection = True
        exchange.lasted = time.monotonic() - begun

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = handle_any

    def _write(self, piece: bytes) -> None:
        self.connection.sendall(piece)

    def _write_raw(self, raw: Raw) -> None:
        for piece in raw.pieces:
            if raw.pause and self._client_goes_within(raw.pause):
                return
            self._write(piece)
        if raw.ending == "hold":
            self._client_goes_within(LONGEST_SECONDS)
        elif raw.ending == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _client_goes_within(self, seconds: float) -> bool:
        """While it waits for an answer a client sends nothing, so what can be read is the end of the connection."""
        return bool(select.select([self.connection], [], [], seconds)[0])

    def log_message(self, format: str, *arguments: object) -> None:
        """What is asked here is not written anywhere."""


def on_the_wire(answer: Answer, *, closes: bool = False) -> bytes:
    """The answer as bytes; nothing in its headers is checked, or changed."""
    return head(answer, closes=closes) + (b"" if answer.status in BODILESS else answer.body)


def head(answer: Answer, *, closes: bool = False) -> bytes:
    """Status line and headers, with the empty line that ends them. Text outside Latin-1 is sent as UTF-8."""
    lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.status not in BODILESS and not any(name.lower() == "transfer-encoding" for name in answer.headers):
        lines.append(f"Content-Length: {len(answer.body) if answer.promised is None else answer.promised}")
    if closes:
        lines.append("Connection: close")
    return b"".join(_encoded(line) + b"\r\n" for line in [*lines, ""])


def _encoded(line: str) -> bytes:
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogatepass")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
