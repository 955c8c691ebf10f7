# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The set in one call: one listing, writes only for what differs, results in the order given."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit import tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    IDP_ID,
    REFUSAL,
    USER_ID,
    page,
    record,
    result_of,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    LIST,
    MINE,
    NIGHTLY,
    expect_creation,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_record,
    expect_renaming,
    expect_requester,
    expect_retirement,
    steps,
)

WEEKLY = {"description": "weekly"}
GONE = {"description": "old dashboard", "state": "absent"}
DASHBOARD = record("dashboard", description="old dashboard")


def expect_weekly(wire, key_id: str = "weekly-1") -> None:
    body = {**BODY, "description": "weekly"}
    expect_creation(wire, body, record(key_id, description="weekly"), token_of(key_id))


def test_one_listing_serves_all_entries_and_results_come_in_the_order_given(run, wire):
    expect_my_keys(wire, DASHBOARD, record("nightly-1"))
    expect_weekly(wire)
    expect_retirement(wire, "dashboard")
    result = run("api_keys", keys=[WEEKLY, GONE, NIGHTLY])
    weekly = record("weekly-1", description="weekly")
    assert result.results["api_keys"] == [
        {**result_of(weekly), "token": token_of("weekly-1")},
        None,
        result_of(record("nightly-1")),
    ]
    assert (steps(result.results), result.results["changed"]) == (["create weekly-1", "retire dashboard"], True)


@pytest.mark.parametrize("check", [False, True])
def test_the_second_run_sends_reads_only(run, wire, check):
    weekly = record("weekly-1", description="weekly")
    expect_my_keys(wire, weekly, record("nightly-1"))
    assert run("api_keys", check=check, keys=[WEEKLY, GONE, NIGHTLY]).results == {
        "changed": False,
        "actions": [],
        "api_keys": [result_of(weekly), None, result_of(record("nightly-1"))],
        "has_leftovers": False,
    }


def test_check_mode_announces_what_is_then_done_and_shows_the_same_diff(run, wire):
    keys = [WEEKLY, GONE, {"id": "renamed", "description": "monthly"}]
    renamed = record("renamed", description="quarterly")
    expect_requester(wire)
    expect_listing(wire, renamed, DASHBOARD, status="active")
    check = run("api_keys", check=True, diff=True, keys=keys)
    expect_requester(wire)
    expect_listing(wire, renamed, DASHBOARD, status="active")
    expect_weekly(wire)
    expect_retirement(wire, "dashboard")
    expect_renaming(wire, "renamed", "monthly")
    done = run("api_keys", diff=True, keys=keys)
    assert steps(check.results) == ["create", "retire dashboard", "update renamed"]
    assert steps(done.results) == ["create weekly-1", "retire dashboard", "update renamed"]
    assert check.results["diff"] == done.results["diff"]
    unknown = dict.fromkeys(("id", "expiry", "created", "last_updated", "created_by_user", "tenant_id"))
    assert check.results["api_keys"] == [
        {**result_of(record(description="weekly")), **unknown},
        None,
        {**result_of(renamed), "description": "monthly"},
    ]
    assert [each and each["id"] for each in done.results["api_keys"]] == ["weekly-1", None, "renamed"]
    assert token_of("weekly-1") not in str(done.results["diff"])


@pytest.mark.parametrize(
    ("keys", "filters"),
    [
        ([NIGHTLY, WEEKLY], MINE),
        ([{**NIGHTLY, "sub": "u2"}, {**WEEKLY, "sub": "u2"}], {"status": "active", "sub": "u2"}),
        ([NIGHTLY, {**WEEKLY, "sub": "u2"}], {"status": "active"}),
        ([NIGHTLY, {**WEEKLY, "idp_id": IDP_ID}], {"status": "active"}),
        ([{**NIGHTLY, "idp_id": IDP_ID}], {"status": "active"}),
    ],
)
def test_the_listing_is_narrowed_as_far_as_it_serves_all(run, wire, keys, filters):
    if any("sub" not in key and "idp_id" not in key for key in keys):
        expect_requester(wire)
    expect_listing(wire, **filters)
    assert steps(run("api_keys", check=True, keys=keys).results) == ["create"] * len(keys)


def test_keys_named_by_their_ids_are_found_in_the_listing_and_others_are_asked_for(run, wire):
    expect_requester(wire)
    expect_listing(wire, record("nightly-1"), record("a", description="a"), status="active")
    expect_no_record(wire, "gone")
    expect_record(wire, record("ended", status="revoked"))
    keys = [NIGHTLY, {"id": "a"}, {"id": "gone", "state": "absent"}, {"id": "ended", "state": "absent"}]
    assert run("api_keys", keys=keys).results["changed"] is False


def test_a_thousand_keys_with_nothing_to_do_take_twelve_requests(run, wire):
    records = [record(f"key-{number}", description=f"service {number}") for number in range(1000)]
    pages = [records[start : start + 100] for start in range(0, 1000, 100)]
    expect_requester(wire)
    for number, records in enumerate(pages):
        link = {"next": {"href": f"{KEYS}?page={number + 1}"}} if number < 9 else {}
        query = {**LIST, **MINE} if number == 0 else {"page": str(number)}
        wire.expects("GET", KEYS, query=query).answers(json=page(*records, **link))
    result = run("api_keys", keys=[{"description": f"service {number}"} for number in reversed(range(1000))])
    assert (result.results["changed"], len(wire.sent)) == (False, 11)
    assert [key["id"] for key in result.results["api_keys"]] == [f"key-{number}" for number in reversed(range(1000))]


@pytest.mark.parametrize(
    ("return_tokens", "own", "returned"),
    [
        (None, {}, [False, True]),
        (True, {}, [True, True]),
        (True, {"return_token": False}, [False, True]),
        (None, {"return_token": True}, [True, True]),
    ],
)
def test_tokens_are_on_file_or_returned_as_asked_for(run, wire, path, return_tokens, own, returned):
    expect_my_keys(wire)
    expect_new_key(wire, "nightly-1")
    expect_weekly(wire)
    keys = [{**NIGHTLY, "token_file": str(path), **own}, WEEKLY]
    result = run("api_keys", keys=keys, return_tokens=return_tokens)
    nightly, weekly = result.results["api_keys"]
    assert ["token" in key for key in (nightly, weekly)] == returned
    assert (nightly["token_file"], "token_file" in weekly) == (str(path), False)
    assert (path.read_text(), list(path.parent.iterdir())) == (token_of("nightly-1") + "\n", [path])
    for token in (token_of("nightly-1"), token_of("weekly-1")):
        assert result.text.count(token) == (token in str(result.results["api_keys"]))


def test_every_entry_is_kept_in_its_own_way(run, wire, path, stored, now):
    stored("old")
    old = record("old", created=after(days=-80), expiry=after(days=10))
    kept = record("weekly-1", description="weekly", created=after(days=-80), expiry=after(days=10))
    expect_requester(wire)
    expect_listing(wire, scim_record("entra", description="Entra"), old, kept, status="active")
    expect_new_key(wire, "new")
    expect_retirement(wire, "old")
    keys = [
        {**NIGHTLY, "token_file": str(path), "renew_before": "P14D", "overlap": "PT0S"},
        {**WEEKLY, "token": token_of("weekly-1")},
        {"description": "Entra", "idp_id": IDP_ID, "token": "", "on_lost_token": "ignore"},
    ]
    result = run("api_keys", keys=keys)
    assert steps(result.results) == ["create new", "retire old"]
    assert [warning[:23] for warning in result.warnings] == ["on_lost_token is ignore"]
    assert [key["id"] for key in result.results["api_keys"]] == ["new", "weekly-1", "entra"]


def test_one_connection_serves_the_whole_set_and_one_requester_is_asked_for(run, wire):
    expect_my_keys(wire)
    expect_new_key(wire, "nightly-1")
    expect_weekly(wire)
    run("api_keys", keys=[NIGHTLY, WEEKLY])
    assert len({id(sent.adapter) for sent in wire.sent}) == 1


def test_two_users_may_have_a_key_of_one_description(run, wire):
    expect_requester(wire)
    expect_listing(wire, record("mine"), record("theirs", sub="u2"), status="active")
    result = run("api_keys", keys=[{**NIGHTLY, "sub": "u2"}, NIGHTLY])
    assert [key["id"] for key in result.results["api_keys"]] == ["theirs", "mine"]
    assert result.results["api_keys"][1]["sub"] == USER_ID


def test_check_mode_tells_that_a_stopped_run_left_something_which_the_run_itself_takes_away(run, wire, tmp_path):
    file, lock = tmp_path / "nightly.token", tmp_path / ".nightly.token.qlik-lock"
    file.write_text(token_of("nightly-1"))
    lock.touch()
    keys = [{**NIGHTLY, "token_file": str(file)}]
    shown = []
    for check in (True, False, True):
        expect_my_keys(wire, record("nightly-1"))
        result = run("api_keys", check=check, keys=keys).results
        shown.append((result["changed"], result["has_leftovers"], lock.exists()))
    assert shown == [(False, True, True), (False, False, False), (False, False, False)]


def documented_runs(wire, run, token_file) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    keys = [{**tenant_calls.NIGHTLY, "token_file": token_file, "return_token": True}, {"description": "weekly"}]
    gone = {"description": "gone", "state": "absent"}
    tenant_calls.expect_my_keys(wire, record("gone", description="gone"))
    tenant_calls.expect_new_key(wire, "key-1")
    tenant_calls.expect_creation(
        wire, {**tenant_calls.BODY, "description": "weekly"}, record("key-2"), token_of("key-2")
    )
    tenant_calls.expect_retirement(wire, "gone")
    done = run("api_keys", diff=True, keys=[*keys, gone]).results
    tenant_calls.expect_my_keys(wire, record("gone", description="gone"))
    tenant_calls.expect_retirement(wire, "gone")
    wire.expects("POST", tenant_calls.KEYS, json=tenant_calls.BODY).answers(403, json=REFUSAL)
    return [done, run("api_keys", keys=[gone, tenant_calls.NIGHTLY]).results]
