# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that the pinned versions follow from the requirement files; with --write they are written, `make lock`.

The lock files come from uv, which keeps a locked version as long as the requirements allow it. What ansible-test installs
is a file of its own for each of its commands, because it copies that file alone: it repeats what the gate installs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import environments
import generated_files
import paths
import pip_settings

TESTS = paths.ROOT / "tests"
LOCKS = {
    "lock.txt": ("test.txt", "--no-emit-package", "ansible-core", "--no-emit-package", "resolvelib"),
    "qlik-sdk-lock.txt": ("qlik-sdk.txt",),
}
"""What is locked in tests/requirements: from which file, with which options of uv."""

FOR_ANSIBLE_TEST = {
    TESTS / "unit" / "requirements.txt": ("units", "pytest.txt"),
    TESTS / "integration" / "requirements.txt": ("integration", "run.txt"),
}
"""By the file that a command of ansible-test installs: that command, and the file with what it needs."""

HEADER = """\
# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# What `ansible-test {command}` installs; `make lock` writes the versions of tests/requirements/{source} here.
"""


def main() -> None:
    """Command line; exits with 1 if a file is not as it would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the files instead of comparing them")
    write = parser.parse_args().write
    files = dict(wanted())
    if write:
        print(generated_files.write(files))
    else:
        generated_files.check(files, "make lock")
        print(f"{len(files)} files of pinned versions are current")


def wanted() -> Iterator[tuple[Path, str]]:
    """Each file with the text it should have. Raises SystemExit when uv fails, which has printed why by then."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (source, *options) in LOCKS.items():
            yield paths.REQUIREMENTS / name, _locked(Path(folder) / name, source, options)
    for path, (command, source) in FOR_ANSIBLE_TEST.items():
        pins = sorted(set(_pins(paths.REQUIREMENTS / source)))
        yield path, HEADER.format(command=command, source=source) + "".join(f"{pin}\n" for pin in pins)


def _locked(copy: Path, source: str, options: list[str]) -> str:
    """What uv makes of a requirement file, beginning from the lock file there is."""
    present = paths.REQUIREMENTS / copy.name
    if present.exists():
        shutil.copy(present, copy)
    command = [
        str(environments.UV),
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        "3.10",
        "--no-annotate",
    ]
    command += [*options, "--custom-compile-command", "make lock", "--output-file", str(copy), source]
    environment = pip_settings.uv_environment(paths.python_of(paths.VENV)) | {"UV_PYTHON": sys.executable}
    # What a machine has beside the index is often for its own platform, and the lock is for all.
    for name in {"UV_FIND_LINKS", "UV_INDEX"} - set(os.environ):
        environment.pop(name, None)
    status = subprocess.run(command, cwd=paths.REQUIREMENTS, env=environment, stdout=subprocess.DEVNULL, check=False)
    if status.returncode:
        raise SystemExit(f"uv could not resolve tests/requirements/{source}; it needs the package index")
    return copy.read_text(encoding="utf-8")


def _pins(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            yield from _pins(Path(os.path.normpath(path.parent / line.removeprefix("-r "))))
        elif line and not line.startswith("#"):
            yield line


if __name__ == "__main__":
    main()
