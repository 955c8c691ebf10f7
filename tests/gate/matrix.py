# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs unit tests, modules, role and inventory on every ansible-core of the matrix, leaks and sanity on its two ends.

Each ansible-core gets the first Python of its list that this machine has; one without any is left out, which is said.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import environments
import interpreters
import paths
import runner
import steps
import tree

REQUIREMENTS = [paths.REQUIREMENTS / "pytest.txt", paths.REQUIREMENTS / "run.txt", environments.EMULATOR]


@dataclass(frozen=True)
class Core:
    """An ansible-core, the newest resolvelib it allows, and Pythons it supports on the controller, preferred first.

    Source: the metadata of the package and the support matrix in Ansible's documentation. Preferences differ so that
    the matrix as a whole meets every Python it can.
    """

    version: str
    resolvelib: str
    pythons: tuple[str, ...]

    @property
    def minor(self) -> str:
        """Such as 2.16."""
        return self.version.rpartition(".")[0]


MEETING_THE_CORE = (
    "tests/integration/test_modules.py",
    "tests/integration/test_inventory.py",
    "tests/integration/test_where_it_runs.py",
    "tests/integration/test_onboarding.py::test_check_mode_on_an_untouched_tenant_says_it_all_and_changes_nothing",
    "tests/integration/test_onboarding.py::test_onboarding_converges",
    "tests/integration/test_token_tasks.py::test_a_token_that_is_not_handed_on_costs_its_key_and_the_next_run_makes_another",
    "tests/integration/test_what_a_job_leaves.py::test_a_failure_is_left_with_its_reason_which_is_never_taken_for_a_template",
)
"""Where it matters which ansible-core it is; what modules send and say is the same code, which the unit tests run.

The leak suite brings the role to all its other ends.
"""

# make test has them on one core; they take as long as all others together.
BOTH_WAYS = ("tests/integration/test_parity.py",)

# Of which make test has the hardest.
STOPPED_JOBS = ("tests/integration/test_stopped_jobs.py", "--every-store")

CORES = (
    Core("2.16.19", "1.0.1", ("3.10", "3.11", "3.12")),
    Core("2.17.14", "1.0.1", ("3.12", "3.11", "3.10")),
    Core("2.18.19", "1.0.1", ("3.11", "3.12", "3.13")),
    Core("2.19.14", "1.2.1", ("3.12", "3.13", "3.11")),
    Core("2.20.10", "1.2.1", ("3.13", "3.14", "3.12")),
    Core("2.21.5", "1.2.1", ("3.14", "3.13", "3.12")),
)


@dataclass(frozen=True)
class Combination:
    """An ansible-core with a Python that this machine has; `interpreter` is its path."""

    core: Core
    python: str
    interpreter: str

    @property
    def name(self) -> str:
        """Such as 2.16-py3.10."""
        return f"{self.core.minor}-py{self.python}"

    @property
    def venv(self) -> Path:
        """Where its virtual environment is."""
        return paths.CACHE / "matrix" / self.name

    def prepare(self) -> None:
        """Make the virtual environment, unless one made from the same requirements is there."""
        packages = [f"ansible-core=={self.core.version}", f"resolvelib=={self.core.resolvelib}"]
        content = environments.fingerprint(REQUIREMENTS, self.interpreter, *packages)
        if environments.is_current(self.venv, content):
            return
        environments.create(self.venv, self.interpreter)
        environments.install(self.venv, REQUIREMENTS, packages)
        environments.mark_current(self.venv, content)


RUNNERS = paths.CACHE / "runners"


def prepare_runners(each: Combination) -> None:
    """Put the older ansible-runners where the runner suite looks for them, each in a folder named after its version."""
    wanted = {path.stem.removeprefix("runner-"): path for path in sorted(paths.REQUIREMENTS.glob("runner-*.txt"))}
    content = environments.fingerprint(wanted.values(), each.interpreter, *wanted)
    if environments.is_current(RUNNERS, content):
        return
    shutil.rmtree(RUNNERS, ignore_errors=True)
    for version, requirements in wanted.items():
        environments.install_beside(RUNNERS / version, each.venv, requirements)
    environments.mark_current(RUNNERS, content)


def combinations() -> list[Combination]:
    """What can run here, from the oldest ansible-core to the newest; prints what cannot."""
    found = interpreters.find()
    possible = []
    for core in CORES:
        python = next((version for version in core.pythons if version in found), None)
        if python:
            possible.append(Combination(core, python, found[python]))
        else:
            print(f"left out: ansible-core {core.version}, as none of Python {', '.join(core.pythons)} runs here")
    if not possible:
        raise SystemExit("no ansible-core of the matrix has a Python here")
    return possible


def select(possible: list[Combination], only: Iterable[str]) -> list[Combination]:
    """The combinations named by `oldest`, `newest` or an ansible-core such as 2.18."""
    named = {"oldest": possible[0], "newest": possible[-1]} | {each.core.minor: each for each in possible}
    unknown = sorted(set(only) - set(named))
    if unknown:
        raise SystemExit(f"not in the matrix here: {', '.join(unknown)}")
    chosen = {named[name] for name in only}
    return [each for each in possible if each in chosen]


def with_runners(chosen: list[Combination], possible: list[Combination], is_all: bool) -> list[Combination]:
    """Those to play with every ansible-runner. Platforms with the oldest ansible-core have older ansible-runners, too, AWX 24.6.1 has
    2.17, and the newest is what all come to."""
    wanted = [possible[0]]
    if is_all:
        wanted += [each for each in possible[1:] if each.core.minor == "2.17" or each == possible[-1]]
    return [each for each in chosen if each in wanted]


def main() -> None:
    """Command line; exits with 1 if a step failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="comma-separated: oldest, newest, 2.16 ...; default all")
    parser.add_argument("--integration", help="of these, the ones to run integration tests on; default all")
    parser.add_argument(
        "--no-units", action="store_true", help="leave out the unit tests, which make test has on one core"
    )
    parser.add_argument(
        "--leaks", help="of these, the ones to run the leak suite on; default the oldest and the newest"
    )
    options = parser.parse_args()
    possible = combinations()
    chosen = select(possible, options.only.split(",")) if options.only else possible
    integrated = select(chosen, options.integration.split(",")) if options.integration else chosen
    tested = [] if options.no_units else chosen
    for each in chosen:
        print(f"ansible-core {each.core.version} on Python {each.python}", flush=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(Combination.prepare, chosen))
    tree.refresh(paths.TREE, keep_caches=True)
    ends = [each for each in chosen if each in (possible[0], possible[-1])]
    searched = select(chosen, options.leaks.split(",")) if options.leaks else ends
    # The longest first, so that the short ones fill the gaps.
    # What ansible-core shows and keeps of a result differs most between these.
    planned = [steps.pytest(f"{each.name} leaks", "tests/leaks/test_leaks.py", venv=each.venv) for each in searched]
    # A tenant's generation and the ansible-core know nothing of each other, so each core meets one, by turns.
    for each, generation in zip(integrated, itertools.cycle(("switch", "permission"))):
        tests = (f"--generation={generation}", *MEETING_THE_CORE, *(() if options.only else BOTH_WAYS))
        planned.append(steps.pytest(f"{each.name} integration", *tests, venv=each.venv))
    if not options.only:
        planned.append(steps.pytest(f"{ends[-1].name} stopped jobs", *STOPPED_JOBS, venv=ends[-1].venv))
    for each in with_runners(integrated, possible, is_all=not options.only):
        prepare_runners(possible[0])
        tests = (f"--runners={RUNNERS}", *(() if options.only else ("--every-job",)), "tests/runner")
        planned.append(steps.pytest(f"{each.name} runners", *tests, venv=each.venv))
    # How the collection is written, its tests included, is looked at by the sanity of make test. A newer core has more rules.
    newest_only = [each for each in ends if each == possible[-1] or not options.only]
    planned += [steps.sanity(f"{each.name} sanity", "--loading", venv=each.venv) for each in newest_only]
    if not options.only:
        planned.append(steps.pytest("benchmarks", "tests/benchmarks/test_benchmarks.py"))
        planned.append(steps.sanity("sanity of every file", "--every-file"))
    planned += [steps.pytest(f"{each.name} unit", "tests/unit", venv=each.venv) for each in tested]
    raise SystemExit(0 if runner.run_all(planned) else 1)


if __name__ == "__main__":
    main()
