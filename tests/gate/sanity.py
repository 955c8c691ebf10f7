# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs `ansible-test sanity` on the collection's copy with the ansible-core of a virtual environment."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import clean_environment
import interpreters
import paths
import pip_settings
import tree

BOOTSTRAP_URL = "https://ci-files.testing.ansible.com/ansible-test/get-pip-{version}.py"
"""Where ansible-test fetches the script that brings pip into its own virtual environments."""

BOOTSTRAP_STAND_IN = '''\
"""Does what get-pip.py is used for, from the package index: `get-pip.py [options] name==version ...`."""
import subprocess
import sys

wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
subprocess.check_call([sys.executable, "-m", "ensurepip", "--upgrade", "--default-pip"], stdout=subprocess.DEVNULL)
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted])
'''

LOADED = ("meta/", "playbooks/", "plugins/", "roles/")

DECIDED_BY_THE_CORE = ("action-plugin-docs", "ansible-doc", "compile", "import", "runtime-metadata", "validate-modules")
"""Sanity tests of how a certain ansible-core and its Python take the collection; the others look at how it is written."""

ABSENT_PYTHON = re.compile(r'Skipping sanity test "[\w-]+" on Python [\d.]+ because it could not be found')
"""The one thing ansible-test may leave out: it asks for every Python it knows, also those older than 3.10."""


def main() -> None:
    """Command line; the exit code is ansible-test's, or 1 if it skipped a test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=paths.VENV)
    parser.add_argument(
        "--loading", action="store_true", help="only whether this ansible-core can load what Ansible loads, not style"
    )
    parser.add_argument(
        "--every-file",
        action="store_true",
        help="pylint of the tests as well, which takes as long as all others together",
    )
    options = parser.parse_args()
    venv = options.venv.resolve()
    home = _home(venv)
    # A copy of its own, as several ansible-core may be at work at a time and each writes below tests/output.
    collection = tree.refresh(home / "tree", keep_caches=True)
    environment = clean_environment.for_checks(venv) | {
        "HOME": str(home),
        "PATH": interpreters.search_path(venv, home / "bin"),
        # Without it ansible-test lists the collection's files with the git of the checkout, which ignores the copy.
        "ANSIBLE_TEST_CONTENT_ROOT": str(collection),
    }
    # With the venv's Python alone: the steps on other ansible-cores have others.
    command = [
        str(venv / "bin" / "ansible-test"),
        "sanity",
        "--local",
        "--color",
        "no",
        "--python",
        _minor_version(venv),
    ]
    if options.loading:
        chosen = [[word for test in DECIDED_BY_THE_CORE for word in ("--test", test)] + list(LOADED)]
    elif options.every_file:
        chosen = [[]]
    else:
        # ruff and black look at the tests as well, in the step format.
        chosen = [["--skip-test", "pylint"], ["--test", "pylint", *LOADED]]
    ran, problems = 0, []
    for words in chosen:
        passed, said = _run([*command, *words], collection, environment)
        ran += passed
        problems += said
    if problems:
        raise SystemExit("\n".join(["ansible-test sanity failed", *problems]))
    print(f"{ran} sanity tests passed, {_core_version(venv)}")


def _run(command: list[str], collection: Path, environment: dict[str, str]) -> tuple[int, list[str]]:
    """How many sanity tests ran, and what is wrong: a test that failed, or one that ansible-test left out."""
    run = subprocess.Popen(
        command, cwd=collection, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    ran, problems = 0, []
    for line in run.stdout or ():
        sys.stdout.write(line)
        ran += line.startswith("Running sanity test")
        if "skip" in line.lower() and not ABSENT_PYTHON.search(line):
            problems.append(line.strip())
    if run.wait():
        problems.append(f"exit code {run.returncode}: see above")
    if not ran:
        problems.append("ansible-test ran no sanity test")
    return ran, problems


def _home(venv: Path) -> Path:
    """A home folder for ansible-test, which keeps 450 MB of virtual environments in it and must find pip's settings."""
    home = paths.CACHE / "ansible-test" / venv.name.lstrip(".")
    # ansible-test hands no variable but PATH and HOME on to the pip it runs.
    pip_settings.write(paths.python_of(paths.VENV), home / ".config" / "pip" / "pip.conf")
    netrc = Path.home() / ".netrc"
    if netrc.exists() and not (home / ".netrc").exists():
        (home / ".netrc").symlink_to(netrc)
    for version in _bootstrap_versions(venv):
        script = home / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            script.parent.mkdir(parents=True, exist_ok=True)
            script.write_text(_bootstrap_script(version), encoding="utf-8")
    return home


def _bootstrap_versions(venv: Path) -> set[str]:
    """The versions of pip that the venv's ansible-test may ask for."""
    (source,) = venv.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py")
    return set(re.findall(r"\bpip='([\d.]+)'", source.read_text(encoding="utf-8")))


def _bootstrap_script(version: str) -> str:
    try:
        with urllib.request.urlopen(BOOTSTRAP_URL.format(version=version), timeout=10) as answer:
            return str(answer.read(), "utf-8")
    except (urllib.error.URLError, OSError):
        return BOOTSTRAP_STAND_IN


def _core_version(venv: Path) -> str:
    code = "import platform, ansible.release as core; print(core.__version__, 'on Python', platform.python_version())"
    return f"ansible-core {_printed_by(venv, code)}"


def _minor_version(venv: Path) -> str:
    return _printed_by(venv, "import sys; print('%d.%d' % sys.version_info[:2])")


def _printed_by(venv: Path, code: str) -> str:
    run = subprocess.run([str(paths.python_of(venv)), "-c", code], check=True, capture_output=True, text=True)
    return run.stdout.strip()


if __name__ == "__main__":
    main()
