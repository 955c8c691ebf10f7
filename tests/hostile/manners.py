# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manners of the hostile gateway: what may become of an answer on its way, or instead of it."""

from __future__ import annotations

import itertools
import json
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from exchanges import Answer

from hostile.gateway import BODILESS, Exchange, Manner, Raw, head, on_the_wire

MEBIBYTE = 1024 * 1024
PAGE = (
    "<html><head><title>{status} {title}</title></head><body><center><h1>{title}</h1></center><hr>gateway</body></html>"
)
JSON_TYPE = {"Content-Type": "application/json"}
EMPTY_LIST = {"data": [], "links": {}}
NEST = 100_000


def instead(answer: Answer | Raw | None) -> Manner:
    """Answered by the gateway alone; the tenant does not hear of it."""
    return lambda exchange: answer


def after(manner: Manner) -> Manner:
    """The tenant does its work, and then is not the one who answers."""

    def done_first(exchange: Exchange) -> Answer | Raw | None:
        exchange.real()
        return manner(exchange)

    return done_first


def page(status: int, title: str = "Hostile gateway", **headers: str) -> Answer:
    """An HTML page, as gateways answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, PAGE.format(status=status, title=title).encode(), {"Content-Type": "text/html", **named})


def foreign(status: int, **headers: str) -> Manner:
    """The gateway's own word with that status; the tenant does not hear of it."""
    return instead(page(status, **headers))


def refusal(status: int, **fields: Any) -> Answer:
    """A refusal in the published envelope."""
    return Answer.of(status, {"errors": [{"code": f"HTTP-{status}", "title": "Refused", **fields}], "traceId": "trace"})


def lost(exchange: Exchange) -> None:
    """The work is done, and the connection closed without a word."""
    exchange.real()


def unheard(exchange: Exchange) -> None:
    """The connection is closed without a word, and the tenant does not hear of it."""


def rewritten(change: Callable[[Answer], Answer | Raw]) -> Manner:
    """The tenant's own answer, changed."""
    return lambda exchange: change(exchange.real())


def edited(change: Callable[[Any], Any]) -> Manner:
    """The JSON of the tenant's own answer changed in place, or replaced by what ``change`` returns unless that is None."""

    def edit(real: Answer) -> Answer:
        if not 200 <= real.status < 300 or not real.body:
            return real
        document = json.loads(real.body)
        changed = change(document)
        return replace(real, body=json.dumps(document if changed is None else changed).encode())

    return rewritten(edit)


def fields_set(**values: Any) -> Manner:
    """Fields of the answer itself, and of each record on a page of a list, set to these values."""

    def change(document: dict) -> None:
        for record in document["data"] if isinstance(document.get("data"), list) else [document]:
            record.update(values)

    return edited(change)


def with_headers(**headers: str) -> Manner:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return rewritten(lambda real: replace(real, headers={**_without(real.headers, named), **named}))


def with_body(body: bytes) -> Manner:
    """The tenant's own answer with this body."""
    return rewritten(lambda real: replace(real, body=body))


def redirected(location: str, status: int = 302) -> Manner:
    return instead(Answer(status, b"", {"Location": location}))


def with_next(href: str) -> Manner:
    """A page of a list whose ``next`` link leads there."""

    def change(document: dict) -> None:
        document["links"] = {**(document.get("links") or {}), "next": {"href": href}}

    return edited(change)


def pages_for_ever(records: Callable[[int], list]) -> Manner:
    """Page after page, each with a ``next`` link never seen before; ``records`` gives those of page 0, 1, …."""
    numbers = itertools.count()

    def give(exchange: Exchange) -> Answer:
        number = next(numbers)
        link = {"href": f"{exchange.path}?startingAfter=page-{number}"}
        return Answer.of(200, {"data": records(number), "links": {"next": link}})

    return give


def cookie(value: str = "session=of-the-admin; Path=/") -> Manner:
    return with_headers(Set_Cookie=value)


def truly(exchange: Exchange) -> Answer:
    """As it really is."""
    return exchange.real()


def dripped(seconds: float, answered: Callable[[Exchange], Answer] = truly) -> Manner:
    """The answer a byte at a time from its first, and after its last one spaces for ever."""

    def drip(exchange: Exchange) -> Raw:
        whole = on_the_wire(_of_a_terabyte(answered(exchange)))
        return Raw(_byte_by_byte(itertools.chain([whole], itertools.repeat(b" "))), seconds)

    return drip


def dripped_body(seconds: float, answered: Callable[[Exchange], Answer] = truly) -> Manner:
    """Status and headers at once, then the body a byte at a time, and after its last one spaces for ever."""

    def drip(exchange: Exchange) -> Raw:
        answer = answered(exchange)
        rest = _byte_by_byte(itertools.chain([answer.body], itertools.repeat(b" ")))
        return Raw(itertools.chain([head(_of_a_terabyte(answer))], rest), seconds)

    return drip


def silent(exchange: Exchange) -> Raw:
    """No word, and the connection stays open."""
    return Raw([], ending="hold")


def continued_for_ever(seconds: float = 0.05) -> Manner:
    """Interim answers without end: each is whole, so no read ever waits long."""
    return lambda exchange: Raw(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), seconds)


def endless_body(status: int = 200, **headers: str) -> Manner:
    """A chunked body that has no end, as fast as it is taken."""
    piece = b"%x\r\n%s\r\n" % (MEBIBYTE, b" " * MEBIBYTE)
    begun = head(Answer(status, b"", {**JSON_TYPE, "Transfer-Encoding": "chunked", **headers}))
    return lambda exchange: Raw(itertools.chain([begun], itertools.repeat(piece)))


def endless_header(exchange: Exchange) -> Raw:
    """One header line that has no end."""
    return Raw(itertools.chain([b"HTTP/1.1 200 OK\r\nX-Long: "], itertools.repeat(b"x" * MEBIBYTE)))


def many_headers(exchange: Exchange) -> Raw:
    """Header lines without end."""
    lines = (b"X-Line-%d: %s\r\n" % (number, b"x" * 1000) for number in itertools.count())
    return Raw(itertools.chain([b"HTTP/1.1 200 OK\r\n"], lines))


def large_body(size: int) -> Manner:
    """An empty list after ``size`` bytes of white space, with its length announced: well-formed, and too large."""
    body = b" " * size + json.dumps(EMPTY_LIST).encode()
    return instead(Answer(200, body, JSON_TYPE))


def bomb(size: int, layers: int = 1, coding: str = "gzip") -> Manner:
    """The same, compressed, once or several times over; unpacked only when it is read."""
    body = packed_white_space(size, json.dumps(EMPTY_LIST).encode(), coding)
    for _layer in range(layers - 1):
        body = _packed([body], coding)
    return instead(Answer(200, body, {**JSON_TYPE, "Content-Encoding": ", ".join([coding] * layers)}))


def packed_white_space(size: int, end: bytes, coding: str) -> bytes:
    """Compressed text of ``size`` blanks and ``end``; made without having all of it in memory."""
    return _packed(itertools.chain(itertools.repeat(b" " * MEBIBYTE, size // MEBIBYTE), [end]), coding)


def nested(depth: int = NEST, kind: str = "list") -> bytes:
    """JSON text that is nested as deep as that."""
    start, end = (b"[", b"]") if kind == "list" else (b'{"data":', b"}")
    return start * depth + b"0" + end * depth


def within_seconds(seconds: float, manner: Manner) -> Manner:
    """So only until that long after the first such request; from then on as it really is."""
    begun: list[float] = []

    def lagging(exchange: Exchange) -> Answer | Raw | None:
        begun.append(time.monotonic())
        return manner(exchange) if time.monotonic() - begun[0] < seconds else exchange.real()

    return lagging


def _packed(pieces: Iterable[bytes], coding: str) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    return b"".join([*map(packer.compress, pieces), packer.flush()])


def _byte_by_byte(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return (bytes([byte]) for piece in pieces for byte in piece)


def _of_a_terabyte(answer: Answer) -> Answer:
    """As if it had that much to say. An answer without a body becomes one that may have one."""
    return replace(answer, status=200 if answer.status in BODILESS else answer.status, promised=10**12)


def _without(headers: dict[str, str], named: dict[str, str]) -> dict[str, str]:
    lower = {name.lower() for name in named}
    return {name: value for name, value in headers.items() if name.lower() not in lower}
