# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example that keeps tokens in credentials of an AWX, which gives no secret back.

That no token shows in any output is looked for by every ``play``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from awx_credentials import AwxCredentials
from conftest import Playground, Run
from onboarding import ONBOARD, ROTATE, active_keys, join_output, last_lines, module_runs, on_day, run_plain
from token_stores import AwxStore, without_keys

pytestmark = pytest.mark.parametrize("generation", ["permission"])

UPDATE = ("PATCH", "/api/v2/credentials/42/", 200)


@pytest.fixture
def awx() -> Iterator[AwxCredentials]:
    with AwxCredentials() as running:
        yield running


@pytest.fixture
def job(enabled: Playground, awx: AwxCredentials) -> AwxStore:
    return AwxStore(enabled, awx)


def test_the_credential_gets_token_and_id_and_the_next_job_knows_by_the_id(
    enabled: Playground, awx: AwxCredentials, job: AwxStore
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
    enabled: Playground, awx: AwxCredentials, job: AwxStore
) -> None:
    # Older ansible-cores show where in their lookup it failed, as they do at -vvv.
    other = {
        **without_keys(enabled),
        "awx_credentials": {"Entra ID provisioning": 41},
        "onboarding_token_tasks": str(job.project / "store.yml"),
    }
    options = ("-i", str(job.project / "tenants.yml"), "-e", json.dumps(other), ONBOARD)
    run = run_plain(enabled, {}, *options, environment=awx.environment, expect=2)
    assert "onboarding_scim_keys: its value cannot be made out" in run.output
    assert "HTTP Error 404" in run.output
    assert module_runs(enabled) == 0, "without the store's answer the tenant is not asked anything"

    awx.fields = {"username", "password"}
    run = job.play(ONBOARD, expect=2)
    assert [status for method, _path, status in awx.log if method == "PATCH"] == [400]
    assert "Write the token and the id of its key into the AWX credential" in join_output(run)
    assert active_keys(enabled) == []


class OwnKey:
    """A key of the admin's that jobs sign in with, by the credential that keeps its token, as AWX injects it when a job is launched."""

    keys = {"description": "AWX", "expiry": "P180D", "renew_before": "P30D"}

    def __init__(self, playground: Playground, awx: AwxCredentials, job: AwxStore):
        self._playground, self._awx, self._job = playground, awx, job

    def make_by_hand(self) -> str:
        self._playground.raise_limits(max_api_key_expiry="P365D")
        on_day(self._playground, 0)
        made = self._playground.api("POST", "/api-keys", {"description": "AWX", "expiry": "P180D"}).json()
        self._awx.inputs = {"token": made["token"], "key_id": ""}
        return made["id"]

    def play(self, playbook: str, expect: int = 0, **key: str) -> Run:
        return self._playground.play(
            *(playbook, "-i", str(self._job.project / "tenants.yml"), "--limit", "your-tenant"),
            expect=expect,
            environment={
                **self._awx.environment,
                "QLIK_TENANT_URL": self._playground.tenant.url,
                "QLIK_ACCESS_TOKEN": self._awx.inputs["token"],
            },
            onboarding_tenant_url=self._playground.tenant.url,
            onboarding_token_tasks=str(self._job.project / "store.yml"),
            onboarding_scim_keys=[],
            onboarding_keys=[{**self.keys, "key_id": KEPT_ID, **key}],
            awx_credentials={"AWX": self._awx.number, "Entra ID provisioning": self._awx.number},
        )


KEPT_ID = "{{ awx_credential.inputs.get('key_id', '') }}"


@pytest.fixture
def own(enabled: Playground, awx: AwxCredentials, job: AwxStore) -> OwnKey:
    return OwnKey(enabled, awx, job)


def test_a_job_renews_the_key_that_it_signs_in_with_and_the_next_one_retires_it(
    enabled: Playground, awx: AwxCredentials, job: AwxStore, own: OwnKey
) -> None:
    first = own.make_by_hand()
    awx.inputs["key_id"] = first
    on_day(enabled, 155)
    own.play(ROTATE, overlap="P2D")
    assert active_keys(enabled) == [first, awx.inputs["key_id"]]
    on_day(enabled, 158)
    own.play(ROTATE, overlap="P2D")
    job.assert_holds_the_only_key()


def test_without_overlap_a_job_retires_the_key_that_it_signs_in_with_last(
    enabled: Playground, awx: AwxCredentials, job: AwxStore, own: OwnKey
) -> None:
    """The first one does not know whose token it has, and is to replace it."""
    first = own.make_by_hand()
    own.play(ONBOARD, overlap="PT0S", on_lost_token="replace")
    job.assert_holds_the_only_key()
    second = awx.inputs["key_id"]
    assert second != first

    on_day(enabled, 155)
    own.play(ROTATE, overlap="PT0S")
    job.assert_holds_the_only_key()
    assert awx.inputs["key_id"] != second


def test_a_job_that_cannot_store_the_token_keeps_the_key_that_it_signs_in_with(
    enabled: Playground, awx: AwxCredentials, own: OwnKey
) -> None:
    first = own.make_by_hand()
    awx.fields = {"username", "password"}
    run = own.play(ONBOARD, expect=2, overlap="PT0S", on_lost_token="replace")
    assert "Write the token and the id of its key into the AWX credential" in join_output(run)
    assert active_keys(enabled) == [first]
