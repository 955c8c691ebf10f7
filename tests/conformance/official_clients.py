# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Qlik's own clients as processes that are told what to call; tests/gate/clients.py installs them.

Both take and give the same: what differs between them stays in their drivers, `python_sdk/drive.py` and
`typescript/drive.mjs`.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

NAMES = ("python", "typescript")
INSTALLED = Path(__file__).resolve().parents[2] / ".cache" / "clients" / "clients.json"


class Refused(Exception):
    """The tenant refused a call, as the client understood it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


def _described(name: str) -> dict[str, Any]:
    if not INSTALLED.exists():
        return {"missing": "not installed; make conformance installs it"}
    return json.loads(INSTALLED.read_text(encoding="utf-8"))[name]


def parameters(*names: str) -> list[Any]:
    """The clients as parameters of a test. One that is not to be had here is skipped, which says why."""
    found = {name: _described(name).get("missing") for name in names}
    return [
        pytest.param(name, marks=pytest.mark.skipif(missing is not None, reason=f"the {name} client: {missing}"))
        for name, missing in found.items()
    ]


class Client:
    """A client that is signed in: `with Client("python", url=..., access_token=...) as client: client("me")`.

    A call gives what the client gave, as JSON, and raises Refused. So does entering.
    """

    def __init__(self, name: str, **sign_in: str) -> None:
        self._command = _described(name)["command"]
        self._sign_in = sign_in

    def __enter__(self) -> Client:
        self._stderr = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, text=True
        )
        try:
            self._ask(self._sign_in)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, call: str, /, **arguments: Any) -> Any:
        return self._ask({"call": call, "arguments": arguments})

    def _ask(self, order: dict[str, Any]) -> Any:
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._stderr.seek(0)
            raise AssertionError(f"the client ended:\n{self._stderr.read().decode('utf-8', 'replace')}")
        answer = json.loads(line)
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer["result"]

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._stderr.close()
