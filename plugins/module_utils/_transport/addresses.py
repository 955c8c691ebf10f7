# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses: the one place that decides where a request may go, by tenant_url, links and redirects.

Two parsers read an address before a socket is opened: urllib3's, by which requests prepares it, and Python's own, by which
requests finds the connection. They differ on some texts, so an address is used only if both find the same host in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urljoin, urlsplit

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError

try:
    from requests.exceptions import RequestException
    from requests.models import PreparedRequest
    from urllib3.exceptions import HTTPError
    from urllib3.util import parse_url
except ImportError:
    # HttpClient is not used then, see REQUESTS_IMPORT_ERROR.
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

# The paths of the API and of the web pages of a tenant, which are copied from a browser. Any other may be that of a proxy.
PATHS_OF_A_TENANT = {"api", "analytics", "console", "hub", "insights", "sense"}
DEFAULT_PORTS = {"https": 443, "http": 80}
MAX_ADDRESS_CHARACTERS = 4096
MAX_SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class Origin:
    """The server that a socket is opened to; ``host`` is in lower case, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


@lru_cache(maxsize=64)
def check_tenant_url(url: str) -> str:
    """Return the tenant's address without a trailing slash.

    Raises OptionError unless it is ``https://host[:port][/prefix]``, or plain ``http`` to this machine itself: a
    bearer token must never cross a network in clear.
    """
    url = url.strip()
    if set(url) & set("@?#"):
        # The message leaves out the address, which may have a password or a token in it.
        raise OptionError(
            "tenant_url",
            "must not contain a user name or password, a query or a fragment (no @, ? or #); "
            "sign in with a credential option.",
        )
    if not is_plain_address(url):
        raise OptionError(
            "tenant_url",
            f"{_quote_address(url)} has blanks or characters that no address has. Give the tenant's name in ASCII letters, such as "
            "https://your-tenant.eu.qlikcloud.com.",
        )
    origin = parse_origin(url)
    if origin is None:
        raise OptionError(
            "tenant_url", f"{_quote_address(url)} is not of the form https://your-tenant.eu.qlikcloud.com."
        )
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if path.lstrip("/").split("/")[0] in PATHS_OF_A_TENANT:
        raise OptionError(
            "tenant_url", f"{_quote_address(url)} must be the tenant's address alone; leave out {_quote_address(path)}."
        )
    if origin.scheme == "http" and not is_loopback(origin.host):
        raise OptionError(
            "tenant_url",
            f"{_quote_address(url)} would send the token unencrypted; use https:// (plain http is for loopback addresses only).",
        )
    return f"{parts.scheme}://{parts.netloc}{path}"


def is_plain_address(text: str) -> bool:
    """Whether an address has only characters that both parsers read alike: no blank, backslash or ``@``."""
    return (
        len(text) <= MAX_ADDRESS_CHARACTERS
        and all("!" <= character <= "~" for character in text)
        and not set(text) & set("\\@")
    )


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, without asking a name server: ``localhost``, 127.0.0.0/8 or ``::1``."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address == IPv6Address("::1") or (isinstance(address, IPv4Address) and address.is_loopback)


@lru_cache(maxsize=64)
def parse_origin(url: str) -> Origin | None:
    """The server to which a request for ``url`` opens its socket; None unless that is certain, and without user and password.

    The address as requests prepares it for sending must name the same server as the address that was given.
    """
    if not HAS_REQUESTS:
        return None
    prepared = PreparedRequest()
    try:
        prepared.prepare_url(url, None)
        prepared_url = prepared.url or ""
        given = urlsplit(url)
        by_python = urlsplit(prepared_url)
        by_urllib3 = parse_url(prepared_url)
        origins = {
            _build_origin(given.scheme, given.hostname, given.port),
            _build_origin(by_python.scheme, by_python.hostname, by_python.port),
            _build_origin(by_urllib3.scheme, by_urllib3.host, by_urllib3.port),
        }
    except (RequestException, HTTPError, ValueError):
        return None
    if len(origins) != 1 or "@" in by_python.netloc or by_urllib3.auth is not None:
        return None
    return origins.pop()


def resolve_link(link: object, found_at: str, tenant_url: str) -> str | None:
    """The address of a link or ``Location`` in an answer from ``found_at``; None unless it is on the tenant."""
    if not isinstance(link, str) or not is_plain_address(link):
        return None
    target = join_link(link, found_at)
    return target if is_same_host(target, tenant_url) else None


def join_link(link: str, found_at: str) -> str:
    """The address of a link, where a relative one begins at ``found_at``; empty for text that is no link."""
    try:
        return urljoin(found_at, link)
    except ValueError:
        return ""


def is_same_host(one: str, other: str) -> bool:
    """Whether two addresses have the same scheme, host and port; False when that is not certain."""
    origin = parse_origin(one)
    return origin is not None and origin == parse_origin(other)


def _build_origin(scheme: str | None, host: str | None, port: int | None) -> Origin | None:
    if scheme not in DEFAULT_PORTS or not host or port == 0 or "%" in host:
        return None
    return Origin(scheme, host.strip("[]").lower(), port or DEFAULT_PORTS[scheme])


def _quote_address(text: str) -> str:
    return repr(text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…")
