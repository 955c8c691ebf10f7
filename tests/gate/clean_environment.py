# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment checks run in: the same on every machine, whatever the user has set for their own work."""

from __future__ import annotations

import os
from pathlib import Path

import paths

PERSONAL = ("ANSIBLE_", "MOLECULE_", "PYTEST_", "QLIK_")
"""Ansible reads its settings and this collection a tenant's credentials from variables that begin so."""

LOOPBACK = "127.0.0.1,::1,localhost"


def for_checks(venv: Path, collections: Path = paths.TREE) -> dict[str, str]:
    """Variables for a check that uses the programs of that virtual environment and that collections path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PERSONAL)}
    kept.pop("PYTHONPATH", None)
    proxied = ",".join(filter(None, (kept.get("NO_PROXY", kept.get("no_proxy")), LOOPBACK)))
    return kept | {
        "PATH": os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", os.defpath)]),
        "VIRTUAL_ENV": str(venv),
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": proxied,
        "no_proxy": proxied,
        "ANSIBLE_CONFIG": str(paths.GATE / "ansible.cfg"),
        "ANSIBLE_HOME": str(paths.CACHE / "ansible-home"),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        # The copies lie inside a git repository that ignores them: tools that ask git there would find no file at all.
        "GIT_CEILING_DIRECTORIES": str(paths.CACHE),
    }
