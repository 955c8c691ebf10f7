# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers import one way, and only the top ones know Ansible."""

from __future__ import annotations

import ast
import graphlib
import re
from pathlib import Path

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.project import PLUGINS, ROOT

PREFIX = "ansible_collections.tenantops.qlik_cloud.plugins."
BASE = {"_errors", "_version", "_iso8601", "_json_web_token", "_progress", "_regular_file", "_strict_json"}
ORDER = [
    *("_transport", "_sign_in", "_tenant", "_plan", "_tokens", "_findings", "_arguments", "_operations"),
    *("_shell", "modules", "plugin_utils", "action", "inventory", "filter"),
]
MAY_IMPORT_ANSIBLE = {"_shell", "modules", "plugin_utils", "action", "inventory", "filter"}
MAX_LINES_OF_CODE = 400


def code_files() -> dict[str, str]:
    """The source of every module, action and inventory plugin and helper by its dotted name below ``plugins``."""
    patterns = (
        "module_utils/**/*.py",
        "modules/*.py",
        "plugin_utils/*.py",
        "action/*.py",
        "inventory/*.py",
        "filter/*.py",
    )
    files = [file for pattern in patterns for file in PLUGINS.glob(pattern)]
    return {".".join(file.relative_to(PLUGINS).with_suffix("").parts): file.read_text("utf-8") for file in files}


def height(name: str) -> int:
    """How high a file is in the order of layers; raises ValueError for one that is in no known layer."""
    parts = [part for part in name.split(".") if part != "module_utils"]
    return 0 if parts[0] in BASE else 1 + ORDER.index(parts[0])


def imported(source: str) -> set[str]:
    """The dotted names that a source imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def own(source: str) -> set[str]:
    return {name.removeprefix(PREFIX) for name in imported(source) if name.startswith(PREFIX)}


def violations(files: dict[str, str]) -> list[str]:
    """In words, each import that goes the wrong way, is relative, or brings Ansible into a lower layer."""
    found = []
    for name, source in files.items():
        layer = name.split(".")[1] if name.startswith("module_utils.") else name.split(".")[0]
        for target in imported(source):
            if target.startswith("."):
                found.append(f"{name} imports {target} by a relative path")
            elif target.split(".")[0] == "ansible" and layer not in MAY_IMPORT_ANSIBLE:
                found.append(f"{name} imports {target}")
        found += [f"{name} imports {target}" for target in own(source) if height(target) > height(name)]
    return sorted(found)


def test_imports_run_one_way_and_only_the_top_layers_know_ansible():
    files = code_files()
    assert len(files) > len(ORDER)
    assert violations(files) == []


def test_no_files_import_each_other_in_a_circle():
    graph = {name: own(source) for name, source in code_files().items()}
    assert set(graphlib.TopologicalSorter(graph).static_order()) >= set(graph)


def test_every_file_is_in_a_known_layer():
    assert all(height(name) >= 0 for name in code_files())


@pytest.mark.parametrize(
    ("name", "source", "violation"),
    [
        (
            "module_utils._tenant.calls",
            f"from {PREFIX}module_utils._plan.plan import Plan",
            "imports module_utils._plan.plan",
        ),
        (
            "module_utils._errors",
            f"import {PREFIX}module_utils._transport.client",
            "imports module_utils._transport.client",
        ),
        ("module_utils._operations.run", f"from {PREFIX}modules.api_key import main", "imports modules.api_key"),
        (
            "module_utils._tokens.x",
            "def f():\n    from ansible.module_utils import basic",
            "imports ansible.module_utils",
        ),
        ("module_utils._plan.x", "import ansible", "imports ansible"),
        ("module_utils._operations.x", "import ansible", "imports ansible"),
        ("module_utils._plan.x", "from . import y", "by a relative path"),
    ],
)
def test_a_wrong_import_is_found(name, source, violation):
    (found,) = violations({name: source})
    assert found.startswith(name) and found.endswith(violation)


def python_files() -> list[Path]:
    files = [path for folder in ("plugins", "tests") for path in (ROOT / folder).rglob("*.py")]
    # ansible-test keeps its virtual environments in tests/output.
    return sorted(path for path in files if (ROOT / "tests" / "output") not in path.parents)


def code_of(file: Path) -> list[str]:
    """The lines of a file that are neither blank nor a comment, nor what a module documents of itself."""
    text = re.sub(
        r'^(DOCUMENTATION|EXAMPLES|RETURN) = r"""\n.*?^"""', "", file.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("file", python_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_is_longer_than_one_can_take_in(file):
    assert len(code_of(file)) <= MAX_LINES_OF_CODE
