# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the collection beside what a user would write instead, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

if not __package__:
    # Started as a directory, Python puts the directory itself on the path; the package is found from its parent.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.parts import PARTS, measured
from benchmarks.report import write
from benchmarks.results import load, save
from benchmarks.sizes import FULL
from benchmarks.workbench import ROOT


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="PART,…", help=f"default all: {', '.join(PARTS)}")
    parser.add_argument("--report", action="store_true", help="measure nothing, write the pages from what was measured")
    options = parser.parse_args()
    chosen = [] if options.report else options.only.split(",") if options.only else list(PARTS)
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for part in chosen:
        print(part, flush=True)
        with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
            save(measured(part, Path(folder), FULL), kept(part))
    missing = [part for part in PARTS if not kept(part).exists()]
    if missing:
        print(f"docs/benchmarks.md is written when these are measured too: {', '.join(missing)}")
    else:
        write({part: load(kept(part)) for part in PARTS}, ROOT / "docs")


def kept(part: str) -> Path:
    """The file with what the part found out."""
    return ROOT / ".cache" / "benchmarks" / f"{part}.json"


if __name__ == "__main__":
    main()
