# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/permissions.md lists every call that the collection sends, with the right that the code names when the tenant refuses it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.tenantops.qlik_cloud.tests.unit.project import MODULES, PLUGINS, ROOT

PAGE = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
# Its calls begin with a path that a function makes.
CONFIG = {"api_key_config": ["/api-keys/configs"]}


def find_paths(tree: ast.Module) -> list[str]:
    """The paths that the calls of a file begin with: each PATH of the file itself and of its classes."""
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    assigned = [node for body in bodies for node in body if isinstance(node, ast.Assign)]
    return [ast.literal_eval(node.value) for node in assigned if ast.unparse(node.targets[0]) == "PATH"]


def find_calls(path: Path) -> Iterator[tuple[str, str]]:
    """The method of each call in a file of _tenant, with its path where that is a text, and the right that it needs."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    rights = {
        target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith("NEEDS")
    }
    for node in ast.walk(tree):
        needs = next((word.value for word in getattr(node, "keywords", []) if word.arg == "needs"), None)
        if not isinstance(node, ast.Call) or not isinstance(needs, ast.Name) or needs.id not in rights:
            continue
        assert isinstance(node.func, ast.Attribute)
        method = "GET" if node.func.attr == "pages" else ast.literal_eval(node.args[0])
        target = node.args[0] if node.func.attr == "pages" else node.args[1]
        paths = [target.value] if isinstance(target, ast.Constant) else CONFIG.get(path.stem) or find_paths(tree)
        for each in paths:
            yield f"{method} /api/v1{each}", rights[needs.id]


def read_table(title: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head; each a list of cells."""
    below = PAGE.split(f"\n## {title}\n")[1]
    lines = [line for line in below.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_every_call_is_there_with_the_right_that_the_code_names():
    called = {call for path in sorted((PLUGINS / "module_utils" / "_tenant").glob("*.py")) for call in find_calls(path)}
    listed = {
        (call, right)
        for calls, right, _purpose in read_table("What each call needs")
        for call in re.findall(r"`([A-Z]+ [^`]+)`", calls)
    }
    assert listed == called


def test_every_module_is_there():
    assert set(MODULES) <= {
        name for cells in read_table("What each module needs") for name in re.findall(r"`(\w+)`", cells[0])
    }
