# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From credentials to the bearer token of each call."""

from __future__ import annotations

import time

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import Credentials
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

MAX_REUSE_SECONDS = 600.0
"""How old a fetched token may be that a later run uses. It lives for hours (qlik.dev, OAuth)."""


class BearerToken:
    """The token to sign calls with.

    It is fetched when first needed, lives in this object only, and is one of the secrets of ``http``.
    """

    def __init__(self, http: HttpClient, credentials: Credentials):
        self._http = http
        self._credentials = credentials
        self._token: str | None = None
        self._fetched_at = 0.0
        self._is_of_earlier_run = False

    def start_run(self) -> None:
        """Serve another run, with the same token unless it is some minutes old."""
        if time.monotonic() - self._fetched_at > MAX_REUSE_SECONDS:
            self._token = None
        if self._token is not None:
            self._is_of_earlier_run = True
            self._http.secrets.add(self._token)

    def forget_earlier_token(self) -> bool:
        """Forget a token that an earlier run fetched, so that the next call fetches another; return whether there was one."""
        if not (self._is_of_earlier_run and self._credentials.IS_TOKEN_FETCHED):
            return False
        self._is_of_earlier_run = False
        self._token = None
        return True

    @property
    def origin(self) -> str:
        """Where the token comes from, in words for an error message."""
        return self._credentials.origin

    def explain_refusal(self) -> str:
        """Why the tenant may have refused a call signed with the token, as a sentence of an error message."""
        if self._credentials.IS_TOKEN_FETCHED:
            return (
                f"The tenant gave {self.origin} a token in this run, and does not accept it. The client, or the user that it acts "
                "as, may have been disabled or deleted meanwhile: look at both in the tenant's administration. If they are in "
                "order, see whether a gateway in front of the tenant changes the header Authorization, and run again."
            )
        return (
            f"{self.origin[0].upper()}{self.origin[1:]} is expired or revoked, belongs to another tenant, or its owner has "
            "lost the right to use API keys."
        )

    def get(self) -> str:
        """The token. Raises RefusedError when the tenant does not accept the credentials."""
        if self._token is None:
            self._token = self._credentials.fetch_token(self._http)
            self._fetched_at = time.monotonic()
            self._is_of_earlier_run = False
            self._http.secrets.add(self._token)
        return self._token
