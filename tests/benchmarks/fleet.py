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
    """Every run starts with tenants as new, but for those that are said to be a second one."""
    everywhere, usual = sizes.tenants, sizes.usual_forks
    by_forks = [(everywhere, forks) for forks in sizes.forks]
    by_tenants = [(count, usual) for count in (*sizes.fewer_tenants, everywhere)]
    runs = {each: _onboarded(bench, *each, again=each[1] == usual) for each in dict.fromkeys(by_forks + by_tenants)}
    fewest, most = runs[by_tenants[0]][0], runs[by_tenants[-1]][0]
    ways = [
        {"way": "playbook `onboard`", **_without_size(fewest)},
        {"way": "`ansible.builtin.uri` and `copy`", **_without_size(_by_hand(bench, *by_tenants[0]))},
    ]
    alive: Row = {"dead tenant": "none", "s": most["s"], "onboarded": everywhere, "failed": ""}
    dead = _with_a_dead_tenant(bench, everywhere, usual, silent=sizes.silent_tenant)
    tables = {
        "by_forks": [row for each in by_forks for row in runs[each]],
        "by_tenants": [row for each in by_tenants for row in runs[each]],
        "ways": ways,
        "dead": [alive, dead],
    }
    figures = {
        "tenants": everywhere,
        "forks": usual,
        "fewest": by_tenants[0][0],
        "times_tenants": everywhere / by_tenants[0][0],
        "times_seconds": most["s"] / fewest["s"],
    }
    return Result(tables, figures)


def _onboarded(bench: Workbench, count: int, forks: int, *, again: bool) -> list[Row]:
    """Onboarding and, ``again``, a second run that changes nothing."""
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        first = _run(bench, tenants, ONBOARD, forks)
        _check(tenants.onboarded() == tenants.names, "not every tenant was onboarded", bench)
        rows = [_row(first, tenants, forks, "first")]
        if not again:
            return rows
        second = _run(bench, tenants, ONBOARD, forks)
        unchanged = [found[0] for found in HOST_IN_RECAP.findall(bench.output) if found[1] == "0"]
        _check(sorted(unchanged) == tenants.names, "the second run changed something", bench)
        return [*rows, _row(second, tenants, forks, "second")]


def _by_hand(bench: Workbench, count: int, forks: int) -> Row:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants:
        cost = _run(bench, tenants, BY_HAND, forks)
        _check(tenants.onboarded() == tenants.names, "not every tenant was onboarded", bench)
        return _row(cost, tenants, forks, "first")


def _with_a_dead_tenant(bench: Workbench, count: int, forks: int, *, silent: bool) -> Row:
    with fleet(count, bench.folder / "inventory.yml", bench.tokens()) as tenants, dead_address(silent=silent) as url:
        dead = tenants.names[count // 2]
        tenants.move(dead, url)
        cost = _run(bench, tenants, ONBOARD, forks, fails=True)
        recap = HOST_IN_RECAP.findall(bench.output)
        failed = [host for host, *counts in recap if counts[1:] != ["0", "0"]]
        _check(failed == [dead], f"{failed} failed, not {dead} alone", bench)
        _check(f"{dead}: FAILED" in bench.output, f"the summary does not name {dead}", bench)
        return {
            "dead tenant": "takes connections and never answers" if silent else "refuses connections",
            "s": cost.wall,
            "onboarded": len(tenants.onboarded()),
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
