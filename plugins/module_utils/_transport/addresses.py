# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a request may go: the one place that judges the tenant's address, its links and its redirects.

Two parsers read an address before a socket is opened: urllib3's, by which requests prepares it, and Python's own, by which
requests finds the connection. They do not agree on every text, so an address is used only if both name the same place.
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
    # The client says so, before any address is judged.
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

DEFAULT_PORTS = {"https": 443, "http": 80}
MAX_ADDRESS_CHARACTERS = 4096
MAX_SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class Origin:
    """Where a socket is opened to; ``host`` is in lower case, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def check_tenant_url(url: str) -> str:
    """Return the tenant's address without a trailing slash.

    Raises OptionError unless it is ``https://host[:port][/prefix]``, or plain ``http`` to this machine itself: a
    bearer token must never cross a network in clear.
    """
    url = url.strip()
    if set(url) & set("@?#"):
        # Said without the address, which may hold a password or a token.
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
    if path == "/api" or path.startswith("/api/"):
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
    """Whether a text has only characters that both parsers read alike in an address: no blank, backslash or ``@``."""
    return (
        len(text) <= MAX_ADDRESS_CHARACTERS
        and all("!" <= character <= "~" for character in text)
        and not set(text) & set("\\@")
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself by its very text: ``localhost``, 127.0.0.0/8 or ``::1``."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address == IPv6Address("::1") or (isinstance(address, IPv4Address) and address.is_loopback)


@lru_cache(maxsize=64)
def parse_origin(url: str) -> Origin | None:
    """Where a request for ``url`` opens its socket to; None unless that is certain, and no user is named in it.

    The address is judged as requests prepares it for sending, and must say the same as it was given.
    """
    if not HAS_REQUESTS:
        return None
    prepared = PreparedRequest()
    try:
        prepared.prepare_url(url, None)
        given = urlsplit(url)
        read_by_python = urlsplit(prepared.url)
        read_by_urllib3 = parse_url(prepared.url)
        origins = {
            _build_origin(given.scheme, given.hostname, given.port),
            _build_origin(read_by_python.scheme, read_by_python.hostname, read_by_python.port),
            _build_origin(read_by_urllib3.scheme, read_by_urllib3.host, read_by_urllib3.port),
        }
    except (RequestException, HTTPError, ValueError):
        return None
    if len(origins) != 1 or "@" in read_by_python.netloc or read_by_urllib3.auth is not None:
        return None
    return origins.pop()


def resolve_link(link: object, found_at: str, tenant_url: str) -> str | None:
    """The address that a link or ``Location`` of an answer from ``found_at`` leads to; None unless it is on the tenant."""
    if not isinstance(link, str) or not is_plain_address(link):
        return None
    target = join_link(link, found_at)
    return target if is_same_host(target, tenant_url) else None


def join_link(link: str, found_at: str) -> str:
    """The address that a link leads to, relative ones from ``found_at``; empty if it is none."""
    try:
        return urljoin(found_at, link)
    except ValueError:
        return ""


def is_same_host(one: str, other: str) -> bool:
    """Whether requests for the two addresses go to the same scheme, host and port; False when that is not certain."""
    origin = parse_origin(one)
    return origin is not None and origin == parse_origin(other)


def _build_origin(scheme: str | None, host: str | None, port: int | None) -> Origin | None:
    if scheme not in DEFAULT_PORTS or not host or port == 0 or "%" in host:
        return None
    return Origin(scheme, host.strip("[]").lower(), port or DEFAULT_PORTS[scheme])


def _quote_address(text: str) -> str:
    return repr(text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…")
