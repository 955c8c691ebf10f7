# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed calls to one tenant, and what to tell the user when one is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer_token import BearerToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import resolve_link
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient

API = "/api/v1"
# Of one list. A tenant that has more is not known, and one that never ends must not fill the memory.
MAX_PAGES = 1000
MAX_RECORDS = 100_000
MAX_BYTES = 48 * 1024 * 1024


@dataclass
class ListExtent:
    """How much was read of a list, or of several that are read as one.

    ``is_cut``: a list had more, which was not read because this had become too much.
    """

    pages: int = 0
    records: int = 0
    size: int = 0
    is_cut: bool = False

    @property
    def is_exceeded(self) -> bool:
        return self.pages > MAX_PAGES or self.records > MAX_RECORDS or self.size > MAX_BYTES


class Calls:
    """What every noun of the tenant is called through. ``needs`` names the right a call takes, for a 403."""

    def __init__(self, http: HttpClient, bearer: BearerToken):
        self.http = http
        self._bearer = bearer

    def sign_in_with(self, token: str) -> Calls:
        """Calls over the same connection, signed with another token."""
        self.http.secrets.add(token)
        return Calls(self.http, BearerToken(self.http, AccessToken(token)))

    def start_run(self, warn: Callable[[str], object], progress: Progress) -> None:
        """Serve another run, see ``Http.begin``."""
        self.http.start_run(warn, progress)
        self._bearer.start_run()

    def bearer_token(self) -> str:
        return self._bearer.get()

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
        url = target if "://" in target else API + target
        try:
            return self.http.request(method, url, query=query, body=body, bearer=self._bearer.get())
        except UnauthorizedError as error:
            if method == "GET" and self._bearer.forget_earlier_token():
                # It may have been revoked since.
                return self.send(method, target, needs=needs, query=query, body=body)
            raise error.add_advice(
                f"Signed in with {self._bearer.origin}: it is expired or revoked, belongs to another tenant, or its "
                "owner has lost the right to use API keys."
            ) from None
        except ForbiddenError as error:
            raise error.add_advice(f"Signed in with {self._bearer.origin}; this call needs {needs}.") from None

    def pages(
        self, path: str, query: dict[str, str | int], *, needs: str, extent: ListExtent | None = None
    ) -> Iterator[tuple[Answer, Any]]:
        """All records of a list call, each with the page it came on, following ``links.next.href`` as it is given.

        The end is an absent link or ``href: null``. A record that comes twice, because pages shift while they are read, is
        given once. Raises UnusableAnswerError for a page without ``data``, for a ``next`` that is no link, that leads
        elsewhere or to a page already read, and for a list without an end; with an ``extent``, to which this list is added,
        such a list is cut instead.
        """
        may_be_cut, extent = extent is not None, extent or ListExtent()
        answer = self.send("GET", path, needs=needs, query=query)
        read, given = {answer.url}, set()
        while True:
            extent.pages += 1
            extent.size += answer.size
            for value in answer.records():
                record_id = value.get("id") if isinstance(value, dict) else None
                if isinstance(record_id, str):
                    if record_id in given:
                        continue
                    given.add(record_id)
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
            if target in read:
                raise answer.build_error("with a next link that leads back to a page already read")
            read.add(target)
            answer = self.send("GET", target, needs=needs)

    def _find_next_page(self, answer: Answer) -> str | None:
        href: Any = answer.document()
        for name in ("links", "next", "href"):
            # A list that is taken to end too early lacks keys that are there.
            if not isinstance(href, dict):
                raise _leads_nowhere(answer)
            href = href.get(name)
            if href in (None, "", [], {}):
                return None
        target = resolve_link(href, answer.url, self.http.base_url)
        if target is None:
            raise _leads_elsewhere(answer)
        return target


def quote_segment(text: str) -> str:
    """An id made fit to be one segment of a path."""
    return quote(text, safe="")


def _leads_nowhere(answer: Answer) -> UnusableAnswerError:
    return answer.build_error("with links of another form than documented, so whether more pages follow is not known")


def _leads_elsewhere(answer: Answer) -> UnusableAnswerError:
    return answer.build_error("with a next link to another host, or that is no address; the token is not sent there")
