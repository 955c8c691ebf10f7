# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the demonstration in the environment of the checks; what its playbooks print is kept in `.cache/demo`."""

from __future__ import annotations

import subprocess

import clean_environment
import paths
import tree


def main() -> None:
    """Exit with the demonstration's exit code."""
    tree.refresh(paths.TREE, keep_caches=True)
    tests = paths.ROOT / "tests"
    environment = clean_environment.for_checks(paths.VENV) | {
        "PYTHONPATH": str(tests),
        "DEMO_LOGS": str(paths.CACHE / "demo"),
    }
    command = [str(paths.python_of(paths.VENV)), str(tests / "demo" / "demo.py")]
    raise SystemExit(subprocess.run(command, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
