# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request got no answer, told from what requests and urllib3 raise."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.client import BadStatusLine, RemoteDisconnected
from urllib.parse import urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.bodies import IncompleteBodyError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.connections import (
    Attempt,
    DeadlineExceeded,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

try:
    from requests import exceptions as requests_errors
    from requests.utils import select_proxy
    from urllib3 import exceptions as urllib3_errors
except ImportError:
    # The client says so, before any request is sent.
    pass

MAX_REASON_CHARACTERS = 300
# What OpenSSL calls an answer that is not TLS, by version.
NOT_TLS_REASONS = {
    "WRONG_VERSION_NUMBER",
    "UNKNOWN_PROTOCOL",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
}
# The first two bytes of every TLS record: its type (20 to 23) and the major version 3.
TLS_RECORDS = tuple(f"{chr(kind)}\x03" for kind in range(20, 24))
TUNNEL_FAILURE = "Tunnel connection failed: "
# How a proxy is called whose address does not say which it is.
UNREADABLE_PREFIX = "that "


@dataclass(frozen=True)
class Failure:
    """``why`` is in words. ``was_not_sent`` is certain. ``may_pass``: the same request may succeed at once."""

    reason: str
    was_not_sent: bool
    is_transient: bool


def describe_failure(error: Exception, attempt: Attempt, timeout: float, deadline: float, proxy: str | None) -> Failure:
    """``timeout`` and ``deadline`` in seconds; ``proxy`` as ``shown_proxy`` gives it, None for a direct connection."""
    failure = _describe_failure(error, attempt, timeout, deadline, proxy)
    if proxy is None or proxy in failure.reason:
        return failure
    return replace(failure, reason=f"through the proxy {proxy}, {failure.reason}")


def _describe_failure(
    error: Exception, attempt: Attempt, timeout: float, deadline: float, proxy: str | None
) -> Failure:
    causes = list(_list_causes(error))
    was_not_sent = attempt.is_connecting
    if isinstance(error, DeadlineExceeded):
        why = f"there was no whole answer within {deadline:g} s (three times the option timeout)"
        return Failure(why, was_not_sent, is_transient=False)
    if proxy is not None and not attempt.was_sent:
        by_proxy = _find_proxy_failure(causes, proxy)
        if by_proxy is not None:
            return by_proxy
    by_tls = _find_tls_failure(causes, attempt)
    if by_tls is not None:
        return by_tls
    # Of the two kinds the first is a part of the second.
    if _has_cause(causes, urllib3_errors.NewConnectionError):
        return Failure(_describe_root_cause(causes), was_not_sent=True, is_transient=True)
    if _has_cause(causes, urllib3_errors.ConnectTimeoutError, requests_errors.ConnectTimeout):
        return Failure(f"no connection within {timeout:g} s", was_not_sent=True, is_transient=True)
    if _has_cause(causes, urllib3_errors.ReadTimeoutError, requests_errors.ReadTimeout, TimeoutError):
        return Failure(f"nothing came within {timeout:g} s (option timeout)", was_not_sent, is_transient=True)
    if _was_never_tried(error):
        return Failure(_describe_root_cause(causes), was_not_sent=True, is_transient=False)
    is_known = _is_known(causes)
    why = _describe_root_cause(causes) if is_known else f"{type(error).__name__} while it was sent or its answer read"
    return Failure(why, was_not_sent, is_transient=is_known)


def describe_proxy(url: str, proxies: Mapping[str, str]) -> str | None:
    """The proxy that a request for ``url`` takes, by host and port, without user and password; None for none."""
    proxy = select_proxy(url, proxies)
    if not proxy:
        return None
    name = f"{urlsplit(url).scheme.upper()}_PROXY"
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    # A password with a character that ends the host's part would be taken for a host or port.
    if not host or proxy.count("@") != parts.netloc.count("@") or any(character in host for character in '@/\\"'):
        return f"{UNREADABLE_PREFIX}{name} names"
    return format_one_line(f"{host}:{port} ({name})" if port else f"{host} ({name})", MAX_REASON_CHARACTERS)


def _find_proxy_failure(causes: list[BaseException], proxy: str) -> Failure | None:
    """For a request that was not sent: one that was, and lost its connection, has errors of the same kinds."""
    # Of an address without a host requests makes a defect of its own.
    is_without_host = proxy.startswith(UNREADABLE_PREFIX) and not _is_known(causes)
    if is_without_host or _has_cause(
        causes,
        requests_errors.InvalidProxyURL,
        urllib3_errors.ProxySchemeUnknown,
        urllib3_errors.ProxySchemeUnsupported,
        urllib3_errors.LocationParseError,
    ):
        # Without the error's own words, which have the address and its password.
        return Failure(f"the address of the proxy {proxy} is not usable", was_not_sent=True, is_transient=False)
    # The innermost: the outer ones have the objects around it in their words.
    told = next(
        (str(cause).partition(TUNNEL_FAILURE)[2] for cause in reversed(causes) if TUNNEL_FAILURE in str(cause)), None
    )
    if told is not None:
        is_for_good = told.startswith("4")
        hint = " Give it a user and password that it accepts." if told.startswith("407") else ""
        why = f"the proxy {proxy} made no connection: {format_one_line(told, MAX_REASON_CHARACTERS).rstrip('.')}.{hint}".rstrip(
            "."
        )
        return Failure(why, was_not_sent=True, is_transient=not is_for_good)
    if not _has_cause(causes, urllib3_errors.ProxyError, requests_errors.ProxyError):
        return None
    is_transient = not _has_cause(causes, ssl.SSLCertVerificationError)
    return Failure(
        f"the proxy {proxy} cannot be used: {_describe_root_cause(causes)}",
        was_not_sent=True,
        is_transient=is_transient,
    )


def _find_tls_failure(causes: list[BaseException], attempt: Attempt) -> Failure | None:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            # Only what OpenSSL itself finds has a message of its own; urllib3 and Python find wrong names as well.
            found = getattr(cause, "verify_message", None) or (cause.args[-1] if cause.args else "it is not valid")
            reason = format_one_line(str(found), MAX_REASON_CHARACTERS)
            why = f"the certificate was not accepted: {reason}. For a private authority, give ca_path"
            return Failure(why, was_not_sent=True, is_transient=False)
        is_no_tls = isinstance(cause, ssl.SSLError) and getattr(cause, "reason", None) in NOT_TLS_REASONS
        if is_no_tls and not attempt.was_sent:
            why = "what answers there does not speak TLS; the port may be wrong, or one for plain http"
            return Failure(why, was_not_sent=True, is_transient=False)
        if str(cause).startswith(TLS_RECORDS):
            why = "what answers there speaks TLS; the address must begin with https://"
            return Failure(why, was_not_sent=False, is_transient=False)
    if _has_cause(causes, ssl.SSLError, urllib3_errors.SSLError):
        return Failure(
            f"the TLS connection broke: {_describe_root_cause(causes)}", attempt.is_connecting, is_transient=True
        )
    return None


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, the innermost last, each once."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting.extend(each for each in inner if isinstance(each, BaseException))


def _has_cause(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _is_known(causes: list[BaseException]) -> bool:
    return _has_cause(causes, requests_errors.RequestException, urllib3_errors.HTTPError, OSError, IncompleteBodyError)


def _was_never_tried(error: Exception) -> bool:
    """Whether requests refused before it looked for a connection: an address or header, or a file of authorities.

    For the latter it raises a plain OSError without a number, unlike any that a socket brings.
    """
    if isinstance(error, requests_errors.RequestException):
        return isinstance(error, ValueError) and not isinstance(
            error, (requests_errors.ContentDecodingError, requests_errors.JSONDecodeError)
        )
    return isinstance(error, OSError) and error.errno is None and not isinstance(error, TimeoutError)


def _describe_root_cause(causes: list[BaseException]) -> str:
    """The innermost reason in words, without the URL and object names that the outer ones repeat."""
    cause = causes[-1]
    told = str(getattr(cause, "strerror", None) or cause) or type(cause).__name__
    if isinstance(cause, BadStatusLine) and not isinstance(cause, RemoteDisconnected):
        # Its words are the line alone.
        told = f"what came does not begin as an answer of HTTP does: {told}"
    return format_one_line(told, MAX_REASON_CHARACTERS).rstrip(".")
