# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the gate keeps things. All paths are absolute; everything it makes lies in `.venv` and `.cache`."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GATE = ROOT / "tests" / "gate"
REQUIREMENTS = ROOT / "tests" / "requirements"
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"

COLLECTION = Path("ansible_collections", "tenantops", "qlik_cloud")
"""What ansible-test, ansible-lint and Python imports expect the path to a collection to end with."""

TREE = CACHE / "tree"
"""The collections path all checks work with; they may leave caches in it."""

SOURCE = CACHE / "source"
"""A second copy in which nothing is ever run: exactly the files that are the project."""


def python_of(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / "bin" / "python"
