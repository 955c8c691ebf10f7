# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token call of an OAuth client, as itself or as a user."""

from __future__ import annotations

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    USER_LOOKUP_FIELDS,
    OAuthClient,
    is_sendable,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

TOKEN_PATH = "/oauth/token"
IMPERSONATION_GRANT = "urn:qlik:oauth:user-impersonation"
# What a tenant may answer to a client, or to a user to act as, that it does not accept.
REFUSAL_STATUSES = {400, 401, 403}


def fetch_token(http: HttpClient, client: OAuthClient) -> str:
    """Raises RefusedError when the tenant does not accept the client, and as ``Http.request`` otherwise."""
    try:
        answer = http.request("POST", TOKEN_PATH, body=_build_body(client))
    except RefusedError as error:
        raise (error.add_advice(_build_advice(client)) if error.status in REFUSAL_STATUSES else error) from None
    answer.document()
    token = answer.tokens.get("access_token", "")
    if not is_sendable(token):
        raise answer.build_error("without an access_token that a request can carry")
    return token


def _build_body(client: OAuthClient) -> dict:
    pair = {"client_id": client.client_id, "client_secret": client.client_secret}
    if client.acting_as is None:
        return {**pair, "grant_type": "client_credentials"}
    lookup = {"field": USER_LOOKUP_FIELDS[client.acting_as.option], "value": client.acting_as.value}
    return {**pair, "grant_type": IMPERSONATION_GRANT, "user_lookup": lookup}


def _build_advice(client: OAuthClient) -> str:
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
