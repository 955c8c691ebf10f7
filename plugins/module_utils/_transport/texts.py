# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of others, made fit to be kept and shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"
# Controls but tab and line breaks, which move a terminal's cursor or end; what turns the direction of writing (Unicode's
# property Bidi_Control); what has no width, but for the joiners that some scripts need; halves of surrogate pairs, which no
# file or terminal takes.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\xad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def replace_unprintable(text: str) -> str:
    """The text with a replacement character for each that is unfit, so that no two texts become the same by leaving out."""
    return text if text.isascii() and text.isprintable() else UNPRINTABLE.sub(REPLACEMENT_CHARACTER, text)


def change_texts(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with every text in it changed, names included."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [change_texts(entry, change) for entry in value]
    if isinstance(value, dict):
        return {change(name): change_texts(entry, change) for name, entry in value.items()}
    return value


def is_printable(text: str) -> bool:
    """Whether a text has no unfit character; one that has is never found again among what a tenant answers."""
    return not UNPRINTABLE.search(text)


def format_one_line(text: str, longest: int) -> str:
    """Text on one line, without characters that cannot be seen, at most ``longest`` characters of it."""
    line = "".join(filter(str.isprintable, " ".join(UNPRINTABLE.sub("", text[: 4 * longest]).split())))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def quote_text(text: str | None, longest: int = 100) -> str:
    """A text in quotes for a message, at most ``longest`` characters of it."""
    return repr(text) if text is None or len(text) <= longest else repr(f"{text[:longest]}…")
