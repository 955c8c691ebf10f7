# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said when the tenant refuses, breaks, or answers a creation with something else."""

from __future__ import annotations

import pytest
import requests
from unit.samples import USER_ID, record, refused, token_of
from unit.tenant_calls import KEYS, LIST, expect_listing, expect_requester, expect_retirement

TOKEN = token_of("key-1")
NIGHTLY = {"description": "nightly reload"}
BODY = {"description": "nightly reload", "subType": "user"}
MINE = {"status": "active", "sub": USER_ID}


@pytest.fixture
def creating(run, wire):
    """Runs the module up to its POST, which is answered as told."""

    def runner(status: int, **answer):
        expect_requester(wire)
        expect_listing(wire, **MINE)
        wire.expects("POST", KEYS, json=BODY).answers(status, **answer)
        return run("api_key", verbosity=3, **NIGHTLY)

    return runner


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "was refused with 400 (Bad Request): No."),
        (401, "expired or revoked, belongs to another tenant, or its owner has lost the right to use API keys."),
        (403, "this call needs the Manage API keys permission"),
        (404, "was refused with 404 (Not Found): No."),
        (500, "was refused with 500 (Internal Server Error): No."),
        (503, "was refused with 503 (Service Unavailable): No."),
    ],
)
def test_a_refused_creation_is_told_sent_once_and_not_claimed_to_be_done(creating, waits, status, told):
    result = creating(status, json=refused("APIKEYS-1", "No"))
    assert result.message.startswith("POST /api/v1/api-keys was refused with")
    assert told in result.message
    assert result.results["failure"] == {
        "status": status,
        "code": "APIKEYS-1",
        "title": "No",
        "trace_id": "trace-1",
        "method": "POST",
        "path": KEYS,
    }
    assert "changed" not in result.results and "exception" not in result.results
    assert waits == []


def test_a_rate_limited_creation_is_sent_again_after_the_wait(run, wire, waits):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    wire.expects("POST", KEYS, json=BODY).answers(429, headers={"Retry-After": "40"})
    wire.expects("POST", KEYS, json=BODY).answers(201, json={**record("key-1"), "token": TOKEN})
    assert run("api_key", **NIGHTLY).results["token"] == TOKEN
    assert waits == [40.0]


def test_a_rate_limit_beyond_patience_is_told(creating, waits):
    result = creating(429, headers={"Retry-After": "900"})
    assert "asks to wait 900 s more" in result.message
    assert (result.results["failure"]["status"], waits) == (429, [])


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "<h1>Welcome</h1>"},
        {"text": f"{TOKEN} in no envelope"},
        {"json": [TOKEN]},
        {"json": {"token": TOKEN}},
        {"json": {**record(), "id": None, "token": TOKEN}},
    ],
)
def test_a_creation_answered_with_something_else_is_a_failure_of_unknown_outcome_without_the_token(creating, answer):
    result = creating(201, **answer)
    assert "Whether the tenant carried it out is not known." in result.message
    assert result.results["failure"] == {"status": 201, "method": "POST", "path": KEYS}
    assert TOKEN not in result.text and "exception" not in result.results


@pytest.mark.parametrize("token", [{}, {"token": None}, {"token": ""}, {"token": 5}])
def test_a_key_made_without_a_token_is_retired_again(run, wire, token):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    wire.expects("POST", KEYS, json=BODY).answers(201, json={**record("key-1"), **token})
    expect_retirement(wire, "key-1")
    result = run("api_key", **NIGHTLY)
    assert "made API key key-1, but its answer holds no token" in result.message
    assert [action["action"] for action in result.results["actions"]] == ["create", "retire"]


@pytest.mark.parametrize("odd", [{"expiry": 5}, {"created": True}, {"expiry": "soon"}])
def test_a_token_is_not_lost_over_an_odd_time_in_the_record(creating, odd):
    assert creating(201, json={**record("key-1", **odd), "token": TOKEN}).results["token"] == TOKEN


@pytest.mark.parametrize("error", [requests.ConnectionError("dropped"), requests.ReadTimeout("slow")])
def test_a_creation_without_an_answer_is_not_sent_again(run, wire, error):
    expect_requester(wire)
    expect_listing(wire, **MINE)
    wire.expects("POST", KEYS, json=BODY).fails(error)
    result = run("api_key", **NIGHTLY)
    assert "Whether the tenant carried it out is not known." in result.message
    assert result.results["failure"] == {"method": "POST", "path": KEYS}


def test_an_html_401_of_a_gateway_is_told_by_its_status(run, wire):
    wire.expects("GET", "/api/v1/users/me").answers(401, text="<title>Authorization Required</title> hunter2")
    result = run("api_key", **NIGHTLY)
    assert result.message.startswith(
        "GET /api/v1/users/me was refused with 401 (Unauthorized). Signed in with the access"
    )
    assert "hunter2" not in result.text


def test_a_listing_refused_with_403_names_what_it_needs(run, wire):
    expect_requester(wire)
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(403)
    assert "this call needs the Manage API keys permission for one's own keys" in run("api_key", **NIGHTLY).message
