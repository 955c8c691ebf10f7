# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed calls to one tenant, and what to tell the user when one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urljoin

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import ForbiddenError, UnauthorizedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer import Bearer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http

API = "/api/v1"


class Calls:
    """What every noun of the tenant is called through. ``needs`` names the right a call takes, for a 403."""

    def __init__(self, http: Http, bearer: Bearer):
        self.http = http
        self._bearer = bearer

    def signed_with(self, token: str) -> Calls:
        """Calls over the same connection, signed with another token, which is the caller's to keep secret."""
        return Calls(self.http, Bearer(self.http, AccessToken(token), hide=lambda fetched: None))

    def bearer_token(self) -> str:
        return self._bearer.token()

    def send(
        self,
        method: str,
        target: str,
        *,
        needs: str,
        query: dict[str, str | int] | None = None,
        body: dict | list | None = None,
    ) -> Answer:
        """One call; ``target`` is a path below /api/v1, or an absolute link of this tenant. Raises as ``Http.request``."""
        bearer = self._bearer.token()
        url = target if "://" in target else API + target
        try:
            return self.http.request(method, url, query=query, body=body, bearer=bearer)
        except UnauthorizedError as error:
            raise error.advised(
                f"Signed in with {self._bearer.origin}: it is expired or revoked, belongs to another tenant, or its "
                "owner has lost the right to use API keys."
            ) from None
        except ForbiddenError as error:
            raise error.advised(f"Signed in with {self._bearer.origin}; this call needs {needs}.") from None

    def pages(self, path: str, query: dict[str, str | int], *, needs: str) -> Iterator[tuple[Answer, object]]:
        """All records of a list call, each with the page it came on, following ``links.next.href`` as it is given.

        The end is an absent link or ``href: null``. Raises UnusableAnswerError for a page without ``data``, and for a
        ``next`` that leads to a page already read.
        """
        answer = self.send("GET", path, needs=needs, query=query)
        read = {answer.url}
        while True:
            document = answer.document()
            for record in answer.field(document, "data", list):
                yield answer, record
            target = _next_link(document, answer)
            if target is None:
                return
            if target in read:
                raise answer.unusable("with a next link that leads back to a page already read")
            read.add(target)
            answer = self.send("GET", target, needs=needs)


def segment(text: str) -> str:
    """An id made fit to be one segment of a path."""
    return quote(text, safe="")


def _next_link(document: dict, answer: Answer) -> str | None:
    links = document.get("links")
    link = links.get("next") if isinstance(links, dict) else None
    href = link.get("href") if isinstance(link, dict) else None
    if not href:
        return None
    try:
        return urljoin(answer.url, href)
    except (ValueError, TypeError):
        raise answer.unusable("with a next link that is no address") from None
