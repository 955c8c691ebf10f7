# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call of every module, answered by somebody else than the tenant, or by nobody, before or after its work is done.

Also with what takes all memory of a client that reads it to its end: the runs may not have much.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from exchanges import Answer

from hostile import manners
from hostile.gateway import Gateway, Manner
from hostile.odd_fields import places
from hostile.theatre import Theatre
from hostile.usual_calls import USUAL

SEED = 2026
SAMPLE = 125
STATUSES = (200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 502, 503, 504)
WORDS: dict[str, Manner] = {
    **{f"a page with {status}": manners.foreign(status) for status in STATUSES},
    "JSON of no envelope with 404": manners.instead(Answer.of(404, {"message": "no route"})),
    "an empty list": manners.instead(Answer.of(200, manners.EMPTY_LIST)),
    "an empty object": manners.instead(Answer.of(200, {})),
    "no answer": manners.unheard,
    "no HTTP": manners.instead(manners.Raw([b"SSH-2.0-OpenSSH_9.6\r\n"])),
    "a body without end": manners.endless_body(),
    "a failure without end": manners.endless_body(503),
    "a bomb": manners.bomb(300 * manners.MEBIBYTE),
    "as many values as fit": manners.instead(Answer(200, b'{"data":[' + b"{}," * (manners.MEBIBYTE) + b"{}]}")),
    "nested": manners.instead(Answer(200, manners.nested())),
}


@dataclass(frozen=True)
class ForeignWord:
    """``times`` such requests are answered so, from the ``occurrence``-th (from 0) on; None means all."""

    method: str
    path: str
    occurrence: int
    word: str
    is_done: bool
    times: int | None

    def spoil(self, gateway: Gateway) -> None:
        manner = manners.after(WORDS[self.word]) if self.is_done else WORDS[self.word]
        gateway.spoil(self.method, self.path, manner, skip=self.occurrence, times=self.times)

    def __str__(self) -> str:
        when = "after" if self.is_done else "before"
        return f"{self.method} {self.path} #{self.occurrence}, {self.word} {when} it was done, times: {self.times}"


def foreign_words(theatre: Theatre, name: str) -> Iterator[ForeignWord]:
    """All of a usual call."""
    run, wrong = theatre.run(USUAL[name])
    assert not run.failed and wrong == [], (run.message, wrong)
    for _exchange, place in places(theatre.gateway.exchanges):
        for word in WORDS:
            for is_done in (False,) if place[0] == "GET" else (False, True):
                yield from (ForeignWord(*place, word, is_done, times) for times in (1, None))


@pytest.mark.parametrize("name", USUAL)
def test_no_foreign_word_leads_to_a_defect_or_loses_a_token(theatre: Theatre, name, every_field, field):
    played = list(foreign_words(theatre, name))
    if field:
        played = [word for word in played if field in str(word)]
    elif not every_field:
        played = random.Random(f"{SEED} {name}").sample(played, SAMPLE // len(USUAL))
    wrong = [f"{word}: {text[:300]}" for word in played for text in theatre.run(USUAL[name], word.spoil)[1]]
    assert not wrong, f"{len(wrong)} of {len(played)}:\n" + "\n".join(wrong[:50])
