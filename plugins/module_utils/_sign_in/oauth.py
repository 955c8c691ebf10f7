# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token call of an OAuth client (RFC 6749, section 4.4), as itself or as a user."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credential_text import is_sendable
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

TOKEN_PATH = "/oauth/token"
IMPERSONATION_GRANT = "urn:qlik:oauth:user-impersonation"
# How a tenant may refuse a client, or a user to act as.
REFUSAL_STATUSES = {400, 401, 403}


def fetch_token(
    http: HttpClient, client_pair: Mapping[str, str], user_lookup: Mapping[str, str] | None, advice: str
) -> str:
    """The token for a client (``client_id``, ``client_secret``), or for the user it acts as (``field``, ``value``).

    Raises RefusedError, with ``advice`` where it is the client or user that is refused, and as ``HttpClient.request``.
    """
    body: dict[str, object] = {**client_pair, "grant_type": "client_credentials"}
    if user_lookup is not None:
        body.update(grant_type=IMPERSONATION_GRANT, user_lookup=user_lookup)
    try:
        answer = http.request("POST", TOKEN_PATH, body=body)
    except RefusedError as error:
        raise (error.add_advice(advice) if error.status in REFUSAL_STATUSES else error) from None
    answer.document()
    token = answer.tokens.get("access_token", "")
    if not is_sendable(token):
        raise answer.build_error("without an access_token that a request can carry")
    return token
