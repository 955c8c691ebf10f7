# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two kinds of plot as SVG: bars to compare, lines to see growth. Readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH = 720
STYLE = """<style>
text { font: 14px sans-serif; fill: #24292f; }
.axis { stroke: #8c959f; fill: none; }
.grid { stroke: #8c959f; stroke-opacity: 0.3; }
.s0 { fill: #0969da; stroke: #0969da; } .s1 { fill: #bc4c00; stroke: #bc4c00; }
.line { fill: none; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .s0 { fill: #58a6ff; stroke: #58a6ff; } .s1 { fill: #ffa657; stroke: #ffa657; }
}
</style>"""

BAR_HEIGHT, BAR_STEP, BAR_LEFT = 20, 32, 340
TOP, BOTTOM, LEFT, RIGHT = 50, 250, 60, 690


def bars(title: str, bars: Mapping[str, float], unit: str) -> str:
    """One bar for each name, as long as its value, in the order given."""
    longest = max(bars.values())
    parts = [_text(10, 22, title)]
    for number, (name, value) in enumerate(bars.items()):
        y = 40 + number * BAR_STEP
        length = (RIGHT - 60 - BAR_LEFT) * value / longest
        parts += [
            _text(BAR_LEFT - 8, y + 15, name, anchor="end"),
            f'<rect class="s0" x="{BAR_LEFT}" y="{y}" width="{length:.1f}" height="{BAR_HEIGHT}"/>',
            _text(BAR_LEFT + length + 8, y + 15, f"{value:.1f} {unit}"),
        ]
    description = ", ".join(f"{name}: {value:.1f} {unit}" for name, value in bars.items())
    return _document(title, description, 50 + len(bars) * BAR_STEP, parts)


def lines(title: str, series: Mapping[str, Sequence[tuple[float, float]]], x_title: str, *, doubling: bool) -> str:
    """One line for each of at most two names through its points, y from 0; with ``doubling``, x goes by powers of two."""
    xs = sorted({x for points in series.values() for x, _y in points})
    step = _round_step(max(y for points in series.values() for _x, y in points) / 4)
    top = step * math.ceil(max(y for points in series.values() for _x, y in points) / step)

    def across(x: float) -> float:
        first, last, here = (math.log2(each) if doubling else each for each in (xs[0], xs[-1], x))
        return LEFT + (RIGHT - LEFT) * ((here - first) / (last - first) if last > first else 0.5)

    def up(y: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * y / top

    parts = [_text(10, 22, title), f'<path class="axis" d="M{LEFT} {TOP} V{BOTTOM} H{RIGHT}"/>']
    for tick in range(round(top / step) + 1):
        y = up(tick * step)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f} H{RIGHT}"/>')
        parts.append(_text(LEFT - 8, y + 5, f"{tick * step:g}", anchor="end"))
    parts += [_text(across(x), BOTTOM + 20, f"{x:g}", anchor="middle") for x in xs]
    parts.append(_text((LEFT + RIGHT) / 2, BOTTOM + 42, x_title, anchor="middle"))
    for number, (name, points) in enumerate(series.items()):
        path = " L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in points)
        parts.append(f'<path class="line s{number}" d="M{path}"/>')
        parts += [f'<circle class="s{number}" cx="{across(x):.1f}" cy="{up(y):.1f}" r="4"/>' for x, y in points]
        parts.append(f'<rect class="s{number}" x="{LEFT + 170 * number}" y="{BOTTOM + 56}" width="12" height="12"/>')
        parts.append(_text(LEFT + 20 + 170 * number, BOTTOM + 67, name))
    description = "; ".join(
        f"{name}: " + ", ".join(f"{x:g}: {y:.0f}" for x, y in points) for name, points in series.items()
    )
    return _document(title, description, BOTTOM + 80, parts)


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not below."""
    power = 10 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _document(title: str, description: str, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}">'
    words = f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>"
    return "\n".join([head, words, STYLE, *parts, "</svg>", ""])
