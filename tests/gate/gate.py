# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the steps named on the command line, or all of them; exits with 1 if one failed.

A single step prints what its tool prints and exits with its exit code.
"""

from __future__ import annotations

import argparse

import paths
import runner
import steps
import tree


def main() -> None:
    """Command line."""
    names = [step.name for step in steps.ALL]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", metavar="step", nargs="*", help=", ".join(names))
    wanted = parser.parse_args().steps or names
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        parser.error(f"no such step: {', '.join(unknown)}")
    tree.refresh(paths.TREE, keep_caches=True)
    tree.refresh(paths.SOURCE)
    chosen = [step for step in steps.ALL if step.name in wanted]
    if len(chosen) == 1:
        raise SystemExit(runner.run(chosen[0]))
    raise SystemExit(0 if runner.run_all(chosen) else 1)


if __name__ == "__main__":
    main()
