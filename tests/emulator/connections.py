# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""TCP connections behind requests: ASGI does not show them, but faults must cut them and the log tells them apart."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Connection:
    number: int
    transport: asyncio.Transport

    def abort(self) -> None:
        """Close at once; what is not sent yet is lost."""
        self.transport.abort()

    def close(self) -> None:
        """Close after sending what has been written."""
        self.transport.close()


class NumberedProtocol(H11Protocol):
    """uvicorn's HTTP protocol; puts its connection into the state that every request on it carries."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "connection": Connection(next(_numbers), transport)}


def get_connection(scope: MutableMapping[str, Any]) -> Connection:
    """The connection on which a request came."""
    return scope["state"]["connection"]
