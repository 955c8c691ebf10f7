# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients asked, in order of arrival and without secrets."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .bodies import parse_json
from .clock import Clock, timestamp

SECRET_NAMES = ("secret", "token", "password", "assertion", "authorization")
JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
HIDDEN = "(hidden)"
KNOWN_SCHEMES = ("basic", "bearer", "digest")


class RequestLog:
    """An entry per request from its arrival on; `status` stays None while, or if never, it is answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seq = 0
        self.entries: list[dict[str, Any]] = []

    def open(
        self, *, method: str, path: str, query: str, headers: dict[str, str], connection: int, body: bytes
    ) -> dict[str, Any]:
        self._seq += 1
        entry = {
            "seq": self._seq,
            "time": timestamp(self._clock.now()),
            "method": method,
            "path": _without_tokens(path),
            "query": _without_tokens(query),
            "status": None,
            "user_agent": _without_tokens(headers.get("user-agent", "")),
            "connection": connection,
            "authorization": _scheme(headers.get("authorization")),
            "body": _shown_body(body, headers.get("content-type", "")),
            "fault": None,
        }
        self.entries.append(entry)
        return entry

    def clear(self) -> list[dict[str, Any]]:
        """Start anew; give what there was."""
        cleared, self.entries = self.entries, []
        return cleared


def _scheme(authorization: str | None) -> str:
    if authorization is None:
        return "none"
    scheme = authorization.partition(" ")[0].lower()
    # What is sent without a scheme is the secret itself.
    return scheme if scheme in KNOWN_SCHEMES else "other"


def _shown_body(body: bytes, content_type: str) -> Any:
    """The body with secrets hidden; of what cannot be read only the length, because it cannot be searched either."""
    if not body:
        return None
    if "form-urlencoded" in content_type:
        return _hidden(dict(parse_qsl(body.decode("utf-8", "replace"))))
    try:
        # Only what can be shown as JSON again: NaN, lone surrogates and the like would spoil the whole log.
        return _hidden(parse_json(body))
    except ValueError:
        return {"unreadable_bytes": len(body)}


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            _without_tokens(name): HIDDEN if any(word in name.lower() for word in SECRET_NAMES) else _hidden(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    return _without_tokens(value) if isinstance(value, str) else value


def _without_tokens(text: str) -> str:
    return JSON_WEB_TOKEN.sub(HIDDEN, text)
