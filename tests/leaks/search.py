# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds secrets in text: whole or in pieces, as they are or encoded, and everything that looks like a token."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

# What every JSON Web Token begins with, the encoding of '{"', and enough after it to be no word.
TOKEN_START = re.compile(r"eyJ[\w-]{8,}")
A_TOKEN = "a token"
# A piece this long of a secret is a leak: nothing that is no secret has it in common with one by chance.
PIECE = 16
WORD = re.compile(rf"[^\s\"'\\,;(){{}}<>]{{{PIECE},}}")


@dataclass(frozen=True)
class Finding:
    """Where a secret is: ``what`` is its name, ``line`` the number of the line. The secret itself is not told again."""

    place: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.what}"


class Search:
    """``secrets`` are the texts to find, by the name to tell them by; each is of at least PIECE characters."""

    def __init__(self, secrets: Mapping[str, str]):
        short = [name for name, secret in secrets.items() if len(secret) < PIECE]
        if short:
            raise ValueError(f"too short to be told from other text: {', '.join(short)}")
        self._names: dict[str, str] = {}
        for name, secret in secrets.items():
            for spelled in _spellings(secret):
                for word in WORD.findall(spelled):
                    for piece in _pieces(word):
                        # Tokens of one tenant have parts in common.
                        self._names[piece] = name if self._names.get(piece, name) == name else A_TOKEN
        self._harmless: set[str] = set()

    def findings(self, place: str, text: str) -> Iterator[Finding]:
        for number, line in enumerate(text.splitlines(), start=1):
            names = {A_TOKEN for _found in TOKEN_START.finditer(line)}
            names |= {name for word in WORD.findall(line) if (name := self._name_in(word))}
            yield from (Finding(place, number, name) for name in sorted(names))

    def _name_in(self, word: str) -> str | None:
        """The secret of which a piece is in the word. The same words come again and again, so it is remembered."""
        if word in self._harmless:
            return None
        name = next((self._names[piece] for piece in _pieces(word) if piece in self._names), None)
        if name is None:
            self._harmless.add(word)
        return name


def _pieces(word: str) -> Iterator[str]:
    return (word[start : start + PIECE] for start in range(len(word) - PIECE + 1))


def _spellings(secret: str) -> set[str]:
    """The secret as it is, percent-encoded, and in base64 after any other text."""
    spelled = {secret, quote(secret, safe="")}
    for before in range(3):
        # The first and the last group of four depend on what is around the secret.
        spelled.add(base64.b64encode(b"\0" * before + secret.encode()).decode().rstrip("=")[4:-4])
    return spelled
