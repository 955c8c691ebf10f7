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
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer import Bearer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    ImpersonatedUser,
    OAuthClient,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http
from unit.samples import refused
from unit.wire import BASE

CLIENT = OAuthClient("client-7", "s3cret")
PAIR = {"client_id": "client-7", "client_secret": "s3cret"}
GRANT = {**PAIR, "grant_type": "client_credentials"}
BY_ID = ImpersonatedUser("impersonate_user_id", "user-1")
BY_SUBJECT = ImpersonatedUser("impersonate_subject", "auth0|ann")


@pytest.fixture
def hidden() -> list[str]:
    return []


def test_an_access_token_is_used_as_it_is_without_any_request(hidden):
    bearer = Bearer(Http(BASE), AccessToken("own-token"), hidden.append)
    assert (bearer.token(), bearer.origin, hidden) == ("own-token", "the access token", [])


def test_a_clients_token_is_fetched_when_first_needed_once_and_hidden(wire, hidden):
    bearer = Bearer(Http(BASE), CLIENT, hidden.append)
    assert (bearer.origin, wire.sent) == ("the OAuth client", [])
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(
        json={"access_token": "fetched", "token_type": "bearer", "expires_in": 21600}
    )
    assert [bearer.token(), bearer.token()] == ["fetched", "fetched"]
    assert hidden == ["fetched"]


@pytest.mark.parametrize(
    ("user", "lookup"),
    [(BY_ID, {"field": "userId", "value": "user-1"}), (BY_SUBJECT, {"field": "subject", "value": "auth0|ann"})],
)
def test_a_client_acts_as_a_user_by_the_grant_for_impersonation(wire, hidden, user, lookup):
    grant = {**PAIR, "grant_type": "urn:qlik:oauth:user-impersonation", "user_lookup": lookup}
    wire.expects("POST", "/oauth/token", json=grant, bearer=None).answers(json={"access_token": "fetched"})
    bearer = Bearer(Http(BASE), replace(CLIENT, acting_as=user), hidden.append)
    assert (bearer.origin, bearer.token()) == (f"the OAuth client acting as user {user.value}", "fetched")
    assert hidden == ["fetched"]


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("user", [BY_ID, BY_SUBJECT])
def test_a_refused_impersonation_is_told_what_client_and_user_must_be(wire, hidden, status, user):
    lookup = {"field": {BY_ID: "userId", BY_SUBJECT: "subject"}[user], "value": user.value}
    grant = {**PAIR, "grant_type": "urn:qlik:oauth:user-impersonation", "user_lookup": lookup}
    wire.expects("POST", "/oauth/token", json=grant, bearer=None).answers(status)
    with pytest.raises(RefusedError) as failed:
        Bearer(Http(BASE), replace(CLIENT, acting_as=user), hidden.append).token()
    assert "Check the id and secret of the OAuth client (client_id, client_secret)" in str(failed.value)
    assert f"To act as user {user.value} ({user.option}), that user must exist on this tenant" in str(failed.value)
    assert "one of the tenant itself with the right to impersonate users" in str(failed.value)


def test_a_refused_client_of_a_context_is_told_by_the_context(wire, hidden):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(401)
    with pytest.raises(UnauthorizedError, match="secret of the OAuth client \\(in the context prod\\), and that it"):
        Bearer(Http(BASE), replace(CLIENT, context="prod"), hidden.append).token()


@pytest.mark.parametrize("status", [404, 500])
def test_a_failure_that_is_not_the_clients_blames_nobody(wire, hidden, status):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(status)
    with pytest.raises(RefusedError) as failed:
        Bearer(Http(BASE), CLIENT, hidden.append).token()
    assert "Check" not in str(failed.value)


@pytest.mark.parametrize(("status", "kind"), [(400, RefusedError), (401, UnauthorizedError), (403, ForbiddenError)])
def test_a_refused_client_is_told_what_to_check_and_not_its_secret(wire, hidden, status, kind):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(status, json={"error": "invalid_client"})
    with pytest.raises(kind) as failed:
        Bearer(Http(BASE), CLIENT, hidden.append).token()
    assert "invalid_client. Check the id and secret of the OAuth client" in str(failed.value)
    told = f"{failed.value} {failed.value.failure}"
    assert "s3cret" not in told and "client-7" not in told


def test_signing_in_waits_for_the_rate_limit_like_any_call(wire, waits, hidden):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(
        429, json=refused("L", "Slow"), headers={"Retry-After": "8"}
    )
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(json={"access_token": "fetched"})
    assert (Bearer(Http(BASE), CLIENT, hidden.append).token(), waits) == ("fetched", [8.0])


@pytest.mark.parametrize("answer", [{"json": {}}, {"json": {"access_token": None}}, {"text": "<h1>Sign in</h1>"}])
def test_an_answer_without_a_token_cannot_be_used(wire, hidden, answer):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(200, **answer)
    with pytest.raises(UnusableAnswerError):
        Bearer(Http(BASE), CLIENT, hidden.append).token()


@pytest.mark.parametrize("token", ["cut\nHIDDEN", "HIDDEN tök", ""])
def test_a_token_that_no_header_can_carry_cannot_be_used_and_is_not_repeated(wire, hidden, token):
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(json={"access_token": token})
    with pytest.raises(UnusableAnswerError) as failed:
        Bearer(Http(BASE), CLIENT, hidden.append).token()
    assert "HIDDEN" not in str(failed.value)
