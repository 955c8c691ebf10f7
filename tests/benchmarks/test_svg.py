# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots show what they are given, in proportion."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks import svg

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_their_values():
    drawn = ElementTree.fromstring(svg.bars("Title & all", {"a": 10.0, "b": 2.5}, "s"))
    a, b = (float(rectangle.get("width")) for rectangle in drawn.iter(f"{SVG}rect"))
    assert a == pytest.approx(4 * b, abs=0.2)
    assert drawn.findtext(f"{SVG}title") == "Title & all"


@pytest.mark.parametrize(("doubling", "middle"), [(False, 1 / 7), (True, 1 / 3)])
def test_points_are_where_their_values_are(doubling, middle):
    points = [(1, 0.0), (2, 50.0), (8, 100.0)]
    drawn = ElementTree.fromstring(svg.lines("Title", {"a": points}, "x", doubling=doubling))
    xs = [float(point.get("cx")) for point in drawn.iter(f"{SVG}circle")]
    ys = [float(point.get("cy")) for point in drawn.iter(f"{SVG}circle")]
    assert (xs[1] - xs[0]) / (xs[2] - xs[0]) == pytest.approx(middle, abs=0.01)
    assert ys[0] - ys[1] == pytest.approx(ys[1] - ys[2], abs=0.2)


def test_one_point_alone_can_be_drawn():
    drawn = ElementTree.fromstring(svg.lines("Title", {"a": [(2, 3.0)]}, "x", doubling=True))
    assert len(list(drawn.iter(f"{SVG}circle"))) == 1
