# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault campaign: plays schedules drawn from a seed, on two cores, and prints figures."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from emulator_process import EmbeddedTenant

from ansible_collections.tenantops.qlik_cloud.tests.faults.draws import draw, is_by_playbook
from ansible_collections.tenantops.qlik_cloud.tests.faults.judge import KINDS
from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import SHELLS, use
from ansible_collections.tenantops.qlik_cloud.tests.faults.play import Outcome, play
from ansible_collections.tenantops.qlik_cloud.tests.faults.role_play import play_role
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Schedule
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage
from ansible_collections.tenantops.qlik_cloud.tests.faults.task_play import play_task

SCHEDULES = 600
WORKERS = 2
# Schedules that share one embedded tenant, and go to one worker.
BLOCK = 20
LINE = 160


@dataclass
class Figures:
    """What a campaign amounts to. ``faults_met`` counts faults by kind, ``wrong`` schedules by the kinds of violation."""

    schedules: int = 0
    of_role: int = 0
    by_playbook: int = 0
    runs: int = 0
    faults_met: Counter = field(default_factory=Counter)
    further: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        self.schedules += 1
        self.of_role += outcome.schedule.module == "role"
        self.by_playbook += outcome.schedule.by_playbook
        self.runs += outcome.runs
        self.faults_met += outcome.faults_met
        self.further[outcome.further] += 1
        self.wrong.update({violation.kind for violation in outcome.violations})

    def as_markdown(self, seconds: float) -> str:
        """Markdown."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.faults_met.items()))
        settled = ", ".join(f"{count} after {further}" for further, count in sorted(self.further.items()))
        rows = (
            (
                "schedules",
                f"{self.schedules}; of these by whole playbook runs {self.of_role} of the role and {self.by_playbook} of one task",
            ),
            ("runs", self.runs),
            ("faults that struck", f"{self.faults_met.total()}: {kinds}"),
            ("schedules by further runs that changed something", settled),
            *((kind, self.wrong[kind]) for kind in KINDS),
            ("wall time", f"{seconds:.0f} s"),
        )
        return "\n".join(("| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)))


def play_all(seed: int, numbers: Iterable[int]) -> list[Outcome]:
    """Play the schedules with these numbers on an embedded tenant of their own."""
    with EmbeddedTenant() as tenant:
        stage = Stage(tenant)
        return [play_in_its_way(stage, draw(seed, number)) for number in numbers]


def play_in_its_way(stage: Stage, schedule: Schedule) -> Outcome:
    """By the role, by a playbook with one task, or by the module alone."""
    if schedule.module == "role":
        return play_role(stage, schedule)
    return (play_task if schedule.by_playbook else play)(stage, schedule)


def report(outcome: Outcome, seed: int) -> str:
    """What went wrong in one schedule, and how to see it again."""
    lines = [f"\nschedule {outcome.schedule.number}: {_short(str(outcome.schedule))}"]
    lines += [f"  {_short(str(violation))}" for violation in outcome.violations]
    return "\n".join([*lines, f'  again: make faults ARGS="--seed {seed} --only {outcome.schedule.number}"'])


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; 1 if a schedule went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="default: another one each time, which is printed")
    parser.add_argument("--schedules", type=int, default=SCHEDULES, help="default: %(default)s")
    parser.add_argument(
        "--modules-alone", action="store_true", help="leave out the whole playbook runs, which take long"
    )
    parser.add_argument("--only", type=int, metavar="NUMBER", help="play that schedule alone")
    parser.add_argument(
        "--shell",
        choices=SHELLS,
        default=SHELLS[0],
        help="what runs the modules that are run alone; default: %(default)s",
    )
    parser.add_argument("--workers", type=int, default=WORKERS, help="schedules at a time; many of them wait a lot")
    options = parser.parse_args(arguments)
    seed = int(time.time()) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    numbers = range(options.schedules) if options.only is None else [options.only]
    chosen = [number for number in numbers if not (options.modules_alone and is_by_playbook(number))]
    return 1 if campaign(seed, chosen, options.workers, options.shell).wrong else 0


def campaign(seed: int, numbers: list[int], workers: int = WORKERS, shell: str = SHELLS[0]) -> Figures:
    """Play, print failures as they come, and the figures at the end."""
    started, figures = time.monotonic(), Figures()
    blocks = [numbers[start : start + BLOCK] for start in range(0, len(numbers), BLOCK)]
    # Not forked: each worker forks its module runs, so it should be small and have no threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=use, initargs=(shell,)) as pool:
        for done in as_completed([pool.submit(play_all, seed, block) for block in blocks]):
            for outcome in done.result():
                figures.add(outcome)
                if outcome.violations:
                    print(report(outcome, seed), flush=True)
            print(f"{figures.schedules} of {len(numbers)} schedules, {time.monotonic() - started:.0f} s", flush=True)
    print(f"\n{figures.as_markdown(time.monotonic() - started)}", flush=True)
    return figures


def _short(text: str) -> str:
    """The same with long words cut, such as descriptions of ten thousand characters."""
    return "\n".join(line if len(line) <= LINE * 8 else f"{line[: LINE * 8]}…" for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main())
