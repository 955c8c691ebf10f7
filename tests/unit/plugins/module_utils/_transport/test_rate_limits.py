# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits that follow from a tenant's answers, with a clock that only the test moves."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.rate_limits import RateLimits

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
LIMIT, WINDOW, LATENCY = 100, 60.0, 0.02


def hints(remaining, reset, prefix="Ratelimit"):
    return {f"{prefix}-Limit": "100", f"{prefix}-Remaining": str(remaining), f"{prefix}-Reset": str(reset)}


class Service:
    """Admits so many requests per window as it counts them; tells whole seconds, rounded up, as services do."""

    def __init__(self, *, hinting: bool):
        self.hinting = hinting
        self.refusals = 0

    def answer(self, now: float) -> tuple[int, dict]:
        left, opens = self.count(now)
        seconds = max(1, math.ceil(opens - now))
        headers = hints(max(left, 0), seconds) if self.hinting else {}
        if left >= 0:
            return 201, headers
        self.refusals += 1
        return 429, {**headers, "Retry-After": str(seconds)}


class FixedWindow(Service):
    """The windows follow each other, each begun by its first request, as the embedded tenant has them."""

    started, admitted = -math.inf, 0

    def count(self, now):
        if now - self.started >= WINDOW:
            self.started, self.admitted = now, 0
        left = LIMIT - self.admitted - 1
        self.admitted += left >= 0
        return left, self.started + WINDOW


class SlidingWindow(Service):
    """Each request counts for a whole window from its own moment on."""

    admitted: tuple[float, ...] = ()

    def count(self, now):
        self.admitted = tuple(moment for moment in self.admitted if now - moment < WINDOW)
        left = LIMIT - len(self.admitted) - 1
        opens = self.admitted[0] + WINDOW if self.admitted else now
        self.admitted += (now,) if left >= 0 else ()
        return left, opens


def time_to_create(count: int, service: Service) -> float:
    """Seconds that so many writes take, sent one after the other."""
    limits, now = RateLimits(max_wait=900.0, min_wait=1.0), 0.0
    while count:
        now += limits.reserve_pause("POST", now)
        status, headers = service.answer(now)
        now += LATENCY
        if status == 429:
            wait = limits.record_refusal("POST", headers, NOON)
            assert limits.reserve(wait)
            now += wait
        else:
            limits.record_admission("POST", headers, now)
            count -= 1
    return now


@pytest.mark.parametrize("kind", [FixedWindow, SlidingWindow])
@pytest.mark.parametrize(("hinting", "most_refused"), [(True, 0), (False, 2)])
def test_250_writes_take_what_the_limit_dictates_with_hardly_any_refused(kind, hinting, most_refused):
    service = kind(hinting=hinting)
    least = 2 * WINDOW + 50 * LATENCY
    assert least <= time_to_create(250, service) <= 1.05 * least
    assert service.refusals <= most_refused


def test_as_many_writes_as_the_limit_allows_are_not_spread_out():
    assert time_to_create(LIMIT, FixedWindow(hinting=True)) == pytest.approx(LIMIT * LATENCY)


def test_nothing_is_waited_for_before_the_tenant_said_anything():
    assert RateLimits(900.0, 1.0).reserve_pause("POST", 5.0) == 0.0


@pytest.mark.parametrize("prefix", ["Ratelimit", "X-Ratelimit"])
def test_a_tier_that_has_nothing_left_is_waited_for_once(prefix):
    limits = RateLimits(900.0, 1.0)
    limits.record_admission("POST", hints(0, 40, prefix), now=100.0)
    assert (limits.reserve_pause("DELETE", 110.0), limits.waited) == (30.0, 30.0)
    assert (limits.reserve_pause("POST", 110.0), limits.waited) == (0.0, 30.0)


def test_the_other_tier_is_not_held_up():
    limits = RateLimits(900.0, 1.0)
    limits.record_admission("PATCH", hints(0, 40), now=100.0)
    limits.record_admission("GET", {}, now=100.0)
    assert limits.reserve_pause("GET", 101.0) == 0.0
    assert limits.reserve_pause("POST", 101.0) == 39.0


def test_a_moment_that_has_passed_is_not_waited_for():
    limits = RateLimits(900.0, 1.0)
    limits.record_admission("GET", hints(0, 5), now=100.0)
    assert limits.reserve_pause("GET", 105.5) == 0.0


def test_a_later_answer_with_something_left_ends_the_wait():
    limits = RateLimits(900.0, 1.0)
    limits.record_admission("GET", hints(0, 40), now=100.0)
    limits.record_admission("GET", hints(3, 40), now=101.0)
    assert limits.reserve_pause("GET", 102.0) == 0.0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Ratelimit-Remaining": "0"},
        {"Ratelimit-Reset": "40"},
        hints(1, 40),
        hints(-1, 40),
        hints("none", 40),
        hints("\u0660", 40),
        hints(0, "soon"),
        hints(0, "-40"),
        hints(0, ""),
        hints(0, 61),
        hints(0, 36000),
        hints(0, 1795338900),
        hints(0, "9" * 5000),
    ],
)
def test_a_hint_that_is_missing_or_makes_no_sense_is_ignored(headers):
    limits = RateLimits(86400.0, 1.0)
    limits.record_admission("POST", headers, now=100.0)
    assert limits.reserve_pause("POST", 100.0) == 0.0


def test_a_hint_never_makes_a_run_wait_longer_than_it_may():
    limits = RateLimits(50.0, 1.0)
    assert limits.reserve(20.0)
    limits.record_admission("POST", hints(0, 31), now=100.0)
    assert (limits.reserve_pause("POST", 100.0), limits.waited) == (0.0, 20.0)


def test_waits_add_up_to_no_more_than_allowed():
    limits = RateLimits(50.0, 1.0)
    assert [limits.reserve(wait) for wait in (20.0, 31.0, 30.0, 0.1)] == [True, False, True, False]
    assert limits.waited == 50.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": " 3 ", **hints(0, 40)}, 3.0),
        ({"Retry-After": "86400"}, 86400.0),
        (hints(0, 40), 40.0),
        ({"Retry-After": "0", **hints(0, 40)}, 40.0),
        (hints(0, 36000), 2.5),
        ({"Retry-After": format_datetime(NOON + timedelta(seconds=90), usegmt=True)}, 90.0),
        ({"Retry-After": format_datetime(NOON - timedelta(seconds=90), usegmt=True)}, 2.5),
    ],
)
def test_a_refusal_says_how_long_to_wait_or_else_the_hints_do_or_it_is_guessed(headers, seconds):
    assert RateLimits(900.0, 2.5).record_refusal("POST", headers, NOON) == seconds


def test_guesses_double_until_a_request_of_the_tier_is_admitted():
    limits = RateLimits(900.0, 2.0)
    assert [limits.record_refusal("POST", {}, NOON) for _time in range(6)] == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert limits.record_refusal("GET", {}, NOON) == 2.0
    limits.record_admission("GET", {}, now=0.0)
    assert limits.record_refusal("POST", {}, NOON) == 30.0
    limits.record_admission("POST", {}, now=0.0)
    assert limits.record_refusal("POST", {}, NOON) == 2.0


def test_a_guess_is_never_below_the_least_wait():
    limits = RateLimits(900.0, 40.0)
    assert [limits.record_refusal("POST", {}, NOON) for _time in range(2)] == [40.0, 40.0]
