# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the report as people read them: texts of others, times, durations, counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any

# Controls, what turns the direction of writing or has no width, halves of surrogate pairs, separators of lines.
UNSEEN_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Letters, marks and symbols that are drawn as nothing.
UNSEEN_OTHERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
DURATION = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
    r"(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)S)?)?",
    re.ASCII,
)
HOUR = 60 * 60
DAY = 24 * HOUR


def format_mark(character: str) -> str:
    """What is shown in the place of a character that nobody sees."""
    return f"⟨U+{ord(character):04X}⟩"


def mark_unseen(text: str, mark: Callable[[str], str] = format_mark) -> str:
    """The text with a mark for each character that nobody sees, line breaks included."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(mark(character) if _is_unseen(character) else character for character in text)


def format_time(read: datetime) -> str:
    """A time in UTC to the minute."""
    # Not strftime, which writes years before 1000 in another way on each system.
    return f"{read.date().isoformat()} {read.hour:02}:{read.minute:02} UTC"


def format_duration(text: Any) -> str | None:
    """``24 hours`` for PT24H; what is no duration, and parts of a day or hour, as they are; None if there is none."""
    if text is None:
        return None
    parts = DURATION.fullmatch(str(text))
    parts_in_words = (
        [format_count(int(number), unit) for unit, number in parts.groupdict().items() if number] if parts else []
    )
    return " and ".join(parts_in_words) or mark_unseen(str(text))


def format_count(number: int | None, noun: str) -> str:
    """``1 key``, ``2 keys``."""
    return f"{'?' if number is None else number} {noun}{'' if number == 1 else 's'}"


def format_distance(seconds: float) -> str:
    """How far away something is: ``in 3 days``, ``5 hours ago``."""
    away = abs(seconds)
    if away < HOUR:
        return "in less than an hour" if seconds >= 0 else "less than an hour ago"
    distance = format_count(int(away // HOUR), "hour") if away < 2 * DAY else format_count(int(away // DAY), "day")
    return f"in {distance}" if seconds >= 0 else f"{distance} ago"


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in UNSEEN_CATEGORIES or character in UNSEEN_OTHERS
