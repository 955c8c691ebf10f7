# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module refuses, and what it makes of what the tenant refuses."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import ROLE_DESCRIPTION
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    GROUPS,
    ROLES,
    USERS,
    everybody,
    expect_generation,
    expect_group,
    expect_role,
    expect_user,
    group_record,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.permission_calls import (
    expect_group_read,
    expect_scope_given,
    expect_scope_taken,
    expect_user_read,
    expect_user_roles,
    expect_write_of_roles,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import refused

NAME = "Key Makers"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"role": " "}, "role: must not be empty"),
        ({"role": "userdefault"}, "role: 'userdefault' would be a custom role; the role of all users is UserDefault."),
        ({"role": "User Default"}, "role: 'User Default' would be"),
        (
            {"role": "UserDefault", "users": ["a"]},
            "users: cannot be given with the role UserDefault, which every user of the tenant has",
        ),
        (
            {"role": "UserDefault", "groups": ["a"], "state": "absent"},
            "groups: cannot be given with the role UserDefault",
        ),
        ({"role": NAME, "users": ["a", ""]}, "users: must not contain an empty name"),
        ({"role": NAME, "groups": [" "]}, "groups: must not contain an empty name"),
        (
            {"role": NAME, "users": ["a", "b\u200b"], "state": "absent"},
            "users: has a name with characters that are not to",
        ),
        ({"role": NAME, "groups": ["a\x1b[2J"]}, "groups: has a name with characters that are not to be seen"),
        ({"role": "Key\u202eMakers"}, "role: has characters that are not to be seen"),
        ({"role": NAME, "users": [], "state": "absent"}, "users: is empty, so there is nobody to take the role from"),
        ({"role": NAME, "groups": [], "state": "absent"}, "groups: is empty, so there is nobody"),
        ({"users": [], "state": "absent"}, "users: is empty, so there is nobody to take the role from"),
        ({"exclusive": True, "state": "absent"}, "exclusive: has no meaning with state: absent."),
        ({"state": "gone"}, "state"),
    ],
)
def test_bad_input_is_told_by_its_option_before_any_request(run, wire, options, expected):
    assert expected in run("api_key_permission", **options).message
    assert wire.sent == []


@pytest.mark.parametrize("check", [False, True])
def test_the_scopes_of_qliks_own_roles_are_left_alone(run, wire, check):
    expect_role(wire, "TenantAdmin", role_record("TenantAdmin", type="default", canEdit=False))
    message = run("api_key_permission", check=check, role="TenantAdmin").message
    assert message.startswith("role: TenantAdmin is one of Qlik Cloud's own roles")


def test_unless_the_tenant_says_that_they_can_be_edited(run, wire):
    developer = role_record("Developer", type="default", canEdit=True)
    expect_role(wire, "Developer", developer)
    expect_scope_given(wire, developer)
    assert run("api_key_permission", role="Developer").results["changed"] is True


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("option", ["users", "groups"])
def test_whom_everybody_includes_cannot_be_named_without_a_role_where_that_is_everybodys(run, wire, state, option):
    expect_generation(wire)
    message = run("api_key_permission", state=state, **{option: ["a"]}).message
    assert message.startswith(f"{option}: cannot be given with the role UserDefault")
    assert f"Leave {option} out, or give the role" in message


def test_who_is_no_admin_is_told_what_it_takes(run, wire):
    expect_generation(wire)
    wire.expects("GET", ROLES, query={"filter": 'name eq "UserDefault"', "limit": "100"}).answers(403)
    result = run("api_key_permission")
    assert "this call needs the role TenantAdmin" in result.message
    assert result.results["failure"]["path"] == ROLES


def test_who_may_read_but_not_write_is_told_what_it_takes(run, wire):
    expect_role(wire, "UserDefault", everybody())
    patch = [{"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}]
    wire.expects("PATCH", f"{ROLES}/role-0", json=patch).answers(403)
    result = run("api_key_permission")
    assert "this call needs the role TenantAdmin" in result.message
    assert "changed" not in result.results


def test_a_partial_answer_names_who_was_not_assigned_and_what_was_done_before(run, wire):
    expect_role(wire, NAME, role_record(NAME))
    expect_user(wire, "user-1", user_record("user-1"))
    expect_user(wire, "user-2", user_record("user-2", "Steward"))
    expect_group(wire, "group-1", group_record())
    expect_scope_given(wire, role_record(NAME))
    expect_user_roles(wire, "user-1", (), (NAME,))
    expect_user_read(wire, "user-2", "Steward")
    refusal = refused("USERS-9", "Role not assigned", detail="role 7 could not be assigned")
    expect_write_of_roles(wire, f"{USERS}/user-2", "Steward", NAME, status=207, answer=refusal)
    result = run("api_key_permission", role=NAME, users=["user-1", "user-2"], groups=["group-1"])
    assert "Role not assigned: role 7 could not be assigned." in result.message
    assert result.message.endswith(
        "The user 'Name of user-2' (user-2) was not given the role Key Makers. What it should hold now: Steward, "
        "Key Makers."
    )
    assert result.results["failure"]["status"] == 207
    assert result.results["changed"] is True
    assert [action["id"] for action in result.results["actions"]] == ["role-1", "user-1"]


def test_a_group_that_keeps_its_roles_is_named(run, wire):
    expect_role(wire, NAME, role_record(NAME, "api-keys"))
    expect_group(wire, "group-1", group_record("group-1", NAME))
    expect_group_read(wire, "group-1", NAME)
    expect_write_of_roles(wire, f"{GROUPS}/group-1", status=400, answer=refused("GROUPS-1", "No"))
    result = run("api_key_permission", role=NAME, groups=["group-1"], state="absent")
    assert "The group 'Name of group-1' (group-1) was not relieved of the role Key Makers." in result.message
    assert "changed" not in result.results


@pytest.mark.parametrize("status", [400, 403, 409])
def test_a_role_that_is_assigned_loses_the_scope_and_stays_with_a_warning(run, wire, status):
    expect_role(wire, NAME, role_record(NAME, "api-keys", description=ROLE_DESCRIPTION))
    wire.expects("DELETE", f"{ROLES}/role-1").answers(status, json=refused("ROLES-1", "Role is assigned"))
    expect_scope_taken(wire, role_record(NAME, "api-keys", description=ROLE_DESCRIPTION))
    result = run("api_key_permission", role=NAME, state="absent")
    assert [(action["action"], action["reason"]) for action in result.results["actions"]] == [
        ("update", "loses the scope api-keys")
    ]
    assert (result.results["role"]["exists"], result.results["role"]["scopes"]) == (True, [])
    [warning] = result.warnings
    assert "Key Makers lost the scope api-keys, but stays" in warning and "Role is assigned" in warning


def test_a_deletion_that_fails_otherwise_takes_nothing(run, wire):
    expect_role(wire, NAME, role_record(NAME, "api-keys", description=ROLE_DESCRIPTION))
    wire.expects("DELETE", f"{ROLES}/role-1").answers(500)
    result = run("api_key_permission", role=NAME, state="absent")
    assert result.results["failure"]["status"] == 500
    assert "changed" not in result.results


def test_a_role_that_cannot_be_made_is_given_to_nobody(run, wire):
    expect_role(wire, NAME)
    expect_user(wire, "user-1", user_record())
    body = {"name": NAME, "description": ROLE_DESCRIPTION, "assignedScopes": ["api-keys"]}
    wire.expects("POST", ROLES, json=body).answers(400, json=refused("ROLES-2", "Too many roles"))
    result = run("api_key_permission", role=NAME, users=["user-1"])
    assert "Too many roles" in result.message
    assert "changed" not in result.results


def test_a_scope_that_the_tenant_accepted_and_the_role_lacks_is_a_failure(run, wire):
    expect_role(wire, "UserDefault", everybody("a"))
    expect_scope_given(wire, everybody("a"), left=everybody("a"))
    result = run("api_key_permission")
    assert result.message == "The tenant accepted the scope api-keys for role role-0, yet the role lacks it."
    assert "changed" not in result.results


def test_a_scope_that_stays_though_the_tenant_took_it_is_a_failure(run, wire):
    expect_role(wire, "UserDefault", everybody("api-keys"))
    expect_scope_taken(wire, everybody("api-keys"), left=everybody("api-keys"))
    result = run("api_key_permission", state="absent")
    assert "accepted to take the scope api-keys from role role-0, yet it has it still" in result.message


@pytest.mark.parametrize(
    "left",
    [
        {"json": role_record(NAME, "api-keys", description=ROLE_DESCRIPTION)},
        {"status": 404, "text": "<h1>Not here</h1>"},
        {"status": 500},
    ],
)
def test_a_role_is_deleted_only_when_the_tenant_itself_says_that_it_is_gone(run, wire, left):
    expect_role(wire, NAME, role_record(NAME, "api-keys", description=ROLE_DESCRIPTION))
    wire.expects("DELETE", f"{ROLES}/role-1").answers(204)
    wire.expects("GET", f"{ROLES}/role-1").answers(**left)
    result = run("api_key_permission", role=NAME, state="absent", retries=0)
    assert result.results["failed"] is True
    assert "changed" not in result.results


@pytest.mark.parametrize(("state", "held"), [("present", ()), ("absent", (NAME,))])
def test_an_assignment_that_never_lasts_is_a_failure_that_tells_the_roles_there_are(run, wire, state, held):
    shall = (NAME,) if state == "present" else ()
    expect_role(wire, NAME, role_record(NAME, "api-keys"))
    expect_user(wire, "user-1", user_record("user-1", *held))
    for _attempt in range(7):
        expect_user_read(wire, "user-1", *held)
        expect_write_of_roles(wire, f"{USERS}/user-1", *shall)
    expect_user_read(wire, "user-1", *held)
    result = run("api_key_permission", role=NAME, users=["user-1"], state=state)
    assert "The tenant accepted the roles of user 'Name of user-1' (user-1) 7 times, and each time" in result.message
    assert f"It has these now: {', '.join(held) or 'none'}. Does another run" in result.message
    assert "changed" not in result.results
