# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making virtual environments, with uv where it works (several times faster) and with pip where it does not."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import clean_environment
import paths
import pip_settings

UV = paths.VENV / "bin" / "uv"
BOOTSTRAP = paths.REQUIREMENTS / "bootstrap.txt"
LOCK = paths.REQUIREMENTS / "lock.txt"
EMULATOR = paths.ROOT / "tests" / "emulator" / "requirements.txt"
CONFORMANCE = paths.ROOT / "tests" / "conformance" / "requirements.txt"


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """Hash of what a virtual environment is made from, with the lock file: other content means making it anew."""
    digest = hashlib.sha256("\n".join(facts).encode())
    for path in (BOOTSTRAP, LOCK, *files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def create_main(python: str) -> None:
    """Make the project's own `.venv`, which then brings uv for itself and for all others."""
    shutil.rmtree(paths.VENV, ignore_errors=True)
    _run([python, "-m", "venv", str(paths.VENV)])
    bootstrap = _pip(paths.VENV, ["--requirement", str(BOOTSTRAP)])
    if subprocess.run(bootstrap, check=False).returncode:
        print("uv is not to be had here, going on with pip", file=sys.stderr)


def create(venv: Path, python: str) -> None:
    """Make an empty virtual environment for any interpreter; `.venv` must exist."""
    shutil.rmtree(venv, ignore_errors=True)
    if UV.exists():
        _run([str(UV), "venv", "--quiet", "--no-project", "--python", python, str(venv)])
    else:
        _run([python, "-m", "venv", str(venv)])


def is_current(folder: Path, content: str) -> bool:
    """Whether the folder was made, to its end, from what has this fingerprint."""
    stamp = folder / ".installed"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == content


def mark_current(folder: Path, content: str) -> None:
    """Say so, when the folder is complete."""
    (folder / ".installed").write_text(content, encoding="utf-8")


def ensure(venv: Path, requirements: Sequence[Path], lock: Path = LOCK) -> None:
    """Make a virtual environment of this Python with these requirements, unless one made from the same is there."""
    content = fingerprint([*requirements, lock], sys.version, sys.base_prefix)
    if not is_current(venv, content):
        create(venv, sys.executable)
        install(venv, requirements, lock=lock)
        mark_current(venv, content)


def install(venv: Path, requirements: Sequence[Path], packages: Sequence[str] = (), lock: Path = LOCK) -> None:
    """Install requirement files and packages at the locked versions.

    Raises SystemExit when pip fails too; by then both have printed why.
    """
    wanted = [*packages, "--constraint", str(lock)]
    for path in requirements:
        wanted += ["--requirement", str(path)]
    _install(venv, wanted)


def install_beside(folder: Path, venv: Path, requirements: Path) -> None:
    """Install exactly what a requirement file names into a new folder, for use in front of a virtual environment.

    Raises SystemExit when pip fails too.
    """
    _install(venv, ["--no-deps", "--target", str(folder), "--requirement", str(requirements)])


def ensure_beside(folder: Path, requirements: Path) -> None:
    """The same into a folder of `.cache` for use in front of `.venv`, unless one made from the same requirements is there."""
    content = fingerprint([requirements], sys.version)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        # Steps of the gate may need them at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_current(folder, content):
            shutil.rmtree(folder, ignore_errors=True)
            install_beside(folder, paths.VENV, requirements)
            mark_current(folder, content)


def run_beside(packages: Path, *command: str, folder: Path = paths.ROOT, **variables: str) -> None:
    """Run a tool with such a folder in front of `.venv`. Raises SystemExit if it fails; it has printed why."""
    environment = clean_environment.for_checks(paths.VENV) | {"PYTHONPATH": str(packages)} | variables
    status = subprocess.run(command, cwd=folder, env=environment, check=False).returncode
    if status:
        raise SystemExit(f"{Path(command[0]).name}: exit code {status}")


def download(folder: Path, requirements: Path) -> None:
    """Download the wheels of a requirement file, and not what they need, for whatever Python they are made.

    Raises SystemExit when pip cannot.
    """
    options = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--dest", str(folder)]
    python = str(paths.python_of(paths.VENV))
    command = [python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *options]
    _run([*command, "--requirement", str(requirements)])


def _install(venv: Path, wanted: Sequence[str]) -> None:
    if UV.exists():
        command = [str(UV), "pip", "install", "--quiet", "--python", str(paths.python_of(venv)), *wanted]
        environment = pip_settings.uv_environment(paths.python_of(paths.VENV))
        if not subprocess.run(command, env=environment, check=False).returncode:
            return
        print("uv could not install, trying again with pip", file=sys.stderr)
        _run([str(paths.python_of(venv)), "-m", "ensurepip"], stdout=subprocess.DEVNULL)
    _run(_pip(venv, wanted))


def _pip(venv: Path, wanted: Sequence[str]) -> list[str]:
    python = str(paths.python_of(venv))
    return [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]


def _run(command: Sequence[str], stdout: int | None = None) -> None:
    status = subprocess.run(command, env=os.environ, stdout=stdout, check=False).returncode
    if status:
        raise SystemExit(f"{' '.join(command)}: exit code {status}")
