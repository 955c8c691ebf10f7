# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding keys by whose they are, by age and by part of a description, and whose they turn out to be."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    ROLES,
    USERS,
    everybody,
    expect_all_roles,
    expect_generation,
    expect_user,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    USER,
    USER_ID,
    page,
    record,
    refused,
    scim_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import KEYS, LIST, expect_listing

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
ANA = "66f0c7d2a1b2c3d4e5f6000a"
E_MAIL = f"{ANA}@example.com"


@pytest.fixture
def noon(wire, set_machine):
    wire.now = NOON
    set_machine(NOON)


def found(result) -> list[str]:
    return [key["id"] for key in result.results["api_keys"]]


def expect_no_look_at_user(wire, name: str) -> None:
    value = json.dumps(name)
    query = {"filter": f"id eq {value} or email eq {value} or subject eq {value}", "limit": "100"}
    wire.expects("GET", USERS, query=query).answers(403, json=refused("X-1", "Forbidden"))


MAKERS = 'assignedRoles.name eq "Key Makers" or assignedGroupsAssignedRoles.name eq "Key Makers"'


def expect_makers(wire, status: int, answer: dict) -> None:
    wire.expects("GET", USERS, query={"filter": MAKERS, "limit": "100"}).answers(status, json=answer)


def expect_users(wire, *records: dict, ids: tuple[str, ...]) -> None:
    query = {"filter": " or ".join(f"id eq {json.dumps(each)}" for each in ids), "limit": "100"}
    wire.expects("GET", USERS, query=query).answers(json=page(*records))


def expect_requester_with(wire, *roles: str) -> None:
    answer = {**USER, "assignedRoles": [{"id": role, "name": role} for role in roles]}
    wire.expects("GET", "/api/v1/users/me").answers(json=answer)


def test_who_sees_their_own_keys_only_is_not_told_that_another_has_none(run, wire):
    message = (
        "owner: the user who signs in is no TenantAdmin and sees their own keys only, so whether this user has keys is"
    )
    for known in (True, False):
        expect_user(wire, E_MAIL, *([user_record(ANA)] if known else []))
        if known:
            expect_listing(wire, sub=ANA)
            expect_listing(wire, createdByUser=ANA)
        expect_requester_with(wire, "Developer")
        assert run("api_key_info", owner=E_MAIL, unknown_owner="pass").message.startswith(message)


def test_the_same_holds_for_keys_that_another_made(run, wire):
    expect_user(wire, E_MAIL, user_record(ANA))
    expect_listing(wire, createdByUser=ANA)
    expect_requester_with(wire, "Developer")
    message = run("api_key_info", created_by_user=E_MAIL).message
    assert message.startswith("created_by_user: the user who signs in is no TenantAdmin")


@pytest.mark.parametrize(("owner", "role"), [(USER_ID, "Developer"), (ANA, "TenantAdmin")])
def test_of_oneself_and_for_an_admin_no_key_is_an_answer(run, wire, owner, role):
    expect_user(wire, f"{owner}@example.com", user_record(owner))
    expect_listing(wire, sub=owner)
    expect_listing(wire, createdByUser=owner)
    expect_requester_with(wire, role)
    assert found(run("api_key_info", owner=f"{owner}@example.com")) == []


@pytest.mark.parametrize(("option", "asked"), [("sub", "sub"), ("created_by_user", "createdByUser")])
@pytest.mark.parametrize("name", [E_MAIL, E_MAIL.upper(), f"auth0|{ANA}"])
def test_a_user_named_otherwise_than_by_id_is_looked_up(run, wire, option, asked, name):
    expect_user(wire, name, user_record(ANA))
    expect_listing(wire, record("hers", sub=ANA, createdByUser=ANA), **{asked: ANA})
    assert found(run("api_key_info", **{option: name})) == ["hers"]


@pytest.mark.parametrize("option", ["sub", "created_by_user", "owner"])
def test_a_user_that_is_unknown_is_an_error_and_no_empty_list(run, wire, option):
    expect_user(wire, E_MAIL, user_record(ANA, status="deleted"))
    message = run("api_key_info", **{option: E_MAIL}).message
    assert message == f"{option}: no user of the tenant has {E_MAIL!r} for an id, e-mail address or subject."


def test_an_unknown_owner_finds_nothing_where_that_is_said_and_another_user_is_an_error_all_the_same(run, wire):
    expect_user(wire, E_MAIL)
    expect_requester_with(wire, "TenantAdmin")
    passed = run("api_key_info", owner=E_MAIL, unknown_owner="pass").results
    assert (passed["api_keys"], passed["owner_id"]) == ([], None)
    expect_user(wire, E_MAIL)
    assert run("api_key_info", created_by_user=E_MAIL, unknown_owner="pass").message.startswith(
        "created_by_user: no user"
    )


def test_one_name_of_two_users_is_told_with_both(run, wire):
    expect_user(
        wire, "x@example.com", user_record("u1", email="x@example.com"), user_record("u2", subject="x@example.com")
    )
    message = run("api_key_info", sub="x@example.com").message
    assert message.startswith(
        "sub: 'x@example.com' is more than one user: user 'Name of u1' (u1), user 'Name of u2' (u2)."
    )


def test_an_id_is_looked_up_only_where_it_has_no_keys(run, wire):
    expect_listing(wire, createdByUser=ANA)
    expect_user(wire, ANA, user_record(ANA))
    expect_requester_with(wire, "TenantAdmin")
    assert found(run("api_key_info", created_by_user=ANA)) == []


def test_what_looks_like_an_id_and_is_a_subject_is_taken_for_that(run, wire):
    expect_listing(wire, sub="jdoe")
    expect_user(wire, "jdoe", user_record(ANA, subject="jdoe"))
    expect_listing(wire, record("his", sub=ANA), sub=ANA)
    assert found(run("api_key_info", sub="jdoe")) == ["his"]


def test_what_looks_like_an_id_and_is_nobodys_is_an_error(run, wire):
    expect_listing(wire, sub="jdoe")
    expect_user(wire, "jdoe")
    assert run("api_key_info", sub="jdoe").message.startswith("sub: no user of the tenant has 'jdoe'")


def test_who_may_not_look_users_up_names_them_by_id(run, wire):
    expect_listing(wire, sub=ANA)
    expect_no_look_at_user(wire, ANA)
    expect_requester_with(wire, "Developer")
    assert run("api_key_info", sub=ANA).message.startswith("sub: the user who signs in is no TenantAdmin")
    expect_no_look_at_user(wire, E_MAIL)
    assert "this call needs the role TenantAdmin, to look users up" in run("api_key_info", sub=E_MAIL).message


def test_an_owners_keys_are_those_that_act_as_the_owner_and_those_made_for_a_provider(run, wire):
    expect_user(wire, E_MAIL, user_record(ANA))
    hers = record("hers", sub=ANA, createdByUser=ANA)
    expect_listing(wire, hers, record("made-for-her", sub=ANA, createdByUser=USER_ID), sub=ANA)
    made = (
        hers,
        scim_record("scim", createdByUser=ANA),
        record("anothers", sub="u9", createdByUser=ANA),
    )
    expect_listing(wire, *made, createdByUser=ANA)
    result = run("api_key_info", owner=E_MAIL)
    assert sorted(found(result)) == ["hers", "made-for-her", "scim"]
    assert result.results["owner_id"] == ANA


def test_an_owner_and_another_subject_need_one_list(run, wire):
    expect_listing(wire, record("hers", sub=ANA), createdByUser=ANA, sub=USER_ID)
    assert found(run("api_key_info", owner=ANA, sub=USER_ID)) == []


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"description_search": "LOAD"}, ["old", "long"]),
        ({"older_than": "P30D"}, ["old"]),
        ({"older_than": "P99999Y"}, []),
        ({"lives_longer_than": "P90D"}, ["long"]),
        ({"lives_longer_than": "P1D", "older_than": "P30D"}, ["old"]),
    ],
)
def test_age_length_of_life_and_a_part_of_the_description_are_compared_here(run, wire, noon, options, ids):
    expect_listing(
        wire,
        record("old", created="2026-09-01T00:00:00Z", expiry="2026-11-29T00:00:00Z"),
        record("long", created="2026-11-01T00:00:00Z", expiry="2027-11-01T00:00:00Z", description="Reload hourly"),
        record("untold", created=None, expiry=None, description="other"),
    )
    assert sorted(found(run("api_key_info", **options))) == sorted(ids)


def test_a_limit_stops_the_paging(run, wire):
    keys = [record(f"key-{number}", created=f"2026-01-{30 - number:02}T00:00:00Z") for number in range(3)]
    wire.expects("GET", KEYS, query=LIST).answers(json=page(*keys, next={"href": f"{KEYS}?startingAfter=a"}))
    result = run("api_key_info", limit=2)
    assert found(result) == ["key-0", "key-1"]
    assert "successor" not in result.results["api_keys"][0]


def test_a_limit_counts_the_keys_that_fit(run, wire):
    wire.expects("GET", KEYS, query=LIST).answers(json=page(record("a"), next={"href": f"{KEYS}?startingAfter=a"}))
    wire.expects("GET", KEYS, query={"startingAfter": "a"}).answers(json=page(record("b", description="wanted")))
    assert found(run("api_key_info", limit=1, description="wanted")) == ["b"]


@pytest.mark.parametrize(
    ("sort", "asked", "ids"),
    [
        ("description", "+description", ["a", "b"]),
        ("-description", "-description", ["b", "a"]),
        ("created", "+created", ["b", "a"]),
        ("created_by_user", "+createdByUser", ["a", "b"]),
    ],
)
def test_the_service_sorts(run, wire, sort, asked, ids):
    keys = [
        record("a", description="1", created="2026-02-01T00:00:00Z"),
        record("b", description="2", created="2026-01-01T00:00:00Z"),
    ]
    wire.expects("GET", KEYS, query={**LIST, "sort": asked}).answers(json=page(*keys))
    assert found(run("api_key_info", sort=sort)) == ids


def test_a_key_names_its_successor(run, wire):
    expect_listing(
        wire,
        record("newest", created="2026-03-01T00:00:00Z"),
        record("middle", created="2026-02-01T00:00:00Z"),
        record("revoked", created="2026-04-01T00:00:00Z", status="revoked"),
        record("elsewhere", created="2026-05-01T00:00:00Z", sub="u9"),
        record("untold", created=None),
        record("twin", created="2026-03-01T00:00:00Z"),
    )
    successors = {key["id"]: key["successor"] for key in run("api_key_info").results["api_keys"]}
    assert successors == {
        "newest": None,
        "twin": None,
        "middle": "newest",
        "revoked": None,
        "elsewhere": None,
        "untold": None,
    }


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({"created_by_user": USER_ID}, {"createdByUser": USER_ID}),
        ({"status": "expired"}, {"status": "expired"}),
        ({"limit": 5}, {}),
    ],
)
def test_where_successors_may_be_missing_nothing_is_said_of_them(run, wire, options, asked):
    expect_listing(wire, record("key-1", status=options.get("status", "active")), **asked)
    [key] = run("api_key_info", **options).results["api_keys"]
    assert "successor" not in key


def test_owners_are_looked_up_together_and_judged(run, wire):
    keys = [record(f"key-{user}", sub=user) for user in ("u1", "u2", "u3", "u4")]
    expect_listing(wire, *keys, scim_record("scim", createdByUser=None))
    expect_generation(wire)
    expect_all_roles(wire, everybody(), role_record("Key Makers", "api-keys"))
    expect_makers(wire, 200, page(user_record("u2")))
    users = (user_record("u1", "Key Makers"), user_record("u2"), user_record("u3", status="disabled"))
    expect_users(wire, *users, ids=("u1", "u2", "u3", "u4"))
    owners = {key["id"]: key["owner"] for key in run("api_key_info", with_owner=True).results["api_keys"]}
    assert owners.pop("scim") is None
    assert owners["key-u1"] == {
        "id": "u1",
        "name": "Name of u1",
        "email": "u1@example.com",
        "subject": "auth0|u1",
        "status": "active",
        "may_make_keys": True,
    }
    assert {name: (owner["status"], owner["may_make_keys"]) for name, owner in owners.items()} == {
        "key-u1": ("active", True),
        "key-u2": ("active", True),
        "key-u3": ("disabled", False),
        "key-u4": ("gone", False),
    }


def test_nobody_is_looked_up_where_nothing_is_found(run, wire):
    expect_listing(wire)
    assert run("api_key_info", with_owner=True).results["api_keys"] == []


def test_owners_of_many_keys_take_few_requests(run, wire):
    users = [f"{number:024x}" for number in range(90)]
    expect_listing(wire, *(record(f"key-{user}", sub=user) for user in users))
    expect_generation(wire)
    expect_all_roles(wire, everybody("api-keys"))
    for first in (0, 41, 82):
        expect_users(wire, ids=tuple(users[first : first + 41]))
    run("api_key_info", with_owner=True)


def test_a_tenant_that_does_not_find_users_by_role_leaves_it_open_who_may(run, wire):
    expect_listing(wire, record())
    expect_generation(wire)
    expect_all_roles(wire, role_record("Key Makers", "api-keys"))
    expect_makers(wire, 400, refused("X-1", "Bad filter"))
    expect_users(wire, user_record(USER_ID), ids=(USER_ID,))
    [key] = run("api_key_info", with_owner=True).results["api_keys"]
    assert key["owner"]["may_make_keys"] is None


def test_who_may_not_see_roles_still_gets_owners(run, wire):
    expect_listing(wire, record())
    expect_generation(wire)
    wire.expects("GET", ROLES, query={"limit": "100"}).answers(403, json=refused("X-1", "Forbidden"))
    expect_users(wire, user_record(USER_ID), ids=(USER_ID,))
    [key] = run("api_key_info", with_owner=True).results["api_keys"]
    assert (key["owner"]["status"], key["owner"]["may_make_keys"]) == ("active", None)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"owner": " "}, "owner: must not be empty."),
        ({"owner": "u", "id": "key-1"}, "mutually exclusive: id|owner"),
        ({"description_search": ""}, "description_search: must not be empty."),
        ({"older_than": "30 days"}, "older_than: '30 days' is not an ISO 8601 duration"),
        ({"lives_longer_than": "P0D"}, "lives_longer_than: 'P0D' is not longer than zero"),
        ({"limit": 0}, "limit: must be at least 1, not 0."),
        ({"sort": "expiry"}, "sort"),
    ],
)
def test_bad_input_is_told_by_its_option_before_any_request(run, wire, options, expected):
    assert expected in run("api_key_info", **options).message
    assert wire.sent == []
