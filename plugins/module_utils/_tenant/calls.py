# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed calls to one tenant, with advice for the user when one is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    UnauthorizedError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer_token import BearerToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import resolve_link
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient, JsonBody

API = "/api/v1"
# Of one list: far more than tenants have, so that a list without an end does not fill the memory.
MAX_PAGES = 1000
MAX_RECORDS = 100_000
MAX_BYTES = 48 * 1024 * 1024


@dataclass
class ListExtent:
    """How much was read of a list, or of several lists that are read as one; ``size`` is in bytes.

    ``is_cut``: a list has more, which was not read because it would be too much.
    """

    pages: int = 0
    records: int = 0
    size: int = 0
    is_cut: bool = False

    @property
    def is_exceeded(self) -> bool:
        """Whether it is more than one run reads."""
        return self.pages > MAX_PAGES or self.records > MAX_RECORDS or self.size > MAX_BYTES


class Calls:
    """The calls to one tenant, signed with a token. ``needs`` is the right that a call takes, for the message of a 403."""

    def __init__(self, http: HttpClient, bearer_token: BearerToken):
        self.http = http
        self._bearer_token = bearer_token

    def sign_in_with(self, token: str) -> Calls:
        """Calls over the same connection, signed with another token."""
        self.http.secrets.add(token)
        return Calls(self.http, BearerToken(self.http, AccessToken(token)))

    def start_run(self, warn: Callable[[str], object], progress: Progress) -> None:
        """Serve another run, see ``HttpClient.start_run``."""
        self.http.start_run(warn, progress)
        self._bearer_token.start_run()

    def bearer_token(self) -> str:
        """The token that the calls are signed with; a secret. Raises RefusedError as ``BearerToken.get``."""
        return self._bearer_token.get()

    def send(
        self,
        method: str,
        target: str,
        *,
        needs: str,
        query: Mapping[str, str | int] | None = None,
        body: JsonBody | None = None,
    ) -> Answer:
        """One call; ``target`` is a path below /api/v1, or an absolute link of this tenant. Raises as ``HttpClient.request``."""
        url = target if "://" in target else API + target
        # Outside of the try: where no token is got, nobody was signed in.
        bearer = self._bearer_token.get()
        try:
            return self.http.request(method, url, query=query, body=body, bearer=bearer)
        except UnauthorizedError as error:
            if method == "GET" and self._bearer_token.forget_earlier_token():
                # It may have been revoked since that run.
                return self.send(method, target, needs=needs, query=query, body=body)
            raise error.add_advice(self._bearer_token.explain_refusal()) from None
        except ForbiddenError as error:
            # The tenant may have named the right itself.
            right = "" if needs in str(error) else f"; this call needs {needs}"
            raise error.add_advice(f"Signed in with {self._bearer_token.origin}{right}.") from None

    def pages(
        self, path: str, query: Mapping[str, str | int], *, needs: str, extent: ListExtent | None = None
    ) -> Iterator[tuple[Answer, Any]]:
        """All records of a list, each with the page it is on; the link to the next page is ``links.next.href``.

        The last page has no such link, or null. A record that comes twice, because pages shift while they are read, is
        yielded once. Raises UnusableAnswerError for a page without ``data``, for a ``next`` that is no link, that leads
        elsewhere or to a page already read, and for a list without an end. With an ``extent``, to which this list is added,
        such a list is cut instead.
        """
        may_be_cut = extent is not None
        extent = extent or ListExtent()
        answer = self.send("GET", path, needs=needs, query=query)
        urls_read = {answer.url}
        ids_read: set[str] = set()
        while True:
            extent.pages += 1
            extent.size += answer.size
            for value in answer.records():
                record_id = value.get("id") if isinstance(value, dict) else None
                if isinstance(record_id, str):
                    if record_id in ids_read:
                        continue
                    ids_read.add(record_id)
                extent.records += 1
                yield answer, value
            if extent.is_exceeded and not may_be_cut:
                raise answer.build_error(f"on page {extent.pages} of a list that has no end")
            target = self._find_next_page(answer)
            if target is None:
                return
            if extent.is_exceeded:
                extent.is_cut = True
                return
            if target in urls_read:
                raise answer.build_error("with a next link that leads back to a page already read")
            urls_read.add(target)
            answer = self.send("GET", target, needs=needs)

    def _find_next_page(self, answer: Answer) -> str | None:
        """The address of the next page, None after the last."""
        href: Any = answer.document()
        for name in ("links", "next", "href"):
            if not isinstance(href, dict):
                # To take this for the last page could miss keys.
                raise answer.build_error(
                    "with links of another form than documented, so whether more pages follow is not known"
                )
            href = href.get(name)
            if href in (None, "", [], {}):
                return None
        target = resolve_link(href, answer.url, self.http.base_url)
        if target is None:
            raise answer.build_error(
                "with a next link to another host, or that is no address; the token is not sent there"
            )
        return target


def quote_segment(text: str) -> str:
    """The id as one segment of a path."""
    return quote(text, safe="")
