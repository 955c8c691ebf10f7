# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a playbook over a fleet, each checked by what it left on the tenants, as rows of a table."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .fleet_tenants import Fleet
from .measuring import Cost, say
from .results import Row
from .workbench import Workbench

CPU = "CPU s a tenant"
ONBOARD = "tenantops.qlik_cloud.onboard"
REPORT = "tenantops.qlik_cloud.report"
HOST_IN_RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


def first_run(bench: Workbench, tenants: Fleet, forks: int, playbook: str = ONBOARD) -> Row:
    """Onboarding of tenants as new."""
    cost = run_over(bench, tenants, forks, playbook)
    check(tenants.onboarded() == tenants.names, "not every tenant was onboarded", bench)
    return _row(cost, tenants, forks, "first")


def script_run(bench: Workbench, tenants: Fleet, threads: int, script: str) -> Row:
    """Onboarding of tenants as new by one of the scripts here."""
    tenants.requests()
    cost = bench.script(script, {"inventory": str(tenants.inventory), "threads": threads})
    say(f"{script}, {len(tenants.names)} tenants, {threads} threads", cost)
    check(tenants.onboarded() == tenants.names, "not every tenant was onboarded", bench)
    return _row(cost, tenants, threads, "first")


def second_run(bench: Workbench, tenants: Fleet, forks: int) -> Row:
    """The same run once more, which changes nothing."""
    cost = run_over(bench, tenants, forks)
    check(unchanged(bench) == tenants.names, "the second run changed something", bench)
    return _row(cost, tenants, forks, "second")


def report_run(bench: Workbench, tenants: Fleet, forks: int) -> Row:
    """The report of all tenants, as a page and as JSON."""
    files = [str(bench.folder / f"report{suffix}") for suffix in (".html", ".json")]
    tenants.requests()
    given = json.dumps({"onboarding_report_file": files})
    cost = bench.ansible(REPORT, "-i", str(tenants.inventory), "--forks", str(forks), "--extra-vars", given)
    say(f"report, {len(tenants.names)} tenants, {forks} forks", cost)
    report = json.loads(Path(files[1]).read_text(encoding="utf-8"))
    check([tenant["host"] for tenant in report["tenants"]] == tenants.names, "the report lacks a tenant", bench)
    check(report["summary"]["active_keys"] == len(tenants.names), "the report lacks a key", bench)
    return _row(cost, tenants, forks, "report")


def run_over(bench: Workbench, tenants: Fleet, forks: int, playbook: str = ONBOARD, *, fails: bool = False) -> Cost:
    tenants.requests()
    cost = bench.ansible(playbook, "-i", str(tenants.inventory), "--forks", str(forks), fails=fails)
    say(f"{playbook.rpartition('/')[2]}, {len(tenants.names)} tenants, {forks} forks", cost)
    return cost


def unchanged(bench: Workbench) -> list[str]:
    """The hosts of the last run that it did not change and that did not fail."""
    return sorted(host for host, *counts in HOST_IN_RECAP.findall(bench.output) if counts == ["0", "0", "0"])


def failed(bench: Workbench) -> list[str]:
    """The hosts of the last run that were unreachable or failed."""
    return sorted(host for host, *counts in HOST_IN_RECAP.findall(bench.output) if counts[1:] != ["0", "0"])


def check(holds: bool, otherwise: str, bench: Workbench) -> None:
    """Raises RuntimeError with what the last run printed, unless it did what it was measured for."""
    if not holds:
        raise RuntimeError(f"{otherwise}\n{bench.output}")


def _row(cost: Cost, tenants: Fleet, forks: int, which: str) -> Row:
    count = len(tenants.names)
    return {
        "tenants": count,
        "forks": forks,
        "run": which,
        "s": cost.wall,
        "s a tenant": cost.wall / count,
        CPU: cost.cpu / count,
        "most memory, MiB": round(cost.memory),
        "requests a tenant": tenants.requests() / count,
    }
