# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outermost layer: writes the request log, sets the Date header, and spoils answers where a fault is ordered."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .base_paths import path_in_tenant
from .clock import Clock
from .connections import get_connection
from .errors import envelope, error_object, gateway_page
from .faults import Fault, Faults
from .request_log import RequestLog
from .rewriting import rewrite

CONTROL_PREFIX = "/_control/"
BODILESS = (204, 304)  # HTTP allows no body with these
GARBAGE = "upstream said: <<< not JSON"


class Gateway:
    def __init__(self, app: ASGIApp, clock: Clock, log: RequestLog, faults: Faults) -> None:
        self.log = log
        self._app = app
        self._clock = clock
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = path_in_tenant(scope)
        if path.startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        body = await _read_body(receive)
        if body is None:
            return
        entry = self.log.open(
            method=scope["method"],
            path=path,
            query=scope["query_string"].decode("ascii", "replace"),
            headers=dict(Headers(scope=scope)),
            connection=get_connection(scope).number,
            body=body,
        )
        fault = self._faults.take(scope["method"], path)
        exchange = _Exchange(self._app, self._clock, entry, scope, receive, send, body)
        if fault is None:
            await exchange.answer(await exchange.work())
            return
        entry["fault"] = {"kind": fault.kind, "when": fault.when}
        await exchange.spoil(fault)


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, app: ASGIApp, clock: Clock, entry: dict[str, Any], scope: Scope, receive: Receive, send: Send, body: bytes
    ) -> None:
        self._app = app
        self._clock = clock
        self._entry = entry
        self._scope = scope
        self._receive = receive
        self._send = send
        self._body = body

    async def work(self) -> Response:
        """Execute the request; its answer, not yet sent."""
        response = Response()

        async def replay() -> Message:
            return {"type": "http.request", "body": self._body, "more_body": False}

        async def capture(message: Message) -> None:
            if message["type"] == "http.response.start":
                response.status_code = message["status"]
                response.raw_headers = list(message["headers"])
            else:
                response.body += message.get("body", b"")

        await self._app(self._scope, replay, capture)
        return response

    async def answer(self, response: Response, date: str | None = None) -> None:
        self._note(response, date)
        await response(self._scope, self._receive, self._send)

    async def spoil(self, fault: Fault) -> None:
        worked = await self.work() if fault.when == "after" else None
        if fault.kind == "latency":
            await asyncio.sleep(fault.seconds)
            await self.answer(worked or await self.work())
        elif fault.kind in ("status", "garbage", "foreign"):
            await self.answer(_build_replacement(fault))
        elif fault.kind == "date":
            await self.answer(worked or await self.work(), fault.value)
        elif fault.kind == "rewrite":
            await self.answer(_rewrite(worked or await self.work(), fault))
        elif fault.kind == "truncate":
            await self._truncate(worked or _build_replacement(fault))
        else:
            if fault.kind == "hang":
                await self._wait_for_disconnect(fault.seconds)
            await self._drop()

    async def _truncate(self, response: Response) -> None:
        """Promise the whole body, send half of it, close. An answer without a body is dropped instead."""
        if not response.body:
            await self._drop()
            return
        self._note(response)
        half = response.body[: len(response.body) // 2]
        await self._send(
            {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
        )
        await self._send({"type": "http.response.body", "body": half, "more_body": True})
        get_connection(self._scope).close()
        await self._wait_for_disconnect()

    async def _drop(self) -> None:
        get_connection(self._scope).abort()
        await self._wait_for_disconnect()

    async def _wait_for_disconnect(self, seconds: float | None = None) -> None:
        """Until the connection is gone: only then does the server accept that this request has no whole answer."""
        try:
            await asyncio.wait_for(self._is_disconnected(), seconds)
        except asyncio.TimeoutError:
            return

    async def _is_disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue

    def _note(self, response: Response, date: str | None = None) -> None:
        self._entry["status"] = response.status_code
        MutableHeaders(raw=response.raw_headers)["date"] = self._clock.http_date() if date is None else date


async def _read_body(receive: Receive) -> bytes | None:
    """None if the client left before it had sent everything: half a request is never executed."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message["body"]
        more = message["more_body"]
    return body


def _rewrite(response: Response, fault: Fault) -> Response:
    response.body = rewrite(response.body, fault.changes or {})
    headers = MutableHeaders(raw=response.raw_headers)
    if "content-length" in headers:
        headers["content-length"] = str(len(response.body))
    return response


def _build_replacement(fault: Fault) -> Response:
    """The answer of a fault that does not come from the tenant."""
    status = fault.status or 200
    if status in BODILESS:
        return Response(None, status, fault.headers)
    if fault.kind == "garbage":
        text = GARBAGE if fault.body is None else str(fault.body)
        return Response(text, status, fault.headers, fault.content_type or "application/json")
    if fault.kind == "foreign":
        page = gateway_page(status) if fault.body is None else str(fault.body)
        return Response(page, status, fault.headers, fault.content_type or "text/html")
    if isinstance(fault.body, str):
        return Response(fault.body, status, fault.headers, fault.content_type or "text/plain")
    body = envelope(error_object(status, "Injected fault", None)) if fault.body is None else fault.body
    return JSONResponse(body, status, fault.headers, fault.content_type)
