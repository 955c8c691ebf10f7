# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request bodies: what is sent, parsed and checked."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from .errors import bad_body

JSON_TYPES = ("application/json", "application/json-patch+json")


def get_media_type(request: Request) -> str:
    """The content type without its parameters, in lower case; empty if there is none."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def read_json_body(request: Request, body: bytes) -> Any:
    """The parsed body. Raises Refusal (400) unless it is sent as JSON and is JSON."""
    if get_media_type(request) not in JSON_TYPES:
        raise bad_body("", f"content type must be {JSON_TYPES[0]}, not {get_media_type(request) or 'absent'}")
    try:
        return parse_json(body)
    except ValueError as error:
        raise bad_body("", "not valid JSON") from error


def parse_json(body: bytes) -> Any:
    """JSON that can be stored as UTF-8. Raises ValueError."""
    try:
        parsed = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(parsed, ensure_ascii=False).encode("utf-8")  # a lone surrogate parses, but is no text
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def require_object(body: Any) -> dict[str, Any]:
    """Raises Refusal (400) for anything else."""
    if not isinstance(body, dict):
        raise bad_body("", "an object is required")
    return body


def require_text(value: Any, pointer: str) -> str:
    """A string that is not blank. Raises Refusal (400)."""
    if not isinstance(value, str) or not value.strip():
        raise bad_body(pointer, "a string that is not blank is required")
    return value
