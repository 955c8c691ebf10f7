# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way a module runs: check the options, sign in, read, plan, apply unless check mode, report."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, Protocol

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import MissingLibraryError, QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.arguments import http_options
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.report import Report
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer import Bearer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import choose_sign_in
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import REQUESTS_IMPORT_ERROR, Http
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import one_line
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._version import COLLECTION

# What more there is to say is in ``failure`` and ``actions``.
LONGEST_MESSAGE = 8000


class Inquiry(Protocol):
    """A module that only reads."""

    def __init__(self, params: Mapping):
        """Raises OptionError when an option cannot be used as given. Sends nothing."""

    def answer(self, tenant: Tenant) -> dict:
        """Read, and return what the module returns."""


class Operation(Protocol):
    """A module that changes things."""

    def __init__(self, params: Mapping):
        """Raises OptionError when an option cannot be used as given. Sends nothing."""

    def plan(self, tenant: Tenant) -> Plan:
        """Read the current state and say what is to be done. Sends reads only."""

    def apply(self, tenant: Tenant, plan: Plan, report: Report) -> Plan:
        """Do it, noting each action in ``report`` as soon as it is done; return the plan that was carried out."""

    def results(self, plan: Plan) -> dict:
        """What the module returns beside ``changed``, ``diff`` and ``actions``; after ``apply``, or in check mode."""


def run_inquiry(module: AnsibleModule, kind: type[Inquiry]) -> NoReturn:
    report = Report()

    def work() -> dict:
        inquiry = kind(module.params)
        return {"changed": False, **inquiry.answer(_sign_in(module, report))}

    _finish(module, work, report)


def run_operation(module: AnsibleModule, kind: type[Operation]) -> NoReturn:
    report = Report(progress=Progress.from_environment(os.environ))

    def work() -> dict:
        operation = kind(module.params)
        tenant = _sign_in(module, report)
        plan = operation.plan(tenant)
        report.plan(plan.actions)
        report.warnings.extend(plan.warnings)
        if not module.check_mode:
            plan = operation.apply(tenant, plan, report)
        return {
            "changed": plan.changed,
            "actions": _told(plan.actions if module.check_mode else report.done),
            **({"diff": plan.diff()} if module._diff else {}),
            **operation.results(plan),
        }

    _finish(module, work, report)


def _sign_in(module: AnsibleModule, report: Report) -> Tenant:
    """The tenant, with every secret known to ``module`` so that none reaches an output. Sends nothing yet."""
    sign_in = choose_sign_in(module.params, os.environ)
    module.no_log_values.update(sign_in.secrets)
    http = Http(sign_in.tenant_url, secrets=sign_in.secrets, warn=report.warnings.append, **http_options(module.params))

    report.secrets = http.secrets

    def hide(secret: str) -> None:
        module.no_log_values.add(secret)
        http.secrets.add(secret)

    return Tenant(Calls(http, Bearer(http, sign_in.credentials, hide)))


def _finish(module: AnsibleModule, work: Callable[[], dict], report: Report) -> NoReturn:
    """Leave the module with what ``work`` returns, or with why it failed. Nothing else in the collection fails."""
    if REQUESTS_IMPORT_ERROR is not None:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    result, failure = _attempt(work)
    for warning in report.warnings:
        module.warn(one_line(report.secrets.hide(warning), LONGEST_MESSAGE))
    # Only here, with no exception being handled any more: fail_json would add its traceback to the result.
    told = result if failure is None else {**failure, **report.as_failure()}
    if "msg" in told:
        told["msg"] = one_line(told["msg"], LONGEST_MESSAGE)
    told = _without_secrets(told, report.secrets)
    _keep_tokens_whole(module, told)
    if failure is None:
        module.exit_json(**told)
    module.fail_json(**told)


def _without_secrets(value: Any, secrets: Secrets) -> Any:
    """A result without what became known as a secret only after the tenant had told it; but for a returned ``token``."""
    if isinstance(value, dict):
        return {
            name: entry if name == "token" and isinstance(entry, str) else _without_secrets(entry, secrets)
            for name, entry in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_without_secrets(entry, secrets) for entry in value]
    return secrets.hide(value) if isinstance(value, str) else value


def _keep_tokens_whole(module: AnsibleModule, told: Mapping) -> None:
    """Ansible puts asterisks wherever a secret occurs, be it one letter as the value of a header may be.

    What is part of a token that is to be returned is no secret worth that: the token is shown once.
    """
    records = [told, *(record or {} for record in told.get("api_keys") or ())]
    tokens = [record["token"] for record in records if record.get("token")]
    module.no_log_values = {value for value in module.no_log_values if not any(value in token for token in tokens)}


def _attempt(work: Callable[[], dict]) -> tuple[dict | None, dict | None]:
    """What ``work`` returns, or else the message of its failure; ``failure`` goes with it where a request failed."""
    try:
        return work(), None
    except MissingLibraryError as error:
        return None, {"msg": missing_required_lib(error.library), "exception": error.reason}
    except QlikCloudError as error:
        return None, {"msg": str(error), **({"failure": error.failure} if error.failure else {})}
    except Exception as error:
        # The place without the values: what they were could be a secret.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return None, {
            "msg": f"This is a defect in {COLLECTION}, please report it: {type(error).__name__} in "
            f"{os.path.basename(place.filename)}, line {place.lineno}."
        }


def _told(actions: Iterable[Action]) -> list[dict]:
    return [action.as_result() for action in actions]
