# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that loads nothing.

Texts of others reach the page by the functions below alone, and never as the value of an attribute.
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
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report import html_view, texts

HERE = Path(__file__).parent
MARK = Markup('<span class="mark">{}</span>')
ABSENT = Markup('<span class="soft">{}</span>')
ISOLATED = Markup("<bdi>{}</bdi>")
CLAMPED = Markup('<details class="long"><summary><bdi>{}…</bdi></summary><bdi>{}</bdi></details>')
TIME = Markup('<time datetime="{}">{}</time>')
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST = 60
LONGEST_OPTION = 60


def render(document: dict[str, Any]) -> str:
    """The page of a document."""
    style, script = _source("page.css"), _source("page.js")
    sources = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return _template().render(
        view=html_view.view(document),
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'",
    )


def shown(text: Any, absent: str = "not known", longest: int = LONGEST) -> Markup:
    """A text of others, apart from what is around it; a long one folded up."""
    if text is None:
        return ABSENT.format(absent)
    text = str(text)
    if not text.strip(" "):
        return ABSENT.format("only spaces" if text else "empty")
    start = _start(text, longest)
    return ISOLATED.format(_marked(text)) if start == text else CLAMPED.format(_marked(start), _marked(text))


def shown_time(text: Any, absent: str = "not known") -> Markup:
    """A time of the document to the minute."""
    read = parse_time(text)
    if read is None:
        return shown(text, absent)
    return TIME.format(f"{read.replace(tzinfo=None).isoformat(timespec='seconds')}Z", texts.clock(read))


def shown_duration(text: Any, absent: str = "not known") -> Markup:
    """A duration in words."""
    return ABSENT.format(absent) if text is None else ISOLATED.format(texts.shown_duration(text))


def shown_days(first: datetime, last: datetime | None) -> Markup:
    """``7 Dec – 13 Dec 2026``; ``from 1 Mar 2027 on`` without a last day."""
    if last is None:
        return Markup("from {} on").format(_day(first, True))
    return Markup("{} – {}").format(_day(first, first.year != last.year), _day(last, True))


def as_option(text: str | None) -> str:
    """A text for a list to choose from, which can hold nothing but text."""
    if text is None:
        return "not known"
    start = _start(text, LONGEST_OPTION)
    return texts.visible(start) if start == text else f"{texts.visible(start)}…"


def _day(read: datetime, with_year: bool) -> Markup:
    told = f"{read.day} {MONTHS[read.month - 1]}"
    return TIME.format(read.date().isoformat(), f"{told} {read.year}" if with_year else told)


def _marked(text: str) -> Markup:
    """The text, escaped, with the marks set apart, so that nobody can write one."""
    return Markup(texts.visible(str(escape(text)), lambda character: MARK.format(texts.mark_of(character))))


def _start(text: str, longest: int) -> str:
    """As much of the text as is ``longest`` characters with marks."""
    if len(text) <= longest // len(texts.mark_of("\U0010ffff")):
        return text
    room = longest
    for index, character in enumerate(text):
        room -= len(texts.visible(character))
        if room < 0:
            return text[:index]
    return text


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"shown": shown, "time": shown_time, "duration": shown_duration, "days": shown_days}
    environment.filters["as_option"] = as_option
    environment.globals |= {"counted": texts.counted, "STORED": html_view.STORED}
    return environment.get_template("page.html.j2")


def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
