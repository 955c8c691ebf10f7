# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of `make test`: their names and the commands behind them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import paths

COPY = paths.TREE / paths.COLLECTION
SOURCE = paths.SOURCE / paths.COLLECTION


@dataclass(frozen=True)
class Step:
    """A command, by its words, the folder to run it in and the virtual environment it finds on PATH."""

    name: str
    command: tuple[str, ...]
    folder: Path = paths.ROOT
    venv: Path = paths.VENV


def pytest(name: str, *arguments: str, venv: Path = paths.VENV) -> Step:
    """Test files or folders, with options, with the ansible-core of that virtual environment."""
    return Step(name, (str(paths.python_of(venv)), "-m", "pytest", *arguments), venv=venv)


def sanity(name: str, *options: str, venv: Path = paths.VENV) -> Step:
    """`ansible-test sanity` of that virtual environment; the script itself runs with the main one."""
    script = str(paths.GATE / "sanity.py")
    return Step(name, (str(paths.python_of(paths.VENV)), script, "--venv", str(venv), *options))


def docsite(name: str, what: str) -> Step:
    """What `docsite.py` does with the guides."""
    return Step(name, (str(paths.python_of(paths.VENV)), str(paths.GATE / "docsite.py"), what))


LINT = ("ansible-lint", "--offline", "--profile", "production")

ALL = (
    # The longest first, so that the short ones fill the gaps.
    sanity("sanity"),
    # The other generation of tenant is met by the matrix, on the oldest ansible-core. The playbooks of the modules are played
    # by the parity test, both ways, and the benchmarks by the matrix.
    pytest(
        *("integration", "tests/integration", "--deselect", "tests/integration/test_modules.py"),
        *("tests/benchmarks", "--deselect", "tests/benchmarks/test_benchmarks.py"),
        *("--generation", "permission", "--numprocesses", "2"),
    ),
    # That leaks are found; the matrix looks for them, on the oldest and the newest ansible-core.
    pytest("leaks", "tests/leaks/test_can_fail.py", "tests/leaks/test_search.py", "-k", "not ansible-runner"),
    pytest("faults-short", "tests/faults"),
    pytest("hostile", "tests/hostile"),
    Step("conformance", (str(paths.python_of(paths.VENV)), str(paths.GATE / "conformance.py"))),
    Step("awx", (str(paths.python_of(paths.VENV)), str(paths.GATE / "awx.py"))),
    pytest("unit", "tests/unit"),
    pytest("contributing", "tests/contributing"),
    Step("lint", LINT, COPY),
    Step("locks", (str(paths.python_of(paths.VENV)), str(paths.GATE / "locks.py"))),
    Step("format", (str(paths.python_of(paths.VENV)), str(paths.GATE / "formatting.py"))),
    Step("types", ("mypy",)),
    Step("workflows", (str(paths.python_of(paths.VENV)), str(paths.GATE / "workflows.py"))),
    docsite("docs", "build"),
    docsite("docs-lint", "lint"),
    Step("docs-current", (str(paths.python_of(paths.VENV)), str(paths.GATE / "generated_docs.py"), "--check")),
    Step("changelog-lint", ("antsibull-changelog", "lint"), COPY),
    Step("licences", ("reuse", "lint"), SOURCE),
    Step("artifact", (str(paths.python_of(paths.VENV)), str(paths.GATE / "artifact.py"))),
)
