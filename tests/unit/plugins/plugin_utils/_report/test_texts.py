# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the report as people read them."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import (
    format_count,
    format_distance,
    format_duration,
    mark_unseen,
)

HOUR = 3600
DAY = 24 * HOUR


@pytest.mark.parametrize(
    "text", ["", "nightly reload", "Björn Åkesson", "مفتاح", "ключ 🔑", "a  b", "<b> & {{ x }}", "⟨U+202E⟩"]
)
def test_what_can_be_seen_stays(text):
    assert mark_unseen(text) == text


@pytest.mark.parametrize("point", [
    *range(0x20), 0x7F, *range(0x80, 0xA0), 0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), 0x2028, 0x2029, *range(0x202A, 0x202F),
    *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF, 0xFFF9, 0xD800, 0xDFFF, 0xE0041, 0x3164, 0x2800,
])  # fmt: skip
def test_what_nobody_sees_is_marked(point):
    assert mark_unseen(f"a{chr(point)}b") == f"a⟨U+{point:04X}⟩b"


def test_no_two_texts_become_the_same_by_leaving_out():
    assert len({mark_unseen(text) for text in ("ab", "a\u200bb", "a\u200db", "a\nb")}) == 4


@pytest.mark.parametrize(("duration", "words"), [
    ("PT24H", "24 hours"), ("P1D", "1 day"), ("P365D", "365 days"), ("P1Y6M", "1 year and 6 months"), ("P2W", "2 weeks"),
    ("P0.5D", "P0.5D"), ("P", "P"), ("soon\n", "soon⟨U+000A⟩"), (5, "5"), (None, None),
])  # fmt: skip
def test_a_duration_is_told_in_words_and_anything_else_as_it_is(duration, words):
    assert format_duration(duration) == words


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "in less than an hour"), (-1, "less than an hour ago"), (HOUR, "in 1 hour"), (-47 * HOUR, "47 hours ago"),
    (2 * DAY, "in 2 days"), (3 * DAY - 1, "in 2 days"), (-400 * DAY, "400 days ago"),
])  # fmt: skip
def test_how_far_away_is_never_more_than_it_is(seconds, words):
    assert format_distance(seconds) == words


def test_one_key_two_keys():
    assert [format_count(number, "key") for number in (0, 1, 2)] == ["0 keys", "1 key", "2 keys"]
