# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    IDP_ID,
    LONG_PAST,
    USER,
    record,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_no_record,
    expect_record,
    expect_retirement,
    steps,
)

GONE = {"state": "absent", **NIGHTLY}


def retired(key_id: str, **outcome: str) -> dict:
    reason = {"description": "nightly reload", "reason": "state is absent"}
    return {"action": "retire", "id": key_id, **reason, **outcome}


def test_every_active_match_is_retired_and_told_with_its_outcome(run, wire):
    newer = record("newer", created="2026-11-23T00:00:00Z")
    expect_my_keys(wire, record("older"), newer, record("other", description="other"))
    expect_retirement(wire, "older")
    expect_retirement(wire, "newer", {**newer, "status": "revoked"})
    result = run("api_key", diff=True, **GONE)
    assert result.results["actions"] == [retired("older", outcome="deleted"), retired("newer", outcome="revoked")]
    assert [key["id"] for key in result.results["diff"]["before"]["api_keys"]] == ["newer", "older"]
    assert (result.results["diff"]["after"], result.results["changed"]) == ({"api_keys": []}, True)
    assert "api_key" not in result.results


def test_check_mode_sends_reads_only_and_tells_no_outcome(run, wire):
    expect_my_keys(wire, record("key-1"))
    assert run("api_key", check=True, **GONE).results == {"changed": True, "actions": [retired("key-1")]}


@pytest.mark.parametrize("records", [[], [record("key-1", expiry=LONG_PAST)]])
@pytest.mark.parametrize("check", [False, True])
def test_the_second_run_sends_reads_only(run, wire, records, check):
    expect_my_keys(wire, *records)
    assert run("api_key", check=check, **GONE).results == {"changed": False, "actions": []}


def test_a_key_may_be_named_by_its_id(run, wire):
    expect_record(wire, record("key-1"))
    expect_retirement(wire, "key-1")
    assert run("api_key", state="absent", id="key-1").results["actions"] == [retired("key-1", outcome="deleted")]


@pytest.mark.parametrize("left", [None, record("key-1", status="revoked"), record("key-1", status="expired")])
def test_a_key_named_by_its_id_that_has_ended_is_no_change(run, wire, left):
    expect_record(wire, left) if left else expect_no_record(wire, "key-1")
    assert run("api_key", state="absent", id="key-1").results == {"changed": False, "actions": []}


def test_a_scim_key_is_retired_however_its_backslashes_are_stored(run, wire):
    stored = scim_record("key-1", description="nightly reload", sub=f"SCIM\\\\{IDP_ID}")
    expect_listing(wire, stored, status="active")
    expect_retirement(wire, "key-1")
    assert run("api_key", idp_id=IDP_ID, **GONE).results["actions"] == [retired("key-1", outcome="deleted")]


def test_a_failure_half_way_tells_what_was_retired(run, wire):
    expect_my_keys(wire, record("k2", created="2026-11-23T00:00:00Z"), record("k1"))
    expect_retirement(wire, "k1")
    wire.expects("DELETE", f"{KEYS}/k2").answers(403)
    result = run("api_key", **GONE)
    assert "DELETE /api/v1/api-keys/k2 was refused with 403" in result.message
    assert result.results["failure"]["path"] == f"{KEYS}/k2"
    assert (result.results["changed"], result.results["actions"]) == (True, [retired("k1", outcome="deleted")])
    assert steps(result.results, "remaining") == ["retire k2"]


@pytest.mark.parametrize("check", [False, True])
def test_the_token_of_the_retired_key_is_removed(run, wire, path, check):
    path.write_text(token_of("key-1"))
    expect_my_keys(wire, record("key-1"))
    if not check:
        expect_retirement(wire, "key-1")
    result = run("api_key", check=check, diff=True, token_file=str(path), **GONE)
    assert (result.results["changed"], path.exists()) == (True, check)
    assert result.results["diff"]["before"]["token_file"] == result.results["token_file"] == str(path)
    assert "token_file" not in result.results["diff"]["after"]


def test_the_token_of_a_key_that_ended_before_is_removed(run, wire, path):
    path.write_text(token_of("key-1"))
    expect_my_keys(wire)
    expect_record(wire, record("key-1", status="revoked"))
    result = run("api_key", token_file=str(path), **GONE)
    assert (result.results["changed"], result.results["actions"], path.exists()) == (True, [], False)


def test_the_token_of_a_key_that_the_tenant_has_no_record_of_is_removed(run, wire, path):
    path.write_text(token_of("key-1"))
    expect_my_keys(wire)
    expect_no_record(wire, "key-1")
    result = run("api_key", token_file=str(path), **GONE)
    assert (result.results["changed"], path.exists()) == (True, False)


@pytest.mark.parametrize("claims", [{"tenantId": "another-tenant"}, {"tenantId": None}, {"sub": "u9"}, {"sub": None}])
def test_a_token_that_may_be_another_tenants_or_users_is_left_alone_with_a_warning(run, wire, path, claims):
    path.write_text(token_of("key-1", **claims))
    expect_my_keys(wire)
    expect_no_record(wire, "key-1")
    result = run("api_key", token_file=str(path), **GONE)
    assert (result.results["changed"], path.exists(), len(result.warnings)) == (False, True, 1)


def test_a_tenant_admin_would_be_shown_the_key_of_another_user(run, wire, path):
    path.write_text(token_of("key-1", sub="u9"))
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, "roles": ["TenantAdmin"]})
    expect_listing(wire, **MINE)
    expect_no_record(wire, "key-1")
    result = run("api_key", token_file=str(path), **GONE)
    assert (result.results["changed"], path.exists(), result.warnings) == (True, False, [])


def test_the_token_of_a_key_that_lives_on_is_left_alone_with_a_warning(run, wire, path):
    path.write_text(token_of("other"))
    expect_my_keys(wire, record("key-1"))
    expect_record(wire, record("other", description="other"))
    expect_retirement(wire, "key-1")
    result = run("api_key", token_file=str(path), **GONE)
    assert (path.exists(), len(result.warnings)) == (True, 1)


def test_a_file_that_is_no_token_is_left_alone_with_a_warning(run, wire, path):
    path.write_text("my shopping list")
    expect_my_keys(wire)
    result = run("api_key", token_file=str(path), **GONE)
    assert (result.results["changed"], path.read_text(), len(result.warnings)) == (False, "my shopping list", 1)


def test_a_folder_that_is_gone_is_no_obstacle(run, wire, tmp_path):
    expect_my_keys(wire)
    gone = str(tmp_path / "gone" / "nightly.token")
    assert run("api_key", token_file=gone, **GONE).results["changed"] is False


def test_nothing_is_left_beside_a_file_that_was_removed(run, wire, path, stored):
    stored("key-1")
    expect_my_keys(wire, record("key-1"))
    expect_retirement(wire, "key-1")
    run("api_key", token_file=str(path), **GONE)
    assert list(path.parent.iterdir()) == []


def test_a_key_that_cannot_be_retired_keeps_its_token(run, wire, path, stored):
    token = stored("key-1")
    expect_my_keys(wire, record("key-1"))
    wire.expects("DELETE", f"{KEYS}/key-1").answers(403)
    assert "was refused with 403" in run("api_key", token_file=str(path), **GONE).message
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])
