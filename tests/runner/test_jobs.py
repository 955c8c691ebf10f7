# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX plays them, in three slices, two of them at once, and all cancelled once.

What AWX would keep of them, events and artifacts, is searched for secrets, and has what came of each tenant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner, runners_of_jobs
from emulator_process import EmbeddedTenant, ServedTenant
from sliced_jobs import SLICES, Hang, Kept, Launch, Template, assert_no_secret

TENANTS = 6
MOMENTS = (
    Hang("PATCH", "/api/v1/roles/[^/]+", "after"),
    Hang("POST", "/api/v1/api-keys", "before"),
    Hang("POST", "/api/v1/api-keys", "after"),
)


@dataclass(frozen=True)
class Played:
    cancelled: list[Kept]
    completed: list[Kept]
    keys: list[list[dict[str, Any]]]
    tokens: dict[str, str]
    secrets: list[str]


@pytest.fixture(scope="session")
def played(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Runner, Played]]:
    with EmbeddedTenant(tenants=TENANTS) as process:
        yield {each: play(each, process.all, tmp_path_factory.mktemp("jobs")) for each in runners_of_jobs(pytestconfig)}


def play(runner: Runner, tenants: list[ServedTenant], folder: Path) -> Played:
    tokens = folder / "volume"
    tokens.mkdir()
    for tenant in tenants:
        tenant.control("POST", "reset")
    for tenant, moment in zip(tenants, MOMENTS):
        moment.prepare(tenant)
    template = build_template(tenants, tokens)
    cancelled = Launch(runner, tenants, folder, "cancelled", template).play(MOMENTS)
    for tenant in tenants:
        tenant.control("DELETE", "faults")
    completed = Launch(runner, tenants, folder, "completed", template).play()
    return Played(
        cancelled,
        completed,
        keys=[
            [key for key in tenant.control("GET", "keys")["keys"] if key["status"] == "active"] for tenant in tenants
        ],
        tokens={path.stem: path.read_text().strip() for path in tokens.glob("*.token")},
        secrets=[tenant.ready["admin_token"] for tenant in tenants],
    )


def build_template(tenants: list[ServedTenant], tokens: Path) -> Template:
    def build_variables(number: int) -> dict[str, Any]:
        key = {
            "description": "Entra",
            "idp_id": tenants[number].ready["idp_id"],
            "on_lost_token": "replace",
            "token_file": str(tokens / f"tenant-{number}.token"),
        }
        return {"onboarding_scim_keys": [key]}

    return Template("onboard", build_variables, {"onboarding_config": '{"max_keys_per_user": "20"}'})


def test_slices_that_are_cancelled_are_completed_by_the_next_launch(
    job_runner: Runner, played: dict[Runner, Played]
) -> None:
    run = played[job_runner]
    assert [kept.status for kept in run.cancelled] == ["canceled"] * SLICES
    assert [kept.status for kept in run.completed] == ["successful"] * SLICES, run.completed[0].text[-3000:]
    assert [len(keys) for keys in run.keys] == [1] * TENANTS
    assert sorted(run.tokens) == [f"tenant-{index}" for index in range(TENANTS)]


def test_each_slice_leaves_what_came_of_its_tenants(job_runner: Runner, played: dict[Runner, Played]) -> None:
    left = [kept.left["qlik_cloud"] for kept in played[job_runner].completed]
    assert [sorted(slice["tenants"]) for slice in left] == [
        ["tenant-0", "tenant-3"],
        ["tenant-1", "tenant-4"],
        ["tenant-2", "tenant-5"],
    ]
    assert [slice["summary"]["failed"] for slice in left] == [0] * SLICES
    assert all(tenant["next_expiry"] for slice in left for tenant in slice["tenants"].values())
    assert [kept.left for kept in played[job_runner].cancelled] == [{}] * SLICES


def test_modules_run_inside_the_worker(job_runner: Runner, played: dict[Runner, Played]) -> None:
    """At this verbosity Ansible names the file of each ordinary module that it starts."""
    for job in played[job_runner].completed:
        assert "tenantops.qlik_cloud.tenant" in job.text
        assert "Using module file" not in job.text


def test_a_token_file_that_is_on_no_volume_is_told(
    job_runner: Runner, played: dict[Runner, Played], tmp_path: Path
) -> None:
    is_on_volume = tmp_path.stat().st_dev != Path("/").stat().st_dev
    for job in played[job_runner].completed:
        assert ("ends with the container that this job runs in" in job.text) is not is_on_volume


def test_no_secret_is_in_what_is_kept_of_a_job(job_runner: Runner, played: dict[Runner, Played]) -> None:
    run = played[job_runner]
    assert_no_secret((*run.cancelled, *run.completed), (*run.secrets, *run.tokens.values()))
