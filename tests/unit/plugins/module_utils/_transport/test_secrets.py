# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from urllib.parse import quote

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets, find_tokens
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of

TOKEN = token_of("key-1")
SIGNATURE = TOKEN.rpartition(".")[2]
# All tokens of the samples begin their signatures alike.
OTHER_TOKEN = token_of("key-2").rpartition(".")[0] + "." + SIGNATURE[::-1]
OPAQUE = "opaque+secret/of=a gateway"


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"Bearer {TOKEN} was refused",
        SIGNATURE,
        SIGNATURE[5:28],
        SIGNATURE[-23:],
        f"{SIGNATURE[:40]}\n{SIGNATURE[40:]}",
        OPAQUE,
        quote(OPAQUE, safe=""),
        quote(TOKEN, safe="").replace(".", "%2E"),
        f"before {OPAQUE} after",
    ],
)
def test_no_part_of_a_secret_is_left(text):
    hidden = Secrets([TOKEN, OPAQUE]).hide(text)
    assert "(secret left out)" in hidden
    assert OPAQUE not in hidden and quote(OPAQUE, safe="") not in hidden
    runs = {SIGNATURE[start : start + 23] for start in range(len(SIGNATURE) - 22)}
    assert not [run for run in runs if run in hidden]


@pytest.mark.parametrize(
    "text",
    ["", "plain text", "100 %", "%zz", OTHER_TOKEN, SIGNATURE[:22], "66f0c7d2a1b2c3d4e5f60718", "x" * 4000],
)
def test_other_text_stays_as_it_is(text):
    assert Secrets([TOKEN, OPAQUE]).hide(text) == text


def test_of_two_secrets_one_within_the_other_nothing_is_left():
    secrets = Secrets(["password", "password-and-more"])
    assert secrets.hide("it is password-and-more.") == "it is (secret left out)."


def test_a_text_that_occurs_by_chance_is_no_secret():
    secrets = Secrets(["short", ""])
    assert list(secrets) == []
    assert secrets.hide("a short text") == "a short text"


def test_a_secret_learned_late_is_hidden_from_then_on():
    secrets = Secrets()
    assert secrets.hide(TOKEN) == TOKEN
    secrets.add(TOKEN)
    secrets.add(TOKEN)
    assert list(secrets) == [TOKEN]
    assert secrets.hide(TOKEN) == "(secret left out)"


def test_tokens_are_found_in_text():
    assert find_tokens(f"a {TOKEN}, and 'eyJhbGciOi' and eye") == [TOKEN, "eyJhbGciOi"]
