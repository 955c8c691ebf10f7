# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small examples of what docs/development.md says how to add: the edits of each, and the tests that must pass then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEADER = (
    "# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors\n# SPDX-License-Identifier: GPL-3.0-or-later\n"
)
UTILS = "ansible_collections.tenantops.qlik_cloud.plugins.module_utils"
OPTIONS = "tests/unit/test_documented_options.py"
RETURNS = "tests/unit/test_documented_returns.py"
RULES = "tests/unit/test_house_rules.py"


@dataclass(frozen=True)
class Edit:
    """Text for a file: behind or before the one line that begins so, else a new file or the end of an old one."""

    text: str
    after: str | None = None
    before: str | None = None

    def apply(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        place, anchor = len(lines), self.after or self.before
        if anchor is not None:
            places = [number for number, line in enumerate(lines) if line.startswith(anchor)]
            assert (
                len(places) == 1
            ), f"{path}: {len(places)} lines begin with {anchor!r}; mend the example in {__file__}"
            place = places[0] + (0 if self.after is None else 1)
        path.write_text("".join([*lines[:place], self.text, *lines[place:]]), encoding="utf-8")


@dataclass(frozen=True)
class Example:
    """``section``: the heading in docs/development.md. ``tests``: the quick ones first, since a run ends with the first failure."""

    section: str
    edits: Mapping[str, Edit]
    tests: tuple[str, ...]


OPTION = Example(
    "Add an option",
    {
        "plugins/module_utils/_arguments/modules.py": Edit(
            '    "needs_expiry": {"type": "bool", "default": False},\n',
            after='    "retire_first": {"type": ',
        ),
        "plugins/modules/api_key.py": Edit(
            "  needs_expiry:\n"
            "    description: Whether a key without O(expiry) is refused.\n"
            "    type: bool\n"
            "    default: false\n",
            after="options:",
        ),
        "plugins/module_utils/_operations/key_options.py": Edit(
            '    if params["needs_expiry"] and params["expiry"] is None:\n'
            '        raise OptionError("expiry", "needed with needs_expiry.")\n',
            before="    return WantedKey(",
        ),
        "tests/unit/plugins/modules/test_api_key.py": Edit(
            "\n\ndef test_an_expiry_can_be_required(run):\n"
            '    result = run("api_key", description="nightly", needs_expiry=True)\n'
            '    assert result.message.startswith("expiry: needed")\n'
        ),
    },
    (
        "tests/unit/plugins/modules/test_api_key.py::test_an_expiry_can_be_required",
        *(
            f"{OPTIONS}::test_a_module_takes_exactly_the_options_that_are_documented[{module}]"
            for module in ("api_key", "api_keys", "tenant")
        ),
    ),
)

FIELD = Example(
    "Add a field to a result",
    {
        "plugins/module_utils/_operations/api_key_info.py": Edit(
            '                    "has_expiry": key.expiry is not None,\n',
            after='                    "expires_in": ',
        ),
        "plugins/modules/api_key_info.py": Edit(
            "    has_expiry:\n"
            "      description: Whether the tenant tells when the key expires.\n"
            "      type: bool\n"
            "      returned: success\n",
            before="    expires_in:",
        ),
    },
    (
        f"{RETURNS}::test_everything_returned_is_documented_and_everything_documented_is_returned_by_some_run[api_key_info]",
    ),
)

DOCUMENTATION = '''
from __future__ import annotations

DOCUMENTATION = r"""
module: requester_info
short_description: Show who is signed in to a Qlik Cloud tenant
version_added: 1.1.0
description:
  - Reads the user that signs in.
author:
  - tenantops.qlik_cloud contributors (@tenantops)
extends_documentation_fragment:
  - tenantops.qlik_cloud._tenant
  - tenantops.qlik_cloud._attributes
  - tenantops.qlik_cloud._attributes.reading
  - tenantops.qlik_cloud._attributes.group
"""

EXAMPLES = r"""
- name: See who I am
  tenantops.qlik_cloud.requester_info:
    context: production
"""

RETURN = r"""
name:
  description: Name of the user.
  returned: success
  type: str
failure: {}
"""
'''

MODULE = Example(
    "Add a module",
    {
        "plugins/module_utils/_arguments/modules.py": Edit(
            'REQUESTER_INFO = Arguments("requester_info", {})\n', after='TENANT_INFO = Arguments("tenant_info"'
        ),
        "plugins/module_utils/_operations/requester_info.py": Edit(
            f"{HEADER}"
            "class DescribeRequester:\n"
            "    def __init__(self, params):\n"
            '        """There is nothing to ask for beyond the common options."""\n\n'
            "    def answer(self, tenant):\n"
            '        return {"name": tenant.requester.name}\n'
        ),
        "plugins/modules/requester_info.py": Edit(
            f"#!/usr/bin/python\n{HEADER}{DOCUMENTATION}\n"
            f"from {UTILS}._arguments.modules import REQUESTER_INFO\n"
            f"from {UTILS}._operations.requester_info import DescribeRequester\n"
            f"from {UTILS}._shell.module import run_module\n\n\n"
            "def main():\n"
            "    run_module(REQUESTER_INFO, DescribeRequester)\n"
        ),
        "plugins/action/requester_info.py": Edit(
            f"{HEADER}from {UTILS}._arguments.modules import REQUESTER_INFO\n"
            f"from {UTILS}._operations.requester_info import DescribeRequester\n"
            "from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._worker_action import WorkerAction\n\n\n"
            "class ActionModule(WorkerAction):\n"
            "    arguments, work = REQUESTER_INFO, DescribeRequester\n"
        ),
        "tests/unit/plugins/modules/test_requester_info.py": Edit(
            f"{HEADER}from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import REFUSAL\n"
            "from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import expect_requester\n\n\n"
            "def documented_runs(wire, run) -> list[dict]:\n"
            "    expect_requester(wire)\n"
            '    found = run("requester_info").results\n'
            '    wire.expects("GET", "/api/v1/users/me").answers(403, json=REFUSAL)\n'
            '    return [found, run("requester_info").results]\n'
        ),
        "tests/integration/playbooks/requester_info.yml": Edit(
            "- name: Module requester_info\n"
            "  hosts: localhost\n"
            "  tasks:\n"
            "    - name: See who I am\n"
            "      tenantops.qlik_cloud.requester_info:\n"
        ),
        "README.md": Edit("\n`requester_info` shows who is signed in.\n"),
        "docs/permissions.md": Edit("| `requester_info` | yes | yes | yes |\n", after="|---|---|---|---|"),
    },
    (
        f"{RULES}::test_the_action_group_has_every_module_and_nothing_else",
        f"{RULES}::test_the_readme_names_the_module[requester_info]",
        f"{RULES}::test_a_module_has_an_integration_playbook[requester_info]",
        f"{RULES}::test_ansible_test_plays_every_playbook_of_a_module_and_no_other",
        f"{RULES}::test_a_module_and_its_action_plugin_take_the_same_options_and_do_the_same[requester_info]",
        "tests/unit/test_permissions_page.py::test_every_module_is_there",
        "tests/unit/test_start_up.py::"
        "test_a_plain_run_imports_neither_durations_nor_contexts_nor_the_sign_in_of_oauth_clients[requester_info]",
        f"{RULES}::test_a_short_description_begins_with_what_the_module_does[requester_info]",
        f"{OPTIONS}::test_a_module_takes_exactly_the_options_that_are_documented[requester_info]",
        f"{OPTIONS}::test_the_examples_can_be_read_and_would_be_accepted[requester_info]",
        f"{RETURNS}::test_everything_returned_is_documented_and_everything_documented_is_returned_by_some_run[requester_info]",
    ),
)
EXAMPLES = {"option": OPTION, "field": FIELD, "module": MODULE}
