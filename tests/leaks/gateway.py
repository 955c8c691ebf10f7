# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway before a tenant that tells what it should not: it echoes what it was sent, and spoils what it was answered.

How it treats a request is the first part of the path, ``<manner>.<scope>``, so a task chooses by its ``tenant_url``:
``http://127.0.0.1:PORT/echo-403.post`` answers every POST below ``/api`` so and passes on everything else.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from exchanges import Answer, Upstream, sent_headers, tokens_in

PLAIN = "plain"
SIGN_IN = "/oauth/token"
SLOW_SECONDS = 2.0
OFTEN = 40


@dataclass(frozen=True)
class Exchange:
    """One request, and ``real``, which passes it on to the tenant and gives the tenant's answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    real: Callable[[], Answer]

    @property
    def sent(self) -> str:
        """All that the request held, in one line."""
        return " ".join([*self.headers.values(), self.body.decode()])

    @property
    def secrets(self) -> list[str]:
        """Those parts of it that a caller would mind to see."""
        known = [
            value.removeprefix("Bearer ") for name, value in self.headers.items() if name in ("Authorization", "X-Key")
        ]
        given = json.loads(self.body) if self.path == SIGN_IN else {}
        return [*known, *(given[name] for name in ("client_id", "client_secret") if name in given)]


Manner = Callable[[Exchange], "Answer | None"]


def _refusal(status: int, text: str, secrets: list[str], **headers: str) -> Answer:
    """The text as it is, then each secret so often that it is cut somewhere, whatever the length."""
    errors = [{"code": text, "title": text, "detail": text}]
    errors += [{"code": often, "title": often, "detail": f"...{often}"} for often in map(_often, secrets)]
    return Answer.of(status, {"errors": errors, "traceId": _often(secrets[0])}, **headers)


def _often(text: str) -> str:
    return " ".join([text] * OFTEN)


def _echo(status: int, **headers: str) -> Manner:
    return lambda exchange: _refusal(status, exchange.sent, exchange.secrets, **headers)


def _echo_as_oauth(exchange: Exchange) -> Answer:
    often = _often(exchange.secrets[-1])
    return Answer.of(401, {"error": exchange.sent, "error_description": often, "traceId": often})


def _echo_as_page(exchange: Exchange) -> Answer:
    page = f"<html><title>Authorization Required</title>{exchange.sent}</html>"
    return Answer(401, page.encode(), {"Content-Type": f"text/html; {exchange.secrets[0]}"})


def _echo_as_records(exchange: Exchange) -> Answer:
    """Well formed, whatever was asked for, and every text in it is one that was sent."""
    secret = exchange.secrets[-1]
    texts = (
        "id",
        "tenantId",
        "description",
        "sub",
        "createdByUser",
        "name",
        "email",
        "subject",
        "provider",
        "protocol",
    )
    record = dict.fromkeys(texts, secret) | {
        "status": "active",
        "subType": "user",
        "expiry": "2099-01-01T00:00:00Z",
        "created": "2026-01-01T00:00:00Z",
        "hostnames": [secret],
        "assignedScopes": [secret],
        "assignedRoles": [{"name": secret}],
        "max_keys_per_user": 5,
        "max_api_key_expiry": "PT24H",
        "scim_externalClient_expiry": "P365D",
    }
    return Answer.of(200, {**record, "data": [record]})


def _redirect_with_secrets(exchange: Exchange) -> Answer:
    secret = exchange.secrets[-1]
    return Answer(302, b"", {"Location": f"https://user:{secret}@{secret}.example/{secret}?secret={secret}"})


def _refuse_with_the_real_answer(exchange: Exchange) -> Answer:
    text = exchange.real().body.decode()
    return _refusal(500, text, [text])


def _garbage(exchange: Exchange) -> Answer:
    return Answer(200, b"<<<" + exchange.real().body, {"Content-Type": "text/plain"})


def _truncate(exchange: Exchange) -> Answer:
    real = exchange.real()
    return replace(real, body=real.body[: len(real.body) // 2], promised=len(real.body))


def _without_token(exchange: Exchange) -> Answer:
    return _changed(exchange.real(), lambda document: document.pop("token", None))


def _stuck(exchange: Exchange) -> Answer:
    """A key without a token, which then cannot be retired."""
    if exchange.method == "DELETE":
        return _refusal(500, exchange.sent, exchange.secrets)
    return _without_token(exchange) if exchange.method == "POST" else exchange.real()


def _with_another_id_in_the_token(exchange: Exchange) -> Answer:
    def change(document: dict) -> None:
        head, payload, signature = document["token"].split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        forged = base64.urlsafe_b64encode(json.dumps({**claims, "jti": "another-id"}).encode()).decode().rstrip("=")
        document["token"] = f"{head}.{forged}.{signature}"

    return _changed(exchange.real(), change)


def _drop(exchange: Exchange) -> None:
    exchange.real()


def _slow(exchange: Exchange) -> Answer:
    time.sleep(SLOW_SECONDS)
    return exchange.real()


def _changed(real: Answer, change: Callable[[dict], object]) -> Answer:
    if not 200 <= real.status < 300:
        return real
    document = json.loads(real.body)
    change(document)
    return replace(real, body=json.dumps(document).encode())


MANNERS: dict[str, Manner] = {
    **{f"echo-{status}": _echo(status) for status in (400, 401, 403, 404, 409, 500)},
    # Longer than any client waits, so it gives up at once.
    "echo-429": _echo(429, Retry_After="1000000"),
    "oauth-401": _echo_as_oauth,
    "page-401": _echo_as_page,
    "records": _echo_as_records,
    "redirect": _redirect_with_secrets,
    "quoted-500": _refuse_with_the_real_answer,
    "garbage": _garbage,
    "truncate": _truncate,
    "tokenless": _without_token,
    "stuck": _stuck,
    "other-jti": _with_another_id_in_the_token,
    "drop": _drop,
    "slow": _slow,
}
SCOPES: dict[str, Callable[[Exchange], bool]] = {
    "any": lambda exchange: exchange.path != SIGN_IN,
    "post": lambda exchange: exchange.method == "POST" and exchange.path != SIGN_IN,
    "patch": lambda exchange: exchange.method == "PATCH",
    "delete": lambda exchange: exchange.method == "DELETE",
    "sign-in": lambda exchange: exchange.path == SIGN_IN,
}


class Gateway:
    """``url`` is where it listens; ``issued`` is every token that came through it, in whatever way it was passed on."""

    def __init__(self, tenant_url: str, url: str):
        self.url = url
        self._upstream = Upstream(tenant_url)
        self.issued = self._upstream.issued

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """None: the connection is to be closed without a word."""
        way, _slash, rest = target.lstrip("/").partition("/")
        path = f"/{rest}"
        real = partial(self._upstream.pass_on, method, path, headers, body)
        exchange = Exchange(method, path.partition("?")[0], headers, body, real)
        manner, _dot, scope = way.partition(".")
        answer = exchange.real() if way == PLAIN or not SCOPES[scope](exchange) else MANNERS[manner](exchange)
        if answer is not None:
            self.issued |= tokens_in(answer)
        return answer


@contextmanager
def serve_gateway(tenant_url: str) -> Iterator[Gateway]:
    """A gateway before that tenant, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.gateway = Gateway(tenant_url, f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.gateway
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.server.gateway.answer(self.command, self.path, sent_headers(self.headers), body)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body) if answer.promised is None else answer.promised))
        self.end_headers()
        # A client that waits no longer has gone.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(answer.body)
        self.close_connection = answer.promised is not None

    do_POST = do_PATCH = do_DELETE = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        """What is asked here is not written anywhere."""
