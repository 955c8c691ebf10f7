# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping what is secret out of everything that a tenant or gateway may repeat."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

PLACEHOLDER = "(secret left out)"
# Shorter texts occur by chance, and to cut them out would damage ids and paths.
MIN_SECRET_CHARACTERS = 8
# A JSON Web Token begins with the encoded '{"'.
TOKEN = re.compile(r"eyJ[\w-]{5,}(\.[\w-]*)*")
# A token may come back in parts. Its parts are told by pieces of this length, which nothing else has by chance.
PIECE_CHARACTERS = 12
RUN = re.compile(rf"[\w-]{{{2 * PIECE_CHARACTERS - 1},}}", re.ASCII)
# A tenant repeats names of fields and ids, in one answer and in the next: what such a text becomes is kept, up to this length
# and number.
MAX_CACHED_CHARACTERS = 100
MAX_CACHED_TEXTS = 10_000


def find_tokens(text: str) -> list[str]:
    """The tokens that a text is or has in it."""
    return [found[0] for found in TOKEN.finditer(text)]


class Secrets:
    """The texts that no output may have. Tokens are recognised by any 23 characters of their signature as well."""

    def __init__(self, texts: Iterable[str] = ()):
        self._known: set[str] = set()
        self._texts: list[str] = []
        self._tokens: list[str] = []
        self._pieces: set[str] = set()
        self._cache: dict[str, str] = {}
        for text in texts:
            self.add(text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def add(self, text: str) -> None:
        if len(text) < MIN_SECRET_CHARACTERS or text in self._known:
            return
        self._cache.clear()
        self._known.add(text)
        # The longest first, so that one which is part of another does not leave the rest of it behind.
        insort(self._texts, text, key=_sort_longest_first)
        if TOKEN.fullmatch(text):
            insort(self._tokens, text, key=_sort_longest_first)
            signature = text.rpartition(".")[2]
            pieces = range(0, len(signature) - PIECE_CHARACTERS + 1, PIECE_CHARACTERS)
            self._pieces.update(signature[start : start + PIECE_CHARACTERS] for start in pieces)

    def hide(self, text: str) -> str:
        """The text with ``(secret left out)`` where a secret or part of a token was.

        If that is found only when percent-encoding is undone, nothing of the text is kept.
        """
        return self._remove(self._texts, text)

    def hide_tokens(self, text: str) -> str:
        """The same for tokens alone, which occur nowhere by chance; any other secret may be a name or an id as well."""
        hidden = self._cache.get(text)
        if hidden is None:
            hidden = self._remove(self._tokens, text)
            if len(text) <= MAX_CACHED_CHARACTERS and len(self._cache) < MAX_CACHED_TEXTS:
                self._cache[text] = hidden
        return hidden

    def _remove(self, secrets: Sequence[str], text: str) -> str:
        hidden = self._remove_literally(secrets, text)
        if "%" in text:
            decoded = unquote(hidden)
            if self._remove_literally(secrets, decoded) != decoded:
                return PLACEHOLDER
        return hidden

    def _remove_literally(self, secrets: Sequence[str], text: str) -> str:
        if secrets and len(text) >= len(secrets[-1]):
            for secret in secrets:
                if secret in text:
                    text = text.replace(secret, PLACEHOLDER)
        if self._pieces and len(text) >= 2 * PIECE_CHARACTERS - 1:
            text = RUN.sub(self._remove_pieces, text)
        return text

    def _remove_pieces(self, run: re.Match[str]) -> str:
        text = run[0]
        starts = range(len(text) - PIECE_CHARACTERS + 1)
        return PLACEHOLDER if any(text[start : start + PIECE_CHARACTERS] in self._pieces for start in starts) else text


def _sort_longest_first(text: str) -> int:
    """The longest first."""
    return -len(text)
