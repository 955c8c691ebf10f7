# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in of a controller, and runs of the playbook awx against it by the collection awx.awx."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "awx"
PLAYED_WITH = ROOT / ".cache" / "awx"
"""Where tests/gate/awx.py puts the collection awx.awx, and AWX's way of handing credentials to jobs."""

PLAYBOOK = "tenantops.qlik_cloud.awx"
SECRETS = {
    "client_secret": "the-secret-of-the-client",
    "hook": "the-password-of-the-hook",
}
VARIABLES: dict[str, Any] = {
    "qlik_awx_project_url": "https://git.example.com/team/qlik-cloud.git",
    "qlik_awx_project_credential": "Repository",
    "qlik_awx_execution_environment_image": "registry.example.com/qlik-cloud-ee:1",
    "qlik_awx_credentials": [
        {
            "name": "Production",
            "inputs": {
                "tenant_url": "https://your-tenant.eu.qlikcloud.com",
                "client_id": "a-client",
                "client_secret": SECRETS["client_secret"],
            },
        },
        {"name": "Store", "type": "token"},
    ],
    "qlik_awx_job_credentials": ["Production"],
    "qlik_awx_notifications": [
        {
            "name": "Team",
            "type": "webhook",
            "configuration": {
                "url": "https://hooks.example.com/qlik",
                "headers": {},
                "username": "hook",
                "password": SECRETS["hook"],
            },
        }
    ],
    "qlik_awx_schedules": [
        {"name": "Nightly", "template": "rotate", "rrule": "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1"}
    ],
}


class Controller:
    """A running stand-in, in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("controller"))]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.ready = json.loads(self._process.stdout.readline())

    def stop(self) -> int:
        self._process.terminate()
        return self._process.wait(40)

    def control(self, method: str, what: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.ready['url']}/_control/{what}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CONTROLLER_HOST": self.ready["url"],
            "CONTROLLER_USERNAME": self.ready["username"],
            "CONTROLLER_PASSWORD": self.ready["password"],
        }


@dataclass(frozen=True)
class Run:
    """A finished run of Ansible, what the controller was asked to write by it, and what it is after it."""

    code: int
    output: str
    writes: list[dict]
    state: dict

    @property
    def lines(self) -> list[str]:
        """What the playbook says in the end."""
        summary = self.output[self.output.index("TASK [Say what was done]") :]
        return json.JSONDecoder().raw_decode(summary, summary.index("{"))[0]["msg"]

    @property
    def one_line(self) -> str:
        """The output in one line, where Ansible breaks and indents long messages."""
        return " ".join(self.output.split())

    def names(self, endpoint: str) -> list[str]:
        return [record["name"] for record in self.state["objects"][endpoint]]


def ansible(
    folder: Path, command: str, *arguments: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """A finished command of ansible-core, that sees of this environment only what is not for Ansible or a controller."""
    personal = ("QLIK_", "ANSIBLE_", "CONTROLLER_", "TOWER_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(personal)}
    return subprocess.run(
        [str(Path(sys.executable).with_name(command)), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=folder,
        env={
            **inherited,
            "ANSIBLE_COLLECTIONS_PATH": f"{os.environ['ANSIBLE_COLLECTIONS_PATH']}{os.pathsep}{PLAYED_WITH}",
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "HOME": str(folder),
            **environment,
        },
    )


def play(
    controller: Controller,
    folder: Path,
    *options: str,
    expect: int = 0,
    environment: dict[str, str] | None = None,
    **changes: Any,
) -> Run:
    """Run the playbook at -vvvv with ``VARIABLES``, of which None takes one away; fail for another exit status, for any secret in
    the output, for what the stand-in does not know, and for a sign-in that was not ended.
    """
    variables = {name: value for name, value in {**VARIABLES, **changes}.items() if value is not None}
    (folder / "variables.yml").write_text(yaml.safe_dump(variables))
    controller.control("DELETE", "writes")
    finished = ansible(
        *(folder, "ansible-playbook", PLAYBOOK, "-e", "@variables.yml", "-vvvv", "--diff", *options),
        environment={**controller.environment, **(environment or {})},
    )
    output = finished.stdout + finished.stderr
    assert finished.returncode == expect, output
    assert "Traceback (most recent call last)" not in output, output
    assert_no_secret(controller, output)
    assert controller.control("GET", "problems") == []
    assert controller.control("GET", "tokens") == []
    return Run(finished.returncode, output, controller.control("GET", "writes"), controller.control("GET", "state"))


def assert_no_secret(controller: Controller, output: str) -> None:
    secrets = {**SECRETS, "controller": controller.ready["password"]}
    assert [name for name, secret in secrets.items() if secret in output] == []
    assert re.findall(r"Bearer [\w-]{20,}", output) == []


@pytest.fixture(scope="session")
def running() -> Iterator[Controller]:
    assert (PLAYED_WITH / ".installed").exists(), "run tests/gate/awx.py, which brings awx.awx"
    controller = Controller()
    yield controller
    assert controller.stop() == 0


@pytest.fixture
def controller(running: Controller) -> Controller:
    """As new."""
    running.control("POST", "reset")
    return running
