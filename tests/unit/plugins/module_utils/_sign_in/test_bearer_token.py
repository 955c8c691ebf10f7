# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnauthorizedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in import bearer_token as bearer_token_file
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer_token import (
    MAX_REUSE_SECONDS,
    BearerToken,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken, OAuthClient
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE, Wire

CLIENT = OAuthClient("client-7", "s3cret")
GRANT = {"client_id": "client-7", "client_secret": "s3cret", "grant_type": "client_credentials"}


FETCHED, ANOTHER = "fetched-token", "another-token"


def expect_token(wire: Wire, token: str) -> None:
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(
        json={"access_token": token, "token_type": "bearer", "expires_in": 21600}
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is for the bearer, in its only entry."""
    now = [1000.0]
    monkeypatch.setattr(bearer_token_file, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_an_access_token_is_used_as_it_is_without_any_request():
    bearer = BearerToken(HttpClient(BASE), AccessToken("own-token"))
    assert (bearer.get(), bearer.origin) == ("own-token", "the access token")


def test_a_clients_token_is_fetched_when_first_needed_once_and_hidden(wire):
    http = HttpClient(BASE)
    bearer = BearerToken(http, CLIENT)
    assert (bearer.origin, wire.sent) == ("the OAuth client", [])
    expect_token(wire, FETCHED)
    assert [bearer.get(), bearer.get()] == [FETCHED, FETCHED]
    assert FETCHED not in http.secrets.hide(f"It is {FETCHED}.")


def test_after_a_refusal_the_next_call_asks_again(wire):
    bearer = BearerToken(HttpClient(BASE), CLIENT)
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(401)
    with pytest.raises(UnauthorizedError):
        bearer.get()
    expect_token(wire, FETCHED)
    assert bearer.get() == FETCHED


def test_a_token_of_this_run_that_is_refused_is_told_with_what_to_look_at(wire):
    bearer = BearerToken(HttpClient(BASE), CLIENT)
    expect_token(wire, FETCHED)
    bearer.get()
    message = bearer.explain_refusal()
    assert message.startswith(
        "The tenant gave the OAuth client a token in this run, and does not accept it. The client, or"
    )
    assert "look at both in the tenant's administration" in message


def test_a_later_run_uses_it_as_well_and_hides_it(wire, clock):
    http = HttpClient(BASE)
    bearer = BearerToken(http, CLIENT)
    expect_token(wire, FETCHED)
    bearer.get()
    clock[0] += MAX_REUSE_SECONDS
    http.start_run(lambda warning: None, Progress())
    bearer.start_run()
    assert FETCHED not in http.secrets.hide(f"It is {FETCHED}.")
    assert bearer.get() == FETCHED


def test_a_much_later_one_fetches_another(wire, clock):
    bearer = BearerToken(HttpClient(BASE), CLIENT)
    expect_token(wire, FETCHED)
    bearer.get()
    clock[0] += MAX_REUSE_SECONDS + 1
    bearer.start_run()
    expect_token(wire, ANOTHER)
    assert bearer.get() == ANOTHER


def test_one_of_an_earlier_run_can_be_forgotten_once_and_one_of_this_run_not(wire):
    bearer = BearerToken(HttpClient(BASE), CLIENT)
    expect_token(wire, FETCHED)
    bearer.get()
    assert not bearer.forget_earlier_token()
    bearer.start_run()
    assert bearer.forget_earlier_token() and not bearer.forget_earlier_token()
    expect_token(wire, ANOTHER)
    assert bearer.get() == ANOTHER
    assert not bearer.forget_earlier_token()
