# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Has ansible-builder make what the image of the execution environment is built from, and looks at what would be in it.

The image itself needs a registry, so it is not built. ansible-builder is in a virtual environment of its own in `.cache`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import clean_environment
import environments
import matrix
import paths

VENV = paths.CACHE / "builder"
REQUIREMENTS = paths.REQUIREMENTS / "builder.txt"
DEFINITION = paths.SOURCE / paths.COLLECTION / "extensions" / "ee" / "execution-environment.yml"
IMPORTED = paths.SOURCE / paths.COLLECTION / "meta" / "ee-requirements.txt"
PINNED_IMAGE = re.compile(r'^ARG EE_BASE_IMAGE="[\w./-]+:\d[\w.-]*"$', re.MULTILINE)


def check(archive: Path, installed: Path, folder: Path) -> None:
    """Exit with a message if the image would be another than it should. ``folder`` is where to work in.

    ``archive`` is the collection as `ansible-galaxy collection build` makes it, ``installed`` a collections path with it.
    """
    prepare()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    # The definition expects it beside itself.
    shutil.copy(DEFINITION, folder)
    shutil.copy(archive, folder)
    context = folder / "context"
    builder(
        "create",
        "--file",
        str(folder / DEFINITION.name),
        "--context",
        str(context),
        "--output-filename",
        "Containerfile",
    )
    check_packages((context / "Containerfile").read_text(encoding="utf-8"))
    check_context(context / "_build", archive.name)
    check_imported(builder("introspect", str(installed)))


def prepare() -> None:
    """Make the virtual environment, unless one made from the same requirements is there."""
    environments.ensure(VENV, [REQUIREMENTS])


def check_packages(containerfile: str) -> None:
    """An image that can be made again: what it starts from and what is installed have versions, and the tests know them."""
    runner = re.search(r"^ansible-runner==.*$", environments.LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    possible = [f'ARG ANSIBLE_INSTALL_REFS="ansible-core=={core.version} {runner[0]}"' for core in matrix.CORES]
    if not any(line in containerfile.splitlines() for line in possible):
        raise SystemExit(
            f"{DEFINITION.name} installs none of the ansible-cores and the ansible-runner of the tests:\n{possible}"
        )
    if not PINNED_IMAGE.search(containerfile):
        raise SystemExit(f"{DEFINITION.name}: the base image needs a version")


def check_context(build: Path, archive: str) -> None:
    """The collection is the only one, and no package is asked for but by it."""
    expected = f"collections:\n- name: /build/archive/{archive}\n  type: file\n"
    collections = (build / "requirements.yml").read_text(encoding="utf-8")
    if collections != expected:
        raise SystemExit(f"{DEFINITION.name} installs other collections than {archive}:\n{collections}")
    found = sorted(
        str(path.relative_to(build)) for path in build.rglob("*") if path.is_file() and path.parent.name != "scripts"
    )
    if found != [f"archive/{archive}", "requirements.yml"]:
        raise SystemExit(f"{DEFINITION.name} brings something else: {found}")


def check_imported(introspected: str) -> None:
    """What ansible-builder reads in the collection is what its modules import."""
    wanted = [line for line in IMPORTED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = re.findall(r"^- '(\S+) +# from collection tenantops\.qlik_cloud'$", introspected, re.MULTILINE)
    if found != wanted or not re.search(r"^system: \[\]$", introspected, re.MULTILINE):
        raise SystemExit(f"expected {wanted} and no package of the system, got:\n{introspected}")


def builder(*arguments: str) -> str:
    """What ansible-builder prints."""
    command = [str(VENV / "bin" / "ansible-builder"), *arguments]
    run = subprocess.run(command, env=clean_environment.for_checks(VENV), capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    return run.stdout
