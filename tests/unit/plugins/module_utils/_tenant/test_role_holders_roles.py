# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles given to and taken from users and groups, though the service takes whole lists only and others write as well."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NoAnswerError,
    NotFoundError,
    RefusedError,
    TenantStateError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import PAUSES_SECONDS, Group
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    GROUPS,
    USERS,
    expect_assignment,
    group_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import refused

USER = f"{USERS}/user-1"
GROUP = f"{GROUPS}/group-1"
GATEWAYS_404 = {"status": 404, "text": "<html>no such page</html>"}


def expect_roles(wire, *roles: str) -> None:
    """The user is read and has these."""
    wire.expects("GET", USER).answers(json=user_record("user-1", *roles))


def are_pauses(waits: list[float], number: int) -> bool:
    """Whether the waits are the first so many pauses, each between half and all of it."""
    return len(waits) == number and all(full / 2 <= wait <= full for wait, full in zip(waits, PAUSES_SECONDS))


@pytest.mark.parametrize("status", [200, 204])
def test_a_role_is_given_beside_those_that_the_user_has_and_read_back(wire, users, waits, status):
    expect_roles(wire, "Steward", "Developer")
    expect_assignment(wire, USER, "Steward", "Developer", "Key Makers", status=status)
    expect_roles(wire, "Key Makers", "Steward", "Developer")
    given = users.assign_role("user-1", "Key Makers")
    assert given.roles == ("Key Makers", "Steward", "Developer")
    assert are_pauses(waits, 1)


def test_a_role_is_taken_and_the_others_stay(wire, users, waits):
    expect_roles(wire, "Steward", "Key Makers", "Developer")
    expect_assignment(wire, USER, "Steward", "Developer")
    expect_roles(wire, "Steward", "Developer")
    assert users.remove_role("user-1", "Key Makers").roles == ("Steward", "Developer")
    assert are_pauses(waits, 1)


def test_the_last_role_is_taken_from_a_group(wire, groups):
    wire.expects("GET", GROUP).answers(json=group_record("group-1", "Key Makers"))
    expect_assignment(wire, GROUP)
    wire.expects("GET", GROUP).answers(json=group_record("group-1"))
    assert groups.remove_role("group-1", "Key Makers") == Group("group-1", "Name of group-1", ())


def test_a_role_that_is_held_or_not_held_as_wanted_is_not_written(wire, users, waits):
    expect_roles(wire, "Key Makers")
    assert users.assign_role("user-1", "Key Makers").roles == ("Key Makers",)
    expect_roles(wire, "key makers")
    assert users.remove_role("user-1", "Key Makers").roles == ("key makers",)
    assert waits == []


def test_a_role_that_a_rival_takes_back_is_given_again_beside_what_the_rival_gave(wire, users, waits):
    expect_roles(wire, "Steward")
    expect_assignment(wire, USER, "Steward", "Key Makers")
    expect_roles(wire, "Steward", "Developer")
    expect_assignment(wire, USER, "Steward", "Developer", "Key Makers")
    expect_roles(wire, "Steward", "Developer", "Key Makers")
    assert users.assign_role("user-1", "Key Makers").roles == ("Steward", "Developer", "Key Makers")
    assert are_pauses(waits, 2)


def test_a_role_that_a_rival_gives_back_is_taken_again(wire, users, waits):
    expect_roles(wire, "Key Makers")
    expect_assignment(wire, USER)
    expect_roles(wire, "Developer", "Key Makers")
    expect_assignment(wire, USER, "Developer")
    expect_roles(wire, "Developer")
    assert users.remove_role("user-1", "Key Makers").roles == ("Developer",)
    assert are_pauses(waits, 2)


def test_a_role_that_is_there_only_after_the_last_writing_is_given(wire, users, waits):
    for _time in PAUSES_SECONDS:
        expect_roles(wire)
        expect_assignment(wire, USER, "Key Makers")
    expect_roles(wire, "Key Makers")
    assert users.assign_role("user-1", "Key Makers").roles == ("Key Makers",)
    assert are_pauses(waits, len(PAUSES_SECONDS))


@pytest.mark.parametrize(("left", "message"), [(("Steward", "Developer"), "Steward, Developer"), ((), "none")])
def test_a_role_that_is_never_there_after_writing_is_an_error_that_tells_what_is(wire, users, waits, left, message):
    for _time in PAUSES_SECONDS:
        expect_roles(wire, *left)
        expect_assignment(wire, USER, *left, "Key Makers")
    expect_roles(wire, *left)
    with pytest.raises(TenantStateError) as failed:
        users.assign_role("user-1", "Key Makers")
    assert str(failed.value) == (
        "The tenant accepted the roles of user 'Name of user-1' (user-1) 7 times, and each time something changed them "
        f"again. It has these now: {message}. Does another run or program assign roles to it?"
    )
    assert are_pauses(waits, len(PAUSES_SECONDS))


def test_a_role_that_is_always_there_after_writing_is_an_error(wire, users):
    for _time in PAUSES_SECONDS:
        expect_roles(wire, "Key Makers")
        expect_assignment(wire, USER)
    expect_roles(wire, "Key Makers")
    with pytest.raises(TenantStateError, match="7 times.*It has these now: Key Makers"):
        users.remove_role("user-1", "Key Makers")


def test_roles_that_were_assigned_in_part_are_a_refusal_with_the_services_words(wire, users, waits):
    expect_roles(wire, "Steward")
    refusal = refused("USERS-9", "Role not assigned", detail="role 7 could not be assigned", status=400)
    expect_assignment(wire, USER, "Steward", "Key Makers", status=207, answer=refusal)
    with pytest.raises(RefusedError) as raised:
        users.assign_role("user-1", "Key Makers")
    assert str(raised.value) == (
        "PATCH /api/v1/users/user-1 was carried out only in part, with 207 (Multi-Status): "
        "Role not assigned: role 7 could not be assigned."
    )
    assert (raised.value.failure["status"], raised.value.failure["code"]) == (207, "USERS-9")
    assert waits == []


@pytest.mark.parametrize("answer", [None, {"errors": []}, {"errors": ["x"]}, []])
def test_a_partial_answer_without_words_is_a_refusal_as_well(wire, users, answer):
    expect_roles(wire)
    expect_assignment(wire, USER, "Steward", status=207, answer=answer)
    with pytest.raises(RefusedError, match=r"^PATCH .* only in part, with 207 \(Multi-Status\)\."):
        users.assign_role("user-1", "Steward")


def test_a_403_names_the_missing_role(wire, groups):
    wire.expects("GET", GROUP).answers(json=group_record("group-1"))
    expect_assignment(wire, GROUP, "Key Makers", status=403)
    with pytest.raises(ForbiddenError, match="this call needs the role TenantAdmin"):
        groups.assign_role("group-1", "Key Makers")


def test_roles_whose_assignment_is_in_doubt_are_told_and_not_written_again(wire, users, waits):
    expect_roles(wire)
    wire.expects(
        "PATCH", USER, json=[{"op": "replace", "path": "/assignedRoles", "value": [{"name": "Key Makers"}]}]
    ).fails(requests.ConnectionError("dropped"))
    with pytest.raises(NoAnswerError, match="Whether the tenant carried it out is not known"):
        users.assign_role("user-1", "Key Makers")
    assert waits == []


@pytest.mark.parametrize("change", ["assign_role", "remove_role"])
@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        ({"status": 404}, NotFoundError, "was refused with 404"),
        (GATEWAYS_404, RefusedError, "a gateway or proxy may have answered"),
        ({"json": user_record("user-2", "Steward")}, UnusableAnswerError, "the record of another user, user-2"),
        ({"json": user_record("user/1")}, UnusableAnswerError, "user without a usable id, that has no usable 'id'"),
        ({"json": {**user_record(), "assignedRoles": None}}, UnusableAnswerError, "no usable 'assignedRoles'"),
        ({"json": []}, UnusableAnswerError, "where a JSON object was expected"),
    ],
)
def test_nothing_is_written_to_a_user_whose_roles_are_not_known(wire, users, change, answer, kind, message):
    wire.expects("GET", USER).answers(**answer)
    with pytest.raises(kind, match=message):
        getattr(users, change)("user-1", "Steward")


def test_roles_that_cannot_be_read_back_are_an_error(wire, users):
    expect_roles(wire)
    expect_assignment(wire, USER, "Key Makers")
    wire.expects("GET", USER).answers(**GATEWAYS_404)
    with pytest.raises(RefusedError, match=f"^GET {USER} was refused with 404"):
        users.assign_role("user-1", "Key Makers")
