# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of this collection inside Ansible's own worker process where that can be, else as Ansible usually does.

A worker serves one task of one host and ends. Strategies load the class of an action plugin before they fork, so what is
imported here is in every worker at no cost.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.splitter import parse_kv
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.masking import (
    Masking,
    find_secrets,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.run import Settings, Work, run
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.sessions import Sessions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import build_result
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._task_options import (
    NO_TOKEN_UNDER_ASYNC,
    NO_TOKEN_UNDER_RETRIES,
    RefusedTaskError,
    TaskOptions,
    check_task_options,
    resolve_aliases,
    to_plain,
    to_process_variables,
)

try:
    import isodate
    import requests
except ImportError:
    HAS_LIBRARIES = False
else:
    HAS_LIBRARIES = isodate is not None and requests is not None

IN_PROCESS_VARIABLE = "qlik_cloud_in_process"
"""The variable of a host: if it is false, every task runs as an ordinary module."""
STARTUP_VARIABLE_PREFIXES = ("PYTHON", "LD_", "OPENSSL_", "GLIBC_", "MALLOC_", "RES_OPTIONS", "LOCALDOMAIN")
"""Python and its libraries read variables that begin so once, at their start: a task that sets one needs another process."""
DISCOVERY_MODES = ("", "auto", "auto_legacy", "auto_silent", "auto_legacy_silent")

display = Display()


class WorkerAction(ActionBase):  # type: ignore[misc]  # ansible-core ships no types
    """``arguments`` and ``work`` are the module's own, as its ``main()`` has them."""

    arguments: Arguments
    work: Work

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: object = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        _spare_shared_memory(os.getpid())
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        # Despite its name, the method fills a dictionary as well, with the task's templated ``environment``.
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        try:
            process_variables = to_process_variables(environment)
            with _set_environment(process_variables):
                options = self._check_options(self.task_args(variables))
                if self._can_run_in_worker(variables, process_variables):
                    return {**result, **self._run_in_worker(options, variables)}
        except RefusedTaskError as refusal:
            return {**result, **self._build_refusal(str(refusal), variables)}
        is_async = bool(self._task.async_val)
        result.update(self._execute_module(module_args=options.given, task_vars=variables, wrap_async=is_async))
        return result

    def task_args(self, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options as the task gives them. Raises RefusedTaskError."""
        task_args: Mapping[str, Any] = self._task.args
        return task_args

    def _check_options(self, task_args: Mapping[str, Any]) -> TaskOptions:
        no_token_reason = None
        if self._task.async_val:
            no_token_reason = NO_TOKEN_UNDER_ASYNC
        elif self._task.until or self._task.retries:
            no_token_reason = NO_TOKEN_UNDER_RETRIES
        return check_task_options(
            self.arguments,
            task_args,
            is_given_by_task=self._names_given_by_task().__contains__,
            no_log=bool(self._task.no_log),
            no_token_reason=no_token_reason,
        )

    def _names_given_by_task(self) -> set[str]:
        """The names of the options that stand in the task itself, without those that only its ``module_defaults`` give."""
        source = self._task.get_ds()
        keywords = source if isinstance(source, Mapping) else {}
        # By its full name, or by the short one where the play has the keyword ``collections``.
        places = [value for name, value in keywords.items() if str(name).rpartition(".")[2] == self.arguments.module]
        places += [keywords.get(name) for name in ("args", "action", "local_action")]
        names: set[str] = set()
        for place in places:
            if isinstance(place, Mapping):
                names.update(map(str, place))
            elif isinstance(place, str):
                names.update(map(str, parse_kv(place)))
        return names

    def _can_run_in_worker(self, task_vars: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
        return (
            HAS_LIBRARIES
            and self._connection.transport == "local"
            and not self._play_context.become
            and not self._task.async_val
            and not any(name.startswith(STARTUP_VARIABLE_PREFIXES) for name in environment)
            and self._allows_in_process(task_vars)
            and self._has_same_interpreter(task_vars)
        )

    def _allows_in_process(self, task_vars: Mapping[str, Any]) -> bool:
        return bool(boolean(self._templar.template(task_vars.get(IN_PROCESS_VARIABLE, True)), strict=False))

    def _has_same_interpreter(self, task_vars: Mapping[str, Any]) -> bool:
        """Whether the interpreter of the host that the task runs on is Ansible's own, or is not set."""
        if self._task.delegate_to:
            task_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, task_vars)
        wanted = C.config.get_config_value("INTERPRETER_PYTHON", variables=task_vars)
        path = to_plain(self._templar.template(wanted)) or ""
        return path in DISCOVERY_MODES or _is_same_python(path, sys.executable)

    def _run_in_worker(self, options: TaskOptions, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        settings = Settings(
            environment=dict(os.environ),
            check_mode=self._task.check_mode,
            with_diff=self._task.diff,
            progress=Progress(self._make_progress_writer(task_vars)),
            sessions=_get_sessions(os.getpid()),
        )
        outcome = run(self.arguments, self.work, options.options, settings)
        return {
            **build_result(outcome),
            **({"failed": True} if outcome.failed else {}),
            **({"warnings": outcome.warnings} if outcome.warnings else {}),
            **self._build_invocation(outcome.shown_options, task_vars),
        }

    def _build_refusal(self, message: str, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        spec = self.arguments.spec
        given = resolve_aliases(self.arguments, to_plain(self._task.args), self._names_given_by_task().__contains__)
        masking = Masking(Secrets(find_secrets(spec, given)), spec, given)
        shown = masking.mask_options(spec, given)
        return {"failed": True, "msg": masking.mask_message(message), **self._build_invocation(shown, task_vars)}

    def _build_invocation(self, shown: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """The options for the result, if modules of this ansible-core return them."""
        if _has_setting("INJECT_INVOCATION") and not C.config.get_config_value(
            "INJECT_INVOCATION", variables=task_vars
        ):
            return {}
        return {"invocation": {"module_args": shown}}

    def _make_progress_writer(self, task_vars: Mapping[str, Any]) -> Callable[[str], None] | None:
        """A function that has the main process display a line; None if this is no worker.

        display.display() is not used: a callback may have made it write to the worker's own stderr, as ansible-runner before
        2.4.2 does. The line goes to stderr, because on stdout a callback may write for a program, such as JSON.
        """
        queue = getattr(display, "_final_q", None)
        if queue is None:
            return None
        place = f"{self.arguments.module}: [{task_vars['inventory_hostname']}]"

        def write(text: str) -> None:
            # A line is not worth failing for, for example when Ansible has ended meanwhile.
            with suppress(Exception):
                queue.send_display("display", f"{place} {text}", stderr=True)

        return write


@contextmanager
def _set_environment(environment: Mapping[str, str]) -> Iterator[None]:
    """Set the task's ``environment`` in this process, as it would be set in a module's process, and restore what was there."""
    before = {name: os.environ.get(name) for name in environment}
    try:
        os.environ.update(environment)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@lru_cache
def _is_same_python(path: str, own: str) -> bool:
    """Compare folder and file: a virtual environment's interpreter is a link to another, whose libraries it does not have."""
    folder, own_folder = os.path.realpath(os.path.dirname(path)), os.path.realpath(os.path.dirname(own))
    return path == own or (folder == own_folder and os.path.realpath(path) == os.path.realpath(own))


@lru_cache
def _has_setting(name: str) -> bool:
    """Whether this ansible-core has a setting of that name."""
    return name in C.config.get_configuration_definitions()


@lru_cache
def _get_sessions(process_id: int) -> Sessions:
    """The sessions that a loop has signed in. They are kept by process, because a fork must not use its parent's connections."""
    return Sessions()


@lru_cache
def _spare_shared_memory(process_id: int) -> None:
    """Have Python look for garbage only in what the worker makes from here on.

    The rest is Ansible's, and shared with the main process; the collector writes to all that it looks at, so that the system has
    to copy it.
    """
    gc.freeze()
