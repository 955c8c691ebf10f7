# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server around the application: one socket on loopback, a ready line, a clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
import ssl
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from .connections import NumberedProtocol

# Longer than any pause between the tasks of a playbook: a connection closed while idle would look like a fault.
KEEP_ALIVE_SECONDS = 600
STOP_SECONDS = 1


def bind(host: str, port: int) -> socket.socket:
    """A listening address on loopback. Raises ValueError for another one, OSError if it is taken."""
    if not ipaddress.ip_address("127.0.0.1" if host == "localhost" else host).is_loopback:
        raise ValueError(f"{host} is not a loopback address")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay (40 ms an answer) off only for sockets that name their protocol.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port that a tenant has just left can be had again at once.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # Listening already here makes a second server on the same port fail at once.
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


class Server(uvicorn.Server):
    """Calls `when_ready` once connections are accepted; SIGTERM and SIGINT end it as a success."""

    def __init__(self, app: ASGIApp, tls: ssl.SSLContext | None, when_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http=NumberedProtocol,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,  # the application's own follows the tenant's clock
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        config.load()
        config.ssl = tls
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What is in flight is cut: its work is committed or not begun, and a hanging fault must not delay the end."""
        for protocol in list(self.server_state.connections):
            protocol.transport.abort()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own raises the signal again at the end, which makes an ordered stop look like a death."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
