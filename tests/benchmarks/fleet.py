# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``fleet``: tenants onboarded as new, by their number and by forks."""

from __future__ import annotations

from statistics import mean

from .fleet_runs import first_run, second_run
from .fleet_tenants import fleet
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
    ways = [
        {"way": "playbook `onboard`", **_without_size(by_tenants[0])},
        {"way": "`ansible.builtin.uri` and `copy`", **_without_size(_by_hand(bench, sizes.fleets[0], usual))},
    ]
    figures = {
        "tenants": most,
        "forks": usual,
        "fewest": fewest,
        "times_tenants": most / fewest,
        **{f"times_{which}": _seconds(by_tenants, most, which) / _seconds(by_tenants, fewest, which) for which in RUNS},
    }
    return Result({"by_tenants": by_tenants, "by_forks": by_forks, "ways": ways}, figures)


def _both_runs(bench: Workbench, count: int, forks: int) -> tuple[Row, Row]:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        return first_run(bench, tenants, forks), second_run(bench, tenants, forks)


def _onboarding(bench: Workbench, count: int, forks: int) -> Row:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        return first_run(bench, tenants, forks)


def _by_hand(bench: Workbench, count: int, forks: int) -> Row:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        return first_run(bench, tenants, forks, BY_HAND)


def _seconds(rows: list[Row], tenants: int, which: str) -> float:
    """The mean over the runs of that kind on fleets of that size."""
    return mean(row["s"] for row in rows if (row["tenants"], row["run"]) == (tenants, which))


def _without_size(row: Row) -> Row:
    return {title: value for title, value in row.items() if title not in ("tenants", "forks", "run")}
