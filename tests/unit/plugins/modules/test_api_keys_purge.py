# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a purge retires: everything active in its scope that the list does not name, after all else."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import expect_user, user_record
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    IDP_ID,
    USER,
    USER_ID,
    page,
    record,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    LIST,
    NIGHTLY,
    expect_listing,
    expect_new_key,
    expect_requester,
    expect_retirement,
    steps,
)

USERS_KEYS = {"purge": True, "purge_scope": {"sub_type": "user"}}
ENTRA = {"description": "Entra", "idp_id": IDP_ID}
EVERYTHING = {"status": "active"}


def expect_everything(wire, *records: dict) -> None:
    expect_requester(wire)
    expect_listing(wire, *records, **EVERYTHING)


@pytest.mark.parametrize("check", [False, True])
def test_it_comes_last_and_spares_what_is_named_or_outside_the_scope(run, wire, check):
    everything = [
        record("stray", description="left over"),
        record("theirs", sub="u2", createdByUser="u2"),
        scim_record("entra", description="Entra"),
        record("ended", status="revoked"),
    ]
    expect_everything(wire, *everything)
    if not check:
        expect_new_key(wire, "nightly-1")
        expect_retirement(wire, "stray")
        expect_retirement(wire, "theirs", record("theirs", status="revoked"))
    result = run("api_keys", check=check, diff=True, keys=[NIGHTLY], **USERS_KEYS)
    assert steps(result.results) == ["create" if check else "create nightly-1", "retire stray", "retire theirs"]
    assert result.results["actions"][1]["reason"] == "purge: keys does not name it"
    assert [key["id"] for key in result.results["diff"]["before"]["api_keys"]] == ["stray", "theirs"]
    assert len(result.results["api_keys"]) == 1


@pytest.mark.parametrize("check", [False, True])
def test_the_second_run_sends_reads_only(run, wire, check):
    expect_everything(wire, record("nightly-1"), scim_record("entra", description="Entra"))
    assert run("api_keys", check=check, keys=[NIGHTLY], **USERS_KEYS).results["changed"] is False


def test_what_an_entry_retires_is_not_retired_twice(run, wire):
    expect_everything(wire, record("nightly-1"))
    expect_retirement(wire, "nightly-1")
    result = run("api_keys", keys=[{**NIGHTLY, "state": "absent"}], **USERS_KEYS)
    assert steps(result.results) == ["retire nightly-1"]


def test_a_predecessor_in_its_overlap_and_a_key_named_by_its_id_are_spared(run, wire, stored, path):
    stored("new")
    expect_everything(wire, record("new"), record("old", created="2026-11-20T00:00:00Z"), record("a", description="a"))
    keys = [{**NIGHTLY, "token_file": str(path)}, {"id": "a"}]
    assert run("api_keys", keys=keys, **USERS_KEYS).results["changed"] is False


def test_an_empty_list_leaves_nothing_in_the_scope(run, wire):
    expect_listing(wire, record("a"), scim_record("b"), **EVERYTHING)
    expect_retirement(wire, "b")
    scope = {"sub_type": "externalClient", "created_by_user": USER_ID}
    result = run("api_keys", keys=[], purge=True, purge_scope=scope)
    assert (steps(result.results), result.results["api_keys"]) == (["retire b"], [])


@pytest.mark.parametrize("check", [False, True])
def test_the_key_that_the_run_signs_in_with_is_not_purged_and_nothing_is_changed(run, wire, check):
    own = token_of("own")
    wire.expects("GET", "/api/v1/users/me", bearer=own).answers(json=USER)
    everything = page(record("own", description="automation"), record("stray", description="left over"))
    wire.expects("GET", KEYS, query={**LIST, **EVERYTHING}, bearer=own).answers(json=everything)
    result = run("api_keys", check=check, access_token=own, keys=[NIGHTLY], **USERS_KEYS)
    assert "purge: it would retire API key own, which this run signs in with." in result.message
    assert "changed" not in result.results


def test_a_refusal_half_way_tells_what_remains_and_the_next_run_goes_on(run, wire):
    strays = [record("a", description="a"), record("b", description="b")]
    expect_everything(wire, record("nightly-1"), *strays)
    expect_retirement(wire, "a")
    wire.expects("DELETE", f"{KEYS}/b").answers(403)
    result = run("api_keys", keys=[NIGHTLY], **USERS_KEYS)
    assert (steps(result.results), steps(result.results, "remaining")) == (["retire a"], ["retire b"])
    expect_everything(wire, record("nightly-1"), strays[1])
    expect_retirement(wire, "b")
    assert steps(run("api_keys", keys=[NIGHTLY], **USERS_KEYS).results) == ["retire b"]


def test_a_failure_before_it_purges_nothing(run, wire):
    expect_everything(wire, record("stray", description="left over"))
    body = {"description": "Entra", "subType": "externalClient", "sub": f"SCIM\\{IDP_ID}"}
    expect_new_key(wire, "nightly-1")
    wire.expects("POST", KEYS, json=body).answers(403)
    result = run("api_keys", keys=[NIGHTLY, ENTRA], **USERS_KEYS)
    assert steps(result.results, "remaining") == ["create", "retire stray"]


def test_a_scim_key_is_spared_however_its_backslashes_are_stored(run, wire):
    expect_listing(wire, scim_record("entra", description="Entra", sub=f"SCIM\\\\{IDP_ID}"), **EVERYTHING)
    scope = {"sub_type": "externalClient"}
    assert run("api_keys", keys=[ENTRA], purge=True, purge_scope=scope).results["changed"] is False


@pytest.mark.parametrize(
    ("scope", "retired"),
    [
        ({"sub": "u2"}, ["theirs"]),
        ({"sub": f"SCIM\\\\{IDP_ID}"}, ["entra"]),
        ({"description_search": "TEMP"}, ["mine", "theirs"]),
        ({"description_search": "temp", "sub": USER_ID}, ["mine"]),
        ({"description_search": "nothing", "sub_type": "user"}, []),
    ],
)
def test_a_scope_may_be_a_subject_and_a_part_of_the_description(run, wire, scope, retired):
    theirs = record("theirs", sub="u2", description="a temporary key")
    mine = record("mine", description="Temp")
    entra = scim_record("entra", description="Entra")
    expect_listing(wire, entra, mine, theirs, **EVERYTHING)
    result = run("api_keys", check=True, keys=[], purge=True, purge_scope=scope).results
    assert steps(result) == [f"retire {key_id}" for key_id in retired]


@pytest.mark.parametrize("option", ["sub", "description_search"])
def test_a_scope_that_says_nothing_is_refused(run, option):
    message = run("api_keys", keys=[], purge=True, purge_scope={option: " "}).message
    assert message == f"purge_scope.{option}: must not be empty."


ANA = "66f0c7d2a1b2c3d4e5f6000a"


@pytest.mark.parametrize("option", ["sub", "created_by_user", "owner"])
def test_a_user_in_a_scope_may_be_named_by_e_mail_address(run, wire, option):
    name = f"{ANA}@example.com"
    expect_listing(wire, record("hers", sub=ANA, createdByUser=ANA), record("mine"), **EVERYTHING)
    expect_user(wire, name, user_record(ANA))
    result = run("api_keys", check=True, keys=[], purge=True, purge_scope={option: name}).results
    assert steps(result) == ["retire hers"]


@pytest.mark.parametrize("name", ["nobody@example.com", "nobody"])
def test_a_user_in_a_scope_that_is_unknown_is_an_error(run, wire, name):
    expect_listing(wire, record("mine"), **EVERYTHING)
    expect_user(wire, name)
    message = run("api_keys", keys=[], purge=True, purge_scope={"owner": name}).message
    assert message == f"purge_scope.owner: no user of the tenant has {name!r} for an id, e-mail address or subject."


@pytest.mark.parametrize("option", ["sub", "created_by_user", "owner"])
@pytest.mark.parametrize("sees_all", [False, True])
def test_who_sees_their_own_keys_only_is_not_told_that_another_has_none(run, wire, option, sees_all):
    name = f"{ANA}@example.com"
    expect_listing(wire, record("mine"), **EVERYTHING)
    expect_user(wire, name, user_record(ANA))
    roles = [{"id": "1", "name": "TenantAdmin"}] if sees_all else []
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, "assignedRoles": roles})
    result = run("api_keys", keys=[], purge=True, purge_scope={option: name})
    if sees_all:
        assert steps(result.results) == []
    else:
        assert result.message.startswith(
            f"purge_scope.{option}: the user who signs in is no TenantAdmin and sees their own"
        )


@pytest.mark.parametrize(
    ("scope", "retired"), [({"older_than": "P30D"}, "retire old"), ({"lives_longer_than": "P400D"}, "retire long")]
)
def test_a_scope_may_be_an_age_or_a_length_of_life(run, wire, scope, retired):
    old = record("old", created="2020-01-01T00:00:00Z")
    old["expiry"] = "2099-01-01T00:00:00Z" if "older_than" in scope else None
    long = record("long", created="2099-01-01T00:00:00Z", expiry="2101-01-01T00:00:00Z")
    expect_listing(wire, old, long, **EVERYTHING)
    assert steps(run("api_keys", check=True, keys=[], purge=True, purge_scope=scope).results) == [retired]
