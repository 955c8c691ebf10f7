# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of real modules, each a process of its own with an end and with little memory: forked, which is quick, or new.

``ForkedRun`` forks from a process that has everything imported, and may take ``MORE`` bytes beside what that has.
``run_in_little_memory`` starts a new interpreter, which limits itself to ``MEMORY`` bytes before it imports anything. Both by
RLIMIT_AS (``ulimit -v``), the strictest limit there is, since it counts the interpreter, its libraries, every stack and what
is merely reserved as well. Without hostility a module takes 43 MB so counted, and 45 MB over https (Python 3.11,
ansible-core 2.19, x86-64), so RLIMIT_DATA is not needed.

As a program it is such a run: ``python module_run.py MODULE BYTES``, options as JSON on stdin.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

MEMORY = 200 * 1000 * 1000
MORE = MEMORY - 45 * 1000 * 1000
# Only so that nothing is waited for for ever.
LONGEST_RUN = 120.0
FOREIGN = ("QLIK_", "ANSIBLE_")
OF_THE_NETWORK = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}


@dataclass(frozen=True)
class Run:
    """What became of one run: ``code`` is its exit code, negative for the signal that ended it."""

    module: str
    code: int
    printed: str
    complained: str
    seconds: float

    @property
    def has_ended(self) -> bool:
        """False: it was stopped after the longest time that it may take."""
        return self.code not in (-signal.SIGALRM, -signal.SIGKILL)

    @cached_property
    def result(self) -> dict[str, Any]:
        """What it printed. Raises ValueError if that is no JSON object alone."""
        result = json.loads(self.printed)
        if not isinstance(result, dict):
            raise ValueError(f"not an object: {self.printed[:200]}")
        return result

    @property
    def failed(self) -> bool:
        return self.result.get("failed", False)

    @property
    def message(self) -> str:
        return self.result.get("msg", "")

    @property
    def warnings(self) -> list[str]:
        """From ansible-core 2.19 on a warning may be an object with an event."""
        warnings = self.result.get("warnings", [])
        return [warning if isinstance(warning, str) else warning["event"]["msg"] for warning in warnings]


class ForkedRun:
    """A running module; ``wait`` gives what became of it. ``environment`` is added to that of the run."""

    def __init__(
        self,
        module: str,
        options: Mapping[str, Any],
        *,
        seconds: float = LONGEST_RUN,
        environment: Mapping[str, str] | None = None,
    ):
        # Only here: the program of little memory is to limit itself before it imports them.
        from module_main import CRASHED, exit_code_of, main_of

        main = main_of(module)
        self._module = module
        self._printed, self._complained = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self._start_list = time.monotonic()
        self._pid = os.fork()
        if self._pid:
            return
        try:
            for number, stream in ((0, None), (1, self._printed), (2, self._complained)):
                os.dup2(stream.fileno() if stream else os.open(os.devnull, os.O_RDONLY), number)
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            signal.setitimer(signal.ITIMER_REAL, seconds)
            os.environ.update(environment or {})
            _limit_memory(_taken() + MORE)
            os._exit(exit_code_of(main, dict(options)))
        finally:
            os._exit(CRASHED)

    def wait(self) -> Run:
        status = os.waitpid(self._pid, 0)[1]
        seconds = time.monotonic() - self._start_list
        code = os.waitstatus_to_exitcode(status)
        return Run(self._module, code, _content(self._printed), _content(self._complained), seconds)


def run_forked(module: str, options: Mapping[str, Any], **how: Any) -> Run:
    """The finished run."""
    return ForkedRun(module, options, **how).wait()


def run_in_little_memory(
    module: str,
    options: Mapping[str, Any],
    *,
    seconds: float = LONGEST_RUN,
    memory: int = MEMORY,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """The finished run of a new interpreter that may take so many bytes of address space."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, __file__, module, str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(_search_path()), **(environment or {})},
    )
    try:
        printed, complained = process.communicate(json.dumps(dict(options)).encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        printed, complained = process.communicate()
    texts = (stream.decode("utf-8", "replace") for stream in (printed, complained))
    return Run(module, process.returncode, *texts, time.monotonic() - begun)


def foreign_variables() -> list[str]:
    """Variables of this environment that a run must not see."""
    return [name for name in os.environ if name.startswith(FOREIGN) or name.upper() in OF_THE_NETWORK]


def _search_path() -> list[str]:
    from ansible_collections.tenantops import qlik_cloud

    return [str(Path(next(iter(qlik_cloud.__path__))).parents[2]), str(Path(__file__).resolve().parents[1])]


def _content(stream: Any) -> str:
    with stream:
        stream.seek(0)
        return stream.read().decode("utf-8", "replace")


def _taken() -> int:
    """Bytes of address space."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _limit_memory(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _main(module: str, memory: str) -> int:
    _limit_memory(int(memory))
    options = json.load(sys.stdin)
    from module_main import exit_code_of, main_of

    return exit_code_of(main_of(module), options)


if __name__ == "__main__":
    # This file's own folder is in no path of a usual run.
    sys.path.pop(0)
    os._exit(_main(*sys.argv[1:]))
