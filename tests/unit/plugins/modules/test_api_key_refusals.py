# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said when the tenant refuses, or makes a key in another way than it should."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, record, refused, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import ENTRA, PROVIDERS
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    LIST,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_requester,
    expect_retirement,
    steps,
)

TOKEN = token_of("key-1")


@pytest.fixture
def creating(run, wire):
    """Runs the module up to its POST, which is answered as told."""

    def runner(status: int, **answer):
        expect_my_keys(wire)
        wire.expects("POST", KEYS, json=BODY).answers(status, **answer)
        return run("api_key", verbosity=3, **NIGHTLY)

    return runner


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            400,
            "was refused with 400 (Bad Request): No. If it is a limit of the tenant that is in the way, max_keys_per_user",
        ),
        (401, "expired or revoked, belongs to another tenant, or its owner has lost the right to use API keys."),
        (403, "this call needs the Manage API keys permission"),
        (404, "was refused with 404 (Not Found): No."),
        (409, "was refused with 409 (Conflict): No."),
    ],
)
def test_a_refused_creation_is_told_sent_once_and_not_claimed_to_be_done(creating, waits, status, expected):
    result = creating(status, json=refused("APIKEYS-1", "No"))
    assert result.message.startswith("POST /api/v1/api-keys was refused with")
    assert expected in result.message
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


UNKNOWN_PROVIDER = f"The tenant has no identity provider {IDP_ID}; tenantops.qlik_cloud.identity_provider_info lists those that it has."
LIMITS = "If it is a limit of the tenant that is in the way"


@pytest.mark.parametrize(
    ("provider", "said", "not_said"),
    [
        ({"status": 404, "json": refused("IDP-1", "Not found")}, UNKNOWN_PROVIDER, LIMITS),
        ({"status": 200, "json": ENTRA}, LIMITS, UNKNOWN_PROVIDER),
        ({"status": 403}, LIMITS, UNKNOWN_PROVIDER),
    ],
)
def test_a_scim_key_for_an_unknown_provider_is_no_matter_of_limits(run, wire, provider, said, not_said):
    expect_listing(wire, status="active")
    body = {"description": "Entra", "sub": f"SCIM\\{IDP_ID}", "subType": "externalClient"}
    wire.expects("POST", KEYS, json=body).answers(400, json=refused("APIKEYS-1", "No"))
    wire.expects("GET", f"{PROVIDERS}/{IDP_ID}").answers(**provider)
    result = run("api_key", description="Entra", idp_id=IDP_ID, return_token=True)
    assert said in result.message and not_said not in result.message
    assert result.results["failure"]["status"] == 400


def test_a_creation_refused_otherwise_does_not_name_the_limits(creating):
    assert LIMITS not in creating(409, json=refused("APIKEYS-1", "No")).message


def test_a_rate_limited_creation_is_sent_again_after_the_wait(run, wire, waits):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(429, headers={"Retry-After": "40"})
    expect_new_key(wire, "key-1")
    assert run("api_key", **NIGHTLY).results["token"] == TOKEN
    assert waits == [40.0]


def test_a_rate_limit_beyond_patience_is_told(creating, waits):
    result = creating(429, headers={"Retry-After": "901"})
    assert "asks to wait 901 s more" in result.message
    assert (result.results["failure"]["status"], waits) == (429, [])


@pytest.mark.parametrize("token", [{}, {"token": None}, {"token": ""}, {"token": 5}])
def test_a_key_made_without_a_token_is_retired_again(run, wire, token):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(201, json={**record("key-1"), **token})
    expect_retirement(wire, "key-1")
    result = run("api_key", **NIGHTLY)
    assert "made API key key-1, but its answer holds no token" in result.message
    assert "was retired again (deleted), so no key without a token is left." in result.message
    assert (steps(result.results), steps(result.results, "remaining")) == (["retire key-1"], ["create"])


def test_a_key_made_without_a_token_that_cannot_be_retired_again_is_named(run, wire):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(201, json=record("key-1"))
    wire.expects("DELETE", f"{KEYS}/key-1").answers(403)
    result = run("api_key", **NIGHTLY)
    assert "API key key-1 is active and nobody holds its token: retire it" in result.message
    assert result.results["failure"]["path"] == f"{KEYS}/key-1"


@pytest.mark.parametrize("odd", [{"expiry": 5}, {"created": True}, {"expiry": "soon"}])
def test_a_token_is_not_lost_over_an_odd_time_in_the_record(creating, odd):
    assert creating(201, json={**record("key-1", **odd), "token": TOKEN}).results["token"] == TOKEN


def test_an_html_401_of_a_gateway_is_told_by_its_status(run, wire):
    wire.expects("GET", "/api/v1/users/me").answers(401, text="<title>Authorization Required</title> hunter2")
    result = run("api_key", **NIGHTLY)
    assert result.message.startswith(
        "GET /api/v1/users/me was refused with 401 (Unauthorized). The access token is expired"
    )
    assert "hunter2" not in result.text


def test_a_listing_refused_with_403_names_what_it_needs(run, wire):
    expect_requester(wire)
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(403)
    assert "this call needs the Manage API keys permission for one's own keys" in run("api_key", **NIGHTLY).message
