# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A response becomes a usable answer or a typed error, by its HTTP status and never by an error code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
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
    change_texts,
    format_one_line,
    replace_unprintable,
)

MAX_TEXT_CHARACTERS = 500
OAUTH_TOKEN = "/oauth/token"
# Qlik's own gateway was seen to answer 401 with a page, and of 429 the header is enough.
STATUSES_WITHOUT_ENVELOPE = (401, 429)
# The fields in which a tenant gives a token (API reference: POST /v1/api-keys, POST /oauth/token).
TOKEN_FIELDS = ("token", "access_token")
STATUS_ERRORS: Mapping[int, type[RefusedError]] = {
    401: UnauthorizedError,
    403: ForbiddenError,
    429: RateLimitedError,
}


@dataclass(frozen=True)
class Response:
    """A whole response: ``url`` is where the request was sent, ``headers`` have names in any case, ``seconds`` is its time."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


@dataclass(frozen=True)
class Envelope:
    """The errors in an answer, each with code, title and detail, and its trace id.

    ``is_published``: they have the form that Qlik publishes, and not only OAuth's, which many gateways use as well.
    """

    errors: tuple[dict[str, str | None], ...] = ()
    trace_id: str | None = None
    is_published: bool = False


@dataclass(frozen=True)
class Answer:
    """A 2xx answer to ``method`` on ``path`` (``url`` is its address after redirects).

    Its texts are printable and have no token in them. ``tokens``: those that the tenant gives with it, by their field.
    ``size``: bytes. ``warn`` takes a warning, such as of a record that is left out.
    """

    method: str
    path: str
    url: str
    status: int
    size: int
    _document: Any = field(repr=False)
    _media_type: str
    tokens: Mapping[str, str] = field(repr=False, default_factory=dict)
    warn: Callable[[str], object] = field(repr=False, default=lambda warning: None)

    def document(self) -> dict[str, Any]:
        """The JSON object of the body. Raises UnusableAnswerError when the body is not one."""
        if isinstance(self._document, dict):
            return self._document
        raise self.build_error(f"with {self._media_type} where a JSON object was expected")

    def records(self) -> list[Any]:
        """The ``data`` of a page. Raises UnusableAnswerError when there is none."""
        data = self.document().get("data")
        if not isinstance(data, list):
            raise self.build_error("without a usable 'data'")
        return data

    def build_error(self, problem: str) -> UnusableAnswerError:
        """The error for an answer that cannot be used; ``problem`` follows "was answered 200"."""
        return build_unusable_answer(self.method, self.path, self.status, problem)

    def build_partial_refusal(self) -> RefusedError:
        """The error for an answer of 207, which names the parts of the call that were not carried out."""
        return _build_refusal(
            self.method, self.path, self.status, _parse_envelope(self._document), "was carried out only in part, with"
        )


def build_answer(method: str, path: str, response: Response, secrets: Secrets, warn: Callable[[str], object]) -> Answer:
    """The answer in a 2xx response. Raises UnusableAnswerError for one that is too large.

    A token that it gives is one of ``secrets`` from here on, so that it is hidden in all other fields.
    """
    try:
        value = parse_json(response.body)
    except BodyError as error:
        raise build_unusable_answer(method, path, response.status, str(error)) from None
    tokens = {}
    if isinstance(value, dict):
        tokens = {name: value[name] for name in TOKEN_FIELDS if isinstance(value.get(name), str)}
    for token in tokens.values():
        secrets.add(token)
    return Answer(
        method,
        path,
        response.url,
        response.status,
        len(response.body),
        _clean_document(value, response.body, secrets),
        clean_text(response.headers.get("Content-Type", "no content type"), secrets) or "no content type",
        tokens,
        warn,
    )


def _clean_document(document: Any, body: bytes, secrets: Secrets) -> Any:
    """The document with printable texts and without tokens. ``body`` is what it was read from."""

    def clean(text: str) -> str:
        return secrets.hide_tokens(replace_unprintable(text))

    with suppress(UnicodeDecodeError):
        text = body.decode()
        # Without escapes, each text of the document stands in the body as it is, and all can be looked at together, which is
        # much faster.
        if "\\" not in text and clean(text) == text:
            return document
    return change_texts(document, clean)


def build_unusable_answer(method: str, path: str, status: int, problem: str) -> UnusableAnswerError:
    doubt = (
        "Is this the address of a Qlik Cloud tenant?"
        if method == "GET"
        else "Whether the tenant carried it out is not known."
    )
    return UnusableAnswerError(f"{method} {path} was answered {status} {problem}. {doubt}", method, path, status)


def build_refusal(method: str, path: str, response: Response, secrets: Secrets) -> RefusedError:
    """The typed error for an answer with an error status, from the published envelope, OAuth's, or the status alone."""
    try:
        value = parse_json(response.body)
    except BodyError:
        value = None
    envelope = _parse_envelope(change_texts(value, lambda text: clean_text(text, secrets) or ""))
    return _build_refusal(method, path, response.status, envelope, "was refused with", response.headers)


def clean_text(text: str, secrets: Secrets) -> str | None:
    """Text of others for a message: one short line without tokens and secrets; None when nothing is left.

    Ansible hides the secrets that it knows as well, but only whole, and in the form in which they were given.
    """
    hidden = TOKEN.sub("(token left out)", secrets.hide(text))
    return format_one_line(hidden, MAX_TEXT_CHARACTERS) or None


def _build_refusal(
    method: str,
    path: str,
    status: int,
    envelope: Envelope,
    verb: str,
    headers: Mapping[str, str] | None = None,
) -> RefusedError:
    first = envelope.errors[0] if envelope.errors else {}
    errors = "; ".join(": ".join(_describe_error(error, _describe_status(status))) for error in envelope.errors[:3])
    is_from_tenant = envelope.is_published or (bool(envelope.errors) and path.endswith(OAUTH_TOKEN))
    message = f"{method} {path} {verb} {status} ({_describe_status(status)})"
    message += f": {errors.rstrip('.')}." if errors else "."
    if not is_from_tenant and status not in STATUSES_WITHOUT_ENVELOPE:
        message += " It is not in the form in which Qlik Cloud refuses, so a gateway or proxy may have answered."
    error_class = STATUS_ERRORS.get(status, RefusedError)
    if status == 404 and is_from_tenant:
        error_class = NotFoundError
    return error_class(
        message,
        method,
        path,
        status,
        code=first.get("code"),
        title=first.get("title") or _describe_status(status),
        detail=first.get("detail"),
        trace_id=envelope.trace_id,
        # Rate limits are documented by their header; a limiter refuses before anything is passed on.
        is_from_tenant=is_from_tenant or (status == 429 and "Retry-After" in (headers or {})),
    )


def _describe_error(error: Mapping[str, str | None], reason: str) -> list[str]:
    """Title and detail of one error, without one that only repeats the name of the status."""
    parts = [part for part in (error["title"], error["detail"]) if part]
    return [part for part in parts if part != reason] or parts


def _describe_status(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _parse_envelope(document: Any) -> Envelope:
    """The errors of a JSON document in the published form or OAuth's; an empty envelope for any other document."""
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
        # The form of a refused sign-in (RFC 6749, section 5.2).
        return Envelope(({"code": code, "title": code, "detail": _find_text(document, "error_description")},), trace_id)
    return Envelope(errors, trace_id, is_published=bool(errors))


def _find_text(entry: Mapping[str, Any], name: str) -> str | None:
    """The text in a field, None for an empty text or anything else."""
    value = entry.get(name)
    return value or None if isinstance(value, str) else None
