# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hiding secrets in whatever a tenant or gateway may repeat."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

PLACEHOLDER = "(secret left out)"
# Shorter texts occur by chance; to hide them would damage ids and paths.
MIN_SECRET_CHARACTERS = 8
# A JSON Web Token begins with the encoded '{"'.
TOKEN_START = "eyJ"
TOKEN = re.compile(rf"{TOKEN_START}[\w-]{{5,}}(\.[\w-]*)*")
# A token may come back in parts. A part is recognised by pieces of this length, which nothing else has by chance.
PIECE_CHARACTERS = 12
RUN = re.compile(rf"[\w-]{{{2 * PIECE_CHARACTERS - 1},}}", re.ASCII)
# A tenant repeats ids in each answer, so it is kept in mind in which short runs nothing was found.
MAX_KEPT_CHARACTERS = 100
MAX_KEPT_RUNS = 10_000


def find_tokens(text: str) -> list[str]:
    """The tokens that a text is or contains."""
    return [found[0] for found in TOKEN.finditer(text)]


class Secrets:
    """The texts that no output may have. Of tokens any 23 characters of the signature are recognised as well."""

    def __init__(self, texts: Iterable[str] = ()):
        self._known: set[str] = set()
        self._texts: list[str] = []
        self._tokens: list[str] = []
        self._without_token: list[str] = []
        self._pieces: set[str] = set()
        self._harmless_runs: set[str] = set()
        for text in texts:
            self.add(text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def add(self, text: str) -> None:
        """Hide a text from now on, unless it is shorter than ``MIN_SECRET_CHARACTERS``."""
        if len(text) < MIN_SECRET_CHARACTERS or text in self._known:
            return
        self._harmless_runs.clear()
        self._known.add(text)
        insort(self._texts, text, key=len)
        if TOKEN_START not in text:
            insort(self._without_token, text, key=len)
        if TOKEN.fullmatch(text):
            insort(self._tokens, text, key=len)
            signature = text.rpartition(".")[2]
            pieces = range(0, len(signature) - PIECE_CHARACTERS + 1, PIECE_CHARACTERS)
            self._pieces.update(signature[start : start + PIECE_CHARACTERS] for start in pieces)

    def hide(self, text: str) -> str:
        """The text with ``(secret left out)`` in place of each secret and each part of a token.

        Where a secret is found only after percent-decoding, that replaces the whole text.
        """
        return self._remove(self._texts, self._without_token, text)

    def hide_tokens(self, text: str) -> str:
        """As ``hide``, for tokens alone: any other secret may be a name or an id as well, which must not be damaged."""
        return self._remove(self._tokens, (), text)

    def _remove(self, secrets: Sequence[str], without_token: Sequence[str], text: str) -> str:
        """Remove ``secrets``. Those ``without_token`` are all that can be in a text in which no token begins."""
        hidden = self._remove_literally(secrets, without_token, text)
        if "%" in text:
            decoded = unquote(hidden)
            if self._remove_literally(secrets, without_token, decoded) != decoded:
                return PLACEHOLDER
        return hidden

    def _remove_literally(self, secrets: Sequence[str], without_token: Sequence[str], text: str) -> str:
        # The longest first, so that one which is part of another does not leave the rest of it behind. A run may know thousands
        # of tokens.
        for secret in reversed(secrets if TOKEN_START in text else without_token):
            if secret in text:
                text = text.replace(secret, PLACEHOLDER)
        if self._pieces and len(text) >= 2 * PIECE_CHARACTERS - 1:
            text = RUN.sub(self._remove_pieces, text)
        return text

    def _remove_pieces(self, run: re.Match[str]) -> str:
        text = run[0]
        if text in self._harmless_runs:
            return text
        starts = range(len(text) - PIECE_CHARACTERS + 1)
        if not self._pieces.isdisjoint([text[start : start + PIECE_CHARACTERS] for start in starts]):
            return PLACEHOLDER
        if len(text) <= MAX_KEPT_CHARACTERS and len(self._harmless_runs) < MAX_KEPT_RUNS:
            self._harmless_runs.add(text)
        return text
