# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An embedded tenant, as new for each test, and ansible-playbook runs against it over real HTTP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from emulator_process import EmbeddedTenant

GENERATIONS = ["permission", "switch"]
PLAYBOOKS = Path(__file__).parent / "playbooks"
# What every JSON Web Token begins with: the encoding of '{"', and at least one dot further on.
ANY_TOKEN = re.compile(r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]+")

ADMIN = {"tenant_url": "{{ tenant.url }}", "access_token": "{{ tenant.admin_token }}"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--generation", choices=GENERATIONS, help="run what is for both generations of tenant against this one only"
    )
    parser.addoption(
        "--every-store", action="store_true", help="cancel jobs with every store of tokens, not only with that of AWX"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that uses a tenant meets both generations, unless it names its own."""
    names_its_own = any("generation" in marker.args[0] for marker in metafunc.definition.iter_markers("parametrize"))
    if "generation" in metafunc.fixturenames and not names_its_own:
        only = metafunc.config.getoption("--generation")
        metafunc.parametrize("generation", [only] if only else GENERATIONS)


@dataclass(frozen=True)
class Run:
    """A finished run of Ansible; ``stats`` is the recap of a playbook's only host."""

    code: int
    output: str

    @property
    def stats(self) -> dict[str, int]:
        recap = self.output[self.output.rindex("PLAY RECAP") :].splitlines()[1]
        return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", recap)}


@dataclass
class Playground:
    """An embedded tenant of one generation, and an empty folder, for one test."""

    tenant: EmbeddedTenant
    generation: str
    folder: Path

    def allow_keys(self) -> None:
        """Enable API keys in the way of the tenant's generation, without the collection."""
        if self.generation == "switch":
            path = f"/api-keys/configs/{self.tenant.ready['tenant_id']}"
            self.api("PATCH", path, [{"op": "replace", "path": "/api_keys_enabled", "value": True}])
            return
        roles = self.api("GET", '/roles?filter=name eq "UserDefault"').json()["data"]
        self.api("PATCH", f"/roles/{roles[0]['id']}", [{"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}])

    def raise_limits(self, **limits: object) -> None:
        path = f"/api-keys/configs/{self.tenant.ready['tenant_id']}"
        self.api("PATCH", path, [{"op": "replace", "path": f"/{name}", "value": limits[name]} for name in limits])

    def api(self, method: str, path: str, body: object = None) -> requests.Response:
        """A call as the tenant's admin, without the collection."""
        response = requests.request(
            method,
            f"{self.tenant.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.tenant.ready['admin_token']}"},
            timeout=30,
        )
        response.raise_for_status()
        return response

    def calls(self) -> list[dict]:
        """What was sent since ``forget_calls``, sign-ins left out."""
        log = self.tenant.control("GET", "requests")["requests"]
        return [call for call in log if call["path"] != "/oauth/token"]

    def forget_calls(self) -> None:
        self.tenant.control("DELETE", "requests")

    def writes(self) -> list[tuple[str, str]]:
        return [(call["method"], call["path"]) for call in self.calls() if call["method"] != "GET"]

    def play(
        self,
        playbook: Path | str,
        *options: str,
        expect: int = 0,
        environment: dict[str, str] | None = None,
        **variables: object,
    ) -> Run:
        """Run a playbook at ``-vvvv --diff``; fail on another exit status, and on any secret in the output."""
        inputs = self.folder.parent / "variables.json"
        inputs.write_text(
            json.dumps(
                {"tenant": self.tenant.ready, "generation": self.generation, "folder": str(self.folder), **variables}
            )
        )
        run = run_ansible(
            self.folder.parent,
            "ansible-playbook",
            *("-i", "localhost,", "-e", "ansible_connection=local"),
            *("-e", f"ansible_python_interpreter={sys.executable}"),
            *("-e", f"@{inputs}", "-vvvv", "--diff", *options, str(playbook)),
            environment=environment,
        )
        assert run.code == expect, run.output
        assert "Traceback (most recent call last)" not in run.output, run.output
        assert_no_secret(self.tenant, run.output)
        return run

    def run(self, *tasks: dict, environment: dict[str, str] | None = None) -> list[dict]:
        """Run tasks in one play, whatever becomes of each; return their results in order.

        A task is ``{module: options, …keywords}``. Address and credentials of the tenant's admin are the default,
        unless an ``environment`` is given to take them from.
        """
        answers = self.folder.parent / "answers.json"
        for number, task in enumerate(tasks):
            task.update(name=f"Task {number}", register=f"answer_{number}", ignore_errors=True)
        names = ", ".join(f"answer_{number}" for number in range(len(tasks)))
        collect = {
            "name": "Keep the answers",
            "ansible.builtin.copy": {"content": "{{ [%s] | to_json }}" % names, "dest": str(answers), "mode": "0600"},
            "no_log": True,
        }
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {"group/tenantops.qlik_cloud.tenant": {} if environment else ADMIN},
            "tasks": [*tasks, collect],
        }
        playbook = self.folder.parent / "tasks.yml"
        playbook.write_text(json.dumps([play]))
        self.play(playbook, environment=environment)
        return json.loads(answers.read_text())


def run_ansible(folder: Path, command: str, *arguments: str, environment: dict[str, str] | None = None) -> Run:
    """A finished command of ansible-core, run in ``folder``; of this environment it sees only what is not Ansible's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "ANSIBLE_"))}
    finished = subprocess.run(
        [str(Path(sys.executable).with_name(command)), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=folder,
        env={
            **inherited,
            **(environment or {}),
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
        },
    )
    return Run(finished.returncode, finished.stdout + finished.stderr)


def assert_no_secret(tenant: EmbeddedTenant, output: str) -> None:
    secrets = {name: tenant.ready[name] for name in ("admin_token", "member_token", "client_secret")}
    assert [name for name, secret in secrets.items() if secret in output] == []
    assert ANY_TOKEN.findall(output) == []


@pytest.fixture(scope="session")
def tenants() -> Iterator[dict[str, EmbeddedTenant]]:
    """A running tenant of each generation."""
    with ExitStack() as running:
        yield {each: running.enter_context(EmbeddedTenant(generation=each)) for each in GENERATIONS}


@pytest.fixture
def playground(generation: str, tenants: dict[str, EmbeddedTenant], tmp_path: Path) -> Playground:
    """A tenant as new; what an earlier test left on it is gone."""
    folder = tmp_path / "folder"
    folder.mkdir()
    tenants[generation].control("POST", "reset")
    return Playground(tenants[generation], generation, folder)


@pytest.fixture
def enabled(playground: Playground) -> Playground:
    """A playground on whose tenant API keys may be made."""
    playground.allow_keys()
    playground.forget_calls()
    return playground
