# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as owners of keys, at the wire."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import ForbiddenError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.owners import Owner, Owners
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import USERS, expect_user, user_record
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import page


@pytest.fixture
def owners(calls) -> Owners:
    return Owners(calls)


def expect_filter(wire, condition: str):
    return wire.expects("GET", USERS, query={"filter": condition, "limit": "100"})


def by_id(*ids: str) -> str:
    return " or ".join(f"id eq {json.dumps(each)}" for each in ids)


def test_owners_are_looked_up_together_and_once(wire, owners):
    expect_filter(wire, by_id("a", "b", "gone")).answers(json=page(user_record("b"), user_record("a")))
    found = owners.find_by_ids(["a", "b", "a", "gone"])
    assert list(found) == ["a", "b", "gone"]
    assert (found["a"].name, found["b"].email, found["gone"]) == ("Name of a", "b@example.com", None)
    expect_filter(wire, by_id("c")).answers(json=page(user_record("c")))
    later = owners.find_by_ids(["gone", "c", "a"])
    assert (later["gone"], later["c"].id, later["a"]) == (None, "c", found["a"])


def test_without_ids_nothing_is_asked(owners):
    assert owners.find_by_ids([]) == {}
    assert owners.find_by_names([]) == {}
    assert list(owners.list_by_roles([])) == []


def test_somebody_else_in_the_answer_is_nobodys_owner(wire, owners):
    expect_filter(wire, by_id("a")).answers(json=page(user_record("A"), user_record("b")))
    assert owners.find_by_ids(["a"]) == {"a": None}


def test_many_are_asked_for_in_filters_of_a_length_that_servers_take(wire, owners):
    ids = [f"{number:024}" for number in range(200)]
    for start in range(0, 200, 41):
        batch = ids[start : start + 41]
        expect_filter(wire, by_id(*batch)).answers(json=page(*map(user_record, batch)))
    assert [owner.id for owner in owners.find_by_ids(ids).values()] == ids
    lengths = [len(parse_qs(urlsplit(sent.url).query)["filter"][0]) for sent in wire.sent]
    assert max(lengths) <= 1500 and len(lengths) == 5


def test_an_id_longer_than_a_filter_is_asked_for_by_itself(wire, owners):
    long = "x" * 2000
    expect_filter(wire, by_id("a")).answers(json=page())
    expect_filter(wire, by_id(long)).answers(json=page())
    assert owners.find_by_ids(["a", long]) == {"a": None, long: None}


def test_a_name_that_would_leave_its_quotes_does_not(wire, owners):
    hostile = 'a" or id pr or name eq "'
    expect_filter(wire, f"id eq {json.dumps(hostile)}").answers(json=page())
    assert owners.find_by_ids([hostile]) == {hostile: None}


def test_users_are_named_by_id_email_or_subject_and_the_deleted_by_none(wire, owners):
    expect_user(
        wire, "x@example.com", user_record("1", email="X@example.com"), user_record("2", subject="x@example.com"),
        user_record("3", email="x@example.com", status="deleted"), user_record("4"),
    )  # fmt: skip
    assert [owner.id for owner in owners.find_by_names(["x@example.com"])["x@example.com"]] == ["1", "2"]


def test_the_holders_of_roles_come_once_from_all_pages(wire, owners):
    condition = " or ".join(
        f'assignedRoles.name eq "{role}" or assignedGroupsAssignedRoles.name eq "{role}"' for role in ("A", "B")
    )
    following = f"https://tenant.example.com{USERS}?page=2"
    expect_filter(wire, condition).answers(json=page(user_record("1"), user_record("2"), next={"href": following}))
    wire.expects("GET", USERS, query={"page": "2"}).answers(json=page(user_record("2"), user_record("3")))
    assert [owner.id for owner in owners.list_by_roles(["A", "B"])] == ["1", "2", "3"]


def test_who_may_not_look_users_up_is_told_what_that_needs(wire, owners):
    expect_filter(wire, by_id("a")).answers(403)
    with pytest.raises(ForbiddenError, match="needs the role TenantAdmin, to look users up"):
        owners.find_by_ids(["a"])


def test_what_a_tenant_does_not_tell_is_none_and_what_it_tells_oddly_is_left_out(wire, owners):
    odd = {
        "assignedRoles": [{"name": "A"}, {"name": 5}, None, "B"],
        "assignedGroups": [{"id": "g"}],
        "assignedScopes": "x",
    }
    bare = {"id": "2", "email": ""}
    expect_filter(wire, by_id("1", "2")).answers(json=page({**user_record("1"), **odd}, bare))
    one, two = owners.find_by_ids(["1", "2"]).values()
    assert (one.roles, one.groups, one.scopes) == (("A", "B"), ("g",), None)
    assert two == Owner("2", None, None, None, None, None, None, None)


def test_the_user_of_an_oauth_client_is_a_bot(wire, owners):
    expect_filter(wire, by_id("1", "2")).answers(json=page(user_record("1", subject="qlikbot\\x"), user_record("2")))
    assert [owner.is_bot for owner in owners.find_by_ids(["1", "2"]).values()] == [True, False]
