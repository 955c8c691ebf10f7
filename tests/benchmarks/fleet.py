# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``fleet``: tenants onboarded as new, by their number and by forks."""

from __future__ import annotations

from collections.abc import Callable
from statistics import mean

from .fleet_runs import CPU, first_run, script_run, second_run
from .fleet_tenants import Fleet, fleet
from .results import Result, Row
from .sizes import Sizes
from .workbench import HERE, Workbench

BY_HAND = str(HERE / "playbooks" / "onboard_by_uri.yml")
RUNS = ("first", "second")


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Onboards one fleet after the other, and the largest once more with each other number of forks."""
    usual = sizes.usual_forks
    by_tenants = [row for count in sizes.fleets for row in _both_runs(bench, count, usual)]
    fewest, most = min(sizes.fleets), max(sizes.fleets)
    with_usual = next(row for row in by_tenants if (row["tenants"], row["run"]) == (most, "first"))
    by_forks = [with_usual if forks == usual else _onboarding(bench, most, forks) for forks in sizes.forks]
    by_hand, by_script = (_other_way(bench, sizes.fleets[0], usual, way) for way in (_by_hand, _by_script))
    first, second = by_tenants[:2]
    ways = [
        {"way": "playbook `onboard`", **_without_size(first)},
        {"way": "playbook `onboard`, nothing to do", **_without_size(second)},
        {"way": "tasks of `ansible.builtin.uri` and `copy`", **_without_size(by_hand)},
        {"way": "a script with `requests` and a thread pool", **_without_size(by_script)},
    ]
    figures = {
        "tenants": most,
        "forks": usual,
        "fewest": fewest,
        "times_tenants": most / fewest,
        "times_by_hand": by_hand[CPU] / first[CPU],
        "times_by_hand_idle": by_hand[CPU] / second[CPU],
        **{f"times_{which}": _seconds(by_tenants, most, which) / _seconds(by_tenants, fewest, which) for which in RUNS},
    }
    return Result({"by_tenants": by_tenants, "by_forks": by_forks, "ways": ways}, figures)


def _both_runs(bench: Workbench, count: int, forks: int) -> tuple[Row, Row]:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        return first_run(bench, tenants, forks), second_run(bench, tenants, forks)


def _onboarding(bench: Workbench, count: int, forks: int) -> Row:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        return first_run(bench, tenants, forks)


def _other_way(bench: Workbench, count: int, forks: int, way: Callable[[Workbench, Fleet, int], Row]) -> Row:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        return way(bench, tenants, forks)


def _by_hand(bench: Workbench, tenants: Fleet, forks: int) -> Row:
    return first_run(bench, tenants, forks, BY_HAND)


def _by_script(bench: Workbench, tenants: Fleet, forks: int) -> Row:
    return script_run(bench, tenants, forks, "onboard_tenants")


def _seconds(rows: list[Row], tenants: int, which: str) -> float:
    """The mean over the runs of that kind on fleets of that size."""
    return mean(row["s"] for row in rows if (row["tenants"], row["run"]) == (tenants, which))


def _without_size(row: Row) -> Row:
    return {title: value for title, value in row.items() if title not in ("tenants", "forks", "run")}
