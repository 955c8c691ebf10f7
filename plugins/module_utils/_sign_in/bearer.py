# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From credentials to the bearer token of each call."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken, Credentials
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http


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
            # Imported here because a run with an access token needs nothing of it.
            from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.oauth import fetch_token

            self._fetched = fetch_token(self._http, self._credentials)
            self._hide(self._fetched)
        return self._fetched
