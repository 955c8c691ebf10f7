# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When requests are sent while the tenant limits them, seen at the wire."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from requests import Session

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RateLimitedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import refused
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

ALL_METHODS = ["GET", "POST", "PATCH", "DELETE"]
NOTHING_LEFT = {"Ratelimit-Limit": "100", "Ratelimit-Remaining": "0", "Ratelimit-Reset": "40"}


@pytest.mark.parametrize("method", ALL_METHODS)
def test_after_429_any_call_is_repeated_when_the_seconds_asked_for_have_passed(wire, waits, method):
    wire.expects(method, "/x", json={"a": 1}).answers(429, headers={"Retry-After": "17"})
    wire.expects(method, "/x", json={"a": 1}).answers(429, headers={"Retry-After": " 3 "})
    wire.expects(method, "/x", json={"a": 1}).answers(200, json={"done": True})
    answer = HttpClient(BASE, retries=0).request(method, "/x", body={"a": 1}, bearer="access-token-of-the-caller")
    assert answer.document() == {"done": True}
    assert waits == [17.0, 3.0]


@pytest.mark.parametrize("hours", [-1, 0, 1])
@pytest.mark.parametrize("dated", ["the refusal", "an earlier answer"])
def test_a_wait_asked_for_as_a_date_is_of_the_tenants_clock(wire, waits, hours, dated):
    tenant_time = datetime.now(timezone.utc) + timedelta(hours=hours)
    date = {"Date": format_datetime(tenant_time, usegmt=True)}
    until = {"Retry-After": format_datetime(tenant_time + timedelta(seconds=90), usegmt=True)}
    wire.expects("GET", "/x", bearer=None).answers(headers=date)
    wire.expects("POST", "/x", bearer=None).answers(429, headers={**until, **(date if dated == "the refusal" else {})})
    wire.expects("POST", "/x", bearer=None).answers()
    http = HttpClient(BASE)
    http.request("GET", "/x")
    http.request("POST", "/x")
    assert len(waits) == 1 and 85 < waits[0] <= 90


def test_without_any_date_of_the_tenant_this_machines_clock_has_to_do(wire, waits):
    until = datetime.now(timezone.utc) + timedelta(seconds=90)
    wire.expects("POST", "/x", bearer=None).answers(429, headers={"Retry-After": format_datetime(until, usegmt=True)})
    wire.expects("POST", "/x", bearer=None).answers()
    HttpClient(BASE).request("POST", "/x")
    assert len(waits) == 1 and 85 < waits[0] <= 90


UNUSABLE_TIMES = ["", "0", "-5", "soon", "\u00b2", "Thu, 01 Jan 2015 00:00:00 GMT"]


@pytest.mark.parametrize("asked", [{}, *({"Retry-After": text} for text in UNUSABLE_TIMES)])
@pytest.mark.parametrize(("interval", "waited"), [(0.0, 1.0), (0.5, 1.0), (4.0, 4.0)])
def test_without_a_usable_time_the_retry_interval_is_waited_but_a_second_at_least(wire, waits, asked, interval, waited):
    wire.expects("GET", "/x", bearer=None).answers(429, headers=asked)
    wire.expects("GET", "/x", bearer=None).answers()
    HttpClient(BASE, retry_interval=interval).request("GET", "/x")
    assert waits == [waited]


@pytest.mark.parametrize("allowed", [0.0, 300.0])
@pytest.mark.parametrize("asked", ["301", "99999999999999999999", "Fri, 01 Jan 2999 00:00:00 GMT"])
def test_a_wait_longer_than_allowed_is_not_begun(wire, waits, asked, allowed):
    wire.expects("POST", "/x", bearer=None).answers(
        429, json=refused("LIMIT", "Slow down"), headers={"Retry-After": asked}
    )
    with pytest.raises(RateLimitedError, match=f"Slow down.*rate_limit_wait allows {allowed:g} s in total"):
        HttpClient(BASE, rate_limit_wait=allowed).request("POST", "/x")
    assert waits == []


def test_the_waits_of_one_run_add_up_and_end_in_words(wire, waits):
    http = HttpClient(BASE, rate_limit_wait=300.0)
    limited = {"status": 429, "headers": {"Retry-After": "100"}}
    for path, answer in (("/one", limited), ("/one", limited), ("/one", {}), ("/two", limited), ("/two", limited)):
        wire.expects("GET", path, bearer=None).answers(**answer)
    http.request("GET", "/one")
    with pytest.raises(RateLimitedError) as gave_up:
        http.request("GET", "/two")
    assert waits == [100.0, 100.0, 100.0]
    assert str(gave_up.value).endswith(
        "The rate limit asks to wait 100 s more, after 300 s of waiting in this run, for which rate_limit_wait allows "
        "300 s in total. Run again later, or allow more."
    )
    assert gave_up.value.failure == {
        "status": 429,
        "code": "HTTP-429",
        "title": "Too Many Requests",
        "method": "GET",
        "path": "/two",
    }


def test_when_nothing_is_left_the_next_call_of_the_tier_waits_and_no_other(wire, waits):
    wire.expects("POST", "/x", bearer=None).answers(201, headers=NOTHING_LEFT)
    wire.expects("GET", "/x", bearer=None).answers()
    wire.expects("DELETE", "/x", bearer=None).answers(204)
    http = HttpClient(BASE)
    http.request("POST", "/x")
    http.request("GET", "/x")
    assert waits == []
    http.request("DELETE", "/x")
    assert len(waits) == 1 and 39 < waits[0] <= 40


def test_waits_before_a_call_count_like_those_after_a_refusal(wire, waits):
    wire.expects("POST", "/x", bearer=None).answers(201, headers=NOTHING_LEFT)
    wire.expects("POST", "/x", bearer=None).answers(429, headers={"Retry-After": "11"})
    http = HttpClient(BASE, rate_limit_wait=50.0)
    http.request("POST", "/x")
    with pytest.raises(RateLimitedError, match="wait 11 s more, after 40 s of waiting"):
        http.request("POST", "/x")
    assert len(waits) == 1


def test_who_allows_no_waits_is_not_stopped_by_a_hint(wire, waits):
    for _time in range(2):
        wire.expects("POST", "/x", bearer=None).answers(201, headers=NOTHING_LEFT)
    http = HttpClient(BASE, rate_limit_wait=0.0)
    assert [http.request("POST", "/x").status for _time in range(2)] == [201, 201]
    assert waits == []


def test_no_connection_is_kept_open_over_a_wait(wire, waits, monkeypatch):
    order = []
    monkeypatch.setattr(Session, "close", lambda session: order.append(f"closed before wait {len(waits) + 1}"))
    wire.expects("POST", "/x", bearer=None).answers(429, headers={"Retry-After": "9"})
    wire.expects("POST", "/x", bearer=None).answers(201, headers=NOTHING_LEFT)
    wire.expects("POST", "/x", bearer=None).answers(201)
    http = HttpClient(BASE)
    http.request("POST", "/x")
    http.request("POST", "/x")
    assert order == ["closed before wait 1", "closed before wait 2"]
