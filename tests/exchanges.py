# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateways before an embedded tenant have in common: the answer, and the tenant behind, which they pass on to."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}
TOKEN_FIELDS = ("token", "access_token")
CALL_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """What goes back; ``promised`` is the length to announce when it is not the body's own."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None

    @classmethod
    def of(cls, status: int, document: Any, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, json.dumps(document).encode(), {"Content-Type": "application/json", **named})


class Upstream:
    """The tenant behind a gateway, at ``url`` (plain http, with a path if it is one of many).

    ``issued`` is every token that it has answered.
    """

    def __init__(self, url: str):
        self.issued: set[str] = set()
        parts = urlsplit(url)
        self._address, self._base = parts.netloc, parts.path.rstrip("/")

    def pass_on(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """The tenant's own answer, without the headers that concern the connection alone."""
        connection = http.client.HTTPConnection(self._address, timeout=CALL_SECONDS)
        try:
            connection.request(method, self._base + target, body or None, headers)
            response = connection.getresponse()
            kept = {name: value for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP}
            answer = Answer(response.status, response.read(), kept)
        finally:
            connection.close()
        self.issued |= tokens_in(answer)
        return answer


def sent_headers(headers: Any) -> dict[str, str]:
    """Of the headers of a request those that are to be passed on."""
    return {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}


def tokens_in(answer: Answer) -> set[str]:
    """The tokens that an answer gives, where the tenant's own answers have them."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return set()
    values = [document.get(name) for name in TOKEN_FIELDS] if isinstance(document, dict) else []
    return {value for value in values if isinstance(value, str)}
