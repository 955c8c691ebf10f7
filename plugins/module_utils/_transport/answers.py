# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came back: a usable answer, or a typed refusal. Decided on the HTTP status, never on an error code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.bodies import BodyError, parse_json
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import TOKEN, Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import (
    replace_unprintable,
    format_one_line,
    change_texts,
)

MAX_TEXT_CHARACTERS = 500
OAUTH_TOKEN = "/oauth/token"
# Of these a page of Qlik's own gateway was seen (401), or a header tells enough (429).
STATUSES_WITHOUT_ENVELOPE = (401, 429)
# The fields in which a tenant hands out a token (API reference: POST /v1/api-keys, POST /oauth/token).
TOKEN_FIELDS = ("token", "access_token")


@dataclass(frozen=True)
class Response:
    """What came back, whole, in ``seconds``: ``url`` is where the request was sent, ``headers`` are found in any case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


@dataclass(frozen=True)
class Envelope:
    """The errors that an answer names, each with code, title and detail, and its trace id.

    ``is_published``: they have the form that Qlik publishes, not only OAuth's, which many gateways have as well.
    """

    errors: tuple[dict[str, str | None], ...] = ()
    trace_id: str | None = None
    is_published: bool = False


@dataclass(frozen=True)
class Answer:
    """A 2xx answer to ``method`` on ``path`` (``url`` is where it was found after redirects).

    Its texts are fit to be shown, and tell no token. ``handed_out`` are the tokens that it was asked for, by the field,
    as they came. ``size`` is in bytes. ``warn`` takes what the user should know of a record that is left out.
    """

    method: str
    path: str
    url: str
    status: int
    size: int
    _document: Any = field(repr=False)
    _media_type: str
    tokens: Mapping[str, str] = field(repr=False, default_factory=dict)
    warn: Callable[[str], object] = field(repr=False, default=lambda clean_text: None)

    def document(self) -> dict:
        """The JSON object of the body. Raises UnusableAnswerError when the body is not one."""
        if isinstance(self._document, dict):
            return self._document
        raise self.build_error(f"with {self._media_type} where a JSON object was expected")

    def records(self) -> list:
        """The ``data`` of a page. Raises UnusableAnswerError when there is none."""
        data = self.document().get("data")
        if not isinstance(data, list):
            raise self.build_error("without a usable 'data'")
        return data

    def build_error(self, why: str) -> UnusableAnswerError:
        return build_unusable_answer(self.method, self.path, self.status, why)

    def build_partial_refusal(self) -> RefusedError:
        """The error for an answer of 207, whose errors say what of the call was not carried out."""
        return _build_refusal(
            self.method, self.path, self.status, _parse_envelope(self._document), "was carried out only in part, with"
        )


def build_answer(method: str, path: str, response: Response, secrets: Secrets, warn: Callable[[str], object]) -> Answer:
    """The answer of a 2xx response. Raises UnusableAnswerError for one that is beyond all bounds.

    A token that it hands out is a secret from here on, so that no other field may tell it.
    """
    try:
        value = parse_json(response.body)
    except BodyError as error:
        raise build_unusable_answer(method, path, response.status, str(error)) from None
    handed_out = {}
    if isinstance(value, dict):
        handed_out = {name: value[name] for name in TOKEN_FIELDS if isinstance(value.get(name), str)}
    for token in handed_out.values():
        secrets.add(token)
    return Answer(
        method,
        path,
        response.url,
        response.status,
        len(response.body),
        change_texts(value, lambda text: secrets.hide_tokens(replace_unprintable(text))),
        clean_text(response.headers.get("Content-Type", "no content type"), secrets) or "no content type",
        handed_out,
        warn,
    )


def build_unusable_answer(method: str, path: str, status: int, why: str) -> UnusableAnswerError:
    doubt = (
        "Is this the address of a Qlik Cloud tenant?"
        if method == "GET"
        else "Whether the tenant carried it out is not known."
    )
    return UnusableAnswerError(f"{method} {path} was answered {status} {why}. {doubt}", method, path, status)


def build_refusal(method: str, path: str, response: Response, secrets: Secrets) -> RefusedError:
    """The typed error for an answer with an error status, from the published envelope, OAuth's, or the status alone."""
    try:
        value = parse_json(response.body)
    except BodyError:
        value = None
    envelope = _parse_envelope(change_texts(value, lambda text: clean_text(text, secrets) or ""))
    return _build_refusal(method, path, response.status, envelope, "was refused with", response.headers)


def clean_text(text: str, secrets: Secrets) -> str | None:
    """Text of others for a message: one line, bounded, no token and no secret; None when nothing is left.

    Ansible takes out the secrets it knows as well, but finds them only whole, and in the form they were given.
    """
    hidden = TOKEN.sub("(token left out)", secrets.hide(text))
    return format_one_line(hidden, MAX_TEXT_CHARACTERS) or None


def _build_refusal(
    method: str,
    path: str,
    status: int,
    envelope: Envelope,
    what_happened: str,
    headers: Mapping[str, str] | None = None,
) -> RefusedError:
    first = envelope.errors[0] if envelope.errors else {}
    named = "; ".join(": ".join(_describe_error(error, _describe_status(status))) for error in envelope.errors[:3])
    is_own = envelope.is_published or (bool(envelope.errors) and path.endswith(OAUTH_TOKEN))
    message = f"{method} {path} {what_happened} {status} ({_describe_status(status)})"
    message += f": {named.rstrip('.')}." if named else "."
    if not is_own and status not in STATUSES_WITHOUT_ENVELOPE:
        message += " It is not in the form in which Qlik Cloud refuses, so a gateway or proxy may have answered."
    kind = {401: UnauthorizedError, 403: ForbiddenError, 429: RateLimitedError}.get(status, RefusedError)
    if status == 404 and is_own:
        kind = NotFoundError
    return kind(
        message,
        method,
        path,
        status,
        code=first.get("code"),
        title=first.get("title") or _describe_status(status),
        detail=first.get("detail"),
        trace_id=envelope.trace_id,
        # Rate limits are documented by their header; a limiter refuses before anything is passed on.
        is_from_tenant=is_own or (status == 429 and "Retry-After" in (headers or {})),
    )


def _describe_error(error: Mapping[str, str | None], reason: str) -> list[str]:
    """Title and detail of one error, as far as they say more than the name of the status."""
    parts = [part for part in (error["title"], error["detail"]) if part]
    return [part for part in parts if part != reason] or parts


def _describe_status(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _parse_envelope(document: Any) -> Envelope:
    """Empty for what is neither an object with ``errors``, each with a code and a title, nor one with OAuth's ``error``."""
    if not isinstance(document, dict):
        return Envelope()
    listed = document.get("errors")
    errors = tuple(
        {name: _find_text(entry, name) for name in ("code", "title", "detail")}
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict) and _find_text(entry, "code") and _find_text(entry, "title")
    )
    trace_id = _find_text(document, "traceId")
    code = _find_text(document, "error")
    if not errors and code:
        # RFC 6749 section 5.2, the shape of a refused sign-in
        return Envelope(({"code": code, "title": code, "detail": _find_text(document, "error_description")},), trace_id)
    return Envelope(errors, trace_id, is_published=bool(errors))


def _find_text(entry: Mapping[str, Any], name: str) -> str | None:
    value = entry.get(name)
    return value or None if isinstance(value, str) else None
