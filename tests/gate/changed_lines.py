# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs unit tests under coverage, and fails when they run too few of the lines of `plugins` that changed, `make coverage`.

What changed is seen from where the present branch left the one to compare with; what is not committed yet counts as well.
The whole report is in `.cache/coverage/html`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import xml.etree.ElementTree
from pathlib import Path

import environments
import paths
import tree

FOLDER = paths.CACHE / "coverage"
PACKAGES = paths.CACHE / "coverage-packages"
REQUIREMENTS = paths.REQUIREMENTS / "coverage.txt"
FLOOR = 90
"""Percent of the changed lines."""

ELSEWHERE = ("action", "doc_fragments", "inventory")
"""Folders of `plugins` that are left out, since only processes of Ansible's own load them: the integration tests play these."""


def main() -> None:
    """Command line; the exit code is 1 if a test fails, or too few of the changed lines were run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--since", default="origin/main", help="branch or commit to compare with; default origin/main")
    parser.add_argument(
        "tests", nargs="*", default=["tests/unit"], help="test files or folders; default all unit tests"
    )
    options = parser.parse_args()
    environments.ensure_beside(PACKAGES, REQUIREMENTS)
    tree.refresh(paths.TREE, keep_caches=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    omitted = ",".join(f"*/plugins/{folder}/*" for folder in ELSEWHERE)
    run("coverage", "run", "--omit", omitted, "-m", "pytest", *options.tests)
    report = FOLDER / "coverage.xml"
    for form in (("html",), ("xml", "-o", str(report))):
        run("coverage", *form, "--quiet", "--omit", omitted)
    check_report(report)
    compare = ("--compare-branch", options.since, "--include-untracked", "--fail-under", str(FLOOR))
    run("diff_cover.diff_cover_tool", str(report), *compare)


def check_report(report: Path) -> None:
    """Exit with a message if a file of `plugins` is not in the report: diff-cover passes what it knows nothing of."""
    known = {element.get("filename") for element in xml.etree.ElementTree.parse(report).iter("class")}
    plugins = [path for path in tree.project_files() if path.parts[0] == "plugins" and path.suffix == ".py"]
    if missing := sorted({str(path) for path in plugins if path.parts[1] not in ELSEWHERE} - known):
        raise SystemExit(f"coverage knows nothing of {', '.join(missing)}")


def run(module: str, *arguments: str) -> None:
    """Run a tool from the packages. Raises SystemExit if it fails; it has printed why."""
    # Several times cheaper than tracing each line.
    core = {"COVERAGE_CORE": "sysmon"} if sys.version_info >= (3, 12) else {}
    environments.run_beside(PACKAGES, str(paths.python_of(paths.VENV)), "-m", module, *arguments, **core)


if __name__ == "__main__":
    main()
