# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A number of months that is rather one of minutes is warned of, with what to write for either."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.duration_warnings import warn_of_months


@pytest.mark.parametrize(("text", "same"), [("P30M", "P2Y6M"), ("P36M", "P3Y"), ("P90M", "P7Y6M"), ("P120M", "P10Y")])
def test_very_many_months_are_warned_of(text, same):
    count = text[1:-1]
    assert warn_of_months({"expiry": None, "max_api_key_expiry": text}) == [
        f"max_api_key_expiry: {text} lasts {count} months, which is as long as {same}. Minutes come after a T: give PT{count}M "
        f"for {count} minutes, or {same} if the months are meant."
    ]


@pytest.mark.parametrize("text", [None, "P1M", "P24M", "PT90M", "P7Y6M", "P1Y30M", "P90D", "nonsense"])
def test_other_durations_are_not(text):
    assert warn_of_months({"expiry": text}) == []


def test_each_option_has_its_own_warning():
    warnings = warn_of_months({"expiry": "P90M", "renew_before": "P60M", "overlap": "P7D"})
    assert [warning.split(":")[0] for warning in warnings] == ["expiry", "renew_before"]
