# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import NotFoundError, RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import VERSION
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE


def test_query_body_and_bearer_are_sent_as_given(wire):
    wire.expects("POST", "/x", query={"a": "b"}, json={"c": [1]}, headers={"Accept": "application/json"}).answers(201)
    assert (
        HttpClient(BASE)
        .request("POST", "/x", query={"a": "b"}, body={"c": [1]}, bearer="access-token-of-the-caller")
        .status
        == 201
    )


def test_backslash_and_plus_are_percent_encoded_in_a_query(wire):
    wire.expects("GET", "/x", query={"sub": "SCIM\\id", "sort": "+created"}, bearer=None).answers()
    HttpClient(BASE).request("GET", "/x", query={"sub": "SCIM\\id", "sort": "+created"})
    assert wire.sent[0].url == f"{BASE}/x?sub=SCIM%5Cid&sort=%2Bcreated"


def test_the_timeout_holds_for_connecting_and_for_each_read(wire):
    wire.expects("GET", "/x", bearer=None).answers()
    HttpClient(BASE, timeout=7.5).request("GET", "/x")
    assert wire.sent[0].how["timeout"] == (7.5, 7.5)


def test_the_user_agent_names_the_collection_and_its_version_whatever_headers_say(wire):
    wire.expects(
        "GET", "/x", bearer=None, headers={"User-Agent": f"tenantops.qlik_cloud/{VERSION}", "X-Gate": "a"}
    ).answers()
    HttpClient(BASE, headers={"user-agent": "other", "X-Gate": "a"}).request("GET", "/x")


@pytest.mark.parametrize("verify", [False, "/etc/own-ca.pem"])
def test_the_choice_of_certificates_wins_over_the_environment(wire, monkeypatch, verify):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/environment-ca.pem")
    wire.expects("GET", "/x", bearer=None).answers()
    HttpClient(BASE, verify=verify).request("GET", "/x")
    assert wire.sent[0].how["verify"] == verify


def test_certificates_are_checked_unless_told_otherwise(wire):
    wire.expects("GET", "/x", bearer=None).answers()
    HttpClient(BASE).request("GET", "/x")
    assert wire.sent[0].how["verify"] is True


def test_an_entry_in_netrc_never_replaces_the_bearer_nor_adds_one(wire, monkeypatch, tmp_path):
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine tenant.example.com login somebody password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    wire.expects("GET", "/x").answers()
    wire.expects("GET", "/x", bearer=None).answers()
    http = HttpClient(BASE)
    http.request("GET", "/x", bearer="access-token-of-the-caller")
    http.request("GET", "/x")


@pytest.mark.parametrize(
    ("base", "proxies"),
    [("http://127.0.0.1:8080", {}), ("http://localhost", {}), (BASE, {"https": "http://proxy.example:3128"})],
)
def test_a_proxy_of_the_environment_is_used_except_towards_this_machine(wire, monkeypatch, base, proxies):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    wire.base = base
    wire.expects("GET", "/x", bearer=None).answers()
    HttpClient(base).request("GET", "/x")
    used = wire.sent[0].how["proxies"]
    assert {scheme: used[scheme] for scheme in proxies} == proxies
    assert bool(used) is bool(proxies)


def test_one_connection_pool_serves_all_requests(wire):
    http = HttpClient(BASE)
    for _time in range(3):
        wire.expects("GET", "/x", bearer=None).answers()
        http.request("GET", "/x")
    assert len({id(sent.adapter) for sent in wire.sent}) == 1


LATER = datetime(2999, 1, 1, tzinfo=timezone.utc)
EARLIER = datetime(2011, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(("served", "is_believed"), [(EARLIER, True), (LATER, False)])
def test_of_two_clocks_that_differ_the_earlier_one_is_believed_and_the_user_told(wire, served, is_believed):
    warnings: list[str] = []
    http = HttpClient(BASE, warn=warnings.append)
    wire.now = served
    for _time in range(2):
        wire.expects("GET", "/x", bearer=None).answers()
        http.request("GET", "/x")
    before = datetime.now(timezone.utc)
    assert (http.now() < before) is is_believed
    assert (http.now().year == served.year) is is_believed
    assert http.tenant_time().year == served.year
    assert not http.clocks_agree
    assert len(warnings) == 1 and f"The tenant says that it is {served:%Y-%m-%d}" in warnings[0]


def test_clocks_an_hour_apart_agree_and_nobody_is_told(wire):
    warnings: list[str] = []
    http = HttpClient(BASE, warn=warnings.append)
    wire.now = datetime.now(timezone.utc) - timedelta(hours=1)
    wire.expects("GET", "/x", bearer=None).answers()
    http.request("GET", "/x")
    assert http.clocks_agree and warnings == []
    assert http.now() <= datetime.now(timezone.utc) - timedelta(minutes=59)


@pytest.mark.parametrize("date", ["yesterday", "", "Wed, 01 Jan 2031 00:00:00 -0000"])
def test_a_date_header_that_tells_no_moment_is_not_used(wire, date):
    wire.expects("GET", "/x", bearer=None).answers(headers={"Date": date})
    http = HttpClient(BASE)
    http.request("GET", "/x")
    assert abs(http.now() - datetime.now(timezone.utc)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("base", "advice"),
    [
        (BASE, f"Is tenant_url, {BASE}, the address of a Qlik Cloud tenant?"),
        (
            f"{BASE}/qlik",
            f"Is tenant_url, {BASE}/qlik, the address of a Qlik Cloud tenant? Leave out /qlik, unless a proxy",
        ),
    ],
)
def test_a_404_of_anybody_but_the_tenant_asks_whether_the_address_is_right(wire, base, advice):
    wire.base = base
    wire.expects("GET", "/x", bearer=None).answers(404, text="<h1>Not here</h1>")
    with pytest.raises(RefusedError) as failed:
        HttpClient(base).request("GET", "/x")
    assert advice in str(failed.value)


def test_a_404_of_the_tenant_does_not_question_the_address(wire):
    wire.expects("GET", "/x", bearer=None).answers(404)
    with pytest.raises(NotFoundError) as failed:
        HttpClient(BASE).request("GET", "/x")
    assert "tenant_url" not in str(failed.value)
