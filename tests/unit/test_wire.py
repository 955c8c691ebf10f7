# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake network must itself be able to fail."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE, UnexpectedRequest, Wire


@pytest.fixture
def own(monkeypatch):
    """A second fake in place of the one that would fail this test at its end."""
    fake = Wire()
    fake.replace_network(monkeypatch)
    return fake


def get(path: str, **how) -> requests.Response:
    return requests.get(BASE + path, timeout=1, **how)


def test_the_expected_requests_in_their_order_are_answered(own):
    own.expects("GET", "/one", query={"a": "b+c"}, bearer="t").answers(json={"n": 1}, headers={"X-More": "yes"})
    own.expects("GET", "/two", bearer=None).answers(401, text="<h1>No</h1>")
    one = get("/one", params={"a": "b+c"}, headers={"Authorization": "Bearer t"})
    two = get("/two")
    own.verify()
    assert (one.status_code, one.json(), one.headers["X-More"], two.status_code, two.text) == (
        200,
        {"n": 1},
        "yes",
        401,
        "<h1>No</h1>",
    )


def test_a_request_too_few_fails(own):
    own.expects("GET", "/one", bearer=None).answers()
    with pytest.raises(AssertionError, match="never sent.*GET https://tenant.example.com/one"):
        own.verify()


@pytest.mark.parametrize(
    ("expected", "sent", "problem"),
    [
        (None, {}, "one request too many"),
        ({"path": "/other"}, {}, "address is"),
        ({"query": {"a": "1"}}, {"params": {"a": "2"}}, "query is"),
        ({}, {"params": {"a": ""}}, "query is"),
        ({"query": {"a": "1"}}, {"params": [("a", "1"), ("a", "1")]}, "query is"),
        ({"json": {"a": 1}}, {"json": {"a": 1, "b": 2}}, "json is"),
        ({"json": {"a": 1}}, {}, "json is"),
        ({"bearer": "t"}, {}, "headers is"),
        ({"bearer": None}, {"headers": {"Authorization": "Bearer t"}}, "headers is"),
        ({"headers": {"X-Own": "1"}}, {"headers": {"X-Own": "2"}}, "headers is"),
    ],
)
def test_another_request_fails_even_when_the_error_is_swallowed(own, expected, sent, problem):
    if expected is not None:
        own.expects("GET", **{"path": "/one", "bearer": None, **expected}).answers()
    with pytest.raises(UnexpectedRequest, match=problem):
        get("/one", **sent)
    with pytest.raises(AssertionError, match=problem):
        own.verify()


def test_another_order_fails(own):
    own.expects("GET", "/one", bearer=None).answers()
    own.expects("GET", "/two", bearer=None).answers()
    with pytest.raises(UnexpectedRequest, match="not the request that is due"):
        get("/two")


def test_a_request_without_a_timeout_fails(own):
    own.expects("GET", "/one", bearer=None).answers()
    with pytest.raises(UnexpectedRequest, match="without a timeout"):
        requests.Session().get(f"{BASE}/one")
