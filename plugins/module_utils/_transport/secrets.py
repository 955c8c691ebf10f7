# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping what is secret out of everything that a tenant or gateway may repeat."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

LEFT_OUT = "(secret left out)"
# Shorter texts occur by chance, and to cut them out would damage ids and paths.
SHORTEST = 8
# A JSON Web Token begins with the encoded '{"'.
TOKEN = re.compile(r"eyJ[\w-]{5,}(\.[\w-]*)*")
# A token may come back in parts. Its parts are told by pieces of this length, which nothing else has by chance.
PIECE = 12
RUN = re.compile(rf"[\w-]{{{2 * PIECE - 1},}}", re.ASCII)
# A tenant repeats names of fields and ids, in one answer and in the next: what such a text becomes is kept, up to this length
# and number.
LONGEST_KEPT = 100
MOST_KEPT = 10_000


def tokens_in(text: str) -> list[str]:
    """The tokens that a text is or has in it."""
    return [found[0] for found in TOKEN.finditer(text)]


class Secrets:
    """The texts that no output may have. Tokens are recognised by any 23 characters of their signature as well."""

    def __init__(self, texts: Iterable[str] = ()):
        self._known: set[str] = set()
        self._texts: list[str] = []
        self._tokens: list[str] = []
        self._pieces: set[str] = set()
        self._kept: dict[str, str] = {}
        for text in texts:
            self.add(text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def add(self, text: str) -> None:
        if len(text) < SHORTEST or text in self._known:
            return
        self._kept.clear()
        self._known.add(text)
        # The longest first, so that one which is part of another does not leave the rest of it behind.
        insort(self._texts, text, key=_by_length)
        if TOKEN.fullmatch(text):
            insort(self._tokens, text, key=_by_length)
            signature = text.rpartition(".")[2]
            pieces = range(0, len(signature) - PIECE + 1, PIECE)
            self._pieces.update(signature[start : start + PIECE] for start in pieces)

    def hide(self, text: str) -> str:
        """The text with ``(secret left out)`` where a secret or part of a token was.

        If that is found only when percent-encoding is undone, nothing of the text is kept.
        """
        return self._without(self._texts, text)

    def hide_tokens(self, text: str) -> str:
        """The same for tokens alone, which occur nowhere by chance; any other secret may be a name or an id as well."""
        hidden = self._kept.get(text)
        if hidden is None:
            hidden = self._without(self._tokens, text)
            if len(text) <= LONGEST_KEPT and len(self._kept) < MOST_KEPT:
                self._kept[text] = hidden
        return hidden

    def _without(self, secrets: Sequence[str], text: str) -> str:
        hidden = self._as_it_is_without(secrets, text)
        if "%" in text:
            decoded = unquote(hidden)
            if self._as_it_is_without(secrets, decoded) != decoded:
                return LEFT_OUT
        return hidden

    def _as_it_is_without(self, secrets: Sequence[str], text: str) -> str:
        if secrets and len(text) >= len(secrets[-1]):
            for secret in secrets:
                if secret in text:
                    text = text.replace(secret, LEFT_OUT)
        if self._pieces and len(text) >= 2 * PIECE - 1:
            text = RUN.sub(self._without_pieces, text)
        return text

    def _without_pieces(self, run: re.Match[str]) -> str:
        text = run[0]
        starts = range(len(text) - PIECE + 1)
        return LEFT_OUT if any(text[start : start + PIECE] in self._pieces for start in starts) else text


def _by_length(text: str) -> int:
    """The longest first."""
    return -len(text)
