# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import unicodedata

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import (
    change_texts,
    format_one_line,
    is_printable,
    quote_text,
    replace_unprintable,
)

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def test_each_unfit_character_is_replaced_and_none_left_out():
    for character in ["\x00", "\x1b", "\x7f", "\x9b", "\ud800", "\udfff", "\u200b", "\ufeff", *BIDI_CONTROLS]:
        assert replace_unprintable(f"a{character}b") == "a\ufffdb"
        assert not is_printable(f"a{character}b")


@pytest.mark.parametrize("text", ["", "Grüße, 世界 🎉", "tab\tand\r\nline", "क्\u200dष", "می\u200cخواهم"])
def test_text_of_any_language_stays_as_it_is(text):
    assert replace_unprintable(text) == text
    assert is_printable(text)


def test_no_control_character_is_fit_but_tab_and_line_breaks():
    controls = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cs")}
    assert {character for character in controls if is_printable(character)} == {"\t", "\n", "\r"}


def test_every_text_of_a_value_is_changed_names_included():
    value = {"a": ["b", {"c": "d"}], "e": 1, "f": None, "g": True}
    assert change_texts(value, str.upper) == {"A": ["B", {"C": "D"}], "E": 1, "F": None, "G": True}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\n\tlines ", "two lines"),
        ("x" * 11, "x" * 9 + "…"),
        ("x" * 10, "x" * 10),
        ("\u202eno\x1b[2J", "no[2J"),
        (" \u200b", ""),
        ("a\u2028b\u2029c", "a b c"),
    ],
)
def test_one_line_is_short_and_can_be_seen(text, line):
    assert format_one_line(text, 10) == line


@pytest.mark.parametrize(("text", "quoted"), [(None, "None"), ("a'b", '"a\'b"'), ("x" * 5, "'xxx…'"), ("xxx", "'xxx'")])
def test_a_quoted_text_is_short(text, quoted):
    assert quote_text(text, 3) == quoted
