# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the collection, installs it into an empty collections path and uses it from there.

What is used is the installed copy alone: the documentation of every module must load, and one module must run up to its
own message about missing credentials, which proves that it finds its helpers. The execution environment is made of it, too.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import clean_environment
import execution_environment
import paths

ARTIFACT = paths.CACHE / "artifact"
INSTALLED = ARTIFACT / "installed"
SOURCE = paths.SOURCE / paths.COLLECTION
TRIED_MODULE = "api_key_info"
"""Changes nothing anywhere, whatever it is given."""


def main() -> None:
    """Exit with a message if the artifact cannot be built, is not what users need or does not work."""
    shutil.rmtree(ARTIFACT, ignore_errors=True)
    ARTIFACT.mkdir(parents=True)
    ansible("ansible-galaxy", "collection", "build", str(SOURCE), "--output-path", str(ARTIFACT))
    (archive,) = ARTIFACT.glob("tenantops-qlik_cloud-*.tar.gz")
    check_content(archive)
    install = ("ansible-galaxy", "collection", "install", str(archive), "--collections-path", str(INSTALLED))
    # --force: an installation is skipped without a word when a copy of that version is found on another path.
    ansible(*install, "--offline", "--force")
    modules = sorted(path.stem for path in (SOURCE / "plugins" / "modules").glob("[!_]*.py"))
    check_documentation(modules)
    check_module_runs()
    execution_environment.check(archive, INSTALLED, ARTIFACT / "ee")
    size = archive.stat().st_size // 1024
    print(f"{archive.name}: {size} KiB, installed, {len(modules)} modules documented, {TRIED_MODULE} run")


def check_content(archive: Path) -> None:
    """Caches must not be in it, nor the files that only this repository needs."""
    with tarfile.open(archive) as content:
        names = content.getnames()
    hidden = [name for name in names if any(part.startswith(".") for part in Path(name).parts)]
    caches = [name for name in names if "__pycache__" in name or name.startswith("tests/output")]
    if hidden or caches:
        raise SystemExit(f"not for users, see build_ignore in galaxy.yml: {', '.join(hidden + caches)}")


def check_documentation(modules: list[str]) -> None:
    """Every module must have documentation that ansible-doc can load."""
    names = [f"tenantops.qlik_cloud.{module}" for module in modules]
    documented = json.loads(ansible("ansible-doc", "--json", "--type", "module", *names).stdout)
    missing = [name for name in names if not documented.get(name, {}).get("doc")]
    if missing or not names:
        raise SystemExit(f"without documentation once installed: {missing or 'no module at all'}")


def check_module_runs() -> None:
    """Run a module without credentials; it must refuse in its own words and name an option that helps."""
    name = f"tenantops.qlik_cloud.{TRIED_MODULE}"
    arguments = "tenant_url=https://tenant.invalid"
    run = ansible("ansible", "localhost", "--module-name", name, "--args", arguments, may_fail=True)
    if "localhost | FAILED! =>" not in run.stdout or "access_token" not in run.stdout:
        raise SystemExit(f"expected {name} to say which credentials it needs, got:\n{run.stdout}{run.stderr}")


def ansible(*command: str, may_fail: bool = False) -> subprocess.CompletedProcess[str]:
    """Run an Ansible program that sees the installed collections only; its output is shown if it fails."""
    environment = clean_environment.for_checks(paths.VENV, INSTALLED)
    run = subprocess.run(command, cwd=ARTIFACT, env=environment, capture_output=True, text=True, check=False)
    if run.returncode and not may_fail:
        raise SystemExit(f"{' '.join(command)}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    return run


if __name__ == "__main__":
    main()
