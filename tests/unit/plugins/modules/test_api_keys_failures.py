# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failure in the middle of a set says where, what was done and what remains, and loses no token."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations import key_entry
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER, page, record, result_of, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.small_disk import no_space_left
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    LIST,
    MINE,
    NIGHTLY,
    expect_config,
    expect_creation,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_record,
    expect_requester,
    expect_retirement,
    expect_tenant,
    steps,
)

WEEKLY = {"description": "weekly"}
MONTHLY = {"description": "monthly"}


def expect_key(wire, description: str, **answer) -> None:
    """The creation of a key whose id is its description, or the refusal of it."""
    body = {**BODY, "description": description}
    if answer:
        wire.expects("POST", KEYS, json=body).answers(**answer)
    else:
        expect_creation(wire, body, record(description, description=description), token_of(description))


@pytest.mark.parametrize("status", [400, 401, 403, 429])
def test_it_stops_there_and_says_which_entry_what_was_done_and_what_remains(run, wire, status):
    expect_my_keys(wire, record("gone", description="gone"))
    expect_new_key(wire, "nightly-1")
    expect_key(wire, "weekly", status=status, headers={"Retry-After": "99999"})
    keys = [NIGHTLY, WEEKLY, {"description": "gone", "state": "absent"}, MONTHLY]
    result = run("api_keys", keys=keys, verbosity=3)
    assert result.message.startswith(f"keys[1]: POST /api/v1/api-keys was refused with {status}")
    assert (result.results["failure"]["status"], result.results["changed"]) == (status, True)
    assert steps(result.results) == ["create nightly-1"]
    assert steps(result.results, "remaining") == ["create", "retire gone", "create"]
    assert [action["description"] for action in result.results["remaining"]] == ["weekly", "gone", "monthly"]
    assert "exception" not in result.results


def test_the_tokens_of_keys_made_until_then_are_returned_beside_their_entries(run, wire, path):
    expect_my_keys(wire)
    expect_key(wire, "on-file")
    expect_new_key(wire, "nightly-1")
    expect_key(wire, "weekly", status=403)
    on_file = {"description": "on-file", "token_file": str(path)}
    result = run("api_keys", keys=[on_file, NIGHTLY, WEEKLY, MONTHLY])
    made = {**result_of(record("nightly-1")), "token": token_of("nightly-1")}
    assert result.results["api_keys"] == [None, made, None, None]
    assert path.read_text() == token_of("on-file") + "\n"
    assert token_of("on-file") not in result.text and token_of("nightly-1") not in result.message


def test_without_a_token_to_return_there_are_no_api_keys(run, wire, path):
    expect_my_keys(wire, record("gone", description="gone"))
    expect_retirement(wire, "gone")
    expect_new_key(wire, "nightly-1")
    expect_key(wire, "weekly", status=403)
    keys = [{"description": "gone", "state": "absent"}, {**NIGHTLY, "token_file": str(path)}, WEEKLY]
    result = run("api_keys", keys=keys)
    assert "api_keys" not in result.results
    assert steps(result.results) == ["retire gone", "create nightly-1"]


def test_the_next_run_goes_on_from_there(run, wire):
    expect_my_keys(wire, record("nightly-1"))
    expect_key(wire, "weekly")
    assert steps(run("api_keys", keys=[NIGHTLY, WEEKLY]).results) == ["create weekly"]


@pytest.mark.parametrize("check", [False, True])
def test_a_lost_token_of_one_entry_holds_up_no_other_but_the_purge(run, wire, path, check):
    expect_requester(wire)
    expect_listing(wire, record("nightly-1"), record("stray", description="stray"), status="active")
    if not check:
        expect_key(wire, "weekly")
    purge = {"purge": True, "purge_scope": {"sub_type": "user"}}
    result = run("api_keys", check=check, keys=[{**NIGHTLY, "token_file": str(path)}, WEEKLY], **purge)
    assert result.message.startswith("keys[0]: API key 'nightly reload'") and "holds no token" in result.message
    assert steps(result.results) == ["create" if check else "create weekly"]
    lost, made = result.results["api_keys"]
    assert lost is None and made["description"] == "weekly"
    assert made.get("token") == (None if check else token_of("weekly"))
    assert result.results["changed"] is True


def test_a_set_of_which_nothing_can_be_done_is_no_change(run, wire, path):
    expect_my_keys(wire, record("nightly-1"))
    result = run("api_keys", keys=[{**NIGHTLY, "token_file": str(path)}])
    assert result.message.startswith("keys[0]: API key 'nightly reload'")
    assert (result.results["changed"], result.results["actions"], result.results["api_keys"]) == (False, [], [None])


def test_all_entries_that_cannot_be_kept_are_told_at_once(run, wire, tmp_path):
    names = [f"k{number:02}" for number in range(12)]
    expect_my_keys(wire, *(record(name, description=name) for name in names))
    expect_key(wire, "weekly")
    keys = [{"description": name, "token_file": str(tmp_path / name)} for name in names]
    result = run("api_keys", keys=[*keys[:1], WEEKLY, *keys[1:]])
    assert result.message.startswith("12 entries: keys[0]: API key 'k00'")
    assert "keys[10]: API key 'k09'" in result.message and "keys[11]" not in result.message
    assert result.message.endswith("And 2 more.")
    assert steps(result.results) == ["create weekly"]


def test_options_that_cannot_be_used_refuse_all_and_the_other_problems_are_told_with_them(run, wire, tmp_path):
    expect_requester(wire)
    listed = [record("nightly-1"), record("weekly-1", **WEEKLY), record("other", description="taken")]
    expect_listing(wire, *listed, status="active")
    lost = {**NIGHTLY, "token_file": str(tmp_path / "nightly")}
    result = run("api_keys", keys=[lost, {"id": "weekly-1", "description": "taken"}, MONTHLY])
    assert result.message.startswith("2 entries: keys[1].description: API key other, of the same owner and active")
    assert "keys[0]: API key 'nightly reload'" in result.message
    assert "changed" not in result.results and "actions" not in result.results


def test_a_token_that_cannot_be_stored_holds_up_no_other_and_its_key_is_retired_again(run, wire, path, cannot_store):
    expect_my_keys(wire)
    expect_new_key(wire, "nightly-1")
    expect_retirement(wire, "nightly-1")
    expect_key(wire, "weekly")
    result = run("api_keys", keys=[{**NIGHTLY, "token_file": str(path)}, WEEKLY])
    assert result.message.startswith("keys[0]: ")
    assert "The API key just made, nightly-1, was retired again (deleted)" in result.message
    assert steps(result.results) == ["create nightly-1", "retire nightly-1", "create weekly"]
    assert steps(result.results, "remaining") == ["create"]
    lost, made = result.results["api_keys"]
    assert (lost, made["token"]) == (None, token_of("weekly"))
    assert token_of("nightly-1") not in result.text


def test_an_entry_that_fails_before_anything_is_done_about_it_is_no_change(run, wire, path, monkeypatch):
    def lock(*_arguments):
        raise TokenFileError("token_file: gone")

    monkeypatch.setattr(key_entry, "TokenFileLock", lock)
    expect_my_keys(wire)
    result = run("api_keys", diff=True, keys=[{**NIGHTLY, "token_file": str(path)}])
    assert result.message == "keys[0]: token_file: gone"
    assert (result.results["changed"], result.results["actions"], result.results["api_keys"]) == (False, [], [None])
    assert result.results["diff"]["before"] == result.results["diff"]["after"]


def test_a_failing_purge_says_that_it_is_the_purge(run, wire):
    expect_listing(wire, record("stray"), status="active")
    wire.expects("DELETE", f"{KEYS}/stray").answers(403)
    result = run("api_keys", keys=[], purge=True, purge_scope={"sub_type": "user"})
    assert result.message.startswith("purge: DELETE /api/v1/api-keys/stray was refused with 403")


@pytest.mark.parametrize("check", [False, True])
def test_a_key_that_does_not_exist_holds_up_no_other(run, wire, check):
    expect_requester(wire)
    expect_listing(wire, status="active")
    expect_no_record(wire, "gone")
    if not check:
        expect_key(wire, "weekly")
    result = run("api_keys", check=check, keys=[WEEKLY, {"id": "gone", "description": "new name"}])
    assert result.message.startswith("keys[1]: id: there is no API key gone")
    assert steps(result.results) == ["create" if check else "create weekly"]
    assert [key and key["description"] for key in result.results["api_keys"]] == ["weekly", None]


def test_a_creation_in_doubt_is_cleared_up_in_the_middle_of_the_set(run, wire):
    expect_my_keys(wire)
    expect_new_key(wire, "nightly-1")
    expect_key(wire, "weekly", status=503)
    expect_listing(wire, record("lost", description="weekly"), record("nightly-1"), **MINE)
    expect_retirement(wire, "lost")
    expect_key(wire, "weekly")
    expect_key(wire, "monthly")
    result = run("api_keys", keys=[NIGHTLY, WEEKLY, MONTHLY])
    assert steps(result.results) == ["create nightly-1", "retire lost", "create weekly", "create monthly"]
    assert [key["token"] for key in result.results["api_keys"]] == [
        token_of(key_id) for key_id in ("nightly-1", "weekly", "monthly")
    ]


@pytest.mark.parametrize("check", [False, True])
def test_the_key_that_a_run_signs_in_with_is_not_retired_while_there_is_more_to_do(run, wire, check):
    own = token_of("own")
    wire.expects("GET", "/api/v1/users/me", bearer=own).answers(json=USER)
    listed = page(record("own", description="automation"))
    wire.expects("GET", KEYS, query={**LIST, **MINE}, bearer=own).answers(json=listed)
    keys = [{"description": "automation", "state": "absent"}, NIGHTLY]
    result = run("api_keys", check=check, access_token=own, keys=keys)
    assert (
        "This run signs in with API key own ('automation') and would retire it before the rest is done"
        in result.message
    )
    assert "changed" not in result.results


def test_a_disk_that_fails_in_the_middle_costs_nothing_that_was_done(run, wire, path, monkeypatch):
    expect_my_keys(wire)
    expect_new_key(wire, "nightly-1")
    keys = [NIGHTLY, {**WEEKLY, "token_file": str(path)}]
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", no_space_left)
        result = run("api_keys", keys=keys)
    assert result.message.startswith("keys[1].token_file: no token can be stored at")
    assert result.results["api_keys"][0]["token"] == token_of("nightly-1")
    assert steps(result.results, "remaining") == ["create"]
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("module", ["api_keys", "tenant"])
def test_a_key_that_outlives_its_successor_costs_no_token(run, wire, module):
    if module == "tenant":
        expect_tenant(wire)
        expect_requester(wire)
        expect_config(wire)
        expect_listing(wire, record("old"), **MINE)
    else:
        expect_my_keys(wire, record("old"))
    expect_new_key(wire, "nightly-1")
    expect_retirement(wire, "old", record("old"))
    for _look in range(3):
        expect_record(wire, record("old"))
    key = {**NIGHTLY, "key_id": "", "on_lost_token": "replace"}
    result = run(module, keys=[key], return_tokens=True)
    assert "keys[0]: The tenant accepted the deletion of API key old, yet it is still active." in result.message
    [made] = result.results["api_keys"]
    assert (made["id"], made["token"]) == ("nightly-1", token_of("nightly-1"))
    assert steps(result.results) == ["create nightly-1"]
    assert steps(result.results, "remaining") == ["retire old"]
