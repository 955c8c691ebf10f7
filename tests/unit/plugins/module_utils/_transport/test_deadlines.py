# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call is given up after three times ``timeout``, however it is answered, and then lets its connection go.

The clock is a test's own: the time is up as soon as the other side has said what it says.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import NoAnswerError, NotSentError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import request_thread
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

AMPLE = 600.0
SAID = {
    "nothing": b"",
    "half of the headers": b"HTTP/1.1 200 OK\r\nContent-Type: app",
    "half of the body": b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"data":',
    "an interim answer": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@pytest.fixture(autouse=True)
def wire() -> None:
    """In the place of the fake network: what is let go here is a connection of the loopback."""


class SlowHost:
    """A host that takes one connection and says so much, once it was asked, and no more; then ``has_said`` is set.

    ``was_let_go`` is set at the end of the connection.
    """

    def __init__(self, said: bytes | None, tls: ssl.SSLContext | None):
        """``said`` None: it does not even answer the handshake of TLS."""
        self._said = said
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.has_said, self.was_let_go = threading.Event(), threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _address = self._listening.accept()
        connection.settimeout(AMPLE)
        if self._tls is not None and self._said is not None:
            connection = self._tls.wrap_socket(connection, server_side=True, suppress_ragged_eofs=True)
        with connection:
            connection.recv(65536)
            connection.sendall(self._said or b"")
            self.has_said.set()
            while connection.recv(65536):
                continue
        self.was_let_go.set()

    def close(self) -> None:
        self._listening.close()


class UpOnceSaid(queue.SimpleQueue):
    """All time passes at once when the host has said what it says; notes how many seconds it was to wait each time."""

    host: SlowHost
    waits: list[float]

    def get(self, timeout: float | None = None):
        if timeout is None:
            # The thread waits for work.
            return super().get()
        self.waits.append(timeout)
        assert self.host.has_said.wait(AMPLE)
        raise queue.Empty


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    authority, path = trustme.CA(), tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return path, context


@pytest.fixture
def given_up(authority, monkeypatch, request):
    """Ask a host that says so much; the error, and the host."""

    def ask(said: bytes | None, method: str, *, tls: bool):
        ca_path, context = authority
        host = SlowHost(said, context if tls else None)
        request.addfinalizer(host.close)
        waits: list[float] = []
        monkeypatch.setattr(UpOnceSaid, "host", host, raising=False)
        monkeypatch.setattr(UpOnceSaid, "waits", waits, raising=False)
        monkeypatch.setattr(request_thread.queue, "SimpleQueue", UpOnceSaid)
        monkeypatch.setattr(request_thread, "time", SimpleNamespace(monotonic=lambda: sum(waits)))
        scheme = "https" if tls else "http"
        http = HttpClient(f"{scheme}://127.0.0.1:{host.port}", verify=str(ca_path), timeout=20.0)
        with pytest.raises((NoAnswerError, NotSentError)) as raised:
            http.request(method, "/api/v1/users/me", bearer="a-token")
        assert sum(waits) == 60.0
        assert max(waits) <= 1.0
        return raised.value, host

    return ask


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_call_that_is_given_up_is_not_repeated_and_lets_its_connection_go(given_up, said, tls):
    error, host = given_up(said, "GET", tls=tls)
    assert "no whole answer within 60 s (three times the option timeout)" in str(error)
    assert host.was_let_go.wait(AMPLE)


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_of_a_write_that_is_given_up_it_is_said_that_it_may_have_been_carried_out(given_up, tls):
    error, _host = given_up(b"", "DELETE", tls=tls)
    assert isinstance(error, NoAnswerError) and "is not known" in str(error)


def test_one_that_is_given_up_within_the_handshake_was_not_sent(given_up):
    error, _host = given_up(None, "DELETE", tls=True)
    assert isinstance(error, NotSentError) and "Nothing was sent" in str(error)
