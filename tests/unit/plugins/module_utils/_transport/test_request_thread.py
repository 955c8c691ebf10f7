# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import weakref

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.request_thread import (
    Attempt,
    DeadlineExceeded,
    RequestThread,
    get_current_attempt,
)

AMPLE = 600.0


def test_what_is_done_in_time_is_returned():
    assert RequestThread().run(AMPLE, Attempt(), lambda: "done") == "done"


@pytest.mark.parametrize("error", [ValueError("odd"), KeyboardInterrupt(), SystemExit(3)])
def test_what_is_raised_is_raised_without_what_the_caller_was_just_handling(error):
    def work():
        raise error

    with pytest.raises(type(error)) as raised:
        try:
            raise OSError("of the caller")
        except OSError:
            RequestThread().run(AMPLE, Attempt(), work)
    assert raised.value is error
    assert raised.value.__context__ is None


def test_what_takes_too_long_is_given_up():
    attempt, released = Attempt(), threading.Event()
    with pytest.raises(DeadlineExceeded):
        RequestThread().run(0.01, attempt, lambda: released.wait(AMPLE))
    released.set()
    assert attempt.is_given_up


def test_what_nobody_waits_for_any_more_is_given_up():
    """A task may be ended from outside, by an exception where it waits."""
    attempt, released = Attempt(), threading.Event()

    def end():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        RequestThread().run(AMPLE, attempt, lambda: released.wait(AMPLE), end)
    released.set()
    assert attempt.is_given_up


def test_one_thread_does_all_work_and_each_has_its_own_attempt():
    thread, attempts = RequestThread(), [Attempt(), Attempt()]
    done = [thread.run(AMPLE, attempt, lambda: (threading.get_ident(), get_current_attempt())) for attempt in attempts]
    assert [attempt for _thread, attempt in done] == attempts
    assert done[0][1] is attempts[0]
    assert done[1][1] is attempts[1]
    assert done[0][0] == done[1][0] != threading.get_ident()


def test_work_after_one_that_was_given_up_does_not_wait_for_it():
    thread, released = RequestThread(), threading.Event()
    with pytest.raises(DeadlineExceeded):
        thread.run(0.01, Attempt(), lambda: released.wait(AMPLE))
    assert thread.run(AMPLE, Attempt(), lambda: "done") == "done"
    released.set()


@pytest.mark.parametrize("end", [lambda thread: thread.close(), lambda thread: None], ids=["closed", "dropped"])
def test_no_thread_is_left(end):
    thread = RequestThread()
    own = thread.run(AMPLE, Attempt(), threading.current_thread)
    end(thread)
    del thread
    own.join(AMPLE)
    assert not own.is_alive()


def test_the_thread_keeps_nothing_of_what_it_did():
    class Answer:
        pass

    thread = RequestThread()
    answer = thread.run(AMPLE, Attempt(), Answer)
    is_gone = threading.Event()
    weakref.finalize(answer, is_gone.set)
    del answer
    # The thread lets go a moment after the caller has the answer.
    assert is_gone.wait(AMPLE)
