# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import requests
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import (
    check_tenant_url,
    is_same_host,
    parse_origin,
    resolve_link,
)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://tenant.eu.qlikcloud.com", "https://tenant.eu.qlikcloud.com"),
        ("  https://tenant.eu.qlikcloud.com/  ", "https://tenant.eu.qlikcloud.com"),
        ("HTTPS://tenant.eu.qlikcloud.com:8443//", "https://tenant.eu.qlikcloud.com:8443"),
        ("https://gateway.example/qlik/", "https://gateway.example/qlik"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_https_address_and_plain_http_to_this_machine_are_accepted(given, used):
    assert check_tenant_url(given) == used


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("http://tenant.eu.qlikcloud.com", "unencrypted"),
        ("http://127.0.0.1.evil.example", "unencrypted"),
        ("http://localhost.evil.example", "unencrypted"),
        # A name server may know this one.
        ("http://qlik.localhost:1", "unencrypted"),
        ("http://localhost.:1", "unencrypted"),
        ("http://10.0.0.1", "unencrypted"),
        ("tenant.eu.qlikcloud.com", "not of the form"),
        ("ftp://tenant.eu.qlikcloud.com", "not of the form"),
        ("https://", "not of the form"),
        ("   ", "not of the form"),
        ("https://tenant:0", "not of the form"),
        ("https://tenant:99999", "not of the form"),
        ("https://tenant:port", "not of the form"),
        ("https://[tenant", "not of the form"),
        ("https://tenant/?a=b", "must not contain"),
        ("https://tenant/#top", "must not contain"),
        ("https://tenant/api/v1", "leave out '/api/v1'"),
        ("https://tenant/api/", "leave out '/api'"),
        ("https://tenant/hub", "leave out '/hub'"),
        ("https://tenant/console/users/", "leave out '/console/users'"),
        ("https://somebody@tenant", "must not contain"),
        ("https://tenant\\@evil.example", "must not contain"),
    ],
)
def test_any_other_address_is_refused_and_the_message_names_the_option(given, problem):
    with pytest.raises(OptionError, match=problem) as refused:
        check_tenant_url(given)
    assert str(refused.value).startswith("tenant_url: ")
    assert refused.value.option == "tenant_url"


@pytest.mark.parametrize(
    "given",
    [
        "https://user:hunter2@tenant",
        "http://user:hunter2@tenant",
        "user:hunter2@tenant",
        "https://user:hunter2@tenant:99999",
        "https://user:hunter2@[tenant",
        "https://tenant/?key=hunter2",
        "https://tenant/#hunter2",
    ],
)
def test_a_secret_inside_an_address_is_not_repeated(given):
    with pytest.raises(OptionError) as refused:
        check_tenant_url(given)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://tenant/a", "https://TENANT:443/b?c", True),
        ("http://localhost", "http://localhost:80/", True),
        ("https://tenant", "http://tenant", False),
        ("https://tenant", "https://tenant:8443", False),
        ("https://tenant", "https://tenant.evil.example", False),
        ("https://tenant", "https://tenant@evil.example", False),
        ("https://tenant", "https://[tenant", False),
    ],
)
def test_a_host_is_its_scheme_name_and_port(one, other, same):
    assert is_same_host(one, other) is same


HOSTS = ["tenant.example.com", "evil.example", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "tenant.example.com."]
PIECES = st.one_of(
    st.sampled_from(
        [*HOSTS, "https:", "HTTPS:", "http:", "javascript:", "//", "/", "\\", "@", "#", "?", ":", ":443", ":0"]
    ),
    st.sampled_from(
        [":8443", "[", "]", "%2f", "%5c", "%40", "%00", "..", ";", "&", " ", "\t", "\n", "\r", "\x00", "。", "／"]
    ),
    st.text(max_size=3),
)


def address_like() -> st.SearchStrategy[str]:
    """Text that begins like an address, more often than not, and goes on as it likes."""
    start = st.sampled_from(
        ["", "https://", "https:/", "https:\\\\", "//", "https://tenant.example.com", "/", "?next=1"]
    )
    return st.builds(lambda begin, pieces: begin + "".join(pieces), start, st.lists(PIECES, max_size=8))


class SocketWanted(BaseException):
    """Raised where requests and urllib3 would open a socket, with the address that they would open it to."""

    def __init__(self, scheme: str, host: str, port: int):
        super().__init__(scheme, host, port)


@pytest.fixture(scope="module")
def socket_address():
    """Where ``requests`` itself would open a socket for a URL: scheme, host and port; None if it refuses to."""

    class Pools(PoolManager):
        def connection_from_host(self, host, port=None, scheme="http", pool_kwargs=None):
            raise SocketWanted(scheme, host, port or {"http": 80, "https": 443}[scheme])

    def asker(url: str):
        session = requests.Session()
        session.trust_env = False
        adapter = HTTPAdapter()
        adapter.poolmanager = Pools()
        for scheme in ("https://", "http://"):
            session.mount(scheme, adapter)
        try:
            prepared = session.prepare_request(requests.Request("GET", url))
            # Not session.send, for which the network is replaced in these tests.
            adapter.get_connection_with_tls_context(prepared, verify=True)
        except SocketWanted as wanted:
            scheme, host, port = wanted.args
            return scheme, host.strip("[]").lower(), port
        except (requests.RequestException, ValueError, HTTPError):
            return None
        raise AssertionError("requests found a connection where there is none")

    return asker


@settings(
    max_examples=2000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(link=address_like())
@example(link="https://evil.example\\@tenant.example.com/x")
@example(link="https://tenant.example.com\\@evil.example/x")
@example(link="https://tenant.example.com@evil.example/x")
@example(link="https://evil.example#@tenant.example.com")
@example(link="//evil.example/x")
@example(link="https://tenant.example.com:443/x?next=2")
@example(link="/x?next=2")
def test_whatever_a_link_says_a_socket_is_opened_to_the_tenant_alone(socket_address, link):
    tenant = "https://tenant.example.com"
    target = resolve_link(link, f"{tenant}/api/v1/api-keys", tenant)
    event("followed" if target else "refused")
    if target is not None:
        assert socket_address(target) == ("https", "tenant.example.com", 443)


@settings(
    max_examples=2000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(url=address_like())
def test_the_place_that_is_judged_is_the_one_that_a_socket_is_opened_to(socket_address, url):
    origin = parse_origin(url)
    event("certain" if origin else "uncertain")
    if origin is not None:
        assert socket_address(url) == (origin.scheme, origin.host, origin.port)


@pytest.mark.parametrize(
    "link", [None, 5, [], {"href": "/x"}, "x" * 4097, "https://[", "/a b", "/ä", "/x\\y", "/\ud800"]
)
def test_what_is_no_link_leads_nowhere(link):
    assert resolve_link(link, "https://tenant/x", "https://tenant") is None


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("/x?next=2", "https://tenant/x?next=2"),
        ("?next=2", "https://tenant/list?next=2"),
        ("https://TENANT:443/x", "https://TENANT:443/x"),
        ("//tenant/x", "https://tenant/x"),
    ],
)
def test_a_link_on_the_tenant_leads_there(link, target):
    assert resolve_link(link, "https://tenant/list", "https://tenant") == target
