# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit import tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import REFUSAL, TENANT_ID, refused
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    CONFIGS,
    expect_config,
    expect_config_change,
    expect_requester,
)

TODAY = {
    "api_keys_enabled": None,
    "max_keys_per_user": 5,
    "max_api_key_expiry": "PT24H",
    "scim_external_client_expiry": "P365D",
}
WANTED = {"max_keys_per_user": 10, "max_api_key_expiry": "P90D", "scim_external_client_expiry": "PT8760H"}
CHANGED = {**TODAY, "max_keys_per_user": 10, "max_api_key_expiry": "P90D"}
ACTION = {
    "action": "update",
    "id": TENANT_ID,
    "description": "API key configuration",
    "reason": 'max_keys_per_user from 5 to 10, max_api_key_expiry from "PT24H" to "P90D"',
}


def test_the_first_run_writes_what_differs_in_one_call_and_reads_it_back(run, wire):
    expect_requester(wire)
    expect_config(wire)
    expect_config_change(wire, max_keys_per_user=10, max_api_key_expiry="P90D")
    expect_config(wire, max_keys_per_user=10, max_api_key_expiry="P90D")
    assert run("api_key_config", diff=True, **WANTED).results == {
        "changed": True,
        "tenant_id": TENANT_ID,
        "config": CHANGED,
        "actions": [ACTION],
        "diff": {"before": TODAY, "after": CHANGED},
    }


def test_check_mode_sends_reads_only_and_tells_the_same(run, wire):
    expect_requester(wire)
    expect_config(wire)
    assert run("api_key_config", check=True, diff=True, **WANTED).results == {
        "changed": True,
        "tenant_id": TENANT_ID,
        "config": CHANGED,
        "actions": [ACTION],
        "diff": {"before": TODAY, "after": CHANGED},
    }


@pytest.mark.parametrize("options", [WANTED, {}])
def test_the_second_run_sends_reads_only_though_durations_are_written_differently(run, wire, options):
    expect_requester(wire)
    expect_config(wire, max_keys_per_user=10, max_api_key_expiry="PT2160H")
    kept = {**CHANGED, "max_api_key_expiry": "PT2160H"}
    assert run("api_key_config", diff=True, **options).results == {
        "changed": False,
        "tenant_id": TENANT_ID,
        "config": kept,
        "actions": [],
        "diff": {"before": kept, "after": kept},
    }


def test_a_tenant_named_by_its_id_is_read_without_asking_who_signs_in(run, wire):
    expect_config(wire)
    assert run("api_key_config", tenant_id=TENANT_ID).results["config"] == TODAY


def test_the_switch_is_set_where_the_tenant_has_one(run, wire):
    expect_config(wire, api_keys_enabled=False)
    expect_config_change(wire, api_keys_enabled=True)
    expect_config(wire, api_keys_enabled=True)
    result = run("api_key_config", tenant_id=TENANT_ID, api_keys_enabled=True)
    assert (result.results["changed"], result.results["config"]["api_keys_enabled"]) == (True, True)


def test_without_the_switch_enabling_warns_and_sends_reads_only(run, wire):
    expect_config(wire)
    result = run("api_key_config", tenant_id=TENANT_ID, api_keys_enabled=True)
    assert result.results == {"changed": False, "tenant_id": TENANT_ID, "config": TODAY, "actions": []}
    assert len(result.warnings) == 1 and "tenantops.qlik_cloud.api_key_permission" in result.warnings[0]


def test_without_the_switch_disabling_fails_and_sends_reads_only(run, wire):
    expect_config(wire)
    result = run("api_key_config", tenant_id=TENANT_ID, api_keys_enabled=False, max_keys_per_user=9)
    assert "api_keys_enabled: this tenant has no switch" in result.message


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"max_keys_per_user": -1}, "max_keys_per_user: must be from 0 to 1000, not -1."),
        ({"max_keys_per_user": 1001}, "max_keys_per_user: must be from 0 to 1000, not 1001."),
        ({"max_keys_per_user": "many"}, "max_keys_per_user"),
        ({"max_api_key_expiry": "P0D"}, "max_api_key_expiry: 'P0D' is not longer than zero"),
        ({"max_api_key_expiry": "-P1D"}, "max_api_key_expiry: '-P1D' is not longer than zero"),
        ({"max_api_key_expiry": ""}, "max_api_key_expiry: '' is not an ISO 8601 duration"),
        (
            {"scim_external_client_expiry": "1 year"},
            "scim_external_client_expiry: '1 year' is not an ISO 8601 duration",
        ),
        ({"tenant_id": " "}, "tenant_id: must not be empty"),
        ({"tenant_id": ".."}, "tenant_id: '..' is not an id"),
        ({"tenant_id": "t\u200b"}, "tenant_id: has characters that are not to be seen"),
    ],
)
def test_bad_input_is_told_by_its_option_before_any_request(run, wire, options, expected):
    assert expected in run("api_key_config", **options).message
    assert wire.sent == []


def test_a_change_that_the_tenant_did_not_take_is_a_failure_after_a_change(run, wire):
    expect_config(wire)
    expect_config_change(wire, max_keys_per_user=10)
    expect_config(wire)
    result = run("api_key_config", tenant_id=TENANT_ID, max_keys_per_user=10)
    assert "max_keys_per_user: the tenant accepted 10, but now has 5" in result.message
    assert result.results["changed"] is True
    assert [action["action"] for action in result.results["actions"]] == ["update"]


@pytest.mark.parametrize(
    ("status", "expected"), [(400, "Invalid value"), (403, "needs the role TenantAdmin"), (404, "Invalid value")]
)
def test_a_refused_change_is_told_and_nothing_is_claimed_to_be_done(run, wire, status, expected):
    expect_config(wire)
    patch = [{"op": "replace", "path": "/max_keys_per_user", "value": 10}]
    wire.expects("PATCH", CONFIGS, json=patch).answers(status, json=refused("CONFIG-1", "Invalid value"))
    result = run("api_key_config", tenant_id=TENANT_ID, max_keys_per_user=10)
    assert expected in result.message
    assert result.results["failure"]["code"] == "CONFIG-1"
    assert "changed" not in result.results and "actions" not in result.results


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    tenant_calls.expect_config(wire, api_keys_enabled=False)
    tenant_calls.expect_config_change(wire, api_keys_enabled=True)
    tenant_calls.expect_config(wire, api_keys_enabled=True)
    changed = run("api_key_config", diff=True, tenant_id=TENANT_ID, api_keys_enabled=True).results
    wire.expects("GET", tenant_calls.CONFIGS).answers(403, json=REFUSAL)
    return [changed, run("api_key_config", tenant_id=TENANT_ID).results]
