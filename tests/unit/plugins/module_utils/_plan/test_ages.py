# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ages, lives and ends of keys against durations, and each at its bound."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.ages import (
    expired_within,
    expires_within,
    is_older_than,
    lives_longer_than,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import api_key

SECOND = 1 / 3600


@pytest.mark.parametrize(
    ("expiry", "found"),
    [
        (after(days=14), True),
        (after(days=14, hours=SECOND), False),
        (after(hours=SECOND), True),
        (after(), False),
        (after(days=-1), False),
        (None, False),
        ("soon", False),
    ],
)
def test_a_key_expires_within_a_span_that_it_just_reaches(expiry, found):
    assert expires_within(api_key(expiry=expiry), "P14D", NOW) is found


@pytest.mark.parametrize("status", ["revoked", "expired"])
def test_what_has_ended_does_not_expire(status):
    assert not expires_within(api_key(expiry=after(days=1), status=status), "P14D", NOW)


def test_within_a_span_that_is_past_all_dates_every_end_lies():
    assert expires_within(api_key(), "P99999Y", NOW)
    assert not expires_within(api_key(expiry=None), "P99999Y", NOW)


@pytest.mark.parametrize(
    ("created", "found"),
    [(after(days=-365), True), (after(days=-365, hours=SECOND), False), (after(days=-9999), True), (None, False)],
)
def test_a_key_is_older_than_a_span_that_it_just_reaches(created, found):
    assert is_older_than(api_key(created=created), "P365D", NOW) is found


def test_no_key_is_older_than_all_dates():
    assert not is_older_than(api_key(created="0001-01-01T00:00:00Z"), "P99999Y", NOW)


@pytest.mark.parametrize(
    ("expiry", "found"),
    [
        (after(days=30), False),
        # A tenant may set the two times one after the other.
        (after(days=30, minutes=1), False),
        (after(days=30, minutes=1, seconds=1), True),
        (None, False),
    ],
)
def test_a_key_lives_longer_than_a_span_by_more_than_a_minute(expiry, found):
    assert lives_longer_than(api_key(created=after(), expiry=expiry), "P30D") is found


def test_how_long_a_key_lives_is_not_known_without_its_beginning_or_beyond_all_dates():
    assert not lives_longer_than(api_key(created=None), "P1D")
    assert not lives_longer_than(api_key(created=after()), "P99999Y")


@pytest.mark.parametrize(
    ("expiry", "found"),
    [
        (after(), True),
        (after(days=-7), True),
        (after(days=-7, hours=-SECOND), False),
        (after(hours=SECOND), False),
        (None, False),
    ],
)
def test_a_key_expired_within_a_span_that_it_just_reaches(expiry, found):
    assert expired_within(api_key(status="expired", expiry=expiry), "P7D", NOW) is found


def test_what_was_revoked_has_not_expired_and_a_tenant_may_not_have_noticed_an_end():
    past = after(days=-1)
    assert not expired_within(api_key(status="revoked", expiry=past), "P7D", NOW)
    assert expired_within(api_key(status="active", expiry=past), "P7D", NOW)
    assert expired_within(api_key(status="expired", expiry="0001-01-02T00:00:00Z"), "P99999Y", NOW)
