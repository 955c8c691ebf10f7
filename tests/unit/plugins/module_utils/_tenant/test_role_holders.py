# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import Group, User
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    GROUPS,
    USERS,
    expect_group,
    expect_user,
    group_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import page


@pytest.mark.parametrize("name", ["user-1", "user-1@example.com", "USER-1@Example.com", "auth0|user-1"])
def test_a_user_is_found_by_id_e_mail_in_any_case_or_subject_among_all_that_come(wire, users, name):
    expect_user(wire, name, user_record("user-2"), user_record("user-1", "Steward", "Developer"))
    [found] = users.find(name)
    assert found == User("user-1", "Name of user-1", ("Steward", "Developer"), "user-1@example.com", "auth0|user-1")
    assert str(found) == "user 'Name of user-1' (user-1)"


@pytest.mark.parametrize("name", ["USER-1", "AUTH0|user-1", "Name of user-1", "user"])
def test_id_and_subject_have_their_case_and_a_users_name_is_no_way_to_name_it(wire, users, name):
    expect_user(wire, name, user_record("user-1"))
    assert users.find(name) == []


def test_all_users_of_the_same_name_are_found_and_deleted_ones_are_none(wire, users):
    same = {"email": "shared@example.com"}
    found = [user_record("1", **same), user_record("2", **same), user_record("3", status="deleted", **same)]
    expect_user(wire, "shared@example.com", *found, user_record("4", subject="shared@example.com", email=None))
    assert [user.id for user in users.find("shared@example.com")] == ["1", "2", "4"]


def test_a_user_on_a_later_page_is_found_though_the_filter_is_ignored(wire, users):
    query = {"filter": 'id eq "a\\\\b" or email eq "a\\\\b" or subject eq "a\\\\b"', "limit": "100"}
    first = page(*(user_record(f"user-{number}") for number in range(100)), next={"href": f"{USERS}?next=abc"})
    wire.expects("GET", USERS, query=query).answers(json=first)
    wire.expects("GET", USERS, query={"next": "abc"}).answers(json=page(user_record("200", subject="a\\b")))
    assert [user.id for user in users.find("a\\b")] == ["200"]


@pytest.mark.parametrize(("name", "found"), [("group-1", ["group-1"]), ("Name of group-1", ["group-1"]), ("X", [])])
def test_a_group_is_found_by_id_or_name(wire, groups, name, found):
    expect_group(wire, name, group_record("group-1"), group_record("group-2", name="x"))
    assert [group.id for group in groups.find(name)] == found


def test_results_have_roles_in_alphabetical_order():
    user = User("1", "Ada", ("Steward", "Developer"), "ada@example.com", "auth0|1")
    assert user.as_result() == {
        "id": "1",
        "name": "Ada",
        "roles": ["Developer", "Steward"],
        "email": "ada@example.com",
        "subject": "auth0|1",
    }
    assert Group("2", "Finance", ()).as_result() == {"id": "2", "name": "Finance", "roles": []}


@pytest.mark.parametrize(
    ("differences", "missing"),
    [
        ({"assignedRoles": None}, "assignedRoles"),
        ({"assignedRoles": [{"id": "1"}]}, "assignedRoles"),
        ({"assignedRoles": ["Developer"]}, "assignedRoles"),
        ({"assignedRoles": [{"name": 5}]}, "assignedRoles"),
        ({"assignedRoles": {"name": "Developer"}}, "assignedRoles"),
        ({"id": "user/1"}, "id"),
        ({"id": None}, "id"),
        ({"name": None}, "name"),
    ],
)
def test_a_user_whose_roles_are_not_told_cannot_be_used_so_that_none_is_ever_dropped(wire, users, differences, missing):
    expect_user(wire, "user-1@example.com", user_record(**differences))
    with pytest.raises(UnusableAnswerError, match=f"with a record, user .*, that has no usable '{missing}'"):
        users.find("user-1@example.com")


def test_users_that_are_not_meant_may_be_incomplete(wire, users):
    expect_user(wire, "user-1", {"id": "user-9"}, user_record())
    assert [user.id for user in users.find("user-1")] == ["user-1"]


def test_a_403_names_the_missing_role(wire, groups):
    query = {"filter": 'id eq "1" or name eq "1"', "limit": "100"}
    wire.expects("GET", GROUPS, query=query).answers(403)
    with pytest.raises(ForbiddenError, match="this call needs the role TenantAdmin"):
        groups.find("1")
