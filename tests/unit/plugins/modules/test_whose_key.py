# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of one name that are in use, however they came by it: without a proof none is ended, and each is named."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, USER_ID, record, scim_record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_record,
    expect_renaming,
    expect_requester,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")

SOON = after(days=5)
OURS = record("ours", created=after(hours=-2), expiry=SOON)


@dataclass(frozen=True)
class Case:
    """Another key of the same name, in use: its record, and whether it is known to be older than ours."""

    theirs: dict
    is_older_than: bool = False


CASES = {
    "renamed to this name, younger": Case(record("theirs", created=after(hours=-1), lastUpdated=after())),
    "renamed to this name, older": Case(
        record("theirs", created=after(days=-9), lastUpdated=after()), is_older_than=True
    ),
    "made by hand": Case(record("theirs", created=after(minutes=-1))),
    "made by hand by a colleague": Case(record("theirs", created=after(minutes=-1), createdByUser="u9")),
    "kept by another host in a file of its own": Case(record("theirs", created=after(hours=-1), expiry=SOON)),
    "kept here, before an older file was put back": Case(
        record("theirs", created=after(hours=-1), expiry=after(days=90))
    ),
    "made by nobody knows whom": Case(record("theirs", created=after(hours=-1), createdByUser=None)),
    "made at the same moment": Case(record("theirs", created=OURS["created"])),
    "made nobody knows when": Case(record("theirs", created=None)),
    "made when nobody can read": Case(record("theirs", created="yesterday")),
}
# How the run is called, and what it does for our key itself.
RUNS = {
    "kept": ({}, []),
    "kept, with an overlap": ({"overlap": "P30D"}, []),
    "renewed": ({"renew_before": "P5D"}, ["create new"]),
    "renewed, with an overlap": ({"renew_before": "P5D", "overlap": "P30D"}, ["create new"]),
    "renewed at will": ({"force_renew": True}, ["create new"]),
    "renewed in its place": ({"force_renew": True, "retire_first": True}, ["retire ours", "create new"]),
    "replaced if lost": ({"on_lost_token": "replace"}, []),
}


@pytest.fixture(params=CASES)
def case(request) -> Case:
    return CASES[request.param]


@pytest.fixture(params=RUNS)
def how(request) -> tuple[dict, list[str]]:
    return RUNS[request.param]


@pytest.mark.parametrize("place", ["file", "caller"])
def test_a_key_of_the_same_name_that_may_be_in_use_lives_on_and_is_named(wire, run, path, stored, case, how, place):
    options, done = how
    if case.is_older_than and options.get("retire_first"):
        done = ["retire theirs", *done]
    kept = {"token_file": str(path)} if place == "file" else {"token": token_of("ours")}
    stored("ours")
    expect_my_keys(wire, case.theirs, OURS)
    for step in done:
        expect_new_key(wire, "new") if step == "create new" else expect_retirement(wire, step.removeprefix("retire "))
    result = run("api_key", **NIGHTLY, **kept, **options)
    assert steps(result.results) == done
    named = [warning for warning in result.warnings if warning.startswith("API key theirs has the same name as ours")]
    assert len(named) == (0 if case.is_older_than else 1)
    assert all("Somebody may use it, so it was left alone." in warning for warning in named)


@pytest.mark.parametrize("place", ["file", "caller"])
@pytest.mark.parametrize("renews", [False, True])
def test_only_predecessors_end_when_there_is_no_overlap(wire, run, path, stored, case, place, renews):
    """What is older than the key whose token is stored has been succeeded."""
    kept = {"token_file": str(path)} if place == "file" else {"token": token_of("ours")}
    stored("ours")
    expect_my_keys(wire, case.theirs, OURS)
    older = ["retire theirs"] if case.is_older_than else []
    if place == "caller":
        done = [*older, *(["create new"] if renews else [])]
    else:
        done = ["create new", *older, "retire ours"] if renews else older
    for step in done:
        expect_new_key(wire, "new") if step == "create new" else expect_retirement(wire, step.removeprefix("retire "))
    result = run("api_key", overlap="PT0S", force_renew=renews, **NIGHTLY, **kept)
    assert steps(result.results) == done


def test_two_hosts_that_keep_one_key_in_files_of_their_own_do_not_end_each_others(run, wire, tmp_path):
    for host in ("a", "b"):
        (tmp_path / host).write_text(token_of(host))
        (tmp_path / host).chmod(0o600)
    keys = (record("b", created=after(hours=-1)), record("a", created=after(hours=-2)))
    named = []
    for host in ("a", "b", "a", "b"):
        expect_my_keys(wire, *keys)
        result = run("api_key", token_file=str(tmp_path / host), **NIGHTLY)
        assert (result.results["changed"], result.results["api_key"]["id"]) == (False, host)
        named.append([warning.split()[2] for warning in result.warnings])
    assert named == [["b"], [], ["b"], []]


def test_in_a_set_each_entry_names_what_it_leaves(run, wire, tmp_path):
    for key_id in ("nightly-1", "weekly-1"):
        (tmp_path / key_id).write_text(token_of(key_id))
        (tmp_path / key_id).chmod(0o600)
    keys = [
        record("nightly-2", created=after(hours=-1)),
        record("weekly-2", description="weekly", created=after(hours=-1)),
        record("nightly-1", created=after(hours=-2)),
        record("weekly-1", description="weekly", created=after(hours=-2)),
    ]
    expect_my_keys(wire, *keys)
    entries = [
        {**NIGHTLY, "token_file": str(tmp_path / "nightly-1")},
        {"description": "weekly", "token_file": str(tmp_path / "weekly-1")},
    ]
    result = run("api_keys", keys=entries)
    assert result.results["changed"] is False
    assert [warning.split()[2] for warning in result.warnings] == ["nightly-2", "weekly-2"]


@pytest.mark.parametrize("check", [False, True])
def test_in_a_set_no_key_is_renamed_to_a_name_that_another_active_key_of_its_owner_has(run, wire, check):
    expect_listing(wire, record("a", description="weekly"), record("b"), record("c", description="c"), status="active")
    keys = [{"id": "b", "description": "weekly"}, {"id": "c"}]
    assert run("api_keys", check=check, keys=keys).message == (
        "keys[0].description: API key a, of the same owner and active, is called 'weekly' already. Choose another "
        "description, or retire that key first."
    )


@pytest.mark.parametrize("check", [False, True])
def test_two_keys_are_not_renamed_to_one_name(run, wire, check):
    expect_listing(wire, record("a", description="a"), record("b", description="b"), status="active")
    keys = [{"id": "a", **NIGHTLY}, {"id": "b", **NIGHTLY}]
    assert run("api_keys", check=check, keys=keys).message.startswith(
        "keys[0].description: API key a would get the name of keys[1]"
    )


def test_two_keys_of_two_owners_may_get_one_name(run, wire):
    expect_listing(wire, record("a", description="a"), record("b", description="b", sub="u9"), status="active")
    for key_id in ("a", "b"):
        expect_renaming(wire, key_id, "nightly reload")
    result = run("api_keys", keys=[{"id": "a", **NIGHTLY}, {"id": "b", **NIGHTLY}])
    assert steps(result.results) == ["update a", "update b"]


def test_a_record_of_the_same_name_that_cannot_be_read_is_not_left_out(wire, stored, ensure):
    """It may be the key that is meant, or one that makes it ambiguous."""
    stored("ours")
    expect_my_keys(wire, record("theirs", status=5), OURS)
    assert ensure().message == (
        "GET /api/v1/api-keys was answered 200 with a record, API key theirs, that has no usable 'status'. Is this the "
        "address of a Qlik Cloud tenant?"
    )


@pytest.mark.parametrize("differences", [{"description": "weekly"}, {"sub": "u9"}, {"subType": "externalClient"}])
def test_one_of_another_name_is_left_out_with_a_warning(wire, stored, ensure, differences):
    stored("ours")
    expect_my_keys(wire, record("theirs", status=5, **differences), OURS)
    result = ensure()
    assert (result.results["changed"], len(result.warnings)) == (False, 1)
    assert result.warnings[0].startswith(
        "Left out: GET /api/v1/api-keys was answered 200 with a record, API key theirs,"
    )


@pytest.mark.parametrize("key_id", ["key-1\n", " key-1", "\tkey-1 \r\n", "\u00a0key-1"])
def test_a_key_is_retired_by_its_id_with_white_space_around_it(run, wire, key_id):
    expect_record(wire, record("key-1"))
    expect_retirement(wire, "key-1")
    assert steps(run("api_key", state="absent", id=key_id).results) == ["retire key-1"]


def test_two_entries_with_one_id_are_one_key_whatever_is_around_it(run, wire):
    message = run("api_keys", keys=[{"id": "key-1"}, {"id": "key-1\n", "state": "absent"}]).message
    assert (
        message
        == "keys[1]: names the same key as keys[0], API key key-1: take one of them away, or give it another description or id."
    )


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{}\r\n"])
def test_subjects_and_providers_are_taken_without_it_as_well(run, wire, around):
    expect_listing(wire, scim_record("key-1", description="Entra"), status="active")
    expect_retirement(wire, "key-1")
    entra = run("api_key", state="absent", description="Entra", idp_id=around.format(IDP_ID))
    assert steps(entra.results) == ["retire key-1"]
    expect_listing(wire, record("key-2", sub="u9"), status="active", sub="u9")
    expect_retirement(wire, "key-2")
    theirs = run("api_key", state="absent", sub=around.format("u9"), **NIGHTLY)
    assert steps(theirs.results) == ["retire key-2"]


def test_so_are_the_creators_of_what_is_purged_and_what_is_looked_for(run, wire):
    expect_listing(wire, record("stray"), status="active")
    expect_retirement(wire, "stray")
    scope = {"created_by_user": f"{USER_ID}\n"}
    assert steps(run("api_keys", keys=[], purge=True, purge_scope=scope).results) == ["retire stray"]
    expect_listing(wire, record("key-1"), createdByUser=USER_ID, sub=USER_ID)
    found = run("api_key_info", created_by_user=f" {USER_ID}", sub=f"{USER_ID}\n").results
    assert [key["id"] for key in found["api_keys"]] == ["key-1"]
    expect_record(wire, record("key-1"))
    assert [key["id"] for key in run("api_key_info", id="key-1\n").results["api_keys"]] == ["key-1"]
    expect_requester(wire)
    expect_listing(wire, record("key-1"), **MINE)
    assert run("api_keys", keys=[NIGHTLY]).results["changed"] is False
