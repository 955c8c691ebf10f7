# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import threading
from http.client import LineTooLong

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import connections
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.connections import (
    Attempt,
    DeadlineExceeded,
    run_with_deadline,
)

AMPLE = 600.0


def test_what_is_done_in_time_is_returned():
    assert run_with_deadline(AMPLE, Attempt(), lambda: "done") == "done"


@pytest.mark.parametrize("error", [ValueError("odd"), KeyboardInterrupt(), SystemExit(3)])
def test_what_is_raised_is_raised_without_what_the_caller_was_just_handling(error):
    def work():
        raise error

    with pytest.raises(type(error)) as raised:
        try:
            raise OSError("of the caller")
        except OSError:
            run_with_deadline(AMPLE, Attempt(), work)
    assert raised.value is error
    assert raised.value.__context__ is None


def test_what_takes_too_long_is_given_up():
    attempt, released = Attempt(), threading.Event()
    with pytest.raises(DeadlineExceeded):
        run_with_deadline(0.01, attempt, lambda: released.wait(AMPLE))
    released.set()
    assert attempt.is_given_up


def test_what_nobody_waits_for_any_more_is_given_up():
    """A task may be ended from outside, by an exception where it waits."""
    attempt, released = Attempt(), threading.Event()

    def end():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_with_deadline(AMPLE, attempt, lambda: released.wait(AMPLE), end)
    released.set()
    assert attempt.is_given_up


class Said:
    """In the place of a socket: all that comes by it."""

    def __init__(self, said: bytes):
        self._said = said

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._said)


@pytest.mark.parametrize("line", [b"2;", b"", b"2\r\n{}\r\n0\r\nX: "])
def test_a_line_about_a_chunk_has_an_end(line):
    """Whatever the version of urllib3 that reads it."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    response = connections._FinalResponse(Said(head + line + b"1" * 10**6))
    response.begin()
    with pytest.raises(LineTooLong):
        while response.fp.readline():
            continue


def test_a_chunked_answer_is_read():
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{} \r\n0\r\n\r\n"
    response = connections._FinalResponse(Said(said))
    response.begin()
    assert response.read() == b"{} "
