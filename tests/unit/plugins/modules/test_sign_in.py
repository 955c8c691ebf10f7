# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules have in common: whom they sign in as, and where."""

from __future__ import annotations

import pytest
from unit.module_runs import CLIENT_SECRET
from unit.tenant_calls import expect_requester

# The least that each module can be run with.
MODULES = {"api_key": {"description": "d"}, "api_key_config": {}, "api_key_info": {}, "tenant_info": {}}
NOBODY = {"access_token": None}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (NOBODY, "access_token: no credentials are given. Give either access_token"),
        ({"client_id": "client-7", "client_secret": CLIENT_SECRET}, "access_token: given together with a client pair"),
        ({**NOBODY, "client_id": "client-7"}, "client_secret: missing"),
        ({**NOBODY, "client_secret": CLIENT_SECRET}, "client_id: missing"),
        ({"access_token": "Bearer access-token"}, "access_token: give the token alone"),
        ({"tenant_url": None}, "tenant_url: not given"),
        ({"tenant_url": "http://tenant.example.com"}, "unencrypted; use https://"),
        ({"tenant_url": "tenant.example.com"}, "is not of the form https://"),
        ({"timeout": 0}, "timeout: must be more than 0"),
        ({"retries": 11}, "retries: must be from 0 to 10"),
        ({"retry_interval": -1}, "retry_interval: must be from 0"),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path: /nowhere/ca.pem does not exist"),
        ({"headers": {"Authorization": CLIENT_SECRET}}, "headers: must not contain Authorization"),
    ],
)
@pytest.mark.parametrize("module", MODULES)
def test_bad_common_options_are_told_by_name_before_any_request(run, wire, module, options, told, check):
    result = run(module, check=check, verbosity=3, **{**MODULES[module], **options})
    assert told in result.message
    assert "exception" not in result.results
    assert wire.sent == []


@pytest.mark.parametrize("source", ["options", "environment"])
def test_an_oauth_client_signs_in_once_for_all_calls_of_a_run(run, wire, monkeypatch, source):
    client = {"client_id": "client-7", "client_secret": CLIENT_SECRET}
    if source == "environment":
        for name, value in client.items():
            monkeypatch.setenv(f"QLIK_{name.upper()}", value)
    wire.expects("POST", "/oauth/token", json={**client, "grant_type": "client_credentials"}, bearer=None).answers(
        json={"access_token": "fetched-token"}
    )
    expect_requester(wire, bearer="fetched-token")
    wire.expects("GET", "/api/v1/tenants/me", bearer="fetched-token").answers(403)
    result = run("tenant_info", verbosity=3, **NOBODY, **(client if source == "options" else {}))
    assert "Signed in with the OAuth client" in result.message
    assert "fetched-token" not in result.text and "client-7" not in result.text


def test_a_refused_oauth_client_is_told_without_its_secret(run, wire):
    body = {"client_id": "client-7", "client_secret": CLIENT_SECRET, "grant_type": "client_credentials"}
    wire.expects("POST", "/oauth/token", json=body, bearer=None).answers(
        401, json={"error": "invalid_client", "error_description": f"wrong: {CLIENT_SECRET}"}
    )
    result = run("tenant_info", **NOBODY, client_id="client-7", client_secret=CLIENT_SECRET)
    assert "POST /oauth/token was refused with 401 (Unauthorized): invalid_client" in result.message
    assert result.results["failure"]["path"] == "/oauth/token"


def test_timeout_certificates_and_headers_reach_every_request(run, wire):
    headers = {"X-Gate": "open"}
    wire.expects("GET", "/api/v1/users/me", headers=headers).answers(503, headers={})
    wire.expects("GET", "/api/v1/users/me", headers=headers).answers(401)
    run("tenant_info", timeout=4.5, validate_certs=False, headers=headers, retries=1)
    assert [(sent.how["timeout"], sent.how["verify"]) for sent in wire.sent] == [((4.5, 4.5), False)] * 2
