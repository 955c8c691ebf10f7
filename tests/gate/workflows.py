# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the files that GitHub and renovate read: by their schemas, workflows also by zizmor, and that no step is left out."""

from __future__ import annotations

import sys

import environments
import matrix
import paths
import steps
import yaml

PACKAGES = paths.CACHE / "workflow-packages"
REQUIREMENTS = paths.REQUIREMENTS / "workflows.txt"
CHECKS = ".github/workflows/checks.yml"
SCHEMAS = {
    "vendor.github-workflows": [".github/workflows/*.yml"],
    "vendor.github-issue-config": [".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.github-issue-forms": [".github/ISSUE_TEMPLATE/*_*.yml"],
    "vendor.renovate": ["renovate.json"],
}
"""By the name of a schema that comes with check-jsonschema: the files that follow it."""


def main() -> None:
    """Exit with a message if a tool finds something, which has printed what, or a step is not run for a pull request."""
    environments.ensure_beside(PACKAGES, REQUIREMENTS)
    checked = 0
    for schema, patterns in SCHEMAS.items():
        files = [str(path) for pattern in patterns for path in sorted(paths.ROOT.glob(pattern))]
        if not files:
            raise SystemExit(f"no file is {' or '.join(patterns)}, and {schema} was meant to be for some")
        environments.run_beside(
            PACKAGES, sys.executable, "-m", "check_jsonschema", "--quiet", "--builtin-schema", schema, *files
        )
        checked += len(files)
    check_jobs(yaml.safe_load((paths.ROOT / CHECKS).read_text(encoding="utf-8"))["jobs"])
    zizmor = PACKAGES / "bin" / "zizmor"
    if zizmor.exists():
        # What is below medium is a matter of taste.
        environments.run_beside(
            PACKAGES, str(zizmor), "--offline", "--quiet", "--min-severity", "medium", str(paths.ROOT / ".github")
        )
    print(f"{checked} files follow their schemas, {'zizmor finds nothing' if zizmor.exists() else 'no zizmor here'}")


def check_jobs(jobs: dict[str, dict]) -> None:
    """Every step of the gate and every ansible-core of the matrix must have a job."""
    wanted = {
        ("gate", "step"): [step.name for step in steps.ALL],
        ("matrix", "core"): [core.minor for core in matrix.CORES],
    }
    for (job, name), values in wanted.items():
        if different := sorted(set(values) ^ set(jobs[job]["strategy"]["matrix"][name])):
            raise SystemExit(f"{CHECKS}: job {job} and tests/gate do not agree on {', '.join(different)}")


if __name__ == "__main__":
    main()
