# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses the client may speak to, and whether two addresses are the same host."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

DEFAULT_PORTS = {"https": 443, "http": 80}


def check_tenant_url(url: str) -> str:
    """Return the tenant's address without a trailing slash.

    Raises OptionError unless it is ``https://host[:port][/prefix]``, or plain ``http`` to this machine itself: a
    bearer token must never cross a network in clear.
    """
    if set(url) & set("@?#"):
        # Said without the address, which may hold a password or a token.
        raise OptionError(
            "tenant_url",
            "must not contain a user name or password, a query or a fragment (no @, ? or #); "
            "sign in with a credential option.",
        )
    try:
        parts = urlsplit(url.strip())
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise OptionError("tenant_url", f"{url!r} is not a valid address.") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or not port_is_valid:
        raise OptionError("tenant_url", f"{url!r} is not of the form https://your-tenant.eu.qlikcloud.com.")
    path = parts.path.rstrip("/")
    if path == "/api" or path.startswith("/api/"):
        raise OptionError("tenant_url", f"{url!r} must be the tenant's address alone; leave out {path}.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise OptionError(
            "tenant_url",
            f"{url!r} would send the token unencrypted; use https:// (plain http is for loopback addresses only).",
        )
    return f"{parts.scheme}://{parts.netloc}{path}"


def is_loopback(host: str) -> bool:
    """Whether the host name means this machine itself (RFC 6761 reserves ``localhost`` and names below it)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def same_host(one: str, other: str) -> bool:
    """Whether two absolute URLs have the same scheme, host and port."""
    try:
        return _origin(urlsplit(one)) == _origin(urlsplit(other))
    except ValueError:
        return False


def _origin(parts: SplitResult) -> tuple:
    return (parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme))
