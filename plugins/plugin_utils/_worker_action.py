# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module of this collection inside Ansible's own worker process where that can be, else as Ansible usually does.

A worker serves one task of one host and ends. Strategies load the class of an action plugin before they fork, so what is
imported here is in every worker at no cost.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.splitter import parse_kv
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import Arguments
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.run import Settings, Work, run
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.masking import (
    Masking,
    secret_options,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.sessions import Sessions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._shell.module import build_result
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._handed_over import (
    ASYNC,
    REPEATED,
    HandedOver,
    RefusedTask,
    by_own_names,
    handed_over,
    plain,
    process_variables,
)

try:
    import isodate
    import requests
except ImportError:
    HAS_LIBRARIES = False
else:
    HAS_LIBRARIES = isodate is not None and requests is not None

IN_PROCESS = "qlik_cloud_in_process"
"""The variable of a host that, when false, has every task run as an ordinary module."""
READ_AT_START = ("PYTHON", "LD_", "OPENSSL_", "GLIBC_", "MALLOC_", "RES_OPTIONS", "LOCALDOMAIN")
"""How variables begin that Python and its libraries read once, so that a task that sets one needs another process."""
TO_BE_DISCOVERED = ("", "auto", "auto_legacy", "auto_silent", "auto_legacy_silent")

display = Display()


class WorkerAction(ActionBase):
    """``arguments`` and ``work`` are the module's own, as its ``main()`` has them."""

    arguments: Arguments
    work: Work

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        given: dict[str, Any] = {}
        self._compute_environment_string(given)
        try:
            environment = process_variables(given)
            with _variables_of_process(environment):
                task = self._handed_over(self.task_args(task_vars))
                if self._runs_here(task_vars, environment):
                    return {**result, **self._run_here(task, task_vars)}
        except RefusedTask as refusal:
            return {**result, **self._refused(str(refusal), task_vars)}
        is_async = bool(self._task.async_val)
        result.update(self._execute_module(module_args=task.given, task_vars=task_vars, wrap_async=is_async))
        return result

    def task_args(self, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the task gives for options. Raises RefusedTask."""
        return self._task.args

    def _handed_over(self, task_args: Mapping[str, Any]) -> HandedOver:
        no_token = None
        if self._task.async_val:
            no_token = ASYNC
        elif self._task.until or self._task.retries:
            no_token = REPEATED
        return handed_over(
            self.arguments,
            task_args,
            is_own=self._own_names().__contains__,
            no_log=bool(self._task.no_log),
            no_token=no_token,
        )

    def _own_names(self) -> set[str]:
        """The names of the options that the task itself gives, as it is written; those of its defaults are not among them."""
        written = self._task.get_ds()
        said = written if isinstance(written, Mapping) else {}
        # By its full name, or by the short one where the play says in which collections to look.
        places = [value for name, value in said.items() if str(name).rpartition(".")[2] == self.arguments.module]
        places += [said.get(name) for name in ("args", "action", "local_action")]
        names: set[str] = set()
        for place in places:
            if isinstance(place, Mapping):
                names.update(map(str, place))
            elif isinstance(place, str):
                names.update(map(str, parse_kv(place)))
        return names

    def _runs_here(self, task_vars: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
        return (
            HAS_LIBRARIES
            and self._connection.transport == "local"
            and not self._play_context.become
            and not self._task.async_val
            and not any(name.startswith(READ_AT_START) for name in environment)
            and self._is_wanted_here(task_vars)
            and self._python_is_ansibles(task_vars)
        )

    def _is_wanted_here(self, task_vars: Mapping[str, Any]) -> bool:
        return boolean(self._templar.template(task_vars.get(IN_PROCESS, True)), strict=False)

    def _python_is_ansibles(self, task_vars: Mapping[str, Any]) -> bool:
        """Whether the interpreter of the host that the task runs on is not set, or is the one that this runs in."""
        if self._task.delegate_to:
            task_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, task_vars)
        wanted = C.config.get_config_value("INTERPRETER_PYTHON", variables=task_vars)
        path = plain(self._templar.template(wanted)) or ""
        return path in TO_BE_DISCOVERED or _is_same_python(path, sys.executable)

    def _run_here(self, task: HandedOver, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        settings = Settings(
            environment=dict(os.environ),
            check_mode=self._task.check_mode,
            with_diff=self._task.diff,
            progress=Progress(self._say(task_vars)),
            sessions=_sessions_of_process(),
        )
        outcome = run(self.arguments, self.work, task.options, settings)
        return {
            **build_result(outcome),
            **({"failed": True} if outcome.failed else {}),
            **({"warnings": outcome.warnings} if outcome.warnings else {}),
            **self._invocation(outcome.shown_options, task_vars),
        }

    def _refused(self, why: str, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        given, spec = (
            by_own_names(self.arguments, plain(self._task.args), self._own_names().__contains__),
            self.arguments.spec,
        )
        masking = Masking(Secrets(secret_options(spec, given)), spec, given)
        shown = masking.options(spec, given)
        return {"failed": True, "msg": masking.message(why), **self._invocation(shown, task_vars)}

    def _invocation(self, shown: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """The options in the result, where this ansible-core has modules give them back."""
        internal: dict[str, Any] = {}
        self._update_module_args(self._task.action, internal, task_vars)
        return {"invocation": {"module_args": shown}} if internal.get("_ansible_inject_invocation", True) else {}

    def _say(self, task_vars: Mapping[str, Any]) -> Any:
        """Ansible's way from a worker to the process that displays; None anywhere else.

        Not by display.display(): a callback may have made that write to the worker's own stderr, as ansible-runner before
        2.4.2 does. It goes to stderr, beside what a callback writes for a program to read, such as JSON.
        """
        queue = getattr(display, "_final_q", None)
        if queue is None:
            return None
        place = f"{self.arguments.module}: [{task_vars['inventory_hostname']}]"

        def say(text: str) -> None:
            # Not worth failing for, as when Ansible has ended meanwhile.
            with suppress(Exception):
                queue.send_display("display", f"{place} {text}", stderr=True)

        return say


@contextmanager
def _variables_of_process(environment: Mapping[str, str]) -> Iterator[None]:
    """The task's ``environment`` in the variables of this process, as a module's process would have it."""
    before = dict(os.environ)
    try:
        os.environ.update(environment)
        yield
    finally:
        for name in environment:
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)


def _is_same_python(path: str, own: str) -> bool:
    """By folder and file: a virtual environment's interpreter is a link to another, whose libraries it does not have."""
    folder, own_folder = os.path.realpath(os.path.dirname(path)), os.path.realpath(os.path.dirname(own))
    return path == own or (folder == own_folder and os.path.realpath(path) == os.path.realpath(own))


_sessions: dict[int, Sessions] = {}


def _sessions_of_process() -> Sessions:
    """What a loop has signed in. By process: a connection that a fork has copied is another's."""
    return _sessions.setdefault(os.getpid(), Sessions())
