# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants that take no second key: a clear refusal without ``retire_first``, and no key left behind with it."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    IDP_ID,
    USER,
    page,
    record,
    refused,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    LIST,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_retirement,
    steps,
)

RENEW = {"force_renew": True}
MAKE_ROOM = {**RENEW, "retire_first": True}


@pytest.mark.parametrize("status", [400, 403, 409, 422])
def test_without_it_the_refusal_of_a_second_key_leaves_all_as_it_was_and_names_the_option(
    wire, path, stored, ensure, status
):
    token = stored("old")
    expect_my_keys(wire, record("old"))
    wire.expects("POST", KEYS, json=BODY).answers(status, json=refused("X", "One key is enough"))
    result = ensure(**RENEW)
    assert "One key is enough" in result.message
    assert (
        "API key old is active as before. If the tenant takes no second key beside it, set retire_first"
        in result.message
    )
    assert "changed" not in result.results
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])


@pytest.mark.parametrize("status", [401, 404, 429])
def test_other_refusals_do_not_suggest_it(wire, stored, ensure, status):
    stored("old")
    expect_my_keys(wire, record("old"))
    wire.expects("POST", KEYS, json=BODY).answers(status, headers={"Retry-After": "99999"})
    assert "retire_first" not in ensure(**RENEW).message


def test_a_first_creation_that_is_refused_does_not_suggest_it(wire, ensure):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(403)
    assert "retire_first" not in ensure().message


def test_the_key_is_retired_before_its_successor_is_made(wire, path, stored, ensure):
    stored("old")
    expect_my_keys(wire, record("old"))
    expect_retirement(wire, "old", record("old", status="revoked"))
    expect_new_key(wire, "new")
    result = ensure(**MAKE_ROOM)
    assert steps(result.results) == ["retire old", "create new"]
    assert (path.read_text(), list(path.parent.iterdir())) == (token_of("new") + "\n", [path])


@pytest.mark.parametrize("check", [False, True])
def test_nothing_is_retired_when_there_is_nothing_to_be_made(wire, stored, ensure, check):
    stored("old")
    expect_my_keys(wire, record("old"))
    assert ensure(check=check, retire_first=True).results["changed"] is False


@pytest.mark.parametrize("status", [403, 401, 400])
def test_a_refusal_after_that_says_that_no_key_works_and_the_next_run_makes_one(
    wire, path, marker, stored, ensure, let_doubt_pass, status
):
    stored("old")
    expect_my_keys(wire, record("old"))
    expect_retirement(wire, "old")
    wire.expects("POST", KEYS, json=BODY).answers(status)
    failed = ensure(**MAKE_ROOM)
    assert (steps(failed.results), steps(failed.results, "remaining")) == (["retire old"], ["create"])
    if status != 401:
        assert "API key old had been retired to make room, as retire_first says, so none works now" in failed.message
    expect_my_keys(wire)
    expect_no_record(wire, "old")
    expect_new_key(wire, "new")
    assert steps(ensure(retire_first=True).results) == ["create new"]
    assert (path.read_text(), sorted(path.parent.iterdir())) == (token_of("new") + "\n", [marker, path])
    let_doubt_pass()
    expect_my_keys(wire, record("new"))
    assert steps(ensure(retire_first=True).results) == []
    assert list(path.parent.iterdir()) == [path]


def test_a_provider_that_is_gone_is_named_beside_the_key_that_made_room(run, wire, path, stored):
    stored("old")
    expect_listing(wire, scim_record("old"), status="active")
    expect_retirement(wire, "old")
    body = {**NIGHTLY, "sub": f"SCIM\\{IDP_ID}", "subType": "externalClient"}
    wire.expects("POST", KEYS, json=body).answers(400, json=refused("X", "Bad"))
    wire.expects("GET", f"/api/v1/identity-providers/{IDP_ID}").answers(404, json=refused("X", "No"))
    message = run("api_key", **NIGHTLY, idp_id=IDP_ID, token_file=str(path), **MAKE_ROOM).message
    assert f"The tenant has no identity provider {IDP_ID};" in message
    assert "API key old had been retired to make room, as retire_first says, so none works now." in message


def test_the_gap_is_not_forgotten_by_a_run_that_is_refused_in_it(wire, stored, ensure):
    stored("old")
    expect_my_keys(wire, record("old"))
    expect_retirement(wire, "old")
    wire.expects("POST", KEYS, json=BODY).answers(403)
    assert steps(ensure(**MAKE_ROOM).results) == ["retire old"]
    expect_my_keys(wire)
    expect_no_record(wire, "old")
    wire.expects("POST", KEYS, json=BODY).answers(403)
    assert "was refused with 403" in ensure(retire_first=True).message
    expect_my_keys(wire)
    expect_no_record(wire, "old")
    expect_new_key(wire, "new")
    assert steps(ensure(retire_first=True).results) == ["create new"]


def test_a_key_that_somebody_else_revoked_is_lost_and_not_made_anew(wire, stored, ensure):
    stored("old")
    expect_my_keys(wire)
    expect_no_record(wire, "old")
    assert "token of API key old, which has been deleted" in ensure(retire_first=True).message


def test_the_key_that_a_run_signs_in_with_is_not_retired_before_its_successor_is_made(wire, path, stored, ensure):
    token = stored("old")
    wire.expects("GET", "/api/v1/users/me", bearer=token).answers(json=USER)
    wire.expects("GET", KEYS, query={**LIST, **MINE}, bearer=token).answers(json=page(record("old")))
    result = ensure(access_token=token, **MAKE_ROOM)
    assert "signs in with API key old ('nightly reload') and would retire it before the rest is done" in result.message
    assert "changed" not in result.results
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])


def test_a_key_may_renew_itself_and_go_as_the_last(wire, path, stored, ensure):
    token = stored("old")
    wire.expects("GET", "/api/v1/users/me", bearer=token).answers(json=USER)
    wire.expects("GET", KEYS, query={**LIST, **MINE}, bearer=token).answers(json=page(record("old")))
    wire.expects("POST", KEYS, json=BODY, bearer=token).answers(201, json={**record("new"), "token": token_of("new")})
    wire.expects("DELETE", f"{KEYS}/old", bearer=token).answers(204)
    wire.expects("GET", f"{KEYS}/old", bearer=token).answers(401)
    result = ensure(access_token=token, overlap="PT0S", **RENEW)
    assert (steps(result.results), path.read_text()) == (["create new", "retire old"], token_of("new") + "\n")
