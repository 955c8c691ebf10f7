# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the bytes of an answer to a JSON value, with little memory however large the answer is."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._strict_json import (
    build_object,
    is_deeper_than,
    refuse_constant,
)

# A page has a hundred records at most, which leaves 40 KB for each.
MAX_BYTES = 4 * 1024 * 1024
# A value takes up to 64 bytes of memory, however short it is in the text.
MAX_VALUES = 250_000
MAX_DEPTH = 64
MAX_DIGITS = 20
CHUNK_BYTES = 16 * 1024


class BodyError(Exception):
    """The body cannot be used; the message follows "was answered 200"."""


class IncompleteBodyError(Exception):
    """The connection ended before the whole body had come."""


def read_body(chunks: Iterable[bytes], headers: Mapping[str, str]) -> bytes:
    """The body, unpacked, of the ``chunks`` that were received. Raises BodyError or IncompleteBodyError."""
    encoding = headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise BodyError("in an encoding that was not asked for")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding == "gzip" else None
    body, received = bytearray(), 0
    for chunk in chunks:
        received += len(chunk)
        try:
            body += unpacker.decompress(chunk, MAX_BYTES + 1 - len(body)) if unpacker else chunk
        except zlib.error:
            raise BodyError("with what is not packed as it says") from None
        # Bytes after the end of a packed answer are not unpacked, but must be bounded as well.
        if max(len(body), received) > MAX_BYTES:
            raise BodyError(f"with more than {MAX_BYTES // 1024**2} MiB")
    announced = headers.get("Content-Length", "")
    if announced.isascii() and announced.isdecimal() and len(announced) < MAX_DIGITS and received < int(announced):
        raise IncompleteBodyError(f"{received} of {announced} bytes came")
    if unpacker and received and not unpacker.eof:
        raise IncompleteBodyError("the end of the packed answer is missing")
    return bytes(body)


def parse_json(body: bytes) -> Any:
    """The JSON value of a body, None when it is not JSON or names a member twice.

    Raises BodyError for one that is nested too deep or has too many values.
    """
    if sum(body.count(mark) for mark in (b",", b"[", b"{", b":")) > MAX_VALUES:
        raise BodyError(f"with more than {MAX_VALUES} values")
    try:
        value = json.loads(body, object_pairs_hook=build_object, parse_int=_parse_int, parse_constant=refuse_constant)
    except RecursionError:
        raise BodyError("nested too deep") from None
    except ValueError:
        return None
    if is_deeper_than(value, MAX_DEPTH):
        raise BodyError("nested too deep")
    return value


def _parse_int(text: str) -> int:
    """Raises ValueError for a number so long that it takes noticeable time to parse."""
    if len(text) > MAX_DIGITS:
        raise ValueError("a number too long")
    return int(text)
