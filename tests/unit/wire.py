# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake of the network under requests: an ordered list of expected requests, each with its answer.

Whatever differs from the list fails the test that wrote it: another request, another order, one too many, one too few.
So "a second run changes nothing" means, to the byte, "reads only".
"""

from __future__ import annotations

import io
import json as json_text
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

BASE = "https://tenant.example.com"
ACCESS_TOKEN = "access-token-of-the-caller"


class UnexpectedRequest(BaseException):
    """Not an Exception, so that no handler in the code under test takes it for a failure of its own."""


@dataclass
class Expected:
    """A request as it must be sent. ``headers`` are those that must be there; None means that one must not be."""

    method: str
    address: str
    query: dict[str, str]
    json: Any
    headers: dict[str, str | None]
    _answer: dict = field(default_factory=dict, repr=False)

    def answers(
        self, status: int = 200, *, json: Any = None, text: str | None = None, headers: dict | None = None
    ) -> None:
        """Answer with ``json``, or with ``text`` as HTML; without either a refusal is in the published envelope, and all
        else has no body."""
        if json is None and text is None and status >= 400:
            json = {"errors": [{"code": f"HTTP-{status}", "title": HTTPStatus(status).phrase}]}
        text = text or ""
        given = {"Content-Type": "application/json"} if json is not None else {"Content-Type": "text/html"}
        body = json_text.dumps(json) if json is not None else text
        self._answer = {"status": status, "body": body.encode(), "headers": {**given, **(headers or {})}}

    def fails(self, error: BaseException) -> None:
        """Raise what requests raises when no answer comes."""
        self._answer = {"error": error}

    def ends(self, how: dict | BaseException) -> None:
        """``answers`` with those keywords, or ``fails``."""
        if isinstance(how, dict):
            self.answers(**how)
        else:
            self.fails(how)

    def difference(self, request: PreparedRequest) -> list[str]:
        """In words, each way in which the request is not the expected one."""
        parts = urlsplit(request.url)
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        sent = {
            "method": request.method,
            "address": f"{parts.scheme}://{parts.netloc}{parts.path}",
            "query": sorted(pairs),
            "json": json_text.loads(request.body) if request.body else None,
            "headers": {name: request.headers.get(name) for name in self.headers},
        }
        wanted = {
            "method": self.method,
            "address": self.address,
            "query": sorted(self.query.items()),
            "json": self.json,
            "headers": self.headers,
        }
        return [f"{name} is {sent[name]!r}, not {wanted[name]!r}" for name in wanted if sent[name] != wanted[name]]

    def give(self, adapter: HTTPAdapter, request: PreparedRequest, headers: dict[str, str]) -> Response:
        """The answer, with ``headers`` besides its own."""
        if "error" in self._answer:
            raise self._answer["error"]
        raw = HTTPResponse(
            body=io.BytesIO(self._answer["body"]),
            headers={**headers, **self._answer["headers"]},
            status=self._answer["status"],
            preload_content=False,
        )
        return adapter.build_response(request, raw)


@dataclass(frozen=True)
class Sent:
    """A request that was sent, and how: ``timeout``, ``verify``, ``proxies`` as requests handed them down."""

    request: PreparedRequest
    adapter: HTTPAdapter
    how: dict

    @property
    def url(self) -> str:
        return self.request.url


class Wire:
    """Collects expectations, answers requests in their order, and says at the end whether all was as expected.

    ``now`` is the tenant's time (UTC), sent with each answer; None sends none.
    """

    def __init__(self) -> None:
        self.base = BASE
        self.now: datetime | None = None
        self.sent: list[Sent] = []
        self._expected: list[Expected] = []
        self._problems: list[str] = []

    def expects(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        json: Any = None,
        bearer: str | None = ACCESS_TOKEN,
        headers: dict[str, str | None] | None = None,
    ) -> Expected:
        """Add the next request; ``bearer`` None means that it must carry no Authorization at all."""
        authorization = None if bearer is None else f"Bearer {bearer}"
        expected = Expected(
            method, self.base + path, query or {}, json, {"Authorization": authorization, **(headers or {})}
        )
        self._expected.append(expected)
        return expected

    def replace_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand in for ``HTTPAdapter.send``, below which requests opens connections."""

        def send(adapter: HTTPAdapter, request: PreparedRequest, **how: Any) -> Response:
            return self.send(adapter, request, how)

        monkeypatch.setattr(HTTPAdapter, "send", send)

    def send(self, adapter: HTTPAdapter, request: PreparedRequest, how: dict[str, Any]) -> Response:
        """Answer a request, or refuse it when it is not the one that is due."""
        self.sent.append(Sent(request, adapter, how))
        if not how.get("timeout"):
            self._refuse(f"{request.method} {request.url} was sent without a timeout")
        if not self._expected:
            self._refuse(f"{request.method} {request.url} is one request too many")
        expected = self._expected.pop(0)
        differences = expected.difference(request)
        if differences:
            self._refuse(f"{request.method} {request.url} is not the request that is due: {'; '.join(differences)}")
        date_header = {"Date": format_datetime(self.now, usegmt=True)} if self.now else {}
        return expected.give(adapter, request, date_header)

    def verify(self) -> None:
        """Raise AssertionError unless exactly the expected requests were sent, in their order."""
        assert not self._problems, self._problems
        missing = [f"{each.method} {each.address}" for each in self._expected]
        assert not missing, f"expected, but never sent: {missing}"

    def _refuse(self, problem: str) -> None:
        self._problems.append(problem)
        raise UnexpectedRequest(problem)
