# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the conformance tests after installing the official clients that they drive; says which could not be had."""

from __future__ import annotations

import subprocess
import sys

import clients
import paths


def main() -> None:
    """Exit with pytest's exit code."""
    clients.prepare()
    command = [sys.executable, "-m", "pytest", "-rs", "tests/conformance"]
    raise SystemExit(subprocess.run(command, cwd=paths.ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
