# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import MissingLibraryError, OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import (
    add_duration,
    check_duration,
    is_same_duration,
    parse_time,
    subtract_duration,
)

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=timezone.utc)


def refuse(text: str) -> str:
    """The message about what is no duration."""
    with pytest.raises(OptionError) as refused:
        check_duration("expiry", text)
    return str(refused.value)


@pytest.mark.parametrize(
    "text", ["PT24H", "P30D", "P1Y", "P6M", "P2W", "P1Y2M3DT4H5M6S", "PT1S", "PT0.5S", "P1.5D", "PT1,5H", "P99999Y"]
)
def test_a_duration_longer_than_zero_is_sent_as_it_is_written(text):
    assert check_duration("expiry", text) == text


@pytest.mark.parametrize("text", ["P0D", "PT0S", "P0Y", "-P1D", "-P1Y", "-P99999Y"])
def test_a_duration_of_zero_or_less_is_refused_and_the_message_names_the_option(text):
    assert refuse(text) == (
        f"expiry: '{text}' is not longer than zero; give an ISO 8601 duration such as PT24H, P30D or P1Y."
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "P",
        "PD",
        "one day",
        "1.5 years",
        "0 days",
        "-90 days",
        "90 dogs",
        "1d 2d",
        "1 day or so",
        "9" * 5000,
        "P1Y2",
        "P-1D",
    ],
)
def test_text_that_is_no_duration_is_refused_and_the_message_names_the_option(text):
    with pytest.raises(OptionError) as refused:
        check_duration("expires_within", text)
    assert str(refused.value) == f"expires_within: {text!r} is not an ISO 8601 duration such as PT24H, P30D or P1Y."


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90 days", "P90D"),
        ("90d", "P90D"),
        ("90D", "P90D"),
        ("1 day", "P1D"),
        ("3 months", "P3M"),
        ("3 MONTHS", "P3M"),
        ("1y", "P1Y"),
        ("2 weeks", "P2W"),
        ("24h", "PT24H"),
        ("24 hours", "PT24H"),
        ("30 min", "PT30M"),
        ("45 seconds", "PT45S"),
        ("1.5 days", "P1.5D"),
        ("1,5 days", "P1.5D"),
        ("1 year and 6 months", "P1Y6M"),
        ("12 hours, 1 day", "P1DT12H"),
        ("1d12h", "P1DT12H"),
        ("p1d", "P1D"),
        ("pt90m", "PT90M"),
        ("P1D ", "P1D"),
        (" P1D", "P1D"),
        ("P1D\n", "P1D"),
        ("P1H", "PT1H"),
        ("PT1D", "P1D"),
        ("P 90 days", "P90D"),
        ("P1S2D", "P2DT1S"),
    ],
)
def test_what_was_meant_is_told_where_it_is_certain_and_still_refused(text, meant):
    assert refuse(text) == f"expiry: {text!r} is not an ISO 8601 duration; write {meant}."
    assert check_duration("expiry", meant) == meant


@pytest.mark.parametrize("text", ["3m", "3 M", "P3 m"])
def test_a_letter_that_may_be_months_or_minutes_is_told_with_both(text):
    assert refuse(text) == (f"expiry: {text!r} is not an ISO 8601 duration; write P3M for months, PT3M for minutes.")


@pytest.mark.parametrize("text", ["90", "P90", "p90", " 90 ", "PT90"])
def test_a_number_without_a_unit_is_told_with_both_that_may_be_meant(text):
    assert refuse(text) == (
        f"expiry: {text!r} is not an ISO 8601 duration, since it has no unit; write P90D for days, PT90H for hours."
    )


@pytest.mark.parametrize("text", ["P" + "9" * 400 + "D", "PT" + "9" * 5000 + "S"])
def test_a_number_beyond_all_bounds_is_refused_in_words(text):
    with pytest.raises(OptionError, match="^expiry: "):
        check_duration("expiry", text)


@pytest.mark.parametrize("text", ["P0.5Y", "P1.5M", "P1,5Y"])
def test_a_fraction_of_a_year_or_month_is_refused_because_its_length_is_not_defined(text):
    with pytest.raises(OptionError, match="^expiry: "):
        check_duration("expiry", text)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("P7D", "PT168H", True),
        ("P1W", "P7D", True),
        ("PT90M", "PT1H30M", True),
        ("PT0.5S", "PT0,5S", True),
        ("P1Y", "P12M", True),
        ("P1Y6M", "P18M", True),
        ("P1Y", "P365D", False),
        ("P1M", "P30D", False),
        ("P1YT24H", "P1Y1D", True),
        ("P7D", "P8D", False),
        ("forever", "forever", True),
        ("forever", "P7D", False),
        (None, None, True),
        (None, "P7D", False),
        ("P" + "9" * 400 + "D", "P1D", False),
    ],
)
def test_durations_are_the_same_when_they_last_equally_long(first, second, same):
    assert is_same_duration(first, second) is same
    assert is_same_duration(second, first) is same


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("P1D", NOW + timedelta(days=1)),
        ("P1M", datetime(2026, 12, 22, 9, 15, tzinfo=timezone.utc)),
        ("P1Y", datetime(2027, 11, 22, 9, 15, tzinfo=timezone.utc)),
        ("P99999Y", None),
        ("P99999999D", None),
    ],
)
def test_adding_a_duration_gives_the_moment_or_none_past_the_last_date(text, end):
    assert add_duration(NOW, text) == end


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("PT15M", NOW - timedelta(minutes=15)),
        ("P1M", NOW.replace(month=10)),
        ("P1Y", NOW.replace(year=2025)),
        ("P9999Y", None),
        ("P999999D", None),
    ],
)
def test_a_duration_is_taken_from_a_moment_unless_there_is_no_such_date(text, begin):
    assert subtract_duration(NOW, text) == begin


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-22T09:15:00.000Z", NOW),
        ("2026-11-22T09:15:00Z", NOW),
        ("2026-11-22T09:15:00", NOW),
        ("2026-11-22T10:15:00+01:00", NOW),
        ("2026-11-22T09:15:00.250Z", NOW + timedelta(milliseconds=250)),
        ("2026-11-22T09:15:00.5Z", NOW + timedelta(milliseconds=500)),
        ("2026-11-22T09:15:00.123456789Z", NOW + timedelta(microseconds=123456)),
        ("2026-11-22t09:15:00z", NOW),
        ("2026-11-22 03:45:00-05:30", NOW),
        ("2026-11-22T09:15:00.Z", None),
        ("2026-11-22T09:15Z", None),
        ("2026-11-22T09:15:00Z\n", None),
        ("2026-11-22T09:60:00Z", None),
        ("2026-11-22T09:15:00+25:00", None),
        ("\u0662026-11-22T09:15:00Z", None),
        ("2026-11-22", None),
        ("tomorrow", None),
        ("2026-13-22T09:15:00Z", None),
        ("", None),
        (None, None),
        (1795338900, None),
        (True, None),
    ],
)
def test_a_time_is_read_as_utc_or_as_none(text, read):
    assert parse_time(text) == read


def test_without_its_library_a_duration_is_refused_with_the_reason_and_a_time_is_read(monkeypatch):
    monkeypatch.setitem(sys.modules, "isodate", None)
    with pytest.raises(MissingLibraryError) as missing:
        check_duration("expiry", "P1D")
    assert missing.value.library == "isodate" and "import of isodate halted" in missing.value.reason
    assert parse_time("2026-11-22T09:15:00Z") == NOW
