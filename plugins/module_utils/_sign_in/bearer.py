# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From credentials to the bearer token of each call."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    USER_LOOKUP_FIELDS,
    AccessToken,
    Credentials,
    OAuthClient,
    is_sendable,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http

OAUTH_TOKEN = "/oauth/token"
IMPERSONATION = "urn:qlik:oauth:user-impersonation"
# What a tenant may answer to a client, or to a user to act as, that it does not accept.
NOT_ACCEPTED = {400, 401, 403}


class Bearer:
    """Gives the token to sign calls with.

    An OAuth client's token is fetched when first needed, once, and lives in this object only; ``hide`` is told of it
    so that the caller can keep it out of every output.
    """

    def __init__(self, http: Http, credentials: Credentials, hide: Callable[[str], object]):
        self._http = http
        self._credentials = credentials
        self._hide = hide
        self._fetched: str | None = None

    @property
    def origin(self) -> str:
        """Where the token comes from, in words for an error message."""
        return self._credentials.origin

    def token(self) -> str:
        """Raises RefusedError when the tenant does not accept the OAuth client."""
        if isinstance(self._credentials, AccessToken):
            return self._credentials.token
        if self._fetched is None:
            self._fetched = self._fetch(self._credentials)
            self._hide(self._fetched)
        return self._fetched

    def _fetch(self, client: OAuthClient) -> str:
        try:
            answer = self._http.request("POST", OAUTH_TOKEN, body=_grant(client))
        except RefusedError as error:
            raise (error.advised(_advice(client)) if error.status in NOT_ACCEPTED else error) from None
        token = answer.field(answer.document(), "access_token", str)
        if not is_sendable(token):
            raise answer.unusable("with an access_token that no request can carry")
        return token


def _grant(client: OAuthClient) -> dict:
    pair = {"client_id": client.client_id, "client_secret": client.client_secret}
    if client.acting_as is None:
        return {**pair, "grant_type": "client_credentials"}
    lookup = {"field": USER_LOOKUP_FIELDS[client.acting_as.option], "value": client.acting_as.value}
    return {**pair, "grant_type": IMPERSONATION, "user_lookup": lookup}


def _advice(client: OAuthClient) -> str:
    place = "client_id, client_secret" if client.context is None else f"in the context {client.context}"
    advice = (
        f"Check the id and secret of the OAuth client ({place}), and that it is a machine-to-machine client of this "
        "tenant."
    )
    if client.acting_as is None:
        return advice
    return (
        f"{advice} To act as user {client.acting_as.value} ({client.acting_as.option}), that user must exist on this "
        "tenant, and the client must be one of the tenant itself with the right to impersonate users."
    )
