# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tests of the playbook awx, after bringing what they play with to `.cache/awx`, which nothing else sees."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile

import environments
import paths

FOLDER = paths.CACHE / "awx"
WANTED = paths.REQUIREMENTS / "awx.txt"
PARTS = ("ansible_collections/awx/", "awx_plugins/")
"""What is taken out of the packages: most of ansible is hundreds of megabytes of other collections."""


def prepare() -> None:
    """Download and unpack, unless that was done from the same requirements. Raises SystemExit if it cannot be."""
    content = environments.fingerprint([WANTED])
    if environments.is_current(FOLDER, content):
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    wheels = FOLDER / "wheels"
    environments.download(wheels, WANTED)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(FOLDER, [name for name in archive.namelist() if name.startswith(PARTS)])
    shutil.rmtree(wheels)
    environments.mark_current(FOLDER, content)


def main() -> None:
    """Exit with pytest's exit code."""
    prepare()
    # Files as wholes: what one begins it goes on with.
    command = [sys.executable, "-m", "pytest", "tests/awx", "--numprocesses", "2", "--dist", "loadfile"]
    raise SystemExit(subprocess.run(command, cwd=paths.ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
