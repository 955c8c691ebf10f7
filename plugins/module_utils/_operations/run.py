# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way a module runs: check the options, sign in, read, plan, apply unless check mode, log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, Union, runtime_checkable

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    MissingLibraryError,
    QlikCloudError,
    combine_errors,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.containers import warn_of_lost_files
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.defects import describe_defect
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.masking import (
    Masking,
    find_secrets,
    find_token_files,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.sessions import Sessions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import choose_sign_in
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import REQUESTS_IMPORT_ERROR
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

# Further facts are in ``failure`` and ``actions``.
MAX_MESSAGE_LENGTH = 8000


@runtime_checkable
class Inquiry(Protocol):
    """What a module does that only reads."""

    def __init__(self, params: Mapping[str, Any]):
        """Raises OptionError when an option cannot be used as given. Sends nothing."""

    def answer(self, tenant: Tenant) -> dict[str, Any]:
        """Read, and return the results of the module. Raises QlikCloudError."""


AnyPlan = TypeVar("AnyPlan", bound=Plan)


class Operation(Protocol[AnyPlan]):
    """What a module does that changes things."""

    def __init__(self, params: Mapping[str, Any]):
        """Raises OptionError when an option cannot be used as given. Sends nothing."""

    def plan(self, tenant: Tenant) -> AnyPlan:
        """Read the current state and say what is to be done. Sends reads only. Raises QlikCloudError."""

    def apply(self, tenant: Tenant, plan: AnyPlan, log: ActionLog) -> AnyPlan:
        """Do it, adding each action to ``log`` as soon as it is done; return the plan that was carried out.

        Raises QlikCloudError.
        """

    def results(self, plan: AnyPlan) -> dict[str, Any]:
        """What the module returns beside ``changed``, ``diff`` and ``actions``; after ``apply``, or in check mode."""


# As ansible-test has pylint assume Python 3.8, which knows no other form.
Work = Union[type[Inquiry], type[Operation[Any]]]  # noqa: UP007


@dataclass(frozen=True)
class Settings:
    """What a run depends on beside its options.

    ``environment``: the variables of the process. ``sessions``: the connections that earlier runs of the process left open.
    """

    environment: Mapping[str, str] = field(repr=False)
    check_mode: bool = False
    with_diff: bool = False
    progress: Progress = field(default_factory=Progress)
    sessions: Sessions = field(default_factory=Sessions)


@dataclass(frozen=True)
class Outcome:
    """What a run returns. ``result`` has no secrets but a ``token`` that was asked for, ``shown_options`` are the options without
    any. ``missing_library``: the name of a library without which the run failed, and why it cannot be imported.
    """

    result: dict[str, Any]
    shown_options: dict[str, Any]
    warnings: list[str]
    failed: bool = False
    missing_library: tuple[str, str] | None = None


def run(arguments: Arguments, work: Work, options: Mapping[str, Any], settings: Settings) -> Outcome:
    """Do the work of a module with checked options. Raises nothing but what ends the process."""
    log = ActionLog(progress=settings.progress, secrets=Secrets(find_secrets(arguments.spec, options)))
    result: dict[str, Any] = {}
    missing_library = None
    failed = True
    try:
        if REQUESTS_IMPORT_ERROR is not None:
            raise MissingLibraryError("requests", REQUESTS_IMPORT_ERROR)
        result, problems = _do_work(work, options, arguments, settings, log)
        failed = bool(problems)
        if failed:
            result.update(_describe_error(combine_errors(problems), arguments, options))
    except MissingLibraryError as error:
        missing_library = (error.library, error.reason)
    except QlikCloudError as error:
        result = _describe_error(error, arguments, options)
    except Exception as error:
        result = {"msg": describe_defect(error)}
    if failed:
        result = {**log.build_failure(), **result}
    masking = Masking(log.secrets, arguments.spec, options)
    masked = masking.mask_result(result)
    if "msg" in masked:
        masked["msg"] = format_one_line(masked["msg"], MAX_MESSAGE_LENGTH)
    return Outcome(
        masked,
        masking.mask_options(arguments.spec, options),
        [format_one_line(masking.mask_message(warning), MAX_MESSAGE_LENGTH) for warning in log.warnings],
        failed,
        missing_library,
    )


def _describe_error(error: QlikCloudError, arguments: Arguments, options: Mapping[str, Any]) -> dict[str, Any]:
    """``msg`` and, where known, ``failure``; options are called as the caller does, who may give them by variables."""
    message = error.message_for(arguments.build_renamer(options.get("variables_prefix")))
    return {"msg": message, **({"failure": error.failure} if error.failure else {})}


def _do_work(
    work: Work, options: Mapping[str, Any], arguments: Arguments, settings: Settings, log: ActionLog
) -> tuple[dict[str, Any], Sequence[QlikCloudError]]:
    """What the module returns, and what could not be done of it."""
    if issubclass(work, Inquiry):
        inquiry = work(options)
        return {"changed": False, **inquiry.answer(_sign_in(options, settings, log))}, ()
    operation = work(options)
    tenant = _sign_in(options, settings, log)
    plan = operation.plan(tenant)
    log.warnings.extend(warn_of_lost_files(find_token_files(arguments.spec, options), settings.environment))
    log.set_planned(plan.actions)
    log.warnings.extend(plan.warnings)
    if not settings.check_mode:
        plan = operation.apply(tenant, plan, log)
    actions = plan.actions if settings.check_mode else log.done
    result = {
        "changed": plan.changed,
        "actions": [action.as_result() for action in actions],
        **({"diff": plan.diff()} if settings.with_diff else {}),
        **operation.results(plan),
    }
    return result, plan.problems


def _sign_in(options: Mapping[str, Any], settings: Settings, log: ActionLog) -> Tenant:
    """The tenant, with every secret known to ``log``. Sends nothing yet. Raises OptionError."""
    sign_in = choose_sign_in(options, settings.environment)
    calls = settings.sessions.connect(sign_in, options, settings.environment, log.warnings.append, settings.progress)
    for secret in log.secrets:
        calls.http.secrets.add(secret)
    log.secrets = calls.http.secrets
    return Tenant(calls)
