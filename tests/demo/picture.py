# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of ``make demo`` in the README, drawn from what the demonstration really prints.

Usage: picture.py FILE, with the demonstration's output on stdin.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

COLUMNS = 104
# In pixels; the width is that of a character in most monospaced fonts of 14 px.
CHARACTER_WIDTH, LINE_HEIGHT, MARGIN, BAR_HEIGHT = 8.43, 19, 18, 34

BACKGROUND = "#161b22"
COLOURS = {
    "title": "#79c0ff",
    "command": "#ffffff",
    "text": "#e6edf3",
    "changed": "#e3b341",
    "ok": "#56d364",
}

STEP = re.compile(r"^=== ", re.MULTILINE)
COUNTS = re.compile(r"^ *\S+ +: (ok=\d+) +(changed=\d+) .*?(failed=\d+)", re.MULTILINE)


class Line(NamedTuple):
    kind: str
    text: str


def pick_lines(output: str) -> Iterator[Line]:
    """Of each step its title, its command, its last lines and its counts. The differences it shows are left out."""
    _introduction, *steps = STEP.split(output)
    yield Line("command", "$ make demo")
    for step in steps:
        title, command, *_rest = step.splitlines()
        yield Line("text", "")
        yield Line("title", f"=== {title}")
        yield Line("command", command)
        changes = "changed=0" not in step
        for message in find_messages(step):
            wrapped = textwrap.wrap(message, COLUMNS - 2, subsequent_indent="  ", break_on_hyphens=False)
            yield from (Line("text", f"  {line}") for line in wrapped)
        for ok, changed, failed in COUNTS.findall(step):
            yield Line("changed" if changes else "ok", f"  {ok}  {changed}  {failed}")


def find_messages(step: str) -> list[str]:
    """The lines that the last task of the step shows."""
    start = step.index("{", step.index("Summary"))
    return json.JSONDecoder().raw_decode(step, start)[0]["msg"]


def draw(lines: list[Line]) -> str:
    """The lines in a terminal, as SVG: light text on a dark ground, whatever the colours of the page."""
    width = round(COLUMNS * CHARACTER_WIDTH + 2 * MARGIN)
    height = BAR_HEIGHT + LINE_HEIGHT * len(lines) + MARGIN
    styles = "\n".join(f".{kind} {{ fill: {colour}; }}" for kind, colour in COLOURS.items())
    dots = "".join(f'<circle cx="{MARGIN + 18 * place}" cy="17" r="5"/>' for place in range(3))
    rows = "\n".join(
        f'<text class="{line.kind}" x="{MARGIN}" y="{BAR_HEIGHT + LINE_HEIGHT * (number + 1) - 5}" '
        f'xml:space="preserve">{escape(line.text)}</text>'
        for number, line in enumerate(lines)
        if line.text
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'role="img" aria-labelledby="title">\n'
        '<title id="title">What make demo prints: a tenant is onboarded in check mode, then for real, then again '
        "with nothing to do, and the stored token is shown to belong to a live key</title>\n"
        "<style>\ntext { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }\n"
        f"{styles}\n</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="{BACKGROUND}" stroke="#6e7681"/>\n'
        f'<g fill="#6e7681">{dots}</g>\n{rows}\n</svg>\n'
    )


def main() -> None:
    output = sys.stdin.read()
    sys.stdout.write(output)
    if "\nDone: " not in output:
        sys.exit("The demonstration did not reach its end, so there is no picture.")
    Path(sys.argv[1]).write_text(draw(list(pick_lines(output))), encoding="utf-8")


if __name__ == "__main__":
    main()
