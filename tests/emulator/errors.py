# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals, and the error envelope in which Qlik Cloud answers them."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

GATEWAY_PAGE = """<html>
<head><title>{headline}</title></head>
<body><center><h1>{headline}</h1></center></body>
</html>
"""


class Refusal(Exception):
    """A request that is not granted; becomes the answer with this status and error envelope."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str | None = None,
        *,
        code: str | None = None,
        source: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.headers = headers
        self.error = error_object(status, title, detail, code=code, source=source)

    def response(self) -> Response:
        return JSONResponse(envelope(self.error), self.status, self.headers)


def error_object(
    status: int, title: str, detail: str | None, *, code: str | None = None, source: dict[str, str] | None = None
) -> dict[str, Any]:
    """One entry of `errors`.

    Qlik has published a single code, APIKEYS-18; every other one here is only the HTTP status, so that no client
    comes to rely on codes that a real tenant may not send.
    """
    error: dict[str, Any] = {"code": code or f"HTTP-{status}", "title": title, "status": status}
    if detail is not None:
        error["detail"] = detail
    if source is not None:
        error["source"] = source
    return error


def envelope(*errors: dict[str, Any]) -> dict[str, Any]:
    return {"errors": list(errors), "traceId": secrets.token_hex(16)}


def bad_parameter(name: str, detail: str) -> Refusal:
    return Refusal(400, "Invalid query parameter", detail, source={"parameter": name})


def bad_body(pointer: str, detail: str) -> Refusal:
    return Refusal(400, "Invalid request body", detail, source={"pointer": pointer})


def forbidden(detail: str) -> Refusal:
    return Refusal(403, "Forbidden", detail)


def not_found(what: str) -> Refusal:
    return Refusal(404, "Not found", f"{what} not found")


def gateway_page(status: int) -> str:
    """What a proxy in front of the services answers: HTML, not an envelope."""
    phrase = "Authorization Required" if status == 401 else HTTPStatus(status).phrase
    return GATEWAY_PAGE.format(headline=f"{status} {phrase}")


def gateway_401() -> Response:
    return HTMLResponse(gateway_page(401), 401)
