# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a handler gets and how it is run: sign-in, rate limit, body, one transaction, one answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .base_paths import path_in_tenant
from .bodies import read_json_body
from .callers import Caller, identify
from .errors import Refusal, gateway_401
from .tenant import Tenant


@dataclass(frozen=True)
class Call:
    """A signed-in request: `body` is the parsed JSON of a write.

    `base_url` is the tenant as the client addressed it, `base_path` the path in it, `path` what was asked for below it.
    """

    tenant: Tenant
    caller: Caller
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    base_url: str
    base_path: str
    path: str
    query_string: str


Handler = Callable[[Call], Response]


class UnsignedEndpoint(ABC):
    """One path that is answered without a bearer token and outside the tiers of the API."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        try:
            response = self._answer(request, body)
        except Refusal as refusal:
            response = refusal.response()
        await response(scope, receive, send)

    @abstractmethod
    def _answer(self, request: Request, body: bytes) -> Response:
        """Raises Refusal for what cannot be answered."""


class Endpoint:
    """One path of the API: a handler for each method."""

    def __init__(self, tenant: Tenant, handlers: dict[str, Handler]) -> None:
        self._tenant = tenant
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        response = self._answer(request, body)
        await response(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        # No await between here and the commit: the work of two requests never interleaves.
        try:
            handler = self._handlers.get(request.method)
            if handler is None:
                raise method_not_allowed(self._handlers)
            headers, call = self._admit(request, body)
            with self._tenant.store.transaction():
                response = handler(call)
            response.headers.update(headers)
            return response
        except Refusal as refusal:
            if refusal.status == 401 and self._tenant.settings.html_401:
                return gateway_401()
            return refusal.response()

    def _admit(self, request: Request, body: bytes) -> tuple[dict[str, str], Call]:
        caller = identify(self._tenant, request.headers.get("authorization"))
        headers = self._tenant.limits.admit(caller.id, request.method)
        call = Call(
            tenant=self._tenant,
            caller=caller,
            ids=request.path_params,
            query=request.query_params,
            body=read_json_body(request, body) if request.method in ("POST", "PATCH") else None,
            base_url=str(request.base_url).rstrip("/"),
            base_path=request.scope["root_path"],
            path=path_in_tenant(request.scope),
            query_string=request.scope["query_string"].decode(),
        )
        return headers, call


def method_not_allowed(methods: Mapping[str, Any]) -> Refusal:
    allowed = ", ".join(sorted(methods))
    return Refusal(405, "Method not allowed", f"allowed: {allowed}", headers={"Allow": allowed})
