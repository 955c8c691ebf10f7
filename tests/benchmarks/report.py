# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/benchmarks.md and its plots, from ``template.md`` and what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

from . import svg
from .results import Measurement, Row, Value
from .workbench import HERE

TEMPLATE = HERE / "template.md"


class Incomparable(Exception):
    """The parts were not measured on one machine with the same versions."""


def write(measurements: dict[str, Measurement], docs: Path) -> None:
    """Write ``benchmarks.md`` and ``images/benchmarks-*.svg``. ``measurements`` by part, each of them.

    Raises Incomparable, and KeyError for a value that the template names and no part has.
    """
    machines = [measurement.machine for measurement in measurements.values()]
    if any(machine != machines[0] for machine in machines):
        raise Incomparable(
            "the parts were measured on different machines, or with different versions: measure all anew"
        )
    values = {"machine": _machine(machines[0]), "taken": _taken(measurements)}
    for part, measurement in measurements.items():
        values |= {f"{part}_{name}": table(rows) for name, rows in measurement.result.tables.items()}
        values |= {f"{part}_{name}": shown(value) for name, value in measurement.result.figures.items()}
    images = docs / "images"
    images.mkdir(parents=True, exist_ok=True)
    for name, plot in _plots(measurements).items():
        (images / f"benchmarks-{name}.svg").write_text(plot, encoding="utf-8")
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(values)
    (docs / "benchmarks.md").write_text(page, encoding="utf-8")


def table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table, numbers to the right."""
    titles = list(rows[0])
    edges = ["---" if isinstance(rows[0][title], str) else "---:" for title in titles]
    lines = [titles, edges, *([shown(row[title]) for title in titles] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def shown(value: Value) -> str:
    """Numbers with three digits, or all of those before the point."""
    if not isinstance(value, float) or value.is_integer():
        return f"{value:.0f}" if isinstance(value, float) else str(value)
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{places}f}"


def _machine(machine: dict[str, str]) -> str:
    return table([{"": name, "measured with": value} for name, value in machine.items()])


def _taken(measurements: dict[str, Measurement]) -> str:
    return table(
        [
            {"part": f"`{part}`", "measured on": measurement.taken, "load before": measurement.load}
            for part, measurement in measurements.items()
        ]
    )


def _plots(measurements: dict[str, Measurement]) -> dict[str, str]:
    create, fleet, steady = (measurements[part].result for part in ("create", "fleet", "steady"))
    return {
        "create": svg.bars(
            f"{create.figures['keys']} keys on a tenant that has none",
            {str(row["way"]).replace("`", ""): row["s"] for row in create.tables["ways"]},
            "s",
        ),
        "forks": _fleet_plot(
            fleet.tables["by_forks"] + steady.tables["by_forks"],
            "forks",
            f"Seconds for {fleet.figures['tenants']} tenants, by forks",
        ),
        "tenants": _fleet_plot(
            fleet.tables["by_tenants"], "tenants", f"Seconds with {fleet.figures['forks']} forks, by tenants"
        ),
    }


def _fleet_plot(rows: Sequence[Row], across: str, title: str) -> str:
    series: dict[str, list[tuple[Value, Value]]] = {}
    for row in rows:
        series.setdefault(f"{row['run']} run", []).append((row[across], row["s"]))
    return svg.lines(
        title, {name: sorted(points) for name, points in series.items()}, across, doubling=across == "forks"
    )
