# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of others, made printable."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"
# Control characters but tab and line breaks, since they steer a terminal; those that turn the direction of writing (Unicode's
# property Bidi_Control); those without width, but for the joiners that some scripts need; halves of surrogate pairs, which
# cannot be encoded.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\xad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def replace_unprintable(text: str) -> str:
    """The text with U+FFFD for each unprintable character. To drop them could make two texts the same."""
    return text if text.isascii() and text.isprintable() else UNPRINTABLE.sub(REPLACEMENT_CHARACTER, text)


def change_texts(value: Any, change: Callable[[str], str]) -> Any:
    """A copy of a JSON value in which every text is changed, names of members included."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [change_texts(entry, change) for entry in value]
    if isinstance(value, dict):
        return {change(name): change_texts(entry, change) for name, entry in value.items()}
    return value


def is_printable(text: str) -> bool:
    """Whether a text has no unprintable character. One that has is never found in answers, where they are replaced."""
    return not UNPRINTABLE.search(text)


def format_one_line(text: str, max_characters: int) -> str:
    """The text on one line, without unprintable characters, at most ``max_characters`` of it."""
    line = "".join(filter(str.isprintable, " ".join(UNPRINTABLE.sub("", text[: 4 * max_characters]).split())))
    return line if len(line) <= max_characters else f"{line[: max_characters - 1]}…"


def quote_text(text: str | None, max_characters: int = 100) -> str:
    """The text in quotes for a message, at most ``max_characters`` of it; ``None`` for no text."""
    if text is None or len(text) <= max_characters:
        return repr(text)
    return repr(f"{text[:max_characters]}…")
