# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
from http.client import LineTooLong

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport import connections


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
