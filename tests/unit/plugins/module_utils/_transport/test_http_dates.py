# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import http_dates
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.http_dates import (
    TenantClock,
    parse_http_date,
)

HERE = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def clock(warnings, monkeypatch) -> TenantClock:
    """On a machine whose clock stands still."""
    monkeypatch.setattr(http_dates, "get_machine_time", lambda: HERE)
    return TenantClock(warnings.append)


def test_the_one_form_that_a_server_may_send_is_read():
    assert parse_http_date(" Tue, 24 Nov 2026 12:00:00 GMT ") == HERE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Tue, 24 Nov 2026 12:00:00 -0000",
        "Tue, 24 Nov 2026 12:00:00 +0100",
        "Tuesday, 24-Nov-26 12:00:00 GMT",
        "Tue Nov 24 12:00:00 2026",
        "Tue, 24 Nov 2026 25:00:00 GMT",
        "Tue, 31 Feb 2026 12:00:00 GMT",
        "Tue, 24 Xyz 2026 12:00:00 GMT",
        "Tue, 24 Nov 26 12:00:00 GMT",
        "Tue, ٢٤ Nov 2026 12:00:00 GMT",
        "Tue, 24 Nov 2026 12:00:00 GMT" * 2,
    ],
)
def test_any_other_text_is_no_time(text):
    assert parse_http_date(text) is None


def test_before_the_first_answer_it_is_this_machines_time(clock, warnings):
    assert clock.now() == clock.tenant_time() == HERE
    assert clock.is_close and warnings == []


@pytest.mark.parametrize("apart", [timedelta(seconds=-90), timedelta(hours=2), timedelta(hours=-2)])
def test_the_earlier_clock_is_believed(clock, warnings, apart):
    clock.update({"Date": format_datetime(HERE + apart, usegmt=True)})
    assert clock.tenant_time() == HERE + apart
    assert clock.now() == min(HERE, HERE + apart)
    assert clock.is_close and warnings == []


@pytest.mark.parametrize("apart", [timedelta(hours=2, seconds=1), timedelta(days=-4000), timedelta(days=300_000)])
def test_clocks_far_apart_do_not_agree_and_the_user_is_told_once(clock, warnings, apart):
    for _time in range(3):
        clock.update({"Date": format_datetime(HERE + apart, usegmt=True)})
    assert clock.now() == min(HERE, HERE + apart)
    assert not clock.is_close
    assert len(warnings) == 1
    assert f"The tenant says that it is {HERE + apart:%Y-%m-%d %H:%M} UTC" in warnings[0]


def test_an_answer_that_tells_no_time_changes_nothing(clock):
    clock.update({"Date": format_datetime(HERE - timedelta(minutes=3), usegmt=True)})
    clock.update({})
    clock.update({"Date": "soon"})
    assert clock.now() == HERE - timedelta(minutes=3)


def test_a_time_that_no_calendar_has_is_not_reached(clock, monkeypatch):
    clock.update({"Date": format_datetime(HERE + timedelta(days=300_000), usegmt=True)})
    later = datetime(9990, 1, 1, tzinfo=timezone.utc)
    monkeypatch.setattr(http_dates, "get_machine_time", lambda: later)
    assert clock.tenant_time() == later
