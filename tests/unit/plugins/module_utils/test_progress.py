# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import time

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import INTERVAL_SECONDS, Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is, in its only entry; a sleep lets that time pass."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


def test_a_short_run_says_nothing(clock):
    message = []
    progress = Progress(message.append)
    progress.update("1 of 2 changes made")
    progress.report_if_due()
    progress.wait(INTERVAL_SECONDS / 2, "the tenant's rate limit")
    assert message == []


def test_a_long_one_says_how_far_it_is_once_in_each_interval(clock):
    message = []
    progress = Progress(message.append)
    for second in range(3 * int(INTERVAL_SECONDS)):
        clock[0] += 1
        progress.update(f"{second} of 99 changes made")
    assert message == [f"{(number + 1) * int(INTERVAL_SECONDS) - 1} of 99 changes made" for number in range(3)]


def test_a_wait_is_told_with_what_is_left_of_it_and_what_it_is_for(clock):
    message = []
    progress = Progress(message.append)
    progress.update("1 of 2 changes made")
    progress.wait(20.0, "the tenant's rate limit")
    assert message == [f"1 of 2 changes made, waiting {left} s for the tenant's rate limit" for left in (12, 4)]
    assert clock[0] == 120.0


def test_no_two_lines_of_a_wait_are_more_than_ten_seconds_apart(clock):
    moments = [clock[0]]
    Progress(lambda warning: moments.append(clock[0])).wait(3600.0, "another try")
    moments.append(clock[0])
    assert max(later - earlier for earlier, later in itertools.pairwise(moments)) <= 10.0


def test_a_wait_without_a_known_end_is_told_as_well(clock):
    message = []
    progress = Progress(message.append)
    for _look in range(int(INTERVAL_SECONDS) + 1):
        progress.wait_once(1.0, "another run")
    assert message == ["reading, waiting for another run"]


def test_without_anybody_to_tell_a_wait_is_one_sleep(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    Progress().wait(60.0, "the tenant's rate limit")
    assert slept == [60.0]
