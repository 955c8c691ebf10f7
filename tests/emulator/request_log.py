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
            "path": _hide_tokens(path),
            "query": _hide_tokens(query),
            "status": None,
            "user_agent": _hide_tokens(headers.get("user-agent", "")),
            "connection": connection,
            "authorization": _get_scheme(headers.get("authorization")),
            "body": _format_body(body, headers.get("content-type", "")),
            "fault": None,
        }
        self.entries.append(entry)
        return entry

    def clear(self) -> list[dict[str, Any]]:
        """Start anew; give what there was."""
        cleared, self.entries = self.entries, []
        return cleared


def _get_scheme(authorization: str | None) -> str:
    if authorization is None:
        return "none"
    scheme = authorization.partition(" ")[0].lower()
    # What is sent without a scheme is the secret itself.
    return scheme if scheme in KNOWN_SCHEMES else "other"


def _format_body(body: bytes, content_type: str) -> Any:
    """The body with secrets hidden; of what cannot be read only the length, because it cannot be searched either."""
    if not body:
        return None
    if "form-urlencoded" in content_type:
        return _hide(dict(parse_qsl(body.decode("utf-8", "replace"))))
    try:
        # Only what can be shown as JSON again: NaN, lone surrogates and the like would spoil the whole log.
        return _hide(parse_json(body))
    except ValueError:
        return {"unreadable_bytes": len(body)}


def _hide(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            _hide_tokens(name): HIDDEN if any(word in name.lower() for word in SECRET_NAMES) else _hide(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_hide(item) for item in value]
    return _hide_tokens(value) if isinstance(value, str) else value


def _hide_tokens(text: str) -> str:
    return JSON_WEB_TOKEN.sub(HIDDEN, text)
