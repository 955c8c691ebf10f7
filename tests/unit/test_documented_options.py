# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says of options is what the modules take."""

from __future__ import annotations

import importlib

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from unit.module_runs import MODULES as PACKAGE
from unit.project import COLLECTION, MODULES

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
        monkeypatch.setattr(module, "AnsibleModule", build)
        with pytest.raises(Built) as caught:
            module.main()
        return caught.value.arguments

    return builder


def comparable(option: dict) -> dict:
    """What both sides must agree on, with Ansible's defaults filled in."""
    told = {"type": "str", "required": False, "aliases": [], "choices": [], "elements": None, "default": None}
    told.update({name: option[name] for name in SAME if name in option})
    return told


@pytest.mark.parametrize("module", MODULES)
def test_a_module_takes_exactly_the_options_that_are_documented(module, built, documented):
    taken = {name: comparable(option) for name, option in built(module)["argument_spec"].items()}
    assert taken == {name: comparable(option) for name, option in documented[module]["doc"]["options"].items()}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_supports_check_mode(module, built):
    assert built(module)["supports_check_mode"] is True


@pytest.mark.parametrize("module", MODULES)
def test_an_option_that_looks_secret_is_marked_as_secret_or_as_none(module, built):
    words = ("token", "secret", "pass", "key")
    spec = built(module)["argument_spec"]
    assert [name for name in spec if any(word in name for word in words) and "no_log" not in spec[name]] in (
        [],
        ["api_keys_enabled"],
    )


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
