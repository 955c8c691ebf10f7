# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ansible-runners to play with: that of this virtual environment, and those in the folder of an option."""

from __future__ import annotations

import importlib.metadata
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "runner" in metafunc.fixturenames:
        runners = all_runners(metafunc.config)
        metafunc.parametrize("runner", runners, ids=[runner.version for runner in runners])


def all_runners(config: pytest.Config) -> list[Runner]:
    runners = [Runner(importlib.metadata.version("ansible-runner"))]
    further = config.getoption("--runners")
    if further:
        # Absolute, since the runner works in another folder.
        folders = sorted(path for path in further.resolve().iterdir() if path.is_dir())
        assert folders, f"no ansible-runner in {further}"
        runners += [Runner(folder.name, folder) for folder in folders]
    return runners
