# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command costs, and several contenders measured in turn."""

from __future__ import annotations

import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from .process_tree import MemoryWatch

QUICK_SECONDS = 5


@dataclass(frozen=True)
class Cost:
    """Seconds by the wall clock, seconds of CPU and MiB of memory at the most, all with the command's descendants."""

    wall: float
    cpu: float
    memory: float


Contender = Callable[[], Cost]


class FailedRun(Exception):
    """A command that did not end as it must; says how, and what it printed."""


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str], *, fails: bool = False) -> Cost:
    """Run a command to its end; what it prints goes to ``output.txt`` in the folder.

    Raises FailedRun when it fails, with ``fails`` when it does not.
    """
    cpu_before, started = _cpu_of_children(), time.monotonic()
    with (
        (folder / "output.txt").open("wb") as output,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        with MemoryWatch(process.pid) as watch:
            status = process.wait()
            wall = time.monotonic() - started
    cost = Cost(wall, _cpu_of_children() - cpu_before, watch.most)
    if (status != 0) != fails:
        printed = (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
        raise FailedRun(f"{' '.join(command)}: exit code {status}\n{printed}")
    return cost


def take_turns(contenders: Mapping[str, Contender], rounds: int, quick_turns: int = 1) -> dict[str, list[Cost]]:
    """Measure every contender in each round, so that a busy spell of the machine falls on all of them.

    Those that take less than QUICK_SECONDS have ``quick_turns`` turns in each round: they differ by less than the machine does
    from one minute to the next.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for number in range(1, rounds + 1):
        names = list(contenders)
        for _turn in range(quick_turns):
            for name in names:
                cost = contenders[name]()
                costs[name].append(cost)
                say(f"{number}/{rounds} {name}", cost)
            names = [name for name in names if costs[name][-1].wall < QUICK_SECONDS]
    return costs


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure by itself."""
    return Cost(**{field.name: statistics.median(asdict(cost)[field.name] for cost in costs) for field in fields(Cost)})


def say(what: str, cost: Cost) -> None:
    print(f"  {what}: {cost.wall:.2f} s, CPU {cost.cpu:.2f} s, {cost.memory:.0f} MiB", flush=True)


def _cpu_of_children() -> float:
    """Of those that have ended: an embedded tenant that is still running is not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
