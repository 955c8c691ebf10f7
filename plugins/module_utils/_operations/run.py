# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way a module runs: check the options, sign in, read, plan, apply unless check mode, log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Union

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    MissingLibraryError,
    QlikCloudError,
    combine_errors,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.containers import vanishing_files
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.defects import describe_defect
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.masking import (
    Masking,
    secret_options,
    token_files,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.sessions import Sessions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import choose_sign_in
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import REQUESTS_IMPORT_ERROR
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

# What more there is to say is in ``failure`` and ``actions``.
MAX_MESSAGE_LENGTH = 8000


class Inquiry(Protocol):
    """What a module does that only reads."""

    def __init__(self, params: Mapping):
        """Raises OptionError when an option cannot be used as given. Sends nothing."""

    def answer(self, tenant: Tenant) -> dict:
        """Read, and return what the module returns."""


class Operation(Protocol):
    """What a module does that changes things."""

    def __init__(self, params: Mapping):
        """Raises OptionError when an option cannot be used as given. Sends nothing."""

    def plan(self, tenant: Tenant) -> Plan:
        """Read the current state and say what is to be done. Sends reads only."""

    def apply(self, tenant: Tenant, plan: Plan, log: ActionLog) -> Plan:
        """Do it, noting each action in ``log`` as soon as it is done; return the plan that was carried out."""

    def results(self, plan: Plan) -> dict:
        """What the module returns beside ``changed``, ``diff`` and ``actions``; after ``apply``, or in check mode."""


Work = Union[type[Inquiry], type[Operation]]


@dataclass(frozen=True)
class Settings:
    """What a run is told beside its options.

    ``environment`` are the variables of the process; ``sessions`` what earlier runs of the process have signed in.
    """

    environment: Mapping[str, str] = field(repr=False)
    check_mode: bool = False
    with_diff: bool = False
    progress: Progress = field(default_factory=Progress)
    sessions: Sessions = field(default_factory=Sessions)


@dataclass(frozen=True)
class Outcome:
    """``result`` is what the module returns, without secrets but for a ``token`` that was asked for; ``shown_options`` are the
    options without any; ``missing_library`` is one that a run failed for, and why it cannot be imported.
    """

    result: dict
    shown_options: dict
    warnings: list[str]
    failed: bool = False
    missing_library: tuple[str, str] | None = None


def run(arguments: Arguments, work: Work, options: Mapping, settings: Settings) -> Outcome:
    """Do the work of a module with checked options. Raises nothing but what ends the process."""
    log = ActionLog(progress=settings.progress, secrets=Secrets(secret_options(arguments.spec, options)))
    result: dict = {}
    missing_library = None
    failed = True
    try:
        if REQUESTS_IMPORT_ERROR is not None:
            raise MissingLibraryError("requests", REQUESTS_IMPORT_ERROR)
        result, problems = _done(arguments, work, options, settings, log)
        failed = bool(problems)
        if failed:
            result = {**result, **_told_error(combine_errors(problems), arguments, options)}
    except MissingLibraryError as error:
        missing_library = (error.library, error.reason)
    except QlikCloudError as error:
        result = _told_error(error, arguments, options)
    except Exception as error:
        result = {"msg": describe_defect(error)}
    if failed:
        result = {**log.as_failure(), **result}
    masking = Masking(log.secrets, arguments.spec, options)
    told = masking.result(result)
    if "msg" in told:
        told["msg"] = format_one_line(told["msg"], MAX_MESSAGE_LENGTH)
    return Outcome(
        told,
        masking.options(arguments.spec, options),
        [format_one_line(masking.message(warning), MAX_MESSAGE_LENGTH) for warning in log.warnings],
        failed,
        missing_library,
    )


def _told_error(error: QlikCloudError, arguments: Arguments, options: Mapping) -> dict:
    """In the caller's names for the options, where the module knows those."""
    told = {"msg": error.message_for(arguments.build_renamer(options.get("variables_prefix")))}
    return {**told, "failure": error.failure} if error.failure else told


def _done(
    arguments: Arguments, work: Work, options: Mapping, settings: Settings, log: ActionLog
) -> tuple[dict, Sequence[QlikCloudError]]:
    """What the module returns, and what could not be done of it."""
    doing = work(options)
    tenant = _sign_in(options, settings, log)
    if hasattr(doing, "answer"):
        return {"changed": False, **doing.answer(tenant)}, ()
    plan = doing.plan(tenant)
    log.warnings.extend(vanishing_files(token_files(arguments.spec, options), settings.environment))
    log.set_planned(plan.actions)
    log.warnings.extend(plan.warnings)
    if not settings.check_mode:
        plan = doing.apply(tenant, plan, log)
    result = {
        "changed": plan.changed,
        "actions": _told(plan.actions if settings.check_mode else log.done),
        **({"diff": plan.diff()} if settings.with_diff else {}),
        **doing.results(plan),
    }
    return result, plan.problems


def _sign_in(options: Mapping, settings: Settings, log: ActionLog) -> Tenant:
    """The tenant, with every secret known to ``log``. Sends nothing yet."""
    sign_in = choose_sign_in(options, settings.environment)
    calls = settings.sessions.connect(sign_in, options, settings.environment, log.warnings.append, settings.progress)
    for secret in log.secrets:
        calls.http.secrets.add(secret)
    log.secrets = calls.http.secrets
    return Tenant(calls)


def _told(actions: Iterable[Action]) -> list[dict]:
    return [action.as_result() for action in actions]
