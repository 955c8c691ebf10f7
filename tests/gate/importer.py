# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the collection and has galaxy-importer look at it, as Galaxy does; a warning of its is a failure here."""

from __future__ import annotations

import os
import re
import subprocess

import clean_environment
import environments
import paths
import tree

IMPORTER = paths.CACHE / "importer"
VENV = IMPORTER / "venv"
REQUIREMENTS = paths.REQUIREMENTS / "importer.txt"
SETTINGS = """\
[galaxy-importer]
RUN_ANSIBLE_TEST = False
RUN_ANSIBLE_LINT = False
RUN_FLAKE8 = False
CHECK_REQUIRED_TAGS = True
"""
"""Sanity tests and ansible-lint are steps of the gate; ruff stands for flake8."""

COMPLAINT = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b.*", re.MULTILINE)


def main() -> None:
    """Exit with a message if the collection cannot be built, or the importer complains."""
    prepare()
    source = tree.refresh(paths.SOURCE)
    for old in IMPORTER.glob("*.tar.gz"):
        old.unlink()
    environment = clean_environment.for_checks(paths.VENV)
    build = ["ansible-galaxy", "collection", "build", str(source), "--output-path", str(IMPORTER)]
    subprocess.run(build, env=environment, check=True, stdout=subprocess.DEVNULL)
    (archive,) = IMPORTER.glob("*.tar.gz")
    settings = IMPORTER / "galaxy-importer.cfg"
    settings.write_text(SETTINGS, encoding="utf-8")
    environment = clean_environment.for_checks(VENV) | {"GALAXY_IMPORTER_CONFIG": str(settings)}
    command = [str(paths.python_of(VENV)), "-m", "galaxy_importer.main", str(archive)]
    run = subprocess.run(command, cwd=IMPORTER, env=environment, capture_output=True, text=True, check=False)
    output = run.stdout + run.stderr
    # It exits with 0 on findings.
    if run.returncode or COMPLAINT.search(output) or "Importer processing completed successfully" not in output:
        raise SystemExit(f"galaxy-importer complains:{os.linesep}{output}")
    print(f"galaxy-importer finds nothing in {archive.name}")


def prepare() -> None:
    """Make the importer's environment, unless one made from the same requirements is there."""
    IMPORTER.mkdir(parents=True, exist_ok=True)
    core = paths.REQUIREMENTS / "core.txt"
    environments.ensure(VENV, [REQUIREMENTS, core], lock=core)


if __name__ == "__main__":
    main()
