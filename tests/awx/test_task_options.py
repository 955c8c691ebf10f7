# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each task of the playbook awx gives its module of awx.awx options that are documented there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, ansible

FILES = sorted((ROOT / "playbooks" / "tasks").glob("awx_*.yml"))


def tasks_of(entries: list[dict]) -> list[tuple[str, dict]]:
    """The modules of awx.awx with their options, wherever in blocks."""
    found = []
    for task in entries:
        found += [(name, options) for name, options in task.items() if name.startswith("awx.awx.")]
        for part in ("block", "rescue", "always"):
            found += tasks_of(task.get(part, []))
    return found


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    modules = {name for file in FILES for name, _options in tasks_of(yaml.safe_load(file.read_text()))}
    folder = tmp_path_factory.mktemp("documented")
    documented = ansible(folder, "ansible-doc", "--json", "--type", "module", *sorted(modules), environment={})
    return {name: entry["doc"]["options"] for name, entry in json.loads(documented.stdout).items()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_options_are_those_of_the_module(file: Path, documented: dict[str, dict]) -> None:
    tasks = tasks_of(yaml.safe_load(file.read_text()))
    assert len(tasks) >= 10
    for module, given in tasks:
        options = documented[module]
        known = {*options, *(alias for option in options.values() for alias in option.get("aliases", ()))}
        assert [name for name in given if name not in known] == []
        assert [name for name, option in options.items() if option.get("required") and name not in given] == []
        chosen = {name: value for name, value in given.items() if options.get(name, {}).get("choices")}
        assert [
            name for name, value in chosen.items() if "{{" not in value and value not in options[name]["choices"]
        ] == []
