# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of keys by ansible-runner, as automation platforms run it, that takes longer than it is silent.

Up to 2.4.1 its callback makes whatever displays in a worker of ansible-core 2.16 to 2.18 write to the worker's stderr, for
whose lock all threads of the worker but one wait for ever.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from conftest import Runner, all_runners, environment
from emulator_process import EmbeddedTenant, ServedTenant
from long_runs import is_logged, turn_taken

COUNTING = "api_keys: [tenant] 4 of 10 changes made"
LONGEST_SECONDS = 120
COMMAND = (sys.executable, "-m", "ansible_runner")


@dataclass(frozen=True)
class Played:
    """What came of it; ``keys`` is how many the tenant has, ``was_counting`` whether the line came in time."""

    version: str
    was_counting: bool
    code: int
    output: str
    events: list[dict]
    keys: int


@pytest.fixture(scope="session")
def played(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> dict[Runner, Played]:
    """All of them at a time, as they wait for most of it, each with a tenant of its own."""
    runners = all_runners(pytestconfig)
    folders = [tmp_path_factory.mktemp(runner.version) for runner in runners]
    with EmbeddedTenant(generation="switch", tenants=len(runners)) as process, ThreadPoolExecutor() as pool:
        return dict(zip(runners, pool.map(play, runners, process.all, folders)))


def play(runner: Runner, tenant: ServedTenant, folder: Path) -> Played:
    """The run is held up before the fifth key until it has said so."""
    allow_keys(tenant)
    log, output, seen = folder / "log", folder / "output", environment(runner, folder)
    version = subprocess.run([*COMMAND, "--version"], env=seen, capture_output=True, text=True, check=True)
    arguments = give(folder, tenant)
    with open(output, "w", encoding="utf-8") as written, turn_taken(folder / "tokens" / "4"):
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=folder,
            env={**seen, "ANSIBLE_LOG_PATH": str(log)},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        was_counting = is_logged(COUNTING, log, lambda: process.poll() is not None, LONGEST_SECONDS)
    try:
        if not was_counting:
            # The runner then ends the play with all its processes, which are in a group of their own.
            process.terminate()
        code = process.wait(3 * LONGEST_SECONDS)
    finally:
        process.kill()
    return Played(
        version=version.stdout.strip(),
        was_counting=was_counting,
        code=code,
        output=output.read_text(encoding="utf-8"),
        events=[json.loads(path.read_text()) for path in folder.glob("data/artifacts/*/job_events/*.json")],
        keys=len(tenant.control("GET", "keys")["keys"]),
    )


def allow_keys(tenant: ServedTenant) -> None:
    limits = {"api_keys_enabled": True, "max_keys_per_user": 20}
    requests.patch(
        f"{tenant.url}/api/v1/api-keys/configs/{tenant.ready['tenant_id']}",
        json=[{"op": "replace", "path": f"/{name}", "value": value} for name, value in limits.items()],
        headers={"Authorization": f"Bearer {tenant.ready['admin_token']}"},
        timeout=LONGEST_SECONDS,
    ).raise_for_status()


def give(folder: Path, tenant: ServedTenant) -> list[str]:
    """Write what the runner needs, and its arguments; it ends the play itself when that takes too long."""
    keys = [
        {"description": f"key {number}", "token_file": str(folder / "tokens" / f"{number}")} for number in range(10)
    ]
    options = {"tenant_url": tenant.url, "access_token": tenant.ready["admin_token"], "keys": keys}
    tasks = [{"tenantops.qlik_cloud.api_keys": {**options, "timeout": LONGEST_SECONDS}}]
    beside = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    content = {
        "playbook.yml": [{"hosts": "all", "gather_facts": False, "tasks": tasks}],
        "inventory.json": {"all": {"hosts": {"tenant": beside}}},
        "data/env/settings": {"job_timeout": 2 * LONGEST_SECONDS},
    }
    (folder / "tokens").mkdir()
    (folder / "data" / "env").mkdir(parents=True)
    for name, value in content.items():
        (folder / name).write_text(json.dumps(value))
    paths = ["--playbook", str(folder / "playbook.yml"), "--inventory", str(folder / "inventory.json")]
    return ["run", *paths, str(folder / "data")]


def test_it_ends_with_every_key_made(runner: Runner, played: dict[Runner, Played]) -> None:
    run = played[runner]
    assert run.version == runner.version
    assert run.code == 0, run.output
    assert run.keys == 10


def test_it_says_meanwhile_how_far_it_is(runner: Runner, played: dict[Runner, Played]) -> None:
    run = played[runner]
    assert run.was_counting, run.output
    assert any(line.startswith(COUNTING) for line in run.output.splitlines())
    assert "verbose" in [event["event"] for event in run.events if COUNTING in event["stdout"]]
