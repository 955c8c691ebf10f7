# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came back: a usable answer, or a typed refusal. Decided on the HTTP status, never on an error code."""

from __future__ import annotations

import re
from collections.abc import Collection
from http import HTTPStatus
from typing import Any, Union

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnusableAnswerError,
)

REFUSALS = {401: UnauthorizedError, 403: ForbiddenError, 404: NotFoundError, 429: RateLimitedError}
LONGEST_TEXT = 500
# The errors that an answer names, each with code, title and detail, and its trace id.
Envelope = tuple[list[dict], Union[str, None]]
# A server may echo what it was sent. JSON Web Tokens begin with the encoded '{"', and must not reach a message.
TOKEN = re.compile(r"eyJ[\w-]{5,}(\.[\w-]*)*")


class Answer:
    """A 2xx answer to ``method`` on ``path`` (``url`` is where it was found after redirects).

    ``secrets``: what was sent and must not be told, should the answer repeat it.
    """

    def __init__(
        self,
        method: str,
        path: str,
        url: str,
        status: int,
        document: Any,
        media_type: str,
        secrets: Collection[str] = (),
    ):
        self.method = method
        self.path = path
        self.url = url
        self.status = status
        self._document = document
        self._media_type = media_type
        self._secrets = secrets

    @classmethod
    def from_response(cls, method: str, path: str, response, secrets: Collection[str]) -> Answer:
        return cls(
            method,
            path,
            response.url,
            response.status_code,
            _json_of(response),
            response.headers.get("Content-Type", "no content type"),
            secrets,
        )

    def document(self) -> dict:
        """The JSON object of the body. Raises UnusableAnswerError when the body is not one."""
        if isinstance(self._document, dict):
            return self._document
        raise self.unusable(f"with {clean(self._media_type, self._secrets)} where a JSON object was expected")

    def field(self, document: Any, name: str, kind: type) -> Any:
        """``document[name]``. Raises UnusableAnswerError when it is missing or not of ``kind``."""
        value = document.get(name) if isinstance(document, dict) else None
        if not isinstance(value, kind):
            raise self.unusable(f"without a usable {name!r}")
        return value

    def unusable(self, why: str) -> UnusableAnswerError:
        doubt = (
            "Is this the address of a Qlik Cloud tenant?"
            if self.method == "GET"
            else "Whether the tenant carried it out is not known."
        )
        return UnusableAnswerError(
            f"{self.method} {self.path} was answered {self.status} {why}. {doubt}",
            self.method,
            self.path,
            self.status,
        )

    def refused_in_part(self) -> RefusedError:
        """The error for an answer of 207, whose errors say what of the call was not carried out."""
        envelope = _envelope(self._document, self._secrets)
        return _refusal(self.method, self.path, self.status, envelope, "was carried out only in part, with")


def refusal(method: str, path: str, response, secrets: Collection[str]) -> RefusedError:
    """The typed error for an answer with an error status, from the published envelope, OAuth's, or the status alone.

    ``secrets``: what was sent and must not be told, should the answer repeat it.
    """
    return _refusal(method, path, response.status_code, _envelope(_json_of(response), secrets), "was refused with")


def _refusal(method: str, path: str, status: int, envelope: Envelope, what_happened: str) -> RefusedError:
    errors, trace_id = envelope
    first = errors[0] if errors else {}
    told = "; ".join(": ".join(_said(error, _reason(status))) for error in errors[:3])
    message = f"{method} {path} {what_happened} {status} ({_reason(status)})"
    return REFUSALS.get(status, RefusedError)(
        f"{message}: {told.rstrip('.')}." if told else f"{message}.",
        method,
        path,
        status,
        code=first.get("code"),
        title=first.get("title") or _reason(status),
        detail=first.get("detail"),
        trace_id=trace_id,
    )


def _said(error: dict, reason: str) -> list[str]:
    """Title and detail of one error, as far as they say more than the name of the status."""
    parts = [part for part in (error["title"], error["detail"]) if part]
    return [part for part in parts if part != reason] or parts


def clean(text: Any, secrets: Collection[str]) -> str | None:
    """Server text made fit for a message: one line, bounded, no token and no secret.

    Ansible takes out the secrets it knows as well, but finds them only whole, and in the form they were given.
    """
    if text is None or isinstance(text, (dict, list)):
        return None
    told = str(text)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        told = told.replace(secret, "(secret left out)")
    line = " ".join(TOKEN.sub("(token left out)", told).split())
    return line[:LONGEST_TEXT] or None


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _json_of(response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _envelope(document: Any, secrets: Collection[str]) -> Envelope:
    if not isinstance(document, dict):
        return [], None
    listed = document.get("errors")
    errors = [
        {name: clean(entry.get(name), secrets) for name in ("code", "title", "detail")}
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict)
    ]
    if not errors and isinstance(document.get("error"), str):
        # RFC 6749 section 5.2, the shape of a refused sign-in
        code, detail = clean(document["error"], secrets), clean(document.get("error_description"), secrets)
        errors = [{"code": code, "title": code, "detail": detail}]
    return errors, clean(document.get("traceId"), secrets)
