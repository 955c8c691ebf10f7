# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bounds of a list call: what comes twice, what never ends, and links that lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    NoAnswerError,
    RefusedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant import calls as module
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

PATH = "/api/v1/things"
QUERY = {"limit": "2"}


def expect_page(wire, number: int, records: list, next_href: Any = None) -> None:
    """The first page is asked for with the query, each later one by the link of the one before."""
    query = QUERY if number == 1 else {"n": str(number)}
    wire.expects("GET", PATH, query=query).answers(json={"data": records, "links": {"next": {"href": next_href}}})


def expect_pages(wire, *pages: list) -> None:
    for number, records in enumerate(pages, 1):
        expect_page(wire, number, records, None if number == len(pages) else f"?n={number + 1}")


def records_of(calls: Calls) -> list:
    return [record for _answer, record in calls.pages("/things", {"limit": 2}, needs="luck")]


def test_each_record_comes_with_the_page_it_was_on(wire, calls):
    expect_pages(wire, ["a", "b"], ["c"])
    found = list(calls.pages("/things", {"limit": 2}, needs="luck"))
    assert [(answer.url, record) for answer, record in found] == [
        (f"{BASE}{PATH}?limit=2", "a"),
        (f"{BASE}{PATH}?limit=2", "b"),
        (f"{BASE}{PATH}?n=2", "c"),
    ]


def test_an_empty_page_is_not_the_end(wire, calls):
    expect_pages(wire, [], [], ["a"])
    assert records_of(calls) == ["a"]


def test_a_record_that_comes_twice_because_pages_shift_is_given_once_as_it_came_first(wire, calls):
    first, again = {"id": "2", "status": "active"}, {"id": "2", "status": "revoked"}
    expect_pages(wire, [{"id": "1"}, first], [again, {"id": "3"}])
    assert records_of(calls) == [{"id": "1"}, first, {"id": "3"}]


def test_a_whole_page_that_comes_twice_is_given_once(wire, calls):
    same = [{"id": "1"}, {"id": "2"}]
    expect_pages(wire, same, same, [{"id": "3"}])
    assert records_of(calls) == [*same, {"id": "3"}]


@pytest.mark.parametrize("record", [{"id": None}, {"id": 5}, {"id": ["1"]}, {"name": "a"}, "text", 5, None, ["a"]])
def test_records_that_have_no_id_are_all_given(wire, calls, record):
    expect_pages(wire, [record, record], [record])
    assert records_of(calls) == [record] * 3


def test_as_many_pages_as_are_allowed_are_read(wire, calls, monkeypatch):
    monkeypatch.setattr(module, "MAX_PAGES", 3)
    expect_pages(wire, [1], [2], [3])
    assert records_of(calls) == [1, 2, 3]


def test_a_list_of_ever_more_pages_ends_in_words(wire, calls, monkeypatch):
    monkeypatch.setattr(module, "MAX_PAGES", 3)
    for number in (1, 2, 3, 4):
        expect_page(wire, number, [], f"?n={number + 1}")
    with pytest.raises(UnusableAnswerError, match=f"^GET {PATH} was answered 200 on page 4 of a list that has no end"):
        records_of(calls)


def test_as_many_records_as_are_allowed_are_given(wire, calls, monkeypatch):
    monkeypatch.setattr(module, "MAX_RECORDS", 3)
    expect_pages(wire, [1, 2], [3])
    assert records_of(calls) == [1, 2, 3]


def test_a_list_of_ever_more_records_ends_in_words(wire, calls, monkeypatch):
    monkeypatch.setattr(module, "MAX_RECORDS", 3)
    expect_page(wire, 1, [1, 2], "?n=2")
    expect_page(wire, 2, [3, 4], "?n=3")
    with pytest.raises(UnusableAnswerError, match="on page 2 of a list that has no end"):
        records_of(calls)


def test_records_that_come_twice_do_not_count_as_more(wire, calls, monkeypatch):
    monkeypatch.setattr(module, "MAX_RECORDS", 2)
    same = [{"id": "1"}, {"id": "2"}]
    expect_pages(wire, same, same, same)
    assert records_of(calls) == same


def size_of_page(wire, calls, records: list) -> int:
    """The bytes of a page with a next link."""
    expect_page(wire, 1, records, "?n=2")
    answer, _record = next(calls.pages("/things", {"limit": 2}, needs="luck"))
    assert answer.size > 0
    return answer.size


def test_as_many_bytes_as_are_allowed_are_read_and_not_one_more(wire, calls, monkeypatch):
    size = size_of_page(wire, calls, ["a"])
    monkeypatch.setattr(module, "MAX_BYTES", 2 * size)
    expect_page(wire, 1, ["a"], "?n=2")
    expect_page(wire, 2, ["b"], "?n=3")
    pages = calls.pages("/things", {"limit": 2}, needs="luck")
    assert [next(pages)[1], next(pages)[1]] == ["a", "b"]
    # Within the bound, so the next page is asked for; that is one too many.
    expect_page(wire, 3, ["c"])
    assert next(pages)[1] == "c"
    with pytest.raises(UnusableAnswerError, match="on page 3 of a list that has no end"):
        next(pages)


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.example/api/v1/things?n=2",
        "//evil.example/things",
        "http://tenant.example.com/api/v1/things?n=2",
        f"{BASE}:8443/api/v1/things?n=2",
        "https://somebody@tenant.example.com/api/v1/things?n=2",
        "https://tenant.example.com\\@evil.example/",
        "https://tenant.example.com.evil.example/",
        "http://[broken",
        "?n=2 3",
        "?n=\u00e4",
        "x" * 5000,
        "javascript:alert(1)",
        "mailto:somebody",
        5,
        True,
        ["?n=2"],
        {"href": "?n=2"},
    ],
)
def test_the_token_is_sent_nowhere_but_to_the_tenant_after_the_records_of_the_page_were_given(wire, calls, href):
    expect_page(wire, 1, ["a"], href)
    pages = calls.pages("/things", {"limit": 2}, needs="luck")
    assert next(pages)[1] == "a"
    with pytest.raises(UnusableAnswerError, match="with a next link to another host, or that is no address") as failed:
        next(pages)
    assert "evil" not in str(failed.value)


def test_a_link_leads_to_another_path_of_the_tenant_too(wire, calls):
    expect_page(wire, 1, ["a"], "/api/v2/things?n=2")
    wire.expects("GET", "/api/v2/things", query={"n": "2"}).answers(json={"data": ["b"]})
    assert records_of(calls) == ["a", "b"]


def test_pages_that_lead_to_each_other_in_a_circle_end_in_words(wire, calls):
    expect_page(wire, 1, [1], "?n=2")
    expect_page(wire, 2, [2], "?n=3")
    expect_page(wire, 3, [3], "?n=2")
    with pytest.raises(UnusableAnswerError, match="with a next link that leads back to a page already read"):
        records_of(calls)


def test_a_first_page_behind_a_redirect_is_a_page_already_read_where_it_was_found(wire, calls):
    wire.expects("GET", PATH, query=QUERY).answers(302, headers={"Location": f"{PATH}?limit=2&region=eu"})
    links = {"next": {"href": "?limit=2&region=eu"}}
    wire.expects("GET", PATH, query={**QUERY, "region": "eu"}).answers(json={"data": [1], "links": links})
    with pytest.raises(UnusableAnswerError, match="leads back to a page already read"):
        records_of(calls)


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        ({"status": 404}, RefusedError, "was refused with 404 \\(Not Found\\): Not Found\\.$"),
        ({"status": 404, "text": "<html>no such page</html>"}, RefusedError, "a gateway or proxy may have answered"),
        ({"status": 500}, RefusedError, "was refused with 500"),
        ({"text": "<html>sign in</html>"}, UnusableAnswerError, "with text/html where a JSON object was expected"),
        ({"json": ["a"]}, UnusableAnswerError, "where a JSON object was expected"),
        ({"json": {"data": "a"}}, UnusableAnswerError, "without a usable 'data'"),
        (requests.ConnectionError("dropped"), NoAnswerError, "got no answer"),
    ],
)
@pytest.mark.parametrize("number", [1, 2])
def test_a_page_that_does_not_come_is_an_error_and_never_the_end_of_the_list(
    wire, calls, number, answer, kind, message
):
    if number == 2:
        expect_page(wire, 1, ["a"], "?n=2")
    wire.expects("GET", PATH, query=QUERY if number == 1 else {"n": "2"}).ends(answer)
    with pytest.raises(kind, match=message):
        records_of(calls)


def test_lists_that_are_read_as_one_are_cut_where_they_become_too_much(wire, calls, monkeypatch):
    monkeypatch.setattr(module, "MAX_RECORDS", 3)
    extent = module.ListExtent()

    def read() -> list:
        return [record for _answer, record in calls.pages("/things", {"limit": 2}, needs="luck", extent=extent)]

    expect_pages(wire, [1], [2])
    assert read() == [1, 2]
    assert (extent.pages, extent.records, extent.is_exceeded, extent.is_cut) == (2, 2, False, False)
    expect_pages(wire, [3, 4])
    assert read() == [3, 4]
    assert (extent.is_exceeded, extent.is_cut) == (True, False)
    expect_page(wire, 1, [5], "?n=2")
    assert read() == [5]
    assert extent.is_cut
