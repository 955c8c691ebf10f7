# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    RefusedError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer_token import BearerToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import OAuthClient
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, quote_segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import refused
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE, Wire

PATH = "/api/v1/things"


def calls_of_a_client() -> Calls:
    http = HttpClient(BASE)
    return Calls(http, BearerToken(http, OAuthClient("client-7", "s3cret")))


def expect_token(wire: Wire, token: str) -> None:
    grant = {"client_id": "client-7", "client_secret": "s3cret", "grant_type": "client_credentials"}
    wire.expects("POST", "/oauth/token", json=grant, bearer=None).answers(json={"access_token": token})


def calls_of_a_second_run(wire: Wire) -> Calls:
    """The first one has signed in, and was answered."""
    calls = calls_of_a_client()
    expect_token(wire, "first-token")
    wire.expects("GET", PATH, bearer="first-token").answers(json={})
    calls.send("GET", "/things", needs="luck")
    calls.start_run(lambda warning: None, Progress())
    return calls


def numbers(calls: Calls) -> list:
    return [record for _answer, record in calls.pages("/things", {"limit": 2}, needs="luck")]


def test_a_call_is_signed_and_below_the_api(wire, calls):
    wire.expects("PATCH", PATH, query={"a": "b"}, json=[1]).answers(204)
    assert calls.send("PATCH", "/things", needs="luck", query={"a": "b"}, body=[1]).status == 204


def test_a_401_says_with_what_was_signed_in_and_why_it_may_fail(wire, calls):
    wire.expects("GET", PATH).answers(401, json=refused("AUTH-1", "Invalid token"))
    with pytest.raises(UnauthorizedError) as failed:
        calls.send("GET", "/things", needs="luck")
    assert str(failed.value) == (
        "GET /api/v1/things was refused with 401 (Unauthorized): Invalid token. The access token is "
        "expired or revoked, belongs to another tenant, or its owner has lost the right to use API keys."
    )
    assert failed.value.failure["code"] == "AUTH-1"


def test_a_403_says_what_the_call_needs(wire):
    calls = calls_of_a_client()
    expect_token(wire, "fetched")
    wire.expects("GET", PATH, bearer="fetched").answers(403)
    with pytest.raises(ForbiddenError) as failed:
        calls.send("GET", "/things", needs="the right R")
    assert str(failed.value) == (
        "GET /api/v1/things was refused with 403 (Forbidden): Forbidden. "
        "Signed in with the OAuth client; this call needs the right R."
    )


def test_a_right_that_the_tenant_names_itself_is_said_once(wire, calls):
    refusal = refused("F", "Forbidden")
    refusal["errors"][0]["detail"] = "this takes the role TenantAdmin"
    wire.expects("GET", PATH).answers(403, json=refusal)
    with pytest.raises(ForbiddenError, match=r"this takes the role TenantAdmin. Signed in with the access token.$"):
        calls.send("GET", "/things", needs="the role TenantAdmin")


@pytest.mark.parametrize("is_refused_again", [False, True])
def test_a_read_refused_with_a_token_of_an_earlier_run_is_sent_once_more_with_another(wire, is_refused_again):
    calls = calls_of_a_second_run(wire)
    wire.expects("GET", PATH, bearer="first-token").answers(401)
    expect_token(wire, "second-token")
    wire.expects("GET", PATH, bearer="second-token").answers(401 if is_refused_again else 200, json={})
    if is_refused_again:
        with pytest.raises(UnauthorizedError):
            calls.send("GET", "/things", needs="luck")
    else:
        assert calls.send("GET", "/things", needs="luck").status == 200


def test_a_write_refused_with_a_token_of_an_earlier_run_is_not_sent_again(wire):
    calls = calls_of_a_second_run(wire)
    wire.expects("DELETE", f"{PATH}/1", bearer="first-token").answers(401)
    with pytest.raises(UnauthorizedError):
        calls.send("DELETE", "/things/1", needs="luck")


def test_other_refusals_are_told_without_advice(wire, calls):
    wire.expects("GET", PATH).answers(500)
    with pytest.raises(RefusedError, match=r"\(Internal Server Error\): Internal Server Error\.$"):
        calls.send("GET", "/things", needs="luck")


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE}{PATH}?limit=2&startingAfter=b%2Bc",
        f"{PATH}?limit=2&startingAfter=b%2Bc",
        "?limit=2&startingAfter=b%2Bc",
        "things?limit=2&startingAfter=b%2Bc",
    ],
)
@pytest.mark.parametrize("end", [{}, {"next": None}, {"next": {}}, {"next": {"href": None}}, {"next": {"href": ""}}])
def test_pages_are_followed_by_absolute_and_relative_links_to_an_absent_or_null_one(wire, calls, link, end):
    wire.expects("GET", PATH, query={"limit": "2"}).answers(json={"data": [1, 2], "links": {"next": {"href": link}}})
    wire.expects("GET", PATH, query={"limit": "2", "startingAfter": "b+c"}).answers(json={"data": [3], "links": end})
    assert numbers(calls) == [1, 2, 3]


@pytest.mark.parametrize("links", [{"links": None}, {"links": []}, {}])
def test_a_page_without_links_is_the_last(wire, calls, links):
    wire.expects("GET", PATH, query={"limit": "2"}).answers(json={"data": [1], **links})
    assert numbers(calls) == [1]


def test_a_page_is_only_asked_for_when_it_is_needed(wire, calls):
    wire.expects("GET", PATH, query={"limit": "2"}).answers(json={"data": [1], "links": {"next": {"href": "?n=2"}}})
    assert next(calls.pages("/things", {"limit": 2}, needs="luck"))[1] == 1


@pytest.mark.parametrize(
    "back", ["?limit=2", f"{BASE}{PATH}?limit=2", "?n=2"], ids=["first, relative", "first, absolute", "itself"]
)
def test_a_link_back_to_a_page_already_read_ends_in_words(wire, calls, back):
    wire.expects("GET", PATH, query={"limit": "2"}).answers(json={"data": [1], "links": {"next": {"href": "?n=2"}}})
    wire.expects("GET", PATH, query={"n": "2"}).answers(json={"data": [2], "links": {"next": {"href": back}}})
    with pytest.raises(UnusableAnswerError, match="with a next link that leads back to a page already read"):
        numbers(calls)


@pytest.mark.parametrize(
    "link", ["https://evil.example/api/v1/things?n=2", "//evil.example/", "http://tenant.example.com/"]
)
def test_a_link_to_another_host_is_not_followed(wire, calls, link):
    wire.expects("GET", PATH, query={"limit": "2"}).answers(json={"data": [1], "links": {"next": {"href": link}}})
    with pytest.raises(UnusableAnswerError, match="with a next link to another host.*the token is not sent there"):
        numbers(calls)


@pytest.mark.parametrize("href", ["http://[broken", 5, ["?n=2"]])
def test_a_link_that_is_no_address_cannot_be_used(wire, calls, href):
    wire.expects("GET", PATH, query={"limit": "2"}).answers(json={"data": [1], "links": {"next": {"href": href}}})
    with pytest.raises(UnusableAnswerError, match="with a next link .*that is no address"):
        numbers(calls)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}])
def test_a_page_without_a_list_cannot_be_used(wire, calls, body):
    wire.expects("GET", PATH, query={"limit": "2"}).answers(json=body)
    with pytest.raises(UnusableAnswerError, match="without a usable 'data'"):
        numbers(calls)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("plain-1", "plain-1"), ("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"), ("https://x", "https%3A%2F%2Fx")],
)
def test_an_id_stays_one_segment_of_the_path(wire, calls, text, quoted):
    assert quote_segment(text) == quoted
    wire.expects("GET", f"{PATH}/{quoted}").answers(json={})
    calls.send("GET", f"/things/{quote_segment(text)}", needs="luck")
