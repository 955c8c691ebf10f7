# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that take more than a minute, cancelled at each of their steps, each followed by a job that completes it.

The first tenant of each slice has many keys, answers slowly, and limits the rate. Only ``--every-job`` plays them, in make test-matrix.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner, runners_of_jobs
from emulator_process import EmbeddedTenant, ServedTenant
from sliced_jobs import SLICES, Hang, Kept, Launch, Moment, Seen, Template, assert_no_secret

TENANTS = SLICES + 1
KEYS = 24
LONG_SECONDS = 60.0
DAY = 24 * 60 * 60
ROLES, LIST, KEY = "/api/v1/roles/[^/]+", "/api/v1/api-keys", "/api/v1/api-keys/[^/]+"
SLOW = {"method": "POST", "path": LIST, "kind": "latency", "seconds": 2.5, "times": 10 * KEYS}
WRITES_PER_MINUTE = {"onboard": 15, "rotate": 30}
"""Too few for all keys, so that a job has to wait for what Retry-After says."""

LAUNCHES: dict[str, tuple[str, int, Sequence[Moment]]] = {
    "first steps": ("onboard", 0, (Hang("PATCH", ROLES), Hang("POST", LIST, "after"), Seen("POST", LIST, KEYS // 2))),
    "limited": (
        *("onboard", 0),
        (Seen("POST", LIST, status=429), Hang("POST", LIST, "after", skip=KEYS - 2), Hang("GET", LIST)),
    ),
    "renewal": (
        *("rotate", 16),
        (Hang("POST", LIST, "after"), Hang("DELETE", KEY), Hang("DELETE", KEY, "after", skip=KEYS // 2)),
    ),
    "limited renewal": (
        *("rotate", 32),
        (
            *(Seen("POST", LIST, status=429), Hang("POST", LIST, "after", skip=KEYS - 4)),
            Hang("DELETE", KEY, skip=KEYS - 1),
        ),
    ),
}
"""By name: the playbook, the day on which it is launched, and the call at which each slice is cancelled."""


@dataclass(frozen=True)
class Played:
    """A launch that was cancelled and the one after it; ``keys`` are those that each tenant takes after it, by their ids, and
    ``stored`` the ids of the keys in the token files of each tenant."""

    cancelled: list[Kept]
    completed: list[Kept]
    keys: list[dict[str, str]]
    stored: list[dict[str, str]]
    secrets: list[str]


@pytest.fixture(scope="session")
def played(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Runner, dict[str, Played]]]:
    """All runners at a time, each with tenants of its own: mostly they wait."""
    runners = runners_of_jobs(pytestconfig)
    folders = [tmp_path_factory.mktemp(runner.version) for runner in runners]
    with EmbeddedTenant(tenants=TENANTS * len(runners)) as process, ThreadPoolExecutor() as pool:
        tenants = [process.all[number :: len(runners)] for number in range(len(runners))]
        yield dict(zip(runners, pool.map(play_all, runners, tenants, folders)))


def play_all(runner: Runner, tenants: list[ServedTenant], folder: Path) -> dict[str, Played]:
    return {name: play(runner, tenants, folder, name) for name in LAUNCHES}


def play(runner: Runner, tenants: list[ServedTenant], folder: Path, name: str) -> Played:
    playbook, day, moments = LAUNCHES[name]
    volume = folder / (name if playbook == "onboard" else "limited")
    volume.mkdir(exist_ok=True)
    for tenant, moment in zip(tenants, (*moments, None)):
        if playbook == "onboard":
            tenant.control("POST", "reset")
        # No key is due before this machine's clock says so as well, so the tenant's is behind.
        tenant.control("PATCH", "clock", {"offset": (day - 400) * DAY})
        tenant.control("DELETE", "requests")
        slow_down(tenant, moment, WRITES_PER_MINUTE[playbook])
    template = Template(playbook, lambda number: build_variables(number, volume))
    path = name.replace(" ", "-")
    cancelled = Launch(runner, tenants, folder, f"{path}-cancelled", template).play(moments)
    for tenant in tenants:
        tenant.control("DELETE", "faults")
        if name == "first steps":
            slow_down(tenant, None, WRITES_PER_MINUTE[playbook])
        else:
            # It has been shown that jobs wait; these need not.
            tenant.control("PATCH", "settings", {"tier2_per_minute": 0})
    completed = Launch(runner, tenants, folder, f"{path}-completed", template).play()
    files = [{path.stem: path.read_text() for path in volume.glob(f"{number}/*.token")} for number in range(TENANTS)]
    return Played(
        cancelled,
        completed,
        keys=[find_active(tenant) for tenant in tenants],
        stored=[{name: key_of(token) for name, token in tokens.items()} for tokens in files],
        secrets=[
            *(tenant.ready["admin_token"] for tenant in tenants),
            *(token.strip() for tokens in files for token in tokens.values()),
        ],
    )


def slow_down(tenant: ServedTenant, moment: Moment | None, writes_per_minute: int) -> None:
    if moment is not None:
        moment.prepare(tenant)
    tenant.control("POST", "faults", SLOW)
    tenant.control("PATCH", "settings", {"tier2_per_minute": writes_per_minute})


def build_variables(number: int, volume: Path) -> dict[str, Any]:
    """The last tenant, the second of the first slice, has one key."""
    folder = volume / str(number)
    folder.mkdir(exist_ok=True)
    wanted = [
        {"description": f"key {key}", "expiry": "P20D", "renew_before": "P5D", "overlap": "PT0S"}
        for key in range(KEYS if number < SLICES else 1)
    ]
    return {
        "onboarding_config": {"max_keys_per_user": 2 * KEYS, "max_api_key_expiry": "P30D"},
        "onboarding_keys": [{**key, "token_file": str(folder / f"{key['description']}.token")} for key in wanted],
    }


def find_active(tenant: ServedTenant) -> dict[str, str]:
    """The descriptions of the keys that the tenant takes, by their ids."""
    keys: list[Mapping[str, str]] = tenant.control("GET", "keys")["keys"]
    return {key["id"]: key["description"] for key in keys if key["status"] == "active"}


def key_of(token: str) -> str:
    """The id of the key that a token says it is of."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"]


@pytest.mark.parametrize("name", LAUNCHES)
def test_a_job_that_is_cancelled_is_completed_by_the_next_one(
    job_runner: Runner, played: dict[Runner, dict[str, Played]], name: str
) -> None:
    run = played[job_runner][name]
    assert [kept.status for kept in run.cancelled] == ["canceled"] * SLICES
    assert [kept.left for kept in run.cancelled] == [{}] * SLICES
    assert [kept.status for kept in run.completed] == ["successful"] * SLICES, run.completed[0].text[-3000:]
    for keys, stored in zip(run.keys, run.stored, strict=True):
        assert keys == {identifier: description for description, identifier in stored.items()}
    assert [len(keys) for keys in run.keys] == [KEYS] * SLICES + [1]
    assert_no_secret((*run.cancelled, *run.completed), run.secrets)


def test_the_jobs_take_more_than_a_minute(job_runner: Runner, played: dict[Runner, dict[str, Played]]) -> None:
    """Those that have all keys to make, and those that are cancelled late."""
    runs = played[job_runner]
    assert [kept.seconds > LONG_SECONDS for kept in runs["first steps"].completed] == [True, True, False]
    assert [runs[name].cancelled[1].seconds > LONG_SECONDS for name in ("limited", "limited renewal")] == [True, True]
