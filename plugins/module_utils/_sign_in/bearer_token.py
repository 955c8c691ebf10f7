# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From credentials to the bearer token of each call."""

from __future__ import annotations

import time

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken, Credentials
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

# Seconds.
MAX_REUSE_SECONDS = 600.0


class BearerToken:
    """Gives the token to sign calls with.

    An OAuth client's token is fetched when first needed, lives in this object only, and is one of the secrets of ``http``.
    """

    def __init__(self, http: HttpClient, credentials: Credentials):
        self._http = http
        self._credentials = credentials
        self._fetched: str | None = None
        self._fetched_at = 0.0
        self._is_of_earlier_run = False

    def start_run(self) -> None:
        """Serve another run, with the same token unless it is some minutes old; it lives for hours (qlik.dev, OAuth)."""
        if time.monotonic() - self._fetched_at > MAX_REUSE_SECONDS:
            self._fetched = None
        if self._fetched is not None:
            self._is_of_earlier_run = True
            self._http.secrets.add(self._fetched)

    def forget_earlier_token(self) -> bool:
        """Whether there was a token of an earlier run, which is forgotten now, so that the next call fetches another."""
        was_there, self._is_of_earlier_run = self._is_of_earlier_run, False
        if was_there:
            self._fetched = None
        return was_there

    @property
    def origin(self) -> str:
        """Where the token comes from, in words for an error message."""
        return self._credentials.origin

    def token(self) -> str:
        """Raises RefusedError when the tenant does not accept the OAuth client."""
        if isinstance(self._credentials, AccessToken):
            return self._credentials.token
        if self._fetched is None:
            # Imported here because a run with an access token needs nothing of it.
            from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.oauth import fetch_token

            self._fetched = fetch_token(self._http, self._credentials)
            self._fetched_at = time.monotonic()
            self._is_of_earlier_run = False
            self._http.secrets.add(self._fetched)
        return self._fetched
