# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.connections import (
    Attempt,
    DeadlineExceeded,
    within,
)

AMPLE = 600.0


def test_what_is_done_in_time_is_returned():
    assert within(AMPLE, Attempt(), lambda: "done") == "done"


@pytest.mark.parametrize("error", [ValueError("odd"), KeyboardInterrupt(), SystemExit(3)])
def test_what_is_raised_is_raised_without_what_the_caller_was_just_handling(error):
    def work():
        raise error

    try:
        raise OSError("of the caller")
    except OSError:
        with pytest.raises(type(error)) as raised:
            within(AMPLE, Attempt(), work)
    assert raised.value is error
    assert raised.value.__context__ is None


def test_what_takes_too_long_is_given_up():
    attempt, released = Attempt(), threading.Event()
    with pytest.raises(DeadlineExceeded):
        within(0.01, attempt, lambda: released.wait(AMPLE))
    released.set()
    assert attempt.is_given_up
