# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says is returned is what is returned: nothing more, and nothing that never comes.

The runs are those of the function ``documented_runs`` in the module's own tests.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.project import MODULES

TESTS = "ansible_collections.tenantops.qlik_cloud.tests.unit.plugins.modules"
OF_ANSIBLE = {"changed", "failed", "msg"}
TYPES = {"str": str, "int": int, "bool": bool, "list": list, "dict": dict}

Runs = list[dict]


@pytest.fixture
def returned(wire, run, tmp_path) -> Callable[[str], Runs]:
    """The results of runs of a module that together return all it can."""

    def returner(module: str) -> Runs:
        more = {"token_file": str(tmp_path / "t")} if module in ("api_key", "api_keys", "tenant") else {}
        return importlib.import_module(f"{TESTS}.test_{module}").documented_runs(wire, run, **more)

    return returner


def keys_of(value: Any, entry: dict, path: str) -> set[str]:
    """The dotted names of all keys in a value, as deep as the documentation goes; checks types on the way."""
    if entry.get("type") == "list":
        inner = {**entry, "type": entry.get("elements")}
        return set().union(*(keys_of(each, inner, path) for each in value))
    assert isinstance(value, TYPES[entry["type"]]) or value is None, f"{path} is {value!r}, not {entry['type']}"
    if not isinstance(value, dict) or "contains" not in entry:
        return set()
    found = {f"{path}.{name}" for name in value}
    for name in value.keys() & entry["contains"].keys():
        found |= keys_of(value[name], entry["contains"][name], f"{path}.{name}")
    return found


def names_in(contains: dict, path: str) -> set[str]:
    names = set()
    for name, entry in contains.items():
        names |= {f"{path}.{name}"} | names_in(entry.get("contains", {}), f"{path}.{name}")
    return names


@pytest.mark.parametrize("module", MODULES)
def test_everything_returned_is_documented_and_everything_documented_is_returned_by_some_run(
    module, documented, returned
):
    whole = {"type": "dict", "contains": documented[module]["return"]}
    found: set[str] = set()
    for results in returned(module):
        own = {name: value for name, value in results.items() if name not in OF_ANSIBLE}
        found |= keys_of(own, whole, module)
    assert found == names_in(whole["contains"], module)


@pytest.mark.parametrize("module", MODULES)
def test_the_documented_samples_have_documented_keys_only(module, documented):
    for name, entry in documented[module]["return"].items():
        if "sample" in entry and "contains" in entry:
            assert keys_of(entry["sample"], entry, name) <= names_in(entry["contains"], name)
