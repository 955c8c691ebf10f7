# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that are kept in two places say the same in both."""

from __future__ import annotations

import re

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import USER_AGENT
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import COLLECTION, VERSION
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import ACTIONS, MODULES, ROOT, read_yaml

ATTRIBUTES = {"check_mode", "diff_mode", "idempotent", "async", "action", "platform"}
VERBS = {"Check", "List", "Manage", "Plan", "Read", "Set", "Show", "Write"}
KEEP_TOKENS = {"api_key", "api_keys", "tenant"}
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())


def read_text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_action_group_has_every_module_and_nothing_else():
    assert sorted(read_yaml("meta/runtime.yml")["action_groups"]["tenant"]) == MODULES


def test_the_user_agent_has_the_version_of_the_collection():
    galaxy = read_yaml("galaxy.yml")
    assert (f"{galaxy['namespace']}.{galaxy['name']}", galaxy["version"]) == (COLLECTION, VERSION)
    assert f"{COLLECTION}/{galaxy['version']}" == USER_AGENT


def test_an_execution_environment_is_told_what_the_modules_import():
    # ansible-builder takes the path from the root of the collection.
    named = ROOT / read_yaml("meta/execution-environment.yml")["dependencies"]["python"]
    lines = [line for line in named.read_text().splitlines() if line and not line.startswith("#")]
    assert [line.partition(">=")[0] for line in lines] == ["isodate", "requests"]


def test_what_is_private_to_the_collection_has_a_name_that_says_so():
    folders = [ROOT / "plugins" / name for name in ("module_utils", "plugin_utils", "doc_fragments")]
    entries = [path for folder in folders for path in folder.iterdir()]
    assert len(entries) > len(folders)
    assert [path.name for path in entries if not path.name.startswith("_")] == []


@pytest.mark.parametrize("module", [*MODULES, *ACTIONS])
def test_a_module_has_an_integration_playbook(module):
    assert (ROOT / "tests" / "integration" / "playbooks" / f"{module}.yml").is_file()


def test_ansible_test_plays_every_playbook_of_a_module_and_no_other():
    folder = ROOT / "tests" / "integration"
    playbooks = {path.stem for path in (folder / "playbooks").glob("*.yml")}
    assert playbooks
    assert {path.name for path in (folder / "targets").iterdir()} == {*playbooks, "setup_tenant"}
    for name in playbooks:
        [task] = read_yaml(f"tests/integration/targets/{name}/tasks/main.yml")
        assert task["vars"] == {"setup_tenant_playbook": name}
        assert "needs/target/setup_tenant" in read_text(f"tests/integration/targets/{name}/aliases").splitlines()


@pytest.mark.parametrize("module", [*MODULES, *ACTIONS])
def test_a_module_says_how_far_it_supports_each_attribute_and_what_is_missing(module, documented):
    attributes = documented[module]["doc"]["attributes"]
    assert set(attributes) >= ATTRIBUTES
    assert [name for name in attributes if not attributes[name].get("description")] == []
    assert {attribute["support"] for attribute in attributes.values()} <= {"full", "partial", "none", "N/A"}
    unexplained = [
        name for name in attributes if attributes[name]["support"] != "full" and not attributes[name].get("details")
    ]
    assert unexplained == []
    assert attributes["platform"]["platforms"] == "posix"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_in_the_action_group_and_says_so(module, documented):
    assert documented[module]["doc"]["attributes"]["action_group"]["membership"] == ["tenantops.qlik_cloud.tenant"]


@pytest.mark.parametrize("module", [*MODULES, *ACTIONS])
def test_a_module_that_writes_files_says_how(module, documented):
    attributes = documented[module]["doc"]["attributes"]
    assert ("safe_file_operations" in attributes) == (module in {*KEEP_TOKENS, "api_key_report"})


@pytest.mark.parametrize("module", [*MODULES, *ACTIONS])
def test_a_short_description_begins_with_what_the_module_does(module, documented):
    text = documented[module]["doc"]["short_description"]
    assert text.partition(" ")[0] in VERBS and not text.endswith(".")


@pytest.mark.parametrize("module", [*MODULES, *ACTIONS])
def test_the_readme_names_the_module(module):
    assert f"`{module}`" in read_text("README.md")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_and_its_action_plugin_take_the_same_options_and_do_the_same(module):
    # Read, not imported: with its action plugins loaded, Ansible treats what modules do in this process differently.
    [run] = re.findall(r"^    run_module\((.*)\)$", read_text(f"plugins/modules/{module}.py"), re.MULTILINE)
    [action] = re.findall(r"^    arguments, work = (.*)$", read_text(f"plugins/action/{module}.py"), re.MULTILINE)
    assert action == run


@pytest.mark.parametrize("module", MODULES)
def test_a_module_that_only_reads_has_no_diff_and_any_other_has_one(module, documented):
    support = documented[module]["doc"]["attributes"]["diff_mode"]["support"]
    assert support == ("N/A" if module.endswith("_info") else "full")


@pytest.mark.parametrize("role", ROLES)
def test_a_roles_defaults_are_those_of_its_argument_specs_and_the_other_way_round(role):
    options = read_yaml(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    specified = {name: option["default"] for name, option in options.items() if "default" in option}
    assert read_yaml(f"roles/{role}/defaults/main.yml") == specified


@pytest.mark.parametrize("role", ROLES)
def test_a_roles_variables_have_its_name_in_front(role):
    options = read_yaml(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    assert [name for name in options if not name.startswith(f"{role}_")] == []
    internal = read_yaml(f"roles/{role}/vars/main.yml")
    assert [name for name in internal if not name.startswith(f"__{role}_")] == []
