# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the embedded tenant as a process of its own, for tests and the demonstration."""

from __future__ import annotations

import json
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import requests

EMULATOR = Path(__file__).resolve().parent / "emulator"
# Only so that nothing is waited for for ever; a busy machine takes its time.
START_SECONDS = 120.0
STOP_SECONDS = 40.0
CALL_SECONDS = 60.0


class ServedTenant:
    """A tenant that some process serves. `ready` is what the ready line says of it."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.ready = ready

    @property
    def url(self) -> str:
        return self.ready["url"]

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Call `/_control/<path>`; its JSON answer, None if it has none. Raises requests.HTTPError on a refusal."""
        return self._order(method, f"{self.ready['control_url']}/{path.lstrip('/')}", json)

    def _order(self, method: str, url: str, json: Any = None) -> Any:
        response = requests.request(method, url, json=json, timeout=CALL_SECONDS, verify=self.ready["ca_path"] or True)
        response.raise_for_status()
        return response.json() if response.content else None


class EmbeddedTenant(ServedTenant):
    """A running tenant: `with EmbeddedTenant(generation="switch") as tenant: tenant.url`.

    `ready` is the ready line as a dict, complete as soon as the tenant accepts connections. With `db` the state
    survives stop() and kill(), and start() brings the same tenant back (at another port unless `port` is given).
    `settings` are knobs by name, `python` an interpreter that has tests/emulator/requirements.txt.

    With `tenants` the process serves that many, and this is the first: `process.all[6].control("POST", "reset")`
    resets the seventh.
    """

    def __init__(
        self,
        *,
        generation: str = "permission",
        tenants: int | None = None,
        tls: bool = False,
        port: int = 0,
        db: Path | str | None = None,
        clock_offset: float = 0.0,
        settings: dict[str, Any] | None = None,
        python: Path | str = sys.executable,
    ) -> None:
        super().__init__({})
        self._command = [str(python), str(EMULATOR), "--port", str(port), "--generation", generation]
        self._command += [f"--tenants={tenants}"] if tenants is not None else []
        self._command += ["--tls"] if tls else []
        self._command += ["--db", str(db)] if db else []
        self._command += [f"--clock-offset={clock_offset}"] if clock_offset else []
        for name, value in (settings or {}).items():
            self._command += ["--setting", f"{name}={_text(value)}"]
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None

    def __enter__(self) -> EmbeddedTenant:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def all(self) -> list[ServedTenant]:
        """Every tenant of the process; only with `tenants`."""
        return [ServedTenant(ready) for ready in self.ready["tenants"]]

    def totals(self, method: str = "GET") -> dict[str, Any]:
        """What all tenants were asked together; DELETE starts their logs anew. Only with `tenants`."""
        return self._order(method, self.ready["totals_url"])

    @property
    def stderr(self) -> str:
        """What the process has written to stderr since it started; nothing as long as all is well."""
        assert self._stderr is not None, "the tenant was never started"
        self._stderr.seek(0)
        return self._stderr.read().decode("utf-8", "replace")

    def start(self) -> EmbeddedTenant:
        """Start and wait for the ready line. Raises RuntimeError with the process's own words if none comes."""
        if self._process is not None:
            raise RuntimeError("the tenant is running already")
        # A file, not a pipe: nobody reads it meanwhile, and a full pipe would stop the server.
        self._stderr = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._stderr
        )
        line = self._ready_line(self._process)
        if not line:
            self.kill()
            raise RuntimeError(f"the embedded tenant did not start:\n{self.stderr}")
        self.ready = json.loads(line)
        return self

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Whoever calls meanwhile, the control endpoint included, is answered afterwards."""
        if self._process is None:
            raise RuntimeError("the tenant is not running")
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> int | None:
        """Ask the process to end; its exit status (0 for a clean end), None if it was not running."""
        if self._process is None:
            return None
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """End the process without giving it a chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            self._process = None

    @staticmethod
    def _ready_line(process: subprocess.Popen[bytes]) -> bytes:
        """The first line on stdout; empty if the process ends, or START_SECONDS pass, without one."""
        deadline, line = time.monotonic() + START_SECONDS, b""
        while not line.endswith(b"\n"):
            readable = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]
            piece = process.stdout.read1() if readable else b""
            if not piece:
                return b""
            line += piece
        return line


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)
