# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that loads nothing.

Texts that others chose reach the page only through the functions below, and never become the value of an attribute.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup, escape

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report import html_page, texts

HERE = Path(__file__).parent
MARK = Markup('<span class="mark">{}</span>')
ABSENT = Markup('<span class="soft">{}</span>')
ISOLATED = Markup("<bdi>{}</bdi>")
CLAMPED = Markup('<details class="long"><summary><bdi>{}…</bdi></summary><bdi>{}</bdi></details>')
TIME = Markup('<time datetime="{}">{}</time>')
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MAX_LENGTH = 60
MAX_OPTION_LENGTH = 60


def render(document: dict[str, Any]) -> str:
    """The page of a document."""
    style, script = _read_source("page.css"), _read_source("page.js")
    sources = f"style-src '{_hash_source(style)}'; script-src '{_hash_source(script)}'"
    return _load_template().render(
        page=html_page.build_page(document),
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'",
    )


def format_text(text: Any, absent: str = "not known", max_length: int = MAX_LENGTH) -> Markup:
    """A text that others chose, set apart from the text around it; a long one is folded."""
    if text is None:
        return ABSENT.format(absent)
    text = str(text)
    if not text.strip(" "):
        return ABSENT.format("only spaces" if text else "empty")
    start = _cut(text, max_length)
    return ISOLATED.format(_mark_text(text)) if start == text else CLAMPED.format(_mark_text(start), _mark_text(text))


def format_time(text: Any, absent: str = "not known") -> Markup:
    """A time of the document to the minute."""
    read = parse_time(text)
    if read is None:
        return format_text(text, absent)
    return TIME.format(f"{read.replace(tzinfo=None).isoformat(timespec='seconds')}Z", texts.format_time(read))


def format_duration(text: Any, absent: str = "not known") -> Markup:
    """A duration in words."""
    return ABSENT.format(absent) if text is None else ISOLATED.format(texts.format_duration(text))


def format_days(first: datetime, last: datetime | None) -> Markup:
    """``7 Dec – 13 Dec 2026``; ``from 1 Mar 2027 on`` without a last day."""
    if last is None:
        return Markup("from {} on").format(_format_day(first, True))
    return Markup("{} – {}").format(_format_day(first, first.year != last.year), _format_day(last, True))


def format_option(text: str | None) -> str:
    """A text for an option of a select element, which can have no elements inside."""
    if text is None:
        return "not known"
    start = _cut(text, MAX_OPTION_LENGTH)
    return texts.mark_unseen(start) if start == text else f"{texts.mark_unseen(start)}…"


def _format_day(read: datetime, with_year: bool) -> Markup:
    day = f"{read.day} {MONTHS[read.month - 1]}"
    return TIME.format(read.date().isoformat(), f"{day} {read.year}" if with_year else day)


def _mark_text(text: str) -> Markup:
    """The escaped text; its marks are elements, so that no text can imitate one."""
    return Markup(texts.mark_unseen(str(escape(text)), lambda character: MARK.format(texts.format_mark(character))))


def _cut(text: str, max_length: int) -> str:
    """The beginning of the text that has at most ``max_length`` characters, marks included."""
    if len(text) <= max_length // len(texts.format_mark("\U0010ffff")):
        return text
    room = max_length
    for index, character in enumerate(text):
        room -= len(texts.mark_unseen(character))
        if room < 0:
            return text[:index]
    return text


@cache
def _load_template() -> Template:
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"text": format_text, "time": format_time, "duration": format_duration, "days": format_days}
    environment.filters["option"] = format_option
    environment.globals |= {"count": texts.format_count, "STORED": html_page.STORED}
    return environment.get_template("page.html.j2")


def _read_source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _hash_source(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
