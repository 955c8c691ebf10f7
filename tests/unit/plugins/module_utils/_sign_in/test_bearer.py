# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnauthorizedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer import Bearer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken, OAuthClient
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http
from unit.wire import BASE

CLIENT = OAuthClient("client-7", "s3cret")
GRANT = {"client_id": "client-7", "client_secret": "s3cret", "grant_type": "client_credentials"}


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


def test_after_a_refusal_there_is_nothing_to_hide_and_the_next_call_asks_again(wire, hidden):
    bearer = Bearer(Http(BASE), CLIENT, hidden.append)
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(401)
    with pytest.raises(UnauthorizedError):
        bearer.token()
    assert hidden == []
    wire.expects("POST", "/oauth/token", json=GRANT, bearer=None).answers(json={"access_token": "fetched"})
    assert (bearer.token(), hidden) == ("fetched", ["fetched"])
