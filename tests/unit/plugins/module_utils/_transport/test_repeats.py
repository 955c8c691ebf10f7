# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is repeated, after which wait, and what never is."""

from __future__ import annotations

import random
import ssl

import pytest
import requests
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    NoAnswerError,
    RefusedError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http
from unit.wire import BASE
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

DROPPED = requests.ConnectionError("Connection aborted")
NO_ANSWER = [
    DROPPED,
    requests.ConnectTimeout("slow"),
    requests.ReadTimeout("slow"),
    requests.exceptions.ChunkedEncodingError("cut off"),
]
WRITES = ["POST", "PATCH", "DELETE"]
UNKNOWN = "Whether the tenant carried it out is not known."


@pytest.fixture
def full_backoff(monkeypatch):
    """Takes the chance out of the backoff: always the longest wait."""
    monkeypatch.setattr(random, "uniform", lambda least, most: most)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_is_repeated_on_passing_faults_with_a_doubling_backoff(wire, waits, full_backoff, status):
    for _time in range(3):
        wire.expects("GET", "/x", bearer=None).answers(status)
    wire.expects("GET", "/x", bearer=None).answers(200, json={})
    assert Http(BASE, retry_interval=0.5).request("GET", "/x").status == 200
    assert waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("error", NO_ANSWER, ids=lambda error: type(error).__name__)
def test_a_read_is_repeated_when_no_answer_came(wire, waits, full_backoff, error):
    wire.expects("GET", "/x", bearer=None).fails(error)
    wire.expects("GET", "/x", bearer=None).answers(200, json={})
    assert Http(BASE).request("GET", "/x").status == 200
    assert waits == [1.0]


def test_the_backoff_is_shortened_by_chance_to_no_less_than_half(wire, waits, monkeypatch):
    monkeypatch.setattr(random, "uniform", lambda least, most: (least, most) == (0.5, 1.0) and least)
    for _time in range(2):
        wire.expects("GET", "/x", bearer=None).answers(503)
    wire.expects("GET", "/x", bearer=None).answers(200)
    Http(BASE).request("GET", "/x")
    assert waits == [0.5, 1.0]


def test_no_backoff_is_longer_than_half_a_minute(wire, waits, full_backoff):
    for _time in range(11):
        wire.expects("GET", "/x", bearer=None).answers(503)
    with pytest.raises(RefusedError):
        Http(BASE, retries=10).request("GET", "/x")
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0, 30.0]


def test_after_the_last_repetition_the_refusal_is_told(wire):
    for _time in range(3):
        wire.expects("GET", "/x", bearer=None).answers(503)
    with pytest.raises(RefusedError, match="GET /x was refused with 503"):
        Http(BASE, retries=2).request("GET", "/x")


def test_after_the_last_repetition_the_missing_answer_is_told(wire):
    for _time in range(3):
        wire.expects("GET", "/x", bearer=None).fails(DROPPED)
    with pytest.raises(NoAnswerError) as failed:
        Http(BASE, retries=2).request("GET", "/x")
    assert str(failed.value) == f"GET {BASE}/x got no answer: Connection aborted (tried 3 times)."
    assert failed.value.failure == {"method": "GET", "path": "/x"}


def test_waits_for_a_limit_do_not_use_up_repetitions(wire, waits, full_backoff):
    for answer in ({"status": 429, "headers": {"Retry-After": "9"}}, {"status": 503}, {"status": 429}, {"status": 200}):
        wire.expects("GET", "/x", bearer=None).answers(**answer)
    Http(BASE, retries=1).request("GET", "/x")
    assert waits == [9.0, 1.0, 1.0]


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_write_is_never_repeated_on_a_fault(wire, waits, method, status):
    wire.expects(method, "/x", bearer=None).answers(status)
    with pytest.raises(RefusedError):
        Http(BASE).request(method, "/x")
    assert waits == []


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("error", NO_ANSWER, ids=lambda error: type(error).__name__)
def test_a_write_without_an_answer_is_never_repeated_and_says_that_its_fate_is_unknown(wire, waits, method, error):
    wire.expects(method, "/x", bearer=None).fails(error)
    with pytest.raises(NoAnswerError, match=UNKNOWN):
        Http(BASE).request(method, "/x")
    assert waits == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 501])
def test_a_read_is_not_repeated_on_lasting_refusals(wire, waits, status):
    wire.expects("GET", "/x", bearer=None).answers(status)
    with pytest.raises(RefusedError):
        Http(BASE).request("GET", "/x")
    assert waits == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            requests.exceptions.SSLError(ssl.SSLError(1, "certificate verify failed: self-signed certificate")),
            "the certificate was not accepted: certificate verify failed: self-signed certificate. "
            "For a private authority, give ca_path",
        ),
        (requests.exceptions.ProxyError("Tunnel connection failed: 407"), "Tunnel connection failed: 407"),
        (requests.exceptions.InvalidURL("Failed to parse"), "Failed to parse"),
        (
            OSError("Could not find a suitable TLS CA certificate bundle"),
            "Could not find a suitable TLS CA certificate",
        ),
    ],
    ids=lambda part: type(part).__name__,
)
def test_what_would_fail_again_is_not_repeated(wire, waits, error, told):
    if isinstance(error, requests.exceptions.SSLError):
        error.__cause__ = error.args[0]
    wire.expects("GET", "/x", bearer=None).fails(error)
    with pytest.raises(NoAnswerError) as failed:
        Http(BASE).request("GET", "/x")
    assert str(failed.value).startswith(f"GET {BASE}/x got no answer: {told}")
    assert waits == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (requests.ConnectTimeout("x"), "no connection within 2.5 s"),
        (requests.ReadTimeout("x"), "nothing came within 2.5 s (option timeout)"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_a_timeout_is_told_with_its_seconds(wire, error, told):
    wire.expects("GET", "/x", bearer=None).fails(error)
    with pytest.raises(NoAnswerError) as failed:
        Http(BASE, timeout=2.5, retries=0).request("GET", "/x")
    assert str(failed.value) == f"GET {BASE}/x got no answer: {told}."


@pytest.mark.parametrize("reason", [NewConnectionError, ConnectTimeoutError])
def test_the_fate_of_a_write_that_found_no_connection_is_known(wire, reason):
    wire.expects("POST", "/x", bearer=None).fails(
        requests.ConnectionError(MaxRetryError(None, "/x", reason(None, "no connection")))
    )
    with pytest.raises(NoAnswerError) as failed:
        Http(BASE).request("POST", "/x")
    assert "no connection" in str(failed.value) and UNKNOWN not in str(failed.value)


def test_the_innermost_cause_is_told_without_the_objects_around_it(wire):
    refused_connection = ConnectionRefusedError(111, "Connection refused")
    outer = requests.ConnectionError("HTTPSConnectionPool(host='tenant.example.com', port=443): Max retries exceeded")
    outer.__context__ = refused_connection
    wire.expects("GET", "/x", bearer=None).fails(outer)
    with pytest.raises(NoAnswerError) as failed:
        Http(BASE, retries=0).request("GET", "/x")
    assert str(failed.value) == f"GET {BASE}/x got no answer: Connection refused."


def test_a_prefix_of_the_address_is_told_once(wire):
    wire.expects("GET", "/prefix/x", bearer=None).fails(DROPPED)
    with pytest.raises(NoAnswerError, match=f"^GET {BASE}/prefix/x got no answer"):
        Http(f"{BASE}/prefix", retries=0).request("GET", "/x")
