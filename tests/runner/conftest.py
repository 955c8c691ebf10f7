# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ansible-runners to play with: that of this virtual environment, and those in the folder of an option."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Runner:
    """A version of ansible-runner; ``folder`` is where it is, None for the one of this virtual environment."""

    version: str
    folder: Path | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--runners", type=Path, help="a folder with further ansible-runners, each in a folder named after its version"
    )

    parser.addoption(
        "--every-job",
        action="store_true",
        help="play jobs with each of them, not with one alone, and long jobs as well",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Jobs that take minutes are for make test-matrix."""
    return True if collection_path.name == "test_long_jobs.py" and not config.getoption("--every-job") else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, runners_of in (("runner", all_runners), ("job_runner", runners_of_jobs)):
        if name in metafunc.fixturenames:
            runners = runners_of(metafunc.config)
            metafunc.parametrize(name, runners, ids=[runner.version for runner in runners])


def runners_of_jobs(config: pytest.Config) -> list[Runner]:
    """One alone is the last, which is next to that of AWX 24.6.1 where there are further ones."""
    runners = all_runners(config)
    return runners if config.getoption("--every-job") else runners[-1:]


def all_runners(config: pytest.Config) -> list[Runner]:
    runners = [Runner(importlib.metadata.version("ansible-runner"))]
    further = config.getoption("--runners")
    if further:
        # Absolute, since the runner works in another folder.
        folders = sorted(path for path in further.resolve().iterdir() if path.is_dir())
        assert folders, f"no ansible-runner in {further}"
        runners += [Runner(folder.name, folder) for folder in folders]
    return runners


def environment(runner: Runner, folder: Path) -> dict[str, str]:
    """What Ansible and its runner are to see of this one, with that runner in front of the virtual environment's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "ANSIBLE_"))}
    return {
        **inherited,
        # The runner looks for ansible-playbook there.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(runner.folder or ""),
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(folder / "ansible"),
    }
