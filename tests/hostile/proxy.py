# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy for https on loopback: it leads to the gateway, whatever host is asked for, or answers as a test says."""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from hostile.other_host import PIECE

PATIENCE = 60.0
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"
PASSWORD = "pa55word-of-the-proxy"


class Proxy:
    """``asked`` are the heads of all requests. ``answered`` is called with the number of each, from 0.

    It returns the pieces that are answered, ``pause`` seconds before each, or None: the tunnel is opened.
    """

    def __init__(self, port: int, target: tuple[str, int]):
        self.port = port
        self.target = target
        self.reset()

    def reset(self) -> None:
        self.asked: list[bytes] = []
        self.answered: Callable[[int], Iterable[bytes] | None] = lambda number: None
        self.pause = 0.0

    @property
    def url(self) -> str:
        """As the environment names it, with a password."""
        return f"http://user:{PASSWORD}@127.0.0.1:{self.port}"

    def ask(self, head: bytes) -> Iterable[bytes] | None:
        self.asked.append(head)
        return self.answered(len(self.asked) - 1)


def refusing(status: int, title: str) -> list[bytes]:
    """The proxy's own refusal, as a page."""
    body = f"<html><title>{title}</title></html>".encode()
    head = f"HTTP/1.1 {status} {title}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    return [head.encode() + b"Proxy-Authenticate: Basic realm=corporate\r\nConnection: close\r\n\r\n" + body]


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        proxy: Proxy = self.server.proxy
        self.request.settimeout(PATIENCE)
        try:
            pieces = proxy.ask(self._head())
            if pieces is None:
                self._tunnel(proxy.target)
                return
            for piece in pieces:
                if proxy.pause and select.select([self.request], [], [], proxy.pause)[0]:
                    return
                self.request.sendall(piece)
        except OSError:
            # One of the two has gone.
            return

    def _head(self) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.request.recv(PIECE)
            if not piece:
                break
            head += piece
        return head

    def _tunnel(self, target: tuple[str, int]) -> None:
        with socket.create_connection(target, PATIENCE) as beyond:
            self.request.sendall(OPENED)
            ways = {self.request: beyond, beyond: self.request}
            while True:
                for side in select.select(list(ways), [], [], PATIENCE)[0]:
                    piece = side.recv(PIECE)
                    if not piece:
                        return
                    ways[side].sendall(piece)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def serve_proxy(target: tuple[str, int]) -> Iterator[Proxy]:
    """A proxy that leads to ``target``, for as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Connection)
    server.proxy = Proxy(server.server_address[1], target)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.proxy
    finally:
        server.shutdown()
        server.server_close()
