# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    RefusedError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    ImpersonatedUser,
    OAuthClient,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import refused
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

CLIENT = OAuthClient("client-7", "s3cret")
PAIR = {"client_id": "client-7", "client_secret": "s3cret"}
GRANT = {**PAIR, "grant_type": "client_credentials"}
BY_ID = ImpersonatedUser("impersonate_user_id", "user-1")
BY_SUBJECT = ImpersonatedUser("impersonate_subject", "auth0|ann")


@pytest.mark.parametrize(
    ("user", "lookup"),
    [(BY_ID, {"field": "userId", "value": "user-1"}), (BY_SUBJECT, {"field": "subject", "value": "auth0|ann"})],
)
def test_a_client_acts_as_a_user_by_the_grant_for_impersonation(wire, user, lookup):
    grant = {**PAIR, "grant_type": "urn:qlik:oauth:user-impersonation", "user_lookup": lookup}
    wire.expects("POST", "/oauth/token", json=grant, bearer=None).answers(json={"access_token": "fetched"})
    client = replace(CLIENT, acting_as=user)
    assert client.fetch_token(HttpClient(BASE)) == "fetched"
    assert client.origin == f"the OAuth client acting as user {user.value}"


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("user", [BY_ID, BY_SUBJECT])
def test_a_refused_impersonation_is_told_what_client_and_user_must_be(wire, status, user):
    lookup = {"field": {BY_ID: "userId", BY_SUBJECT: "subject"}[user], "value": user.value}
    grant = {**PAIR, "grant_type": "urn:qlik:oauth:user-impersonation", "user_lookup": lookup}
    wire.expects("POST", "/oauth/token", json=grant, bearer=None).answers(status)
    with pytest.raises(RefusedError) as failed:
        replace(CLIENT, acting_as=user).fetch_token(HttpClient(BASE))
    assert "Check the id and secret of the OAuth client (client_id, client_secret)" in str(failed.value)
    assert f"To act as user {user.value} ({user.option}), that user must exist on this tenant" in str(failed.value)
    assert "one of the tenant itself with the right to impersonate users" in str(failed.value)


def test_a_refused_client_of_a_context_is_told_by_the_context(wire):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(401)
    with pytest.raises(UnauthorizedError, match="secret of the OAuth client \\(in the context prod\\), and that it"):
        replace(CLIENT, context="prod").fetch_token(HttpClient(BASE))


@pytest.mark.parametrize("status", [404, 500])
def test_a_failure_that_is_not_the_clients_blames_nobody(wire, status):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(status)
    with pytest.raises(RefusedError) as failed:
        CLIENT.fetch_token(HttpClient(BASE))
    assert "Check" not in str(failed.value)


@pytest.mark.parametrize(("status", "kind"), [(400, RefusedError), (401, UnauthorizedError), (403, ForbiddenError)])
def test_a_refused_client_is_told_what_to_check_and_not_its_secret(wire, status, kind):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(status, json={"error": "invalid_client"})
    with pytest.raises(kind) as failed:
        CLIENT.fetch_token(HttpClient(BASE))
    assert "invalid_client. Check the id and secret of the OAuth client" in str(failed.value)
    shown = f"{failed.value} {failed.value.failure}"
    assert "s3cret" not in shown and "client-7" not in shown


def test_signing_in_waits_for_the_rate_limit_like_any_call(wire, waits):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(
        429, json=refused("L", "Slow"), headers={"Retry-After": "8"}
    )
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(json={"access_token": "fetched"})
    assert (CLIENT.fetch_token(HttpClient(BASE)), waits) == ("fetched", [8.0])


@pytest.mark.parametrize("answer", [{"json": {}}, {"json": {"access_token": None}}, {"text": "<h1>Sign in</h1>"}])
def test_an_answer_without_a_token_cannot_be_used(wire, answer):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(200, **answer)
    with pytest.raises(UnusableAnswerError):
        CLIENT.fetch_token(HttpClient(BASE))


@pytest.mark.parametrize("token", ["cut\nHIDDEN", "HIDDEN tök", ""])
def test_a_token_that_no_header_can_carry_cannot_be_used_and_is_not_repeated(wire, token):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(json={"access_token": token})
    with pytest.raises(UnusableAnswerError) as failed:
        CLIENT.fetch_token(HttpClient(BASE))
    assert "HIDDEN" not in str(failed.value)
