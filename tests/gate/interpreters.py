# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Python interpreters of this machine that really run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import paths


def find() -> dict[str, str]:
    """Path of one interpreter for each version from 3.10 on, such as `{"3.12": "/usr/bin/python3.12"}`."""
    # PYTHON chooses the interpreter of `.venv`; the search here is for all there are.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON"}
    command = ["sh", str(paths.GATE / "pythons.sh")]
    listing = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    found: dict[str, str] = {}
    for line in listing.splitlines():
        version, path = line.split(" ", 1)
        found.setdefault(version, path)
    return found


def search_path(venv: Path, folder: Path) -> str:
    """A PATH on which every `python3.X` runs: links made in `folder`, the venv's programs, then the PATH as it is.

    Folders of the present PATH are left out if a `python3.X` in them does not run, as those of pyenv's shims do:
    ansible-test takes whatever has the name for an interpreter and ends at the first that fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for version, path in find().items():
        (folder / f"python{version}").symlink_to(path)
    others = [part for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if part and not _broken(Path(part))]
    return os.pathsep.join([str(folder), str(venv / "bin"), *dict.fromkeys(others)])


def _broken(folder: Path) -> bool:
    for candidate in folder.glob("python3.*"):
        if candidate.suffix[1:].isdigit() and os.access(candidate, os.X_OK):
            run = subprocess.run([str(candidate), "-c", ""], capture_output=True, check=False)
            if run.returncode:
                return True
    return False
