# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way a module runs: check the options, sign in, read, plan, apply unless check mode, report."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from typing import NoReturn, Protocol

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import ISODATE_IMPORT_ERROR
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.arguments import http_options
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer import Bearer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    choose_credentials,
    secrets_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.http import REQUESTS_IMPORT_ERROR, Http


class Inquiry(Protocol):
    """A module that only reads. Made from the options; raises OptionError before any request is sent."""

    def __init__(self, params: Mapping): ...

    def answer(self, tenant: Tenant) -> dict:
        """Read, and return what the module returns."""


class Operation(Protocol):
    """A module that changes things. Made from the options; raises OptionError before any request is sent."""

    done: list[Action]
    warnings: list[str]

    def __init__(self, params: Mapping): ...

    def plan(self, tenant: Tenant) -> Plan:
        """Read the current state and say what is to be done. Sends reads only."""

    def apply(self, tenant: Tenant, plan: Plan) -> None:
        """Do it, noting each finished action in ``done`` and what the user should know in ``warnings``."""

    def results(self, plan: Plan) -> dict:
        """What the module returns beside ``changed``, ``diff`` and ``actions``; after ``apply``, or in check mode."""


def run_inquiry(module: AnsibleModule, kind: type[Inquiry]) -> NoReturn:
    with _Reported(module):
        inquiry = kind(module.params)
        module.exit_json(changed=False, **inquiry.answer(_sign_in(module)))


def run_operation(module: AnsibleModule, kind: type[Operation]) -> NoReturn:
    with _Reported(module) as reported:
        operation = kind(module.params)
        reported.done = operation.done
        tenant = _sign_in(module)
        plan = operation.plan(tenant)
        for warning in plan.warnings:
            module.warn(warning)
        if not module.check_mode:
            operation.apply(tenant, plan)
        for warning in operation.warnings:
            module.warn(warning)
        actions = plan.actions if module.check_mode else operation.done
        shown = {"diff": plan.diff()} if module._diff else {}
        module.exit_json(
            changed=plan.changed,
            actions=[action.as_result() for action in actions],
            **shown,
            **operation.results(plan),
        )


def _sign_in(module: AnsibleModule) -> Tenant:
    """The tenant, with every secret known to ``module`` so that none reaches an output. Sends nothing yet."""
    credentials = choose_credentials(module.params, os.environ)
    module.no_log_values.update(secrets_of(credentials))
    http = Http(**http_options(module.params))
    return Tenant(Calls(http, Bearer(http, credentials, hide=module.no_log_values.add)))


class _Reported:
    """Turns what goes wrong inside into ``fail_json``: nothing else in the collection does."""

    def __init__(self, module: AnsibleModule):
        self._module = module
        self.done: list[Action] = []

    def __enter__(self) -> _Reported:
        for library, problem in (("requests", REQUESTS_IMPORT_ERROR), ("isodate", ISODATE_IMPORT_ERROR)):
            if problem is not None:
                self._module.fail_json(msg=missing_required_lib(library), exception=problem)
        return self

    def __exit__(self, kind, error, trace) -> None:
        if isinstance(error, QlikCloudError):
            self._fail(str(error), error.failure)
        if isinstance(error, Exception):
            # The place without the values: what they were could be a secret.
            place = traceback.extract_tb(trace)[-1]
            self._fail(
                f"This is a defect in tenantops.qlik_cloud, please report it: {kind.__name__} in "
                f"{os.path.basename(place.filename)}, line {place.lineno}.",
                {},
            )

    def _fail(self, message: str, failure: dict) -> NoReturn:
        told: dict = {"failure": failure} if failure else {}
        if self.done:
            told.update(changed=True, actions=[action.as_result() for action in self.done])
        self._module.fail_json(msg=message, **told)
