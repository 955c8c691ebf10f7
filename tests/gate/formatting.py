# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks how the Python is written, with the settings of pyproject.toml; with --write it is formatted first."""

from __future__ import annotations

import argparse
import subprocess

import paths


def main() -> None:
    """Command line; exits with 1 if black or ruff found something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="format the code and mend what ruff can mend")
    write = parser.parse_args().write
    sort = ("ruff", "check", "--quiet", *(("--fix",) if write else ()), ".")
    check = ("black", "--quiet", *(() if write else ("--check", "--diff")), ".")
    # Both always, so that one run shows everything.
    statuses = [subprocess.run(command, cwd=paths.ROOT, check=False).returncode for command in (sort, check)]
    if any(statuses):
        raise SystemExit("not as black and ruff would have it; `make formatted` mends most")
    print("black and ruff find nothing")


if __name__ == "__main__":
    main()
