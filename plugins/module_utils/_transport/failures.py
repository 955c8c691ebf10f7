# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request got no answer, by the errors of requests and urllib3."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.client import BadStatusLine, RemoteDisconnected
from urllib.parse import urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.bodies import IncompleteBodyError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.request_thread import (
    Attempt,
    DeadlineExceeded,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

try:
    from requests import exceptions as requests_errors
    from requests.utils import select_proxy
    from urllib3 import exceptions as urllib3_errors
except ImportError:
    # HttpClient is not used then, see REQUESTS_IMPORT_ERROR.
    pass

MAX_REASON_CHARACTERS = 300
# The reasons that versions of OpenSSL give for an answer that is not TLS.
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
# Begins the description of a proxy whose address cannot be read: "that HTTPS_PROXY names".
UNREADABLE_PREFIX = "that "


@dataclass(frozen=True)
class Failure:
    """``reason`` is in words, ``was_not_sent`` is certain, ``is_transient``: the same request may succeed at once."""

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
        reason = f"there was no whole answer within {deadline:g} s (three times the option timeout)"
        return Failure(reason, was_not_sent, is_transient=False)
    if proxy is not None and not attempt.was_sent:
        by_proxy = _find_proxy_failure(causes, proxy)
        if by_proxy is not None:
            return by_proxy
    by_tls = _find_tls_failure(causes, attempt)
    if by_tls is not None:
        return by_tls
    # Asked first: in urllib3 1 it is a ConnectTimeoutError as well.
    if _has_cause(causes, urllib3_errors.NewConnectionError):
        return Failure(_describe_root_cause(causes), was_not_sent=True, is_transient=True)
    if _has_cause(causes, urllib3_errors.ConnectTimeoutError, requests_errors.ConnectTimeout):
        return Failure(f"no connection within {timeout:g} s", was_not_sent=True, is_transient=True)
    if _has_cause(causes, urllib3_errors.ReadTimeoutError, requests_errors.ReadTimeout, TimeoutError):
        return Failure(f"nothing came within {timeout:g} s (option timeout)", was_not_sent, is_transient=True)
    if _was_never_tried(error):
        return Failure(_describe_root_cause(causes), was_not_sent=True, is_transient=False)
    is_known = _is_known(causes)
    reason = (
        _describe_root_cause(causes) if is_known else f"{type(error).__name__} while it was sent or its answer read"
    )
    return Failure(reason, was_not_sent, is_transient=is_known)


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
    # A part of a password after a character that ends the host would be taken for a host or port.
    if not host or proxy.count("@") != parts.netloc.count("@") or any(character in host for character in '@/\\"'):
        return f"{UNREADABLE_PREFIX}{name} names"
    return format_one_line(f"{host}:{port} ({name})" if port else f"{host} ({name})", MAX_REASON_CHARACTERS)


def _find_proxy_failure(causes: list[BaseException], proxy: str) -> Failure | None:
    """The failure of a proxy, None if it was not the proxy's.

    Only for a request that was not sent: one that was, and lost its connection, has errors of the same types.
    """
    # requests raises a defect of its own for an address without a host.
    is_without_host = proxy.startswith(UNREADABLE_PREFIX) and not _is_known(causes)
    if is_without_host or _has_cause(
        causes,
        requests_errors.InvalidProxyURL,
        urllib3_errors.ProxySchemeUnknown,
        urllib3_errors.ProxySchemeUnsupported,
        urllib3_errors.LocationParseError,
    ):
        # The error's own message has the address with its password.
        return Failure(f"the address of the proxy {proxy} is not usable", was_not_sent=True, is_transient=False)
    tunnel_failure = _find_tunnel_failure(causes)
    if tunnel_failure is not None:
        answer = format_one_line(tunnel_failure, MAX_REASON_CHARACTERS).rstrip(".")
        hint = ". Give it a user and password that it accepts" if answer.startswith("407") else ""
        reason = f"the proxy {proxy} made no connection: {answer}{hint}"
        return Failure(reason, was_not_sent=True, is_transient=not answer.startswith("4"))
    if not _has_cause(causes, urllib3_errors.ProxyError, requests_errors.ProxyError):
        return None
    is_transient = not _has_cause(causes, ssl.SSLCertVerificationError)
    return Failure(
        f"the proxy {proxy} cannot be used: {_describe_root_cause(causes)}",
        was_not_sent=True,
        is_transient=is_transient,
    )


def _find_tunnel_failure(causes: list[BaseException]) -> str | None:
    """The proxy's answer to a request for a tunnel, such as ``407 Proxy Authentication Required``."""
    # The innermost error comes first: the outer ones have the objects around it in their messages.
    for cause in reversed(causes):
        if TUNNEL_FAILURE in str(cause):
            return str(cause).partition(TUNNEL_FAILURE)[2]
    return None


def _find_tls_failure(causes: list[BaseException], attempt: Attempt) -> Failure | None:
    """The failure of TLS, None if it was not that."""
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            # OpenSSL's findings have a message of their own; wrong names are found by urllib3 and Python as well.
            finding = getattr(cause, "verify_message", None) or (cause.args[-1] if cause.args else "it is not valid")
            finding = format_one_line(str(finding), MAX_REASON_CHARACTERS)
            reason = f"the certificate was not accepted: {finding}. For a private authority, give ca_path"
            return Failure(reason, was_not_sent=True, is_transient=False)
        is_no_tls = isinstance(cause, ssl.SSLError) and getattr(cause, "reason", None) in NOT_TLS_REASONS
        if is_no_tls and not attempt.was_sent:
            reason = "what answers there does not speak TLS; the port may be wrong, or one for plain http"
            return Failure(reason, was_not_sent=True, is_transient=False)
        if str(cause).startswith(TLS_RECORDS):
            reason = "what answers there speaks TLS; the address must begin with https://"
            return Failure(reason, was_not_sent=False, is_transient=False)
    if _has_cause(causes, ssl.SSLError, urllib3_errors.SSLError):
        return Failure(
            f"the TLS connection broke: {_describe_root_cause(causes)}", attempt.is_connecting, is_transient=True
        )
    return None


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all errors that led to it, the innermost last, each once."""
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
    """Whether requests refused an address, a header or a file of authorities before it looked for a connection.

    For such a file it raises a plain OSError without a number, unlike any error of a socket.
    """
    if isinstance(error, requests_errors.RequestException):
        return isinstance(error, ValueError) and not isinstance(
            error, (requests_errors.ContentDecodingError, requests_errors.JSONDecodeError)
        )
    return isinstance(error, OSError) and error.errno is None and not isinstance(error, TimeoutError)


def _describe_root_cause(causes: list[BaseException]) -> str:
    """The innermost reason in words, without the URL and object names that the outer ones repeat."""
    cause = causes[-1]
    reason = str(getattr(cause, "strerror", None) or cause) or type(cause).__name__
    if isinstance(cause, BadStatusLine) and not isinstance(cause, RemoteDisconnected):
        # Its message is the line alone.
        reason = f"what came does not begin as an answer of HTTP does: {reason}"
    return format_one_line(reason, MAX_REASON_CHARACTERS).rstrip(".")
