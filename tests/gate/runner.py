# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs steps two at a time, quietly while they pass, and shows everything a failed one printed."""

from __future__ import annotations

import re
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import clean_environment
from steps import Step

AT_A_TIME = 2
"""Most steps wait for other processes or use one core."""

SKIPPED = re.compile(r"SKIPPED \[(?P<count>\d+)\] \S+: (?P<reason>.*)")
"""A line by which pytest, asked to by -rs, says how many tests it left out in one place and why."""


@dataclass(frozen=True)
class Outcome:
    """How a step ended; `seconds` is its wall time, `output` what it wrote to both streams."""

    step: Step
    status: int
    seconds: float
    output: str

    @property
    def headline(self) -> str:
        """The step's name, whether it passed, and its time."""
        verdict = f"FAILED (exit code {self.status})" if self.status else "ok"
        return f"{self.step.name:<18}{self.seconds:6.1f} s  {verdict}"

    @property
    def closing_lines(self) -> list[str]:
        """The last line its tool printed, where tools say how many checks they made; before it what was left out."""
        *lines, last = self.output.rstrip().splitlines() or [""]
        skipped: Counter[str] = Counter()
        for found in filter(None, map(SKIPPED.match, lines)):
            skipped[found["reason"]] += int(found["count"])
        return [*(f"{count} skipped: {reason}" for reason, count in skipped.items()), *filter(None, [last])]


def run(step: Step) -> int:
    """Run one step with its output going where this process's goes; returns the exit code."""
    environment = clean_environment.for_checks(step.venv)
    return subprocess.run(step.command, cwd=step.folder, env=environment, check=False).returncode


def run_all(steps: Sequence[Step]) -> bool:
    """Run all steps, also after a failure, and end with a summary. Returns whether all passed."""
    started = time.monotonic()
    outcomes = []
    with ThreadPoolExecutor(max_workers=AT_A_TIME) as pool:
        for future in as_completed([pool.submit(_captured, step) for step in steps]):
            outcome = future.result()
            outcomes.append(outcome)
            print(outcome.headline, flush=True)
            if outcome.status:
                print(outcome.output.rstrip(), f"{'-' * 20} end of {outcome.step.name}", sep="\n", flush=True)
    failed = [outcome.step.name for outcome in outcomes if outcome.status]
    print("\nSummary")
    for outcome in outcomes:
        print(outcome.headline)
        for line in outcome.closing_lines:
            print(line)
    verdict = f"failed: {', '.join(failed)}" if failed else "all passed"
    print(f"{len(steps)} steps in {time.monotonic() - started:.0f} s, {verdict}", flush=True)
    return not failed


def _captured(step: Step) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=step.folder,
        env=clean_environment.for_checks(step.venv),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Outcome(step, done.returncode, time.monotonic() - started, done.stdout)
