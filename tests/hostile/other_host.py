# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that is not the tenant's: it must be sent nothing, and keeps every byte that it is sent.

It answers each request so that a client which believes in it goes on, and sends more.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from exchanges import Answer

from hostile.gateway import on_the_wire

PIECE = 65536
PATIENCE = 60.0
RECORD = {"id": "of-the-other-host", "tenantId": "another", "data": [], "links": {}, "hostnames": [], "token": "none"}


class OtherHost:
    """``authority`` is its host and port, ``received`` the bytes of each connection, in the order of their opening."""

    def __init__(self, host: str, port: int):
        self.host = host
        self.port = port
        self.received: list[bytes] = []

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}"

    def reset(self) -> None:
        self.received = []


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        other, number = self.server.other, len(self.server.other.received)
        other.received.append(b"")
        self.request.settimeout(PATIENCE)
        answer = on_the_wire(Answer(200, json.dumps(RECORD).encode(), {"Content-Type": "application/json"}))
        try:
            while piece := self.request.recv(PIECE):
                other.received[number] += piece
                if b"\r\n\r\n" in piece:
                    self.request.sendall(answer)
        except OSError:
            # The client has gone; what it sent is noted.
            return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def serve_other_host(host: str = "127.0.0.1") -> Iterator[OtherHost]:
    """Another host, for as long as the block lasts: another port of the loopback address, or another such address."""
    server = _Server((host, 0), _Connection)
    server.other = OtherHost(host, server.server_address[1])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.other
    finally:
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    """A port of the loopback address that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
