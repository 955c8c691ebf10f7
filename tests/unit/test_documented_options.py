# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says of options is what the modules take."""

from __future__ import annotations

import importlib

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments import modules
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell import module as shell
from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import MODULES as PACKAGE
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import ACTIONS, COLLECTION, MODULES

SAME = ("type", "elements", "choices", "default", "required", "aliases")
TYPES_WITHOUT_TEMPLATES = {"int", "float", "bool"}


class Built(Exception):
    """Raised in place of running the module, with what it was going to be built from."""

    def __init__(self, arguments: dict):
        self.arguments = arguments


@pytest.fixture
def built(monkeypatch):
    """Gives the arguments with which a module builds its AnsibleModule."""

    def build(**arguments):
        raise Built(arguments)

    def builder(name: str) -> dict:
        module = importlib.import_module(f"{PACKAGE}.{name}")
        monkeypatch.setattr(shell, "AnsibleModule", build)
        with pytest.raises(Built) as caught:
            module.main()
        return caught.value.arguments

    return builder


def comparable(options: dict) -> dict:
    """What both sides must agree on of each option and of those inside it, with Ansible's defaults filled in."""
    found = {}
    for name, option in options.items():
        documented_as = {
            "type": "str",
            "required": False,
            "aliases": [],
            "choices": [],
            "elements": None,
            "default": None,
        }
        documented_as.update({detail: option[detail] for detail in SAME if detail in option})
        found[name] = {**documented_as, "inside": comparable(option.get("options") or option.get("suboptions") or {})}
    return found


def specs_in(spec: dict) -> list[dict]:
    """An argument spec and all inside it."""
    return [spec, *(inner for option in spec.values() for inner in specs_in(option.get("options", {})) if inner)]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_takes_exactly_the_options_that_are_documented(module, built, documented):
    taken = comparable(built(module)["argument_spec"])
    assert taken == comparable(documented[module]["doc"]["options"])


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_takes_exactly_the_options_that_are_documented_and_its_examples_name_no_others(action, documented):
    spec = getattr(modules, action.upper()).spec
    assert comparable(spec) == comparable(documented[action]["doc"]["options"])
    tasks = [task for task in yaml.safe_load(documented[action]["examples"]) if f"{COLLECTION}.{action}" in task]
    assert tasks
    assert [name for task in tasks for name in task[f"{COLLECTION}.{action}"] if name not in spec] == []


@pytest.mark.parametrize("module", MODULES)
def test_every_module_supports_check_mode(module, built):
    assert built(module)["supports_check_mode"] is True


@pytest.mark.parametrize("module", MODULES)
def test_an_option_that_looks_secret_is_marked_as_secret_or_as_none(module, built):
    words = ("token", "secret", "pass", "key")
    unmarked = [
        name
        for spec in specs_in(built(module)["argument_spec"])
        for name, option in spec.items()
        if any(word in name for word in words) and "no_log" not in option
    ]
    assert unmarked in ([], ["api_keys_enabled"])


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_can_be_read_and_would_be_accepted(module, built, documented):
    arguments = built(module)
    spec = arguments["argument_spec"]
    tasks = [task for task in yaml.safe_load(documented[module]["examples"]) if f"{COLLECTION}.{module}" in task]
    assert tasks
    for task in tasks:
        options = task[f"{COLLECTION}.{module}"]
        assert task["name"] and set(options) <= set(spec)
        templates = [name for name in options if spec[name]["type"] in TYPES_WITHOUT_TEMPLATES]
        assert [name for name in templates if "{{" in str(options[name])] == []
        validator = ArgumentSpecValidator(spec, mutually_exclusive=arguments.get("mutually_exclusive"))
        assert validator.validate(options).error_messages == []
