# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module runs as processes of their own, forked from one that has everything imported: real, and quick.

A process that is to ``use`` the shell ``worker`` runs the action plugins instead, as a worker of Ansible does.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from module_main import CRASHED, MODULES, exit_code_of, main_of

from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import DiskFault, Kill, Steps

# Loaded once here instead of by every run.
for name in ("isodate", f"{MODULES}.api_key", f"{MODULES}.api_keys"):
    importlib.import_module(name)

# Only so that nothing is waited for for ever.
MAX_RUN_SECONDS = 300

SHELLS = ("module", "worker")
_shell = "module"


def use(shell: str) -> None:
    """Have all runs of this process from here on be in that shell, one of ``SHELLS``."""
    global _shell
    _shell = shell
    if shell == "worker":
        import worker_main

        worker_main.load()


def _exit_code(module: str, options: dict[str, Any]) -> int:
    if _shell == "module":
        return exit_code_of(main_of(module), options)
    import worker_main

    return worker_main.exit_code_of(module, options)


@dataclass(frozen=True)
class Run:
    """What became of one run: ``code`` is its exit code, negative for the signal that ended it.

    ``result`` is what it printed as JSON, None if it was killed before; ``steps`` are the names of its steps.
    """

    code: int
    printed: str
    complained: str
    steps: tuple[str, ...]

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def result(self) -> dict[str, Any] | None:
        return json.loads(self.printed) if self.code in (0, 1) else None


class ModuleProcess:
    """A running module; ``mutation`` is called in its process before it starts."""

    def __init__(
        self,
        module: str,
        options: dict[str, Any],
        folder: Path,
        *,
        kill: Kill | None = None,
        disk: DiskFault | None = None,
        mutation: Callable[[], None] | None = None,
    ):
        self._printed, self._complained, self._notes = (tempfile.TemporaryFile() for stream in range(3))
        self._pid = os.fork()
        if self._pid:
            return
        try:
            for number, stream in ((0, None), (1, self._printed), (2, self._complained)):
                os.dup2(stream.fileno() if stream else os.open(os.devnull, os.O_RDONLY), number)
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            signal.alarm(MAX_RUN_SECONDS)
            if mutation:
                mutation()
            Steps(str(folder), self._notes.fileno(), kill, disk).install()
            os._exit(_exit_code(module, options))
        finally:
            os._exit(CRASHED)

    def wait(self) -> Run:
        """The finished run."""
        status = os.waitpid(self._pid, 0)[1]
        printed, complained, notes = map(_content, (self._printed, self._complained, self._notes))
        return Run(os.waitstatus_to_exitcode(status), printed, complained, tuple(notes.splitlines()))


def _content(stream: Any) -> str:
    with stream:
        stream.seek(0)
        return stream.read().decode("utf-8", "replace")
