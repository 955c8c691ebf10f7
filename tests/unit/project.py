# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the project's files are, and what they say of the modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.tenantops import qlik_cloud

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = "tenantops.qlik_cloud"
COLLECTIONS = Path(next(iter(qlik_cloud.__path__))).parents[2]
"""The collections path that this copy is imported from."""
PLUGINS = ROOT / "plugins"
_DOCUMENTED = sorted(path for path in (PLUGINS / "modules").glob("*.py") if path.stem != "__init__")
MODULES = [path.stem for path in _DOCUMENTED if "def main()" in path.read_text(encoding="utf-8")]
ACTIONS = [path.stem for path in _DOCUMENTED if path.stem not in MODULES]
"""What runs beside Ansible only, documented like modules."""


def read_yaml(path: str) -> Any:
    """The content of one of the project's YAML files."""
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def documentation(home: Path) -> dict[str, dict]:
    """What ansible-doc makes of each module and action, fragments resolved: ``doc``, ``examples`` (text) and ``return``."""
    names = [f"{COLLECTION}.{module}" for module in (*MODULES, *ACTIONS)]
    listing = run_ansible(home, "doc", "--type", "module", "--json", *names).stdout
    return {name.removeprefix(f"{COLLECTION}."): entry for name, entry in json.loads(listing).items()}


def run_ansible(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A finished ``ansible-<first argument>`` with the collection, in a home folder of its own.

    A process of its own, too: with its controller side loaded, Ansible treats what modules do in this one differently.
    """
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "HOME": str(home), "NO_COLOR": "1"}
    # The module itself: `python -m ansible` looks for the installed package, which ansible-test hides.
    module, *others = arguments
    command = [sys.executable, "-m", f"ansible.cli.{module}", *others]
    return subprocess.run(command, cwd=home, env=environment, check=True, capture_output=True, text=True)
