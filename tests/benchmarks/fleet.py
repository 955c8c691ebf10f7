# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``fleet``: the role over many tenants."""

from __future__ import annotations

import re

from .fleet_tenants import Fleet, dead_address, fleet
from .measuring import Cost, say
from .results import Result, Row
from .sizes import Sizes
from .workbench import HERE, Workbench

ONBOARD = "tenantops.qlik_cloud.onboard"
BY_HAND = str(HERE / "playbooks" / "onboard_by_uri.yml")
HOST_IN_RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Onboards fleets of several sizes, and runs over the largest again, with several numbers of forks."""
    usual = sizes.usual_forks
    by_tenants = []
    for count in sizes.fewer_tenants:
        with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
            by_tenants += [_first(bench, tenants, usual), _second(bench, tenants, usual)]
    with fleet(sizes.tenants, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        first = _first(bench, tenants, usual)
        seconds = {forks: _second(bench, tenants, forks) for forks in sizes.forks}
        dead = _with_a_dead_tenant(bench, tenants, usual, silent=sizes.silent_tenant)
    by_tenants += [first, seconds[usual]]
    fewest = by_tenants[0]
    ways = [
        {"way": "playbook `onboard`", **_without_size(fewest)},
        {"way": "`ansible.builtin.uri` and `copy`", **_without_size(_by_hand(bench, fewest["tenants"], usual))},
    ]
    alive: Row = {"dead tenant": "none", "s": seconds[usual]["s"], "done": sizes.tenants, "failed": ""}
    tables = {"by_forks": list(seconds.values()), "by_tenants": by_tenants, "ways": ways, "dead": [alive, dead]}
    figures = {
        "tenants": sizes.tenants,
        "forks": usual,
        "fewest": fewest["tenants"],
        "times_tenants": sizes.tenants / fewest["tenants"],
        "times_seconds": first["s"] / fewest["s"],
    }
    return Result(tables, figures)


def _first(bench: Workbench, tenants: Fleet, forks: int) -> Row:
    """Onboarding of tenants as new."""
    cost = _run(bench, tenants, ONBOARD, forks)
    _check(tenants.onboarded() == tenants.names, "not every tenant was onboarded", bench)
    return _row(cost, tenants, forks, "first")


def _second(bench: Workbench, tenants: Fleet, forks: int) -> Row:
    """The same run once more, which changes nothing."""
    cost = _run(bench, tenants, ONBOARD, forks)
    _check(_unchanged(bench) == tenants.names, "the second run changed something", bench)
    return _row(cost, tenants, forks, "second")


def _unchanged(bench: Workbench) -> list[str]:
    """The hosts of the last run that it did not change and that did not fail."""
    return sorted(host for host, *counts in HOST_IN_RECAP.findall(bench.output) if counts == ["0", "0", "0"])


def _by_hand(bench: Workbench, count: int, forks: int) -> Row:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        cost = _run(bench, tenants, BY_HAND, forks)
        _check(tenants.onboarded() == tenants.names, "not every tenant was onboarded", bench)
        return _row(cost, tenants, forks, "first")


def _with_a_dead_tenant(bench: Workbench, tenants: Fleet, forks: int, *, silent: bool) -> Row:
    """A second run that does not reach one of the tenants."""
    with dead_address(silent=silent) as url:
        dead = tenants.names[len(tenants.names) // 2]
        tenants.move(dead, url)
        cost = _run(bench, tenants, ONBOARD, forks, fails=True)
    failed = [host for host, *counts in HOST_IN_RECAP.findall(bench.output) if counts[1:] != ["0", "0"]]
    _check(failed == [dead], f"{failed} failed, not {dead} alone", bench)
    _check(f"{dead}: FAILED" in bench.output, f"the summary does not name {dead}", bench)
    return {
        "dead tenant": "takes connections and never answers" if silent else "refuses connections",
        "s": cost.wall,
        "done": len(_unchanged(bench)),
        "failed": ", ".join(failed),
    }


def _run(bench: Workbench, tenants: Fleet, playbook: str, forks: int, *, fails: bool = False) -> Cost:
    tenants.requests()
    cost = bench.ansible(playbook, "-i", str(tenants.inventory), "--forks", str(forks), fails=fails)
    say(f"{playbook.rpartition('/')[2]}, {len(tenants.names)} tenants, {forks} forks", cost)
    return cost


def _row(cost: Cost, tenants: Fleet, forks: int, which: str) -> Row:
    count = len(tenants.names)
    return {
        "tenants": count,
        "forks": forks,
        "run": which,
        "s": cost.wall,
        "s a tenant": cost.wall / count,
        "CPU s a tenant": cost.cpu / count,
        "most memory, MiB": round(cost.memory),
        "requests a tenant": tenants.requests() / count,
    }


def _without_size(row: Row) -> Row:
    return {title: value for title, value in row.items() if title not in ("tenants", "forks", "run")}


def _check(holds: bool, otherwise: str, bench: Workbench) -> None:
    if not holds:
        raise RuntimeError(f"{otherwise}\n{bench.output}")
