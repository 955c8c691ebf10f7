# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search finds what it is for, and nothing else."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from search import PIECE, Search

SECRET = "q7/Zr+0pXw2-mB5_kT9.uV4cN8sY1dLa"
OTHER = "another-secret-of-which-nothing-is-there"
TOKEN = "eyJhbGciOiJFUzM4NCJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl"


def found(text: str) -> list[str]:
    return [str(finding) for finding in Search({"secret": SECRET, "other": OTHER}).findings("here", text)]


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"refused: {SECRET}.",
        f'{{"detail": "{SECRET}"}}',
        f"X{SECRET}X",
        SECRET[:PIECE],
        SECRET[-PIECE:],
        f"...{SECRET[5 : 5 + PIECE]}...",
        f"https://tenant.example/?key={quote(SECRET, safe='')}",
        *(base64.b64encode(before + SECRET.encode() + b"!").decode() for before in (b"", b"a:", b"id:", b"user:")),
    ],
)
def test_a_secret_is_found_however_it_is_written(text: str) -> None:
    assert found(f"a line before\n{text}") == ["here:2: secret"]


@pytest.mark.parametrize("text", [TOKEN, TOKEN.partition(".")[0], TOKEN[:15], f"Bearer {TOKEN}", f'"token":"{TOKEN}"'])
def test_whatever_looks_like_a_token_is_found(text: str) -> None:
    assert found(text) == ["here:1: a token"]


def test_what_several_secrets_have_in_common_is_found_as_a_token() -> None:
    search = Search({"first": f"{SECRET}-first-of-them", "second": f"{SECRET}-second-of-them"})
    assert [finding.what for finding in search.findings("here", SECRET)] == ["a token"]


@pytest.mark.parametrize(
    "text",
    [SECRET[: PIECE - 1], "/usr/lib/python3/site-packages/ansible/modules", "(token left out)", "eyJ is no token"],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_secret_that_is_too_short_to_be_told_apart_is_refused() -> None:
    with pytest.raises(ValueError, match="password"):
        Search({"password": "secret"})
