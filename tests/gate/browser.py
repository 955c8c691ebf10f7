# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tests of the report's page in the machine's Chromium, in a virtual environment of their own in `.cache`.

Arguments are handed on to pytest.
"""

from __future__ import annotations

import subprocess
import sys

import clean_environment
import environments
import paths
import tree

VENV = paths.CACHE / "browser"
REQUIREMENTS = paths.REQUIREMENTS / "browser.txt"


def main() -> None:
    """Exit with pytest's exit code."""
    tree.refresh(paths.TREE, keep_caches=True)
    environments.ensure(VENV, [REQUIREMENTS])
    command = [str(paths.python_of(VENV)), "-m", "pytest", "tests/browser", *sys.argv[1:]]
    environment = clean_environment.for_checks(VENV)
    raise SystemExit(subprocess.run(command, cwd=paths.ROOT, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
