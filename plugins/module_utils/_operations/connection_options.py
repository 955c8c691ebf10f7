# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of the options that say how to reach a tenant, which every module has."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from typing import Any, TypedDict

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

MAX_RETRIES = 10
# An hour is far beyond any use, and every platform's timers can hold it.
MAX_SECONDS = 3600
# A day: a run that has more to do than its limits let through in that time is better done in parts.
MAX_RATE_LIMIT_WAIT_SECONDS = 86400

# What each request says of itself, by RFC 9110 and 9112: another value cuts bodies off, mixes requests up, or changes what a call
# means.
OWN_HEADERS = frozenset(
    (
        *("host", "content-length", "content-encoding", "transfer-encoding", "te", "trailer"),
        *("connection", "keep-alive", "proxy-connection", "upgrade", "expect"),
        *("range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"),
        *("x-http-method", "x-http-method-override", "x-method-override"),
    )
)
JSON_HEADERS = frozenset(("accept", "content-type"))
JSON = "application/json"


class HttpOptions(TypedDict):
    """The arguments of ``HttpClient`` that options say. Times are seconds; ``verify`` may be the path of authorities."""

    verify: bool | str
    timeout: float
    retries: int
    retry_interval: float
    rate_limit_wait: float
    headers: dict[str, str]


def parse_http_options(params: Mapping[str, Any]) -> HttpOptions:
    """``params``: the options of a module. Raises OptionError."""
    if not 0 < params["timeout"] <= MAX_SECONDS:
        raise OptionError("timeout", f"must be more than 0 and at most {MAX_SECONDS} s, not {params['timeout']:g}.")
    if not 0 <= params["retries"] <= MAX_RETRIES:
        raise OptionError("retries", f"must be from 0 to {MAX_RETRIES}, not {params['retries']}.")
    if not 0 <= params["retry_interval"] <= MAX_SECONDS:
        raise OptionError("retry_interval", f"must be from 0 to {MAX_SECONDS} s, not {params['retry_interval']:g}.")
    if not 0 <= params["rate_limit_wait"] <= MAX_RATE_LIMIT_WAIT_SECONDS:
        raise OptionError(
            "rate_limit_wait", f"must be from 0 to {MAX_RATE_LIMIT_WAIT_SECONDS} s, not {params['rate_limit_wait']:g}."
        )
    return {
        "verify": _parse_verify(params),
        "timeout": params["timeout"],
        "retries": params["retries"],
        "retry_interval": params["retry_interval"],
        "rate_limit_wait": params["rate_limit_wait"],
        "headers": _parse_headers(params["headers"] or {}),
    }


def _parse_verify(params: Mapping[str, Any]) -> bool | str:
    ca_path: str | None = params["ca_path"]
    if not params["validate_certs"]:
        return False
    if not ca_path:
        return True
    try:
        mode = os.stat(ca_path).st_mode
    except (OSError, ValueError):
        mode = None
    if mode is None or not os.access(ca_path, os.R_OK):
        raise OptionError("ca_path", f"{ca_path} does not exist or cannot be read.")
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OptionError("ca_path", f"{ca_path} is neither a file of certificates nor a folder of them.")
    return ca_path


def _parse_headers(headers: Mapping[object, object]) -> dict[str, str]:
    """Header values may be secrets, so a message names a header, never its value."""
    checked = {}
    for given_name, given_value in headers.items():
        name, value = str(given_name), str(given_value).strip()
        if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
            raise OptionError("headers", f"{name!r} is not a header's name.")
        _check_header_name(name)
        if isinstance(given_value, (list, dict)):
            raise OptionError("headers", f"the value of {name} must be text.")
        if not value.isascii() or not value.isprintable():
            raise OptionError("headers", f"the value of {name} has line breaks or characters a header cannot carry.")
        if name.lower() in JSON_HEADERS and value.partition(";")[0].rstrip().lower() != JSON:
            raise OptionError("headers", f"{name} must be {JSON}, which is sent anyway; leave it out.")
        checked[name] = value
    return checked


def _check_header_name(name: str) -> None:
    """Raise OptionError for a header that is not the user's to give."""
    if name.lower() == "authorization":
        raise OptionError("headers", "must not contain Authorization; sign in with a credential option.")
    if name.lower() in OWN_HEADERS:
        raise OptionError("headers", f"must not contain {name}, which each request sets as it needs it; leave it out.")
