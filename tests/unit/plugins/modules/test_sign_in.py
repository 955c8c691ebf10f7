# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules have in common: whom they sign in as, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import expect_all_roles
from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import CLIENT_SECRET
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER_ID
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    LIST,
    expect_config,
    expect_requester,
    expect_tenant,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, BASE

# The least that each module can be run with.
MODULES = {"api_key": {"description": "d"}, "api_key_config": {}, "api_key_info": {}, "tenant_info": {}}
NOBODY = {"access_token": None}
NOWHERE = {**NOBODY, "tenant_url": None}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("options", "expected"),
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
        ({"rate_limit_wait": -1}, "rate_limit_wait: must be from 0 to 86400 s"),
        ({"ca_path": "/nowhere/ca.pem"}, "ca_path: /nowhere/ca.pem does not exist"),
        ({"headers": {"Authorization": CLIENT_SECRET}}, "headers: must not contain Authorization"),
        ({"impersonate_user_id": "u"}, "impersonate_user_id: takes an OAuth client (client_id and client_secret, or"),
        ({"impersonate_subject": ""}, "impersonate_subject: must not be empty"),
        ({"impersonate_user_id": "u", "impersonate_subject": "s"}, "given together with impersonate_subject"),
        ({**NOBODY, "context": "c", "contexts_file": "/nowhere/c.yml"}, "contexts_file: /nowhere/c.yml does not exist"),
        ({"tenant_url": None, "context": "c", "contexts_file": "/nowhere/c.yml"}, "contexts_file: /nowhere/c.yml does"),
    ],
)
@pytest.mark.parametrize("module", MODULES)
def test_bad_common_options_are_told_by_name_before_any_request(run, wire, module, options, expected, check):
    result = run(module, check=check, verbosity=3, **{**MODULES[module], **options})
    assert expected in result.message
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
    assert "fetched-token" not in result.text


def test_a_refused_oauth_client_is_told_without_its_secret(run, wire):
    body = {"client_id": "client-7", "client_secret": CLIENT_SECRET, "grant_type": "client_credentials"}
    wire.expects("POST", "/oauth/token", json=body, bearer=None).answers(
        401, json={"error": "invalid_client", "error_description": f"wrong: {CLIENT_SECRET}"}
    )
    result = run("tenant_info", **NOBODY, client_id="client-7", client_secret=CLIENT_SECRET)
    assert "POST /oauth/token was refused with 401 (Unauthorized): invalid_client" in result.message
    assert "Check the id and secret of the OAuth client" in result.message
    assert "Signed in" not in result.message and "expired or revoked" not in result.message
    assert result.results["failure"]["path"] == "/oauth/token"


def test_timeout_certificates_and_headers_reach_every_request(run, wire):
    headers = {"X-Gate": "open"}
    wire.expects("GET", "/api/v1/users/me", headers=headers).answers(503, headers={})
    wire.expects("GET", "/api/v1/users/me", headers=headers).answers(401)
    run("tenant_info", timeout=4.5, validate_certs=False, headers=headers, retries=1)
    assert [(sent.how["timeout"], sent.how["verify"]) for sent in wire.sent] == [((4.5, 4.5), False)] * 2


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("option", "field"), [("impersonate_user_id", "userId"), ("impersonate_subject", "subject")])
def test_acting_as_a_user_takes_one_token_call_and_is_told_when_it_is_not_enough(run, wire, check, option, field):
    client = {"client_id": "client-7", "client_secret": CLIENT_SECRET}
    grant = {"grant_type": "urn:qlik:oauth:user-impersonation", "user_lookup": {"field": field, "value": "ann"}}
    wire.expects("POST", "/oauth/token", json={**client, **grant}, bearer=None).answers(
        json={"access_token": "fetched-token"}
    )
    expect_requester(wire, bearer="fetched-token")
    wire.expects("GET", KEYS, bearer="fetched-token", query={**LIST, "sub": USER_ID, "status": "active"}).answers(403)
    result = run("api_key", check=check, verbosity=3, description="d", **NOBODY, **client, **{option: "ann"})
    assert "Signed in with the OAuth client acting as user ann; this call needs" in result.message
    assert "fetched-token" not in result.text


def test_a_key_for_somebody_else_that_is_refused_names_impersonation(run, wire):
    wire.expects("GET", KEYS, query={**LIST, "sub": "ann", "status": "active"}).answers(json={"data": []})
    body = {"description": "d", "subType": "user", "sub": "ann"}
    wire.expects("POST", KEYS, json=body).answers(403)
    result = run("api_key", description="d", sub="ann")
    assert "by impersonation (impersonate_user_id or impersonate_subject, with an OAuth client)" in result.message


@pytest.fixture
def contexts_file(tmp_path) -> str:
    """Two contexts of the tenant that the fake network expects, by an API key and by an OAuth client."""
    path = tmp_path / "contexts.yml"
    by_key = {"server": BASE, "headers": {"authorization": f"bearer {ACCESS_TOKEN}"}}
    by_client = {"server": BASE, "oauth-client-id": "client-7", "oauth-client-secret": CLIENT_SECRET}
    path.write_text(json.dumps({"contexts": {"key": by_key, "client": by_client}}))
    return str(path)


@pytest.mark.parametrize("source", ["option", "environment"])
def test_a_context_gives_address_and_api_key(run, wire, monkeypatch, contexts_file, source):
    options = {**NOWHERE, "contexts_file": contexts_file}
    if source == "environment":
        monkeypatch.setenv("QLIK_CONTEXT", "key")
    else:
        options["context"] = "key"
    expect_requester(wire)
    expect_tenant(wire)
    expect_config(wire)
    expect_all_roles(wire)
    assert run("tenant_info", **options).results["requester"]["id"] == USER_ID


def test_qlik_clis_own_variable_says_where_the_contexts_are(run, wire, monkeypatch, contexts_file):
    monkeypatch.setenv("QLIK_CLI_USER_HOME_DIR", str(Path(contexts_file).parent))
    wire.expects("GET", "/api/v1/users/me").answers(401)
    result = run("tenant_info", **NOWHERE, context="key")
    assert "The access token of the context key is expired or revoked" in result.message


@pytest.mark.parametrize(("user", "acting"), [({}, ""), ({"impersonate_user_id": "ann"}, " acting as user ann")])
def test_a_context_gives_an_oauth_client(run, wire, contexts_file, user, acting):
    grant = {"grant_type": "client_credentials"}
    if user:
        lookup = {"field": "userId", "value": "ann"}
        grant = {"grant_type": "urn:qlik:oauth:user-impersonation", "user_lookup": lookup}
    client = {"client_id": "client-7", "client_secret": CLIENT_SECRET}
    wire.expects("POST", "/oauth/token", json={**client, **grant}, bearer=None).answers(
        json={"access_token": "fetched-token"}
    )
    wire.expects("GET", "/api/v1/users/me", bearer="fetched-token").answers(403)
    result = run("tenant_info", **NOWHERE, context="client", contexts_file=contexts_file, **user)
    assert f"Signed in with the OAuth client of the context client{acting}; this call needs" in result.message
    assert "fetched-token" not in result.text


@pytest.mark.parametrize("context", ["key", "client"])
def test_nothing_of_a_context_is_sent_to_another_host(run, wire, contexts_file, context):
    options = {"tenant_url": "https://other.example.com", "context": context, "contexts_file": contexts_file}
    result = run("tenant_info", **{**NOWHERE, **options})
    assert result.message.startswith(f"tenant_url: https://other.example.com is another host than {BASE}, the server")
    assert wire.sent == []
