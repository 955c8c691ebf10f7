# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installs the official clients of Qlik Cloud below `.cache/clients`, each apart, for the conformance tests.

`.cache/clients/clients.json` says by the name of each client either `{command: [...]}`, which starts its driver, or
`{missing: reason}`. The Python SDK must be had; the TypeScript client is left out where there is no Node or npm that
can install it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import environments
import paths

FOLDER = paths.CACHE / "clients"
DRIVERS = paths.ROOT / "tests" / "conformance"
SDK = paths.REQUIREMENTS / "qlik-sdk.txt"
SDK_LOCK = paths.REQUIREMENTS / "qlik-sdk-lock.txt"
PACKAGE = DRIVERS / "typescript" / "package.json"
PACKAGE_LOCK = DRIVERS / "typescript" / "package-lock.json"


class Missing(Exception):
    """A client that cannot be had on this machine, and why."""


def prepare() -> None:
    """Install what is not there yet. Raises SystemExit if the Python SDK cannot be installed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, object]] = {"python": {"command": _python()}}
    try:
        found["typescript"] = {"command": _typescript()}
    except Missing as missing:
        found["typescript"] = {"missing": str(missing)}
    (FOLDER / "clients.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _python() -> list[str]:
    venv = FOLDER / "python"
    environments.ensure(venv, [SDK], lock=SDK_LOCK)
    return [str(paths.python_of(venv)), str(DRIVERS / "python_sdk" / "drive.py")]


def _typescript() -> list[str]:
    node, npm = _working("node"), _working("npm")
    needed = int(re.sub(r"\D", "", json.loads(PACKAGE.read_text(encoding="utf-8"))["engines"]["node"]))
    version = _output([node, "--version"])
    if int(version.lstrip("v").partition(".")[0]) < needed:
        raise Missing(f"@qlik/api needs Node {needed} or later, here is {version}")
    folder = FOLDER / "typescript"
    content = hashlib.sha256(PACKAGE.read_bytes() + PACKAGE_LOCK.read_bytes() + version.encode()).hexdigest()
    if not environments.is_current(folder, content):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for path in (PACKAGE, PACKAGE_LOCK):
            shutil.copy(path, folder)
        _install(npm, folder)
        environments.mark_current(folder, content)
    return [node, str(DRIVERS / "typescript" / "drive.mjs"), str(folder)]


def _install(npm: str, folder: Path) -> None:
    """What the lock file says, without running anything that the packages bring."""
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    command = [npm, "ci", *quiet, "--cache", str(FOLDER / "npm-cache")]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        reasons = (run.stderr.strip() or run.stdout.strip() or f"exit code {run.returncode}").splitlines()
        raise Missing(f"npm could not install @qlik/api: {reasons[0]}")


def _working(program: str) -> str:
    """Path of the program. Raises Missing; a version manager puts programs on PATH that do not run."""
    path = shutil.which(program)
    if path is None:
        raise Missing(f"{program} is not on PATH, and @qlik/api needs it")
    _output([path, "--version"])
    return path


def _output(command: list[str]) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"{' '.join(command)} does not run: {error}") from error
    return run.stdout.strip()


if __name__ == "__main__":
    prepare()
