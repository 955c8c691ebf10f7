# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds signs of Markdown and RST that the documentation site shows as text, because a converter did not understand them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

NOT_PROSE = frozenset({"code", "pre", "script", "style", "svg", "title"})
"""Elements in which such signs are right, or which are no text of the page."""

SIGN = re.compile(
    r"""`                   # code, or a role of RST
      | \*\* | \*\w | \w\*  # emphasis
      | \]\( | \w_(?!\w)    # a link of Markdown, of RST
      | \.\.[ ]\w           # a directive of RST
      | ^[#]+[ ] | \|-      # a heading and a table of Markdown
      | </?\w               # HTML
      | \b[BCEILMOPUV]\(    # a macro of Ansible, such as O(name)
    """,
    re.VERBOSE | re.MULTILINE,
)
AROUND = 30


class _Prose(HTMLParser):
    """The text of a page outside of code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_PROSE:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.texts.append(data)


def signs(page: str) -> Iterator[str]:
    """What stands around each sign of markup in the text of an HTML page."""
    for text in _Prose(page).texts:
        if found := SIGN.search(text):
            yield " ".join(text[max(0, found.start() - AROUND) : found.end() + AROUND].split())


def left_over(site: Path) -> list[str]:
    """A line for each text of a site in which a sign of markup is left."""
    return [
        f"{path.relative_to(site)}: markup is shown as text: {around}"
        for path in sorted(site.rglob("*.html"))
        for around in dict.fromkeys(signs(path.read_text(encoding="utf-8")))
    ]
