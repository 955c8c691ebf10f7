# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import json

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.bodies import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    BodyError,
    IncompleteBodyError,
    parse_json,
    read_body,
)

PACKED = {"Content-Encoding": "gzip"}


def chunks(body: bytes, size: int = 16 * 1024):
    """The body in pieces, as a connection brings it."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


def too_much(chunk: bytes, most: int):
    """More than ``most`` bytes; fails the test if all of it is asked for."""
    for _each in range(most // len(chunk) + 2):
        yield chunk
    pytest.fail("all of the body was read")


@pytest.mark.parametrize("encoding", ["", "identity", " GZIP "])
def test_a_body_is_read_whole_and_unpacked(encoding):
    body = b'{"a": 1}' * 1000
    sent = gzip.compress(body) if "GZIP" in encoding else body
    assert read_body(chunks(sent, 7), {"Content-Encoding": encoding, "Content-Length": str(len(sent))}) == body


def test_as_much_as_is_allowed_is_read():
    assert len(read_body(chunks(b"x" * MAX_BYTES), {})) == MAX_BYTES
    assert len(read_body(chunks(gzip.compress(b"x" * MAX_BYTES)), PACKED)) == MAX_BYTES


def test_reading_ends_where_a_body_becomes_too_large():
    with pytest.raises(BodyError, match="^with more than 4 MiB$"):
        read_body(too_much(b"x" * 4096, MAX_BYTES), {})


def test_unpacking_ends_where_it_becomes_too_large():
    with pytest.raises(BodyError, match="^with more than 4 MiB$"):
        read_body(chunks(gzip.compress(bytes(MAX_BYTES + 1))), PACKED)


def test_what_follows_the_end_of_a_packed_body_counts_as_well():
    def endless():
        yield gzip.compress(b"{}")
        yield from too_much(b"x" * 4096, MAX_BYTES)

    with pytest.raises(BodyError, match="^with more than 4 MiB$"):
        read_body(endless(), PACKED)


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding):
    with pytest.raises(BodyError, match="in an encoding that was not asked for"):
        read_body(chunks(b"{}"), {"Content-Encoding": encoding})


def test_what_is_not_packed_as_it_says_is_refused():
    with pytest.raises(BodyError, match="not packed as it says"):
        read_body(chunks(b"{}"), PACKED)


@pytest.mark.parametrize(
    ("sent", "headers", "why"),
    [
        (b'{"a"', {"Content-Length": "8"}, "4 of 8 bytes came"),
        (gzip.compress(b"x" * 999, mtime=0)[:-9], PACKED, "the end of the packed answer is missing"),
    ],
)
def test_a_body_that_ends_early_is_incomplete(sent, headers, why):
    with pytest.raises(IncompleteBodyError, match=f"^{why}$"):
        read_body(chunks(sent), headers)


@pytest.mark.parametrize("length", ["many", "-1", "٥", "9" * 5000, "3"])
def test_a_length_that_tells_nothing_is_not_used(length):
    assert read_body(chunks(b"four"), {"Content-Length": length}) == b"four"


def test_an_empty_packed_body_is_empty():
    assert read_body(chunks(b""), PACKED) == b""


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True, "é"]}, [], "text", 5, {}])
def test_json_is_read(value):
    assert parse_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"{", b"\xff\xfe\xfa", b"NaN", b"[Infinity]", b"[-Infinity]", b"9" * 21, b"1 2"),
        # Which of the two counts depends on who reads it.
        *(b'{"a": 1, "a": 2}', b'[{"data": [{"a": 1, "b": 2, "a": 1}]}]'),
    ],
)
def test_what_is_not_json_is_none(body):
    assert parse_json(body) is None


@pytest.mark.parametrize(("before", "after"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
def test_json_is_read_to_a_certain_depth(before, after):
    assert parse_json(before * MAX_DEPTH + b"1" + after * MAX_DEPTH) is not None
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(BodyError, match="nested too deep"):
            parse_json(before * depth + b"1" + after * depth)


@pytest.mark.parametrize("entry", [b"0,", b"[],", b'{"a":1},'])
def test_json_with_more_values_than_fit_into_memory_is_refused_unread(entry):
    with pytest.raises(BodyError, match=f"with more than {MAX_VALUES} values"):
        parse_json(b"[" + entry * (MAX_VALUES + 1) + b"0]")
