# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows, overlaps and ages, by the tenant's records alone."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import (
    describe_expiry_mismatch,
    describe_short_life,
    find_older,
    find_overdue_predecessors,
    find_renewal_reason,
    has_no_overlap,
    is_always_due,
    is_due,
    is_successor_long_enough,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after, ids, key, wanted


def living(age: float, left: float | None, **differences):
    """A key made ``age`` days ago that expires in ``left`` days."""
    return key("key-1", age * 24, expiry=None if left is None else after(days=left), **differences)


@pytest.mark.parametrize(
    ("renew_before", "key", "due"),
    [
        (None, living(80, 10), False),
        ("P14D", living(80, 15), False),
        ("P14D", living(80, 14), True),
        ("P14D", living(80, 13), True),
        ("P14D", living(80, 0.001), True),
        ("P14D", living(80, None), False),
        ("P14D", living(80, 10, created=None), True),
        ("P1M", living(80, 31), False),
        ("P1M", living(80, 30), True),
        # As long as the key's whole life, or longer, and nobody knows how long a successor would live: in the second half.
        ("P14D", living(1, 13), False),
        ("P14D", living(6, 7), False),
        ("P14D", living(7, 7), True),
        ("P14D", living(9, 4), True),
        ("P99999Y", living(1, 13), False),
        ("P99999Y", living(7, 7), True),
    ],
)
def test_a_key_is_renewed_when_it_expires_within_the_window(renew_before, key, due):
    reason = find_renewal_reason(wanted(renew_before=renew_before), key, None, NOW)
    assert reason == (f"API key key-1 expires at {key.expiry}, within {renew_before}" if due else None)


@pytest.mark.parametrize(
    ("renew_before", "expiry", "limit", "outlasts"),
    [
        ("P20D", "P30D", "P90D", True),
        ("P20D", "P30D", "P30D", True),
        ("P20D", "P30D", "P10D", False),
        ("P20D", "P30D", "P20D", False),
        ("P20D", "P30D", "PT481H", True),
        ("P20D", "P21D", "P1Y", True),
        # Without an expiry a key lives as long as the tenant allows.
        ("P20D", None, "P21D", True),
        ("P20D", None, "P20D", False),
        ("P30D", None, "P1M", True),
        ("P99999Y", "P100000Y", "P1Y", False),
        # What the tenant allows is not known.
        ("P20D", "P30D", None, False),
        ("P20D", None, None, False),
        (None, "P30D", "P90D", False),
    ],
)
def test_the_life_of_a_successor_is_what_is_asked_for_within_what_the_tenant_allows(
    renew_before, expiry, limit, outlasts
):
    assert is_successor_long_enough(wanted(renew_before=renew_before, expiry=expiry), limit) is outlasts


@pytest.mark.parametrize("life", [living(0, 10), living(1, 9), living(4.9, 5.1), living(5, 5), living(9, 1)])
@pytest.mark.parametrize(("limit", "is_due_at_once"), [("P90D", True), ("P10D", False), (None, False)])
def test_a_key_made_for_less_than_the_window_is_renewed_at_once_if_its_successor_will_live_longer(
    life, limit, is_due_at_once
):
    in_second_half = (parse_time(life.expiry) - NOW) * 2 <= parse_time(life.expiry) - parse_time(life.created)
    reason = find_renewal_reason(wanted(renew_before="P20D", expiry="P30D"), life, limit, NOW)
    assert (reason is not None) is (is_due_at_once or in_second_half)


@pytest.mark.parametrize("limit", ["P90D", "P10D", None])
def test_its_successor_is_left_in_peace(limit):
    assert find_renewal_reason(wanted(renew_before="P20D", expiry="P30D"), living(0, 30), limit, NOW) is None


@pytest.mark.parametrize(
    ("renew_before", "key", "due", "always"),
    [
        ("P14D", living(80, 15), False, False),
        ("P14D", living(80, 14), True, False),
        ("P14D", living(1, 13), True, True),
        ("P14D", living(1, 13.1), True, False),
        ("P99999Y", living(1, 13), True, True),
        ("P14D", living(1, None), False, False),
        ("P14D", living(1, 13, created=None), True, False),
        (None, living(1, 1), False, False),
    ],
)
def test_whether_a_key_is_due_and_whether_it_always_was_are_told_apart(renew_before, key, due, always):
    meant = wanted(renew_before=renew_before)
    assert (is_due(meant, key, NOW), is_always_due(meant, key)) == (due, always)


@pytest.mark.parametrize("renew_before", [None, "P14D"])
def test_a_renewal_can_be_forced_at_any_time(renew_before):
    assert (
        find_renewal_reason(wanted(force_renew=True, renew_before=renew_before), living(1, 100), None, NOW)
        == "force_renew"
    )


@pytest.mark.parametrize(
    ("renew_before", "key", "warns"),
    [
        ("P14D", living(1, 13.1), False),
        ("P14D", living(1, 13), True),
        ("P14D", living(1, 1), True),
        (None, living(1, 1), False),
        ("P14D", living(1, None), False),
        ("P14D", living(1, 1, created=None), False),
    ],
)
def test_a_life_too_short_for_the_window_is_a_warning(renew_before, key, warns):
    warning = describe_short_life(wanted(renew_before=renew_before), key)
    assert (warning is not None) is warns
    if warns:
        assert warning.startswith("renew_before: API key key-1 lives from") and "second half" in warning


@pytest.mark.parametrize(
    ("overlap", "age", "over"),
    [
        (None, 1000, False),
        ("P2D", 47.99, False),
        ("P2D", 48, True),
        ("P2D", 49, True),
        ("P2D", None, False),
        ("P99999Y", 1000, False),
        ("PT0S", 0, True),
        ("P0D", 1, True),
        # The tenant tells the time by the second, and the moment of creation more exactly.
        ("PT0S", -0.0002, True),
        ("PT0S", None, True),
    ],
)
def test_an_overlap_is_counted_from_the_making_of_the_successor(overlap, age, over):
    new, old = key("new", age), key("old", 100)
    assert find_overdue_predecessors(wanted(overlap=overlap), new, [old], NOW) == (((old, new),) if over else ())


def test_each_predecessors_overlap_is_that_with_the_key_that_took_its_place():
    kept, older, oldest = key("kept", 1), key("older", 24), key("oldest", 48)
    over = find_overdue_predecessors(wanted(overlap="P1D"), kept, [older, oldest], NOW)
    assert over == ((oldest, older),)


@pytest.mark.parametrize(
    ("overlap", "none"), [(None, False), ("PT0S", True), ("P0D", True), ("P0Y", True), ("PT1S", False)]
)
def test_an_overlap_of_nothing_is_not_the_same_as_none_given(overlap, none):
    assert has_no_overlap(wanted(overlap=overlap)) is none


def test_older_keys_are_told_by_their_creation_and_those_that_cannot_be_told_are_none():
    kept = key("kept", 5)
    keys = [key("younger", 4.999), kept, key("twin", 5), key("unknown", None), key("older", 6)]
    assert ids(find_older(keys, kept)) == ["older"]
    assert find_older(keys, key("unknown", None)) == []


@pytest.mark.parametrize(
    ("expiry", "differences", "warns"),
    [
        (None, {}, False),
        ("P1D", {"expiry": "2026-11-23T09:15:00Z"}, False),
        ("P1D", {"expiry": "2026-11-23T09:16:00Z"}, False),
        ("P1D", {"expiry": "2026-11-23T09:16:01Z"}, True),
        ("P2D", {"expiry": "2026-11-23T09:15:00Z"}, True),
        ("P1M", {"expiry": "2026-12-22T09:15:00Z"}, False),
        ("P99999Y", {}, True),
        ("P1D", {"created": None}, False),
        ("P1D", {"expiry": None}, False),
    ],
)
def test_another_expiry_than_that_of_the_key_is_a_warning(expiry, differences, warns):
    warning = describe_expiry_mismatch(key("key-1", **differences), expiry)
    assert (warning or "").startswith("expiry: API key key-1 expires at") is warns
