# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin, as ansible-inventory loads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.project import run_ansible

CONTEXTS = {
    "prod": {"server": "https://acme.eu.qlikcloud.com/", "headers": {"Authorization": "Bearer s3cret-token"}},
    "test one": {
        "server": "https://acme-test.us.qlikcloud.com",
        "server-type": "cloud",
        "oauth-client-id": "an-id",
        "oauth-client-secret": "s3cret-pair",
    },
    "elsewhere": {"server": "http://127.0.0.1:8080"},
    "on-site": {"server": "https://qlik.example.com/jwt", "server-type": "Windows"},
    "engine": {"server": "localhost:9076", "server-type": "my engine"},
}
SOURCE = {"plugin": "tenantops.qlik_cloud.contexts"}


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., tuple[dict, str]]:
    """What ``ansible-inventory --list`` makes of a contexts file at ``-vvvv``: the inventory, and all that is said."""

    def lister(
        contexts: Any, source: str = "tenants.qlik.yml", folder: bool = False, **options: Any
    ) -> tuple[dict, str]:
        (tmp_path / ".qlik").mkdir()
        content = contexts if isinstance(contexts, str) else json.dumps({"contexts": contexts})
        (tmp_path / ".qlik" / "contexts.yml").write_text(content)
        (tmp_path / source).write_text(json.dumps({**SOURCE, **options}))
        output = str(tmp_path / "inventory.json")
        read = str(tmp_path if folder else tmp_path / source)
        finished = run_ansible(tmp_path, "inventory", "-i", read, "-vvvv", "--list", "--output", output)
        inventory = Path(output).read_text()
        printed = finished.stdout + finished.stderr
        assert "s3cret" not in inventory + printed
        return json.loads(inventory), " ".join(printed.split())

    return lister


def groups_of(inventory: dict) -> dict[str, list[str]]:
    return {name: group["hosts"] for name, group in inventory.items() if name.startswith("qlik_") and "hosts" in group}


def test_each_context_is_a_host_that_runs_here_in_safe_groups(listed, tmp_path):
    inventory, printed = listed(CONTEXTS)
    common = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "qlik_contexts_file": str(tmp_path / ".qlik" / "contexts.yml"),
    }
    assert inventory["_meta"]["hostvars"] == {
        "prod": {**common, "qlik_context": "prod", "qlik_tenant_url": "https://acme.eu.qlikcloud.com"},
        "test one": {**common, "qlik_context": "test one", "qlik_tenant_url": "https://acme-test.us.qlikcloud.com"},
        "elsewhere": {**common, "qlik_context": "elsewhere", "qlik_tenant_url": "http://127.0.0.1:8080"},
        "on-site": {**common, "qlik_context": "on-site"},
        "engine": {**common, "qlik_context": "engine"},
    }
    assert groups_of(inventory) == {
        "qlik_type_cloud": ["prod", "test one", "elsewhere"],
        "qlik_type_windows": ["on-site"],
        "qlik_type_my_engine": ["engine"],
        "qlik_region_eu": ["prod"],
        "qlik_region_us": ["test one"],
    }
    assert "[WARNING]" not in printed


@pytest.mark.parametrize("server", [None, "https://me:s3cret@acme.eu.qlikcloud.com", "http://acme.eu.qlikcloud.com"])
def test_a_server_that_is_no_address_is_warned_of_and_no_variable(listed, server):
    inventory, printed = listed({"odd": {"server": server} if server else {}})
    assert "[WARNING]: context: 'odd' has " in printed
    assert "qlik_tenant_url" not in inventory["_meta"]["hostvars"]["odd"]
    assert groups_of(inventory) == {"qlik_type_cloud": ["odd"]}


RENAME = "Rename the context in qlik-cli (qlik context rename)"


@pytest.mark.parametrize(
    ("context", "why"),
    [
        ({"{{ 6 * 7 }}": {}}, f"'{{{{ 6 * 7 }}}}' is left out: its name looks like a template. {RENAME}."),
        (
            {"odd": {"server": "https://{% if true %}.example.com"}},
            "'odd' is left out: its server looks like a template. Correct it in qlik-cli (qlik context update).",
        ),
        ({"": {}}, f"'' is left out: its name is empty. {RENAME}."),
        ({"  ": {}}, f"is left out: its name is empty. {RENAME}."),
        (
            {" plain": {}},
            "' plain' is left out: its name begins or ends with white space, which the modules do not see.",
        ),
        ({"a\nb": {}}, r"'a\nb' is left out: its name has characters that cannot be shown."),
        ({"a\x1b[31m": {}}, r"'a\x1b[31m' is left out: its name has characters that cannot be shown."),
        ({"a\ud800": {}}, r"'a\ud800' is left out: its name has characters that cannot be shown."),
    ],
)
def test_a_context_that_cannot_be_a_host_is_left_out_alone_and_told(listed, context, why):
    inventory, printed = listed({**context, "plain": {}})
    assert list(inventory["_meta"]["hostvars"]) == ["plain"]
    assert why in printed


PLACES = {region: {"server": f"https://acme.{region}.qlikcloud.com"} for region in ("eu", "us")}


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("all", {}),
        ("ungrouped", {}),
        ("qlik_type_cloud", {}),
        ("qlik_region_eu", {}),
        ("qlik_region_us", {}),
        ("production", {"groups": {"production": "true"}}),
        ("production", {"groups": {"production": "qlik_context == 'production'"}}),
        ("production", {"groups": {"production": "qlik_context != 'production'"}}),
        ("kind_x", {"compose": {"kind": "'x'"}, "keyed_groups": [{"key": "kind", "prefix": "kind"}]}),
        ("x", {"keyed_groups": [{"key": "qlik_context", "prefix": "context", "parent_group": "x"}]}),
    ],
)
def test_a_context_with_the_name_of_a_group_is_left_out_alone_wherever_it_stands(listed, name, options, is_first):
    taken, plain = {name: PLACES["eu"]}, {"plain": PLACES["us"]}
    inventory, printed = listed({**taken, **plain} if is_first else {**plain, **taken}, **options)
    assert list(inventory["_meta"]["hostvars"]) == ["plain"]
    assert inventory["_meta"]["hostvars"]["plain"]["qlik_context"] == "plain"
    assert groups_of(inventory) == {"qlik_type_cloud": ["plain"], "qlik_region_us": ["plain"]}
    assert f"context: '{name}' is left out: a group has that name. {RENAME}, or the group, if you made it." in printed


def test_the_name_of_a_group_that_is_not_there_is_a_name_like_any_other(listed):
    inventory, printed = listed({"qlik_region_sg": PLACES["eu"], "plain": PLACES["us"]})
    assert groups_of(inventory)["qlik_type_cloud"] == ["qlik_region_sg", "plain"]
    assert "is left out" not in printed


def test_groups_and_hosts_of_other_sources_are_respected(listed, tmp_path):
    """Sources of a folder are read by their names, so this one is there before the contexts are."""
    groups = {"hosts": {"existing": {"kept": 1}}, "children": {"production": {"hosts": {"someone": {"kept": 2}}}}}
    (tmp_path / "a.yml").write_text(json.dumps({"all": groups}))
    composed = {"existing": "qlik_context == 'plain'"}
    inventory, printed = listed(
        {"existing": PLACES["eu"], "production": PLACES["eu"], "plain": PLACES["us"]}, folder=True, groups=composed
    )
    assert set(inventory["_meta"]["hostvars"]) == {"existing", "someone", "plain"}
    assert inventory["_meta"]["hostvars"]["existing"]["kept"] == 1
    assert inventory["production"]["hosts"] == ["someone"]
    for name in ("existing", "production"):
        assert f"context: '{name}' is left out: a group has that name." in printed


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_this_machines_own_name_serves_as_well(listed, name):
    inventory, printed = listed({name: PLACES["eu"], "plain": PLACES["us"]})
    assert inventory["_meta"]["hostvars"][name]["qlik_context"] == name
    assert groups_of(inventory)["qlik_type_cloud"] == [name, "plain"]
    assert "[WARNING]" not in printed


def test_an_expression_that_fails_under_strict_is_no_fault_of_a_name(listed):
    inventory, printed = listed({"plain": {}}, strict=True, groups={"odd": "nothing"})
    assert inventory["_meta"]["hostvars"] == {}
    assert "Could not add host plain to group odd" in printed


def test_a_source_may_name_the_file_and_make_more_variables_and_groups(listed, tmp_path):
    other = tmp_path / "other.yml"
    other.write_text(json.dumps({"contexts": {"a-prod": {}, "a-test": {"server-type": "windows"}}}))
    inventory, _printed = listed(
        CONTEXTS,
        source="tenants.qlik.yaml",
        contexts_file=str(other),
        compose={"onboarding_context": "qlik_context"},
        groups={"production": "qlik_context.endswith('-prod')"},
        keyed_groups=[{"key": "qlik_context", "prefix": "context"}],
    )
    made = {name: printed["onboarding_context"] for name, printed in inventory["_meta"]["hostvars"].items()}
    assert made == {"a-prod": "a-prod", "a-test": "a-test"}
    assert inventory["_meta"]["hostvars"]["a-prod"]["qlik_contexts_file"] == str(other)
    assert inventory["production"]["hosts"] == ["a-prod"]
    assert inventory["context_a_test"]["hosts"] == ["a-test"]


def test_no_contexts_make_no_hosts_and_that_is_all(listed):
    inventory, printed = listed({})
    assert inventory["_meta"]["hostvars"] == {}
    assert "Failed to parse" not in printed


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("contexts:\n  prod: {headers: 's3cret", "contexts.yml is not valid YAML (line 2)."),
        ("s3cret", "contexts.yml is not a contexts file of qlik-cli"),
    ],
)
def test_a_broken_file_is_told_without_its_content(listed, content, problem):
    inventory, printed = listed(content)
    assert inventory["_meta"]["hostvars"] == {}
    assert problem in printed


def test_a_variable_may_name_the_file(listed, tmp_path, monkeypatch):
    other = tmp_path / "injected"
    other.write_text(json.dumps({"contexts": {"by-variable": {}}}))
    monkeypatch.setenv("QLIK_CONTEXTS_FILE", str(other))
    inventory, _printed = listed(CONTEXTS)
    assert list(inventory["_meta"]["hostvars"]) == ["by-variable"]
    assert inventory["_meta"]["hostvars"]["by-variable"]["qlik_contexts_file"] == str(other)


def test_a_wrong_variable_is_told_by_its_name(listed, monkeypatch):
    monkeypatch.setenv("QLIK_CONTEXTS_FILE", "/nowhere/contexts.yml")
    inventory, printed = listed(CONTEXTS)
    assert inventory["_meta"]["hostvars"] == {}
    assert "QLIK_CONTEXTS_FILE: /nowhere/contexts.yml does not exist" in printed


@pytest.mark.parametrize("source", ["qlik.yml", "tenants.yml"])
def test_a_source_is_known_by_the_end_of_its_name_only(listed, source):
    inventory, printed = listed(CONTEXTS, source=source)
    assert inventory["_meta"]["hostvars"] == {}
    assert "could not be verified by inventory plugin 'tenantops.qlik_cloud.contexts'" in printed
