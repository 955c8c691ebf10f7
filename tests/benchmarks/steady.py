# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``steady``: runs over tenants on which nothing is to be changed, by forks, and with a dead tenant among them."""

from __future__ import annotations

from .fleet_runs import check, failed, first_run, report_run, run_over, second_run, unchanged
from .fleet_tenants import Fleet, dead_address, fleet
from .results import Result, Row
from .sizes import Sizes
from .workbench import Workbench


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Onboards the largest fleet, and measures what comes after that."""
    usual = sizes.usual_forks
    with fleet(max(sizes.fleets), bench.folder / "inventory.yml", bench.tokens()) as tenants:
        first_run(bench, tenants, usual)
        by_forks = {forks: second_run(bench, tenants, forks) for forks in sizes.forks}
        report = report_run(bench, tenants, usual)
        dead = _with_a_dead_tenant(bench, tenants, usual, silent=sizes.silent_tenant)
    grown = [by_forks[usual], _many(bench, sizes.many, usual)]
    alive: Row = {"dead tenant": "none", "s": by_forks[usual]["s"], "done": len(tenants.names), "failed": ""}
    figures = {
        "tenants": len(tenants.names),
        "many": sizes.many,
        "times_tenants": sizes.many / len(tenants.names),
        "times_seconds": grown[1]["s"] / grown[0]["s"],
    }
    tables = {"by_forks": list(by_forks.values()), "dead": [alive, dead], "growth": grown, "report": [report]}
    return Result(tables, figures)


def _many(bench: Workbench, count: int, forks: int) -> Row:
    with fleet(count, bench.folder / "many.yml", bench.tokens()) as tenants:
        first_run(bench, tenants, forks)
        return second_run(bench, tenants, forks)


def _with_a_dead_tenant(bench: Workbench, tenants: Fleet, forks: int, *, silent: bool) -> Row:
    """A second run that does not reach one of the tenants."""
    with dead_address(silent=silent) as url:
        dead = tenants.names[len(tenants.names) // 2]
        tenants.move(dead, url)
        cost = run_over(bench, tenants, forks, fails=True)
    check(failed(bench) == [dead], f"{failed(bench)} failed, not {dead} alone", bench)
    check(f"{dead}: FAILED" in bench.output, f"the summary does not name {dead}", bench)
    return {
        "dead tenant": "takes connections and never answers" if silent else "refuses connections",
        "s": cost.wall,
        "done": len(unchanged(bench)),
        "failed": dead,
    }
