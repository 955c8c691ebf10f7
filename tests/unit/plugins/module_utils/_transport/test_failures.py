# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a request that got no answer. What real sockets and proxies do is tried in tests/hostile."""

from __future__ import annotations

from http.client import BadStatusLine, RemoteDisconnected

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ProxyError

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.bodies import IncompleteBodyError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.failures import (
    describe_failure,
    describe_proxy,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.request_thread import (
    Attempt,
    DeadlineExceeded,
)

URL = "https://tenant.example.com/x"
CONNECTING = Attempt(is_connecting=True)
SENT = Attempt(was_sent=True)


@pytest.mark.parametrize(
    ("proxy", "shown"),
    [
        ("http://proxy.example:3128", "proxy.example:3128 (HTTPS_PROXY)"),
        ("proxy.example:3128", "proxy.example:3128 (HTTPS_PROXY)"),
        ("http://proxy.example", "proxy.example (HTTPS_PROXY)"),
        ("http://somebody:hunter2@proxy.example:3128", "proxy.example:3128 (HTTPS_PROXY)"),
        ("socks5h://somebody:hunter2@proxy.example:1080", "proxy.example:1080 (HTTPS_PROXY)"),
        ("http://somebody:hunter2@:3128", "that HTTPS_PROXY names"),
        ("http://somebody:hunt/er2@proxy.example:3128", "that HTTPS_PROXY names"),
        ("http://somebody:hunt#hunter2@proxy.example", "that HTTPS_PROXY names"),
        ("http://somebody:hunt?hunter2@proxy.example", "that HTTPS_PROXY names"),
        ("http://somebody:hunter2@proxy.example:port", "that HTTPS_PROXY names"),
        ("http://[somebody:hunter2", "that HTTPS_PROXY names"),
    ],
)
def test_a_proxy_is_named_without_its_user_and_password(proxy, shown):
    assert describe_proxy(URL, {"https": proxy}) == shown


@pytest.mark.parametrize("proxies", [{}, {"https": ""}, {"http": "http://proxy.example"}])
def test_a_direct_connection_has_no_proxy_to_name(proxies):
    assert describe_proxy(URL, proxies) is None


def tunnel_error(answer: str) -> requests.exceptions.ProxyError:
    """What requests raises when a proxy answers CONNECT with ``answer``."""
    inner = OSError(f"Tunnel connection failed: {answer}")
    return requests.exceptions.ProxyError(MaxRetryError(None, "/x", ProxyError("Unable to connect to proxy", inner)))


@pytest.mark.parametrize(
    ("answer", "may_pass", "why"),
    [
        ("503 Service Unavailable", True, "the proxy P made no connection: 503 Service Unavailable"),
        ("403 Forbidden", False, "the proxy P made no connection: 403 Forbidden"),
        (
            "407 Authentication Required",
            False,
            "the proxy P made no connection: 407 Authentication Required. Give it a user and password that it accepts",
        ),
    ],
)
def test_the_proxys_word_is_told_as_its_own(answer, may_pass, why):
    failure = describe_failure(tunnel_error(answer), CONNECTING, 30, 90, "P")
    assert (failure.reason, failure.was_not_sent, failure.is_transient) == (why, True, may_pass)


@pytest.mark.parametrize(
    "error", [requests.exceptions.InvalidProxyURL("http://u:hunter2@x"), AttributeError("hunter2")]
)
def test_an_address_of_a_proxy_that_cannot_be_used_is_told_without_it(error):
    failure = describe_failure(error, Attempt(), 30, 90, "that HTTPS_PROXY names")
    assert failure.reason == "the address of the proxy that HTTPS_PROXY names is not usable"
    assert (failure.was_not_sent, failure.is_transient) == (True, False)


@pytest.mark.parametrize(("attempt", "was_not_sent"), [(CONNECTING, True), (SENT, False), (Attempt(), False)])
def test_a_call_that_outlived_its_deadline_was_not_sent_only_if_it_was_connecting(attempt, was_not_sent):
    failure = describe_failure(DeadlineExceeded(), attempt, 30, 90, None)
    assert failure.reason == "there was no whole answer within 90 s (three times the option timeout)"
    assert (failure.was_not_sent, failure.is_transient) == (was_not_sent, False)


def test_what_was_sent_by_a_proxy_and_lost_is_not_known():
    lost = requests.exceptions.ConnectionError(ConnectionResetError(104, "Connection reset by peer"))
    failure = describe_failure(lost, SENT, 30, 90, "P")
    assert failure.reason == "through the proxy P, Connection reset by peer"
    assert (failure.was_not_sent, failure.is_transient) == (False, True)


def test_what_is_no_http_is_told_as_that():
    garbage = requests.exceptions.ConnectionError(
        ProtocolError("Connection aborted.", BadStatusLine("SSH-2.0-OpenSSH"))
    )
    failure = describe_failure(garbage, SENT, 30, 90, None)
    assert failure.reason == "what came does not begin as an answer of HTTP does: SSH-2.0-OpenSSH"
    closed = requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", RemoteDisconnected("It ended")))
    assert describe_failure(closed, SENT, 30, 90, None).reason == "It ended"


def test_an_incomplete_body_may_come_whole_the_next_time():
    failure = describe_failure(IncompleteBodyError("5 of 9 bytes came"), SENT, 30, 90, None)
    assert (failure.reason, failure.was_not_sent, failure.is_transient) == ("5 of 9 bytes came", False, True)


def test_another_end_that_speaks_tls_to_plain_http_is_told():
    error = requests.exceptions.ConnectionError("\x15\x03\x03 garbage")
    failure = describe_failure(error, SENT, 30, 90, None)
    assert failure.reason == "what answers there speaks TLS; the address must begin with https://"
    assert not failure.is_transient


def test_errors_that_name_each_other_in_a_circle_come_to_an_end():
    one, other = OSError("one"), NewConnectionError(None, "other")
    one.__context__, other.__context__ = other, one
    assert describe_failure(one, CONNECTING, 30, 90, None).was_not_sent
