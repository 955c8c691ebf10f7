# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How figures are shown, and when they are not."""

from __future__ import annotations

import pytest

from benchmarks.report import Incomparable, shown, table, write
from benchmarks.results import Measurement, Result


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0626, "0.06"), (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (22.0, "22"), (7, "7"), ("a", "a")],
)
def test_a_number_has_the_digits_that_mean_something(value, text):
    assert shown(value) == text


def test_a_table_has_its_numbers_to_the_right():
    assert table([{"way": "loop", "s": 1.5}]) == "| way | s |\n| --- | ---: |\n| loop | 1.50 |"


def test_figures_of_different_machines_are_not_shown_side_by_side(tmp_path):
    here, there = (Measurement(Result({}, {}), {"CPU": cpu}, "2026-11-22", 0.0) for cpu in ("one", "another"))
    with pytest.raises(Incomparable):
        write({"create": here, "task": there}, tmp_path)
    assert list(tmp_path.iterdir()) == []
