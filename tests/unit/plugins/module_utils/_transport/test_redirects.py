# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import client
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, BASE

STATUSES = [301, 302, 303, 307, 308]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("location", ["/users/u1?full=yes", f"{BASE}:443/users/u1?full=yes", "u1?full=yes"])
def test_a_redirect_on_the_same_host_is_followed_with_the_bearer(wire, status, location):
    wire.expects("GET", "/users/me", query={"a": "1"}).answers(status, headers={"Location": location})
    wire.base = BASE + (":443" if ":443" in location else "")
    wire.expects("GET", "/users/u1", query={"full": "yes"}).answers(200, json={"id": "u1"})
    answer = HttpClient(BASE).request("GET", "/users/me", query={"a": "1"}, bearer=ACCESS_TOKEN)
    assert (answer.document(), answer.path) == ({"id": "u1"}, "/users/me")


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://evil.example/users/me", "evil.example"),
        ("//evil.example/users/me", "evil.example"),
        ("http://tenant.example.com/users/me", "tenant.example.com"),
        ("https://tenant.example.com:8443/users/me", "tenant.example.com:8443"),
    ],
)
def test_another_host_never_gets_a_request_and_is_named(wire, location, host):
    wire.expects("GET", "/users/me").answers(302, headers={"Location": location})
    with pytest.raises(UnusableAnswerError) as refused:
        HttpClient(BASE).request("GET", "/users/me", bearer=ACCESS_TOKEN)
    assert str(refused.value) == (
        f"GET /users/me: the tenant at {BASE} points to another host, {host}. "
        "The token is not sent there. If that is the tenant's own name, give it as tenant_url."
    )
    assert refused.value.failure == {"status": 302, "method": "GET", "path": "/users/me"}


@pytest.mark.parametrize(
    "location",
    [
        "https://tenant.example.com@evil.example/",
        "https://evil.example\\@tenant.example.com/",
        "https:\\\\evil.example/",
        "/\\evil.example/x",
        "https://evil.example#@tenant.example.com/",
        "https://tenant.example.com%2fevil.example/",
        "https://tenant.example.com:port/",
        "https://[tenant.example.com/",
    ],
)
def test_what_two_parsers_may_read_differently_is_no_address_and_gets_no_request(wire, location):
    wire.expects("GET", "/users/me").answers(302, headers={"Location": location})
    with pytest.raises(
        UnusableAnswerError, match=rf"^GET /users/me: the tenant at {BASE} points to .*is not sent there"
    ):
        HttpClient(BASE).request("GET", "/users/me", bearer=ACCESS_TOKEN)


def test_an_absolute_target_on_another_host_is_refused_before_any_request():
    with pytest.raises(UnusableAnswerError, match="points to another host, evil.example"):
        HttpClient(BASE).request("GET", "https://evil.example/x", bearer=ACCESS_TOKEN)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_redirected_write_is_not_sent_again(wire, method, status):
    wire.expects(method, "/x", bearer=None).answers(status, headers={"Location": "/y"})
    with pytest.raises(UnusableAnswerError, match=rf"redirect \({status}\), which is not followed for this call"):
        HttpClient(BASE).request(method, "/x")


def test_a_redirect_to_nowhere_is_refused(wire):
    wire.expects("GET", "/x", bearer=None).answers(302)
    with pytest.raises(UnusableAnswerError, match="answered with a redirect"):
        HttpClient(BASE).request("GET", "/x")


def test_a_redirect_has_the_time_that_is_left_of_the_call(wire, monkeypatch):
    allowed: list[float] = []

    def as_if_it_took_25_seconds(self, seconds, attempt, work, meanwhile):
        allowed.append(seconds)
        return replace(work(), seconds=25.0)

    monkeypatch.setattr(client.RequestThread, "run", as_if_it_took_25_seconds)
    for hop in range(4):
        wire.expects("GET", f"/{hop}").answers(302, headers={"Location": f"/{hop + 1}"})
    wire.expects("GET", "/4").answers(200, json={})
    HttpClient(BASE, timeout=30.0).request("GET", "/0", bearer=ACCESS_TOKEN)
    assert allowed == [90.0, 65.0, 40.0, 15.0, 0.0]


def test_a_loop_of_redirects_ends(wire):
    for path in ("/a", "/b") * 3:
        wire.expects("GET", path).answers(302, headers={"Location": "/b" if path == "/a" else "/a"})
    with pytest.raises(UnusableAnswerError, match="GET /a was redirected more than 5 times"):
        HttpClient(BASE).request("GET", "/a", bearer=ACCESS_TOKEN)
