# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is repeated, after which wait, and what never is."""

from __future__ import annotations

import random
import ssl

import pytest
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    NoAnswerError,
    NotSentError,
    RefusedError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

DROPPED = requests.ConnectionError("Connection aborted")
NO_CONNECTION = requests.ConnectTimeout("slow")
NO_ANSWER = [
    DROPPED,
    requests.ReadTimeout("slow"),
    requests.exceptions.ChunkedEncodingError("cut off"),
]
WRITES = ["POST", "PATCH", "DELETE"]
UNKNOWN = "Whether the tenant carried it out is not known."


def _tls_error(reason: str) -> ssl.SSLError:
    """What Python raises for what OpenSSL calls ``reason``."""
    error = ssl.SSLError(1, f"[SSL: {reason}] in OpenSSL's words")
    error.reason = reason
    return error


@pytest.fixture
def full_backoff(monkeypatch):
    """Takes the chance out of the backoff: always the longest wait."""
    monkeypatch.setattr(random, "uniform", lambda least, most: most)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_is_repeated_on_passing_faults_with_a_doubling_backoff(wire, waits, full_backoff, status):
    for _time in range(3):
        wire.expects("GET", "/x", bearer=None).answers(status)
    wire.expects("GET", "/x", bearer=None).answers(200, json={})
    assert HttpClient(BASE, retry_interval=0.5).request("GET", "/x").status == 200
    assert waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("error", [*NO_ANSWER, NO_CONNECTION], ids=lambda error: type(error).__name__)
def test_a_read_is_repeated_when_no_answer_came(wire, waits, full_backoff, error):
    wire.expects("GET", "/x", bearer=None).fails(error)
    wire.expects("GET", "/x", bearer=None).answers(200, json={})
    assert HttpClient(BASE).request("GET", "/x").status == 200
    assert waits == [1.0]


def test_the_backoff_is_shortened_by_chance_to_no_less_than_half(wire, waits, monkeypatch):
    monkeypatch.setattr(random, "uniform", lambda least, most: (least, most) == (0.5, 1.0) and least)
    for _time in range(2):
        wire.expects("GET", "/x", bearer=None).answers(503)
    wire.expects("GET", "/x", bearer=None).answers(200)
    HttpClient(BASE).request("GET", "/x")
    assert waits == [0.5, 1.0]


def test_no_backoff_is_longer_than_half_a_minute(wire, waits, full_backoff):
    for _time in range(11):
        wire.expects("GET", "/x", bearer=None).answers(503)
    with pytest.raises(RefusedError):
        HttpClient(BASE, retries=10).request("GET", "/x")
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0, 30.0]


def test_after_the_last_repetition_the_refusal_is_told(wire):
    for _time in range(3):
        wire.expects("GET", "/x", bearer=None).answers(503)
    with pytest.raises(RefusedError, match="GET /x was refused with 503"):
        HttpClient(BASE, retries=2).request("GET", "/x")


def test_after_the_last_repetition_the_missing_answer_is_told(wire):
    for _time in range(3):
        wire.expects("GET", "/x", bearer=None).fails(DROPPED)
    with pytest.raises(NoAnswerError) as failed:
        HttpClient(BASE, retries=2).request("GET", "/x")
    assert str(failed.value) == f"GET {BASE}/x got no answer: Connection aborted (tried 3 times)."
    assert failed.value.failure == {"method": "GET", "path": "/x"}


def test_waits_for_a_limit_do_not_use_up_repetitions(wire, waits, full_backoff):
    for answer in ({"status": 429, "headers": {"Retry-After": "9"}}, {"status": 503}, {"status": 429}, {"status": 200}):
        wire.expects("GET", "/x", bearer=None).answers(**answer)
    HttpClient(BASE, retries=1).request("GET", "/x")
    assert waits == [9.0, 1.0, 1.0]


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_write_is_never_repeated_on_a_fault(wire, waits, method, status):
    wire.expects(method, "/x", bearer=None).answers(status)
    with pytest.raises(RefusedError):
        HttpClient(BASE).request(method, "/x")
    assert waits == []


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("error", NO_ANSWER, ids=lambda error: type(error).__name__)
def test_a_write_without_an_answer_is_never_repeated_and_says_that_its_fate_is_unknown(wire, waits, method, error):
    wire.expects(method, "/x", bearer=None).fails(error)
    with pytest.raises(NoAnswerError, match=UNKNOWN):
        HttpClient(BASE).request(method, "/x")
    assert waits == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 501])
def test_a_read_is_not_repeated_on_lasting_refusals(wire, waits, status):
    wire.expects("GET", "/x", bearer=None).answers(status)
    with pytest.raises(RefusedError):
        HttpClient(BASE).request("GET", "/x")
    assert waits == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            requests.exceptions.SSLError(
                ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate")
            ),
            "the certificate was not accepted: certificate verify failed: self-signed certificate. "
            "For a private authority, give ca_path",
        ),
        (
            requests.exceptions.SSLError(_tls_error("WRONG_VERSION_NUMBER")),
            "what answers there does not speak TLS; the port may be wrong, or one for plain http",
        ),
        (requests.exceptions.InvalidURL("Failed to parse"), "Failed to parse"),
        (requests.exceptions.InvalidHeader("Header part must not have a line break"), "Header part must not have"),
        (
            OSError("Could not find a suitable TLS CA certificate bundle"),
            "Could not find a suitable TLS CA certificate",
        ),
    ],
    ids=["certificate", "no TLS", "address", "header", "file of authorities"],
)
def test_what_was_not_sent_and_would_fail_again_is_not_repeated(wire, waits, error, message):
    wire.expects("GET", "/x", bearer=None).fails(error)
    with pytest.raises(NotSentError) as failed:
        HttpClient(BASE).request("GET", "/x")
    assert str(failed.value).startswith(f"GET {BASE}/x got no answer: {message}")
    assert str(failed.value).endswith("Nothing was sent.")
    assert waits == []


@pytest.mark.parametrize("error", [ValueError("odd"), KeyError("odd"), AttributeError("odd"), RecursionError("odd")])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_defect_beneath_the_client_is_no_answer_and_is_not_repeated(wire, waits, method, error):
    wire.expects(method, "/x", bearer=None).fails(error)
    with pytest.raises(NoAnswerError) as failed:
        HttpClient(BASE).request(method, "/x")
    kind = type(error).__name__
    assert str(failed.value).startswith(
        f"{method} {BASE}/x got no answer: {kind} while it was sent or its answer read."
    )
    assert (UNKNOWN in str(failed.value)) is (method == "POST")
    assert waits == []


def test_a_timeout_while_connecting_is_told_with_its_seconds(wire):
    wire.expects("GET", "/x", bearer=None).fails(NO_CONNECTION)
    with pytest.raises(NotSentError) as failed:
        HttpClient(BASE, timeout=2.5, retries=0).request("GET", "/x")
    assert str(failed.value) == f"GET {BASE}/x got no answer: no connection within 2.5 s. Nothing was sent."


def test_a_timeout_while_reading_is_told_with_its_seconds(wire):
    wire.expects("GET", "/x", bearer=None).fails(requests.ReadTimeout("x"))
    with pytest.raises(NoAnswerError) as failed:
        HttpClient(BASE, timeout=2.5, retries=0).request("GET", "/x")
    assert str(failed.value) == f"GET {BASE}/x got no answer: nothing came within 2.5 s (option timeout)."


@pytest.mark.parametrize("reason", [NewConnectionError, ConnectTimeoutError])
@pytest.mark.parametrize("method", WRITES)
def test_the_fate_of_a_write_that_found_no_connection_is_known(wire, waits, method, reason):
    wire.expects(method, "/x", bearer=None).fails(
        requests.ConnectionError(MaxRetryError(None, "/x", reason(None, "no connection")))
    )
    with pytest.raises(NotSentError, match="no connection.* Nothing was sent.$") as failed:
        HttpClient(BASE).request(method, "/x")
    assert not failed.value.may_have_been_done
    assert waits == []


def test_the_innermost_cause_is_told_without_the_objects_around_it(wire):
    refused_connection = ConnectionRefusedError(111, "Connection refused")
    outer = requests.ConnectionError("HTTPSConnectionPool(host='tenant.example.com', port=443): Max retries exceeded")
    outer.__context__ = refused_connection
    wire.expects("GET", "/x", bearer=None).fails(outer)
    with pytest.raises(NoAnswerError) as failed:
        HttpClient(BASE, retries=0).request("GET", "/x")
    assert str(failed.value) == f"GET {BASE}/x got no answer: Connection refused."


def test_a_prefix_of_the_address_is_told_once(wire):
    wire.expects("GET", "/prefix/x", bearer=None).fails(DROPPED)
    with pytest.raises(NoAnswerError, match=f"^GET {BASE}/prefix/x got no answer"):
        HttpClient(f"{BASE}/prefix", retries=0).request("GET", "/x")
