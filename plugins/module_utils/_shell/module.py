# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in a process of its own, by ``AnsibleModule``."""

from __future__ import annotations

import os
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.run import Outcome, Settings, Work, run


def run_module(arguments: Arguments, work: Work) -> None:
    """The ``main()`` of every module. Ends the process."""
    module = AnsibleModule(**arguments.build_module_arguments(), supports_check_mode=True)
    outcome = run(
        arguments,
        work,
        module.params,
        Settings(environment=dict(os.environ), check_mode=module.check_mode, with_diff=module._diff),
    )
    for warning in outcome.warnings:
        module.warn(warning)
    # The result has no secrets left. Ansible would put asterisks wherever one occurs, be it a single letter of an id.
    module.no_log_values = set()
    result = {**build_result(outcome), "invocation": {"module_args": outcome.shown_options}}
    if outcome.failed:
        module.fail_json(**result)
    module.exit_json(**result)


def build_result(outcome: Outcome) -> dict[str, Any]:
    """The result of the module; for a missing library with Ansible's own message."""
    if outcome.missing_library is None:
        return outcome.result
    library, reason = outcome.missing_library
    return {**outcome.result, "msg": missing_required_lib(library), "exception": reason}
