# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example that keeps tokens in credentials of an AWX, which gives no secret back.

That no token shows in any output is looked for by every ``play``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from awx_credentials import AwxCredentials
from conftest import Playground, Run
from onboarding import EXAMPLES, ONBOARD, ROTATE, active_keys, inputs, key_of, last_lines, module_runs, on_day, told

pytestmark = pytest.mark.parametrize("generation", ["permission"])

UPDATE = ("PATCH", "/api/v2/credentials/42/", 200)


class Job:
    """Runs of the example as jobs of one AWX."""

    def __init__(self, playground: Playground, awx: AwxCredentials):
        self._playground = playground
        self._awx = awx
        self._copy = playground.folder.parent / "project"
        shutil.copytree(EXAMPLES / "awx_credential", self._copy)

    def play(self, playbook: str, *options: str, expect: int = 0, **more: object) -> Run:
        given = inputs(self._playground, onboarding_config={})
        del given["onboarding_scim_keys"]
        given["onboarding_token_tasks"] = str(self._copy / "store.yml")
        run = self._playground.play(
            *(playbook, "-i", str(self._copy / "tenants.yml"), "--limit", "your-tenant", *options),
            **{"expect": expect, "environment": self._awx.environment, **given, **more},
        )
        assert self._awx.token not in run.output
        return run

    def assert_holds_the_only_key(self) -> None:
        """The tenant takes one key, the credential has its token, and says so."""
        [key_id] = active_keys(self._playground)
        assert key_of(self._awx.inputs["token"]) == self._awx.inputs["key_id"] == key_id


@pytest.fixture
def awx() -> Iterator[AwxCredentials]:
    with AwxCredentials() as running:
        yield running


@pytest.fixture
def job(enabled: Playground, awx: AwxCredentials) -> Job:
    return Job(enabled, awx)


def test_the_credential_gets_token_and_id_and_the_next_job_knows_by_the_id(
    enabled: Playground, awx: AwxCredentials, job: Job
) -> None:
    on_day(enabled, 0)
    job.play(ONBOARD)
    job.assert_holds_the_only_key()
    first = awx.inputs["key_id"]

    on_day(enabled, 155)
    enabled.forget_calls()
    awx.log.clear()
    [checked] = last_lines(job.play(ROTATE, "--check"))
    assert f"would make Entra ID provisioning (API key {first} expires" in checked
    assert enabled.writes() == []
    assert {method for method, *_rest in awx.log} == {"GET"}

    job.play(ROTATE)
    assert active_keys(enabled) == [first, awx.inputs["key_id"]]
    on_day(enabled, 158)
    enabled.forget_calls()
    job.play(ROTATE)
    job.assert_holds_the_only_key()
    assert [method for method, _path in enabled.writes()] == ["DELETE"]
    assert awx.log.count(UPDATE) == 1


def test_a_credential_that_cannot_be_read_or_is_of_another_type_costs_no_key(
    enabled: Playground, awx: AwxCredentials, job: Job
) -> None:
    run = job.play(ONBOARD, expect=2, awx_credentials={"Entra ID provisioning": 41})
    assert "404" in run.output
    assert module_runs(enabled) == 0, "without the store's answer the tenant is not asked anything"

    awx._update = lambda told: AwxCredentials._update(awx, {"inputs": {"username": "x"}})
    run = job.play(ONBOARD, expect=2)
    assert [status for method, _path, status in awx.log if method == "PATCH"] == [400]
    assert "Write the token and the id of its key into the AWX credential" in told(run)
    assert active_keys(enabled) == []
