# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interim answers that come before the answer are passed over, so that each request gets its own."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

SECONDS = 60.0
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
INTERIM = {
    "none": b"",
    "100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "102": b"HTTP/1.1 102 Processing\r\n\r\n",
    "103": HINTS,
    "several": HINTS + b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS,
}


@pytest.fixture(autouse=True)
def wire() -> None:
    """In the place of the fake network: these are real connections, of the loopback."""


@pytest.fixture
def http(request):
    """To a host that takes one connection and answers two requests on it, each after these bytes."""

    def client(before: bytes) -> HttpClient:
        listening = socket.create_server(("127.0.0.1", 0))
        request.addfinalizer(listening.close)

        def serve() -> None:
            connection, _address = listening.accept()
            # The client may go after the first.
            with connection, suppress(OSError):
                connection.settimeout(SECONDS)
                for body in (b'{"number": 1}', b'{"number": 2}'):
                    connection.recv(65536)
                    connection.sendall(before)
                    connection.sendall(ANSWER % (len(body), body))

        threading.Thread(target=serve, daemon=True).start()
        return HttpClient(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=SECONDS, retries=0)

    return client


@pytest.mark.parametrize("before", INTERIM.values(), ids=INTERIM)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_request_gets_its_own_answer(http, before, method):
    client = http(before)
    assert [client.request(method, "/x").document() for _number in range(2)] == [{"number": 1}, {"number": 2}]


def test_another_protocol_is_no_interim_answer(http):
    with pytest.raises(RefusedError, match="101"):
        http(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n").request("GET", "/x")
