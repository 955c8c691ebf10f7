# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import ROLE_DESCRIPTION
from ansible_collections.tenantops.qlik_cloud.tests.unit import directory, permission_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    ROLES,
    USERS,
    everybody,
    expect_group,
    expect_role,
    expect_user,
    group_record,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.permission_calls import (
    expect_group_roles,
    expect_role_deleted,
    expect_scope_given,
    expect_scope_taken,
    expect_user_read,
    expect_user_roles,
    expect_write_of_roles,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import REFUSAL

NAME = "Key Makers"
EMAIL = "user-1@example.com"
MEMBERS = {"role": NAME, "users": [EMAIL], "groups": ["Name of group-1"]}
CREATION = {"name": NAME, "description": ROLE_DESCRIPTION, "assignedScopes": ["api-keys"]}


def role_result(*scopes, **differences):
    return {"id": "role-1", "name": NAME, "type": "custom", "scopes": list(scopes), "exists": True, **differences}


def user_result(*roles):
    return {
        "id": "user-1",
        "name": "Name of user-1",
        "email": EMAIL,
        "subject": "auth0|user-1",
        "roles": list(roles),
    }


def group_result(*roles):
    return {"id": "group-1", "name": "Name of group-1", "roles": list(roles)}


def update(record_id, name, reason):
    return {"action": "update", "id": record_id, "description": name, "reason": reason}


def expect_members(wire, user, group):
    expect_user(wire, EMAIL, user)
    expect_group(wire, "Name of group-1", group)


def test_the_scope_is_given_to_everybody_and_other_scopes_stay(run, wire):
    expect_role(wire, "UserDefault", everybody("a"))
    expect_scope_given(wire, everybody("a"))
    before = {"id": "role-0", "name": "UserDefault", "type": "default", "scopes": ["a"], "exists": True}
    after = {**before, "scopes": ["a", "api-keys"]}
    assert run("api_key_permission", diff=True).results == {
        "changed": True,
        "role": after,
        "users": [],
        "groups": [],
        "actions": [update("role-0", "UserDefault", "gets the scope api-keys")],
        "diff": {
            "before": {"role": before, "users": [], "groups": []},
            "after": {"role": after, "users": [], "groups": []},
        },
    }


def test_a_role_is_made_and_then_given_to_users_and_groups_beside_their_others(run, wire):
    expect_role(wire, NAME)
    expect_members(wire, user_record("user-1", "Steward", "Developer"), group_record())
    wire.expects("POST", ROLES, json=CREATION).answers(201, json={**role_record(), **CREATION})
    expect_user_roles(wire, "user-1", ("Steward", "Developer"), ("Steward", "Developer", NAME))
    expect_group_roles(wire, "group-1", (), (NAME,))
    result = run("api_key_permission", diff=True, **MEMBERS).results
    assert result["role"] == role_result("api-keys")
    assert result["users"] == [user_result("Developer", NAME, "Steward")]
    assert result["groups"] == [group_result(NAME)]
    create = {
        "action": "create",
        "id": "role-1",
        "description": NAME,
        "reason": "there is no role of this name to give the scope api-keys by",
    }
    assert result["actions"] == [
        create,
        update("user-1", "Name of user-1", "gets the role Key Makers"),
        update("group-1", "Name of group-1", "gets the role Key Makers"),
    ]


def test_check_mode_sends_reads_only_and_tells_the_same_but_for_the_id_of_the_role(run, wire):
    expect_role(wire, NAME)
    expect_members(wire, user_record("user-1", "Steward"), group_record())
    result = run("api_key_permission", check=True, diff=True, **MEMBERS).results
    no_role = {"id": None, "name": NAME, "type": None, "scopes": [], "exists": False}
    after = {
        "role": role_result("api-keys", id=None),
        "users": [user_result(NAME, "Steward")],
        "groups": [group_result(NAME)],
    }
    assert result["changed"] is True
    assert [(action["action"], action["id"]) for action in result["actions"]] == [
        ("create", None),
        ("update", "user-1"),
        ("update", "group-1"),
    ]
    assert {name: result[name] for name in after} == after
    assert result["diff"] == {
        "before": {"role": no_role, "users": [user_result("Steward")], "groups": [group_result()]},
        "after": after,
    }


@pytest.mark.parametrize("check", [False, True])
def test_the_second_run_sends_reads_only(run, wire, check):
    expect_role(wire, NAME, role_record(NAME, "a", "api-keys"))
    expect_members(wire, user_record("user-1", NAME, "Steward"), group_record("group-1", NAME))
    result = run("api_key_permission", check=check, diff=True, **MEMBERS).results
    assert (result["changed"], result["actions"]) == (False, [])
    assert result["diff"]["before"] == result["diff"]["after"]
    assert result["users"] == [user_result(NAME, "Steward")]


def test_only_what_is_missing_is_written(run, wire):
    expect_role(wire, NAME, role_record(NAME, "a"))
    expect_members(wire, user_record("user-1", NAME), group_record("group-1", "Steward"))
    expect_scope_given(wire, role_record(NAME, "a"))
    expect_group_roles(wire, "group-1", ("Steward",), ("Steward", NAME))
    result = run("api_key_permission", **MEMBERS).results
    assert [action["id"] for action in result["actions"]] == ["role-1", "group-1"]
    assert result["role"] == role_result("a", "api-keys")


def test_a_user_named_twice_is_asked_for_by_both_names_and_given_the_role_once(run, wire):
    expect_role(wire, NAME, role_record(NAME, "api-keys"))
    expect_user(wire, "user-1", user_record())
    expect_user(wire, EMAIL.upper(), user_record())
    expect_user_roles(wire, "user-1", (), (NAME,))
    result = run("api_key_permission", role=NAME, users=["user-1\n", EMAIL.upper()]).results
    assert result["users"] == [user_result(NAME)]


def test_unknown_users_and_groups_are_all_named_before_anything_is_written(run, wire):
    expect_role(wire, NAME)
    expect_user(wire, EMAIL, user_record())
    expect_user(wire, "x", user_record())
    expect_user(wire, "y")
    expect_group(wire, "z")
    result = run("api_key_permission", role=NAME, users=[EMAIL, "x", "y"], groups=["z"])
    assert "e-mail or subject 'x', 'y'. groups: there is no group with the id or name 'z'" in result.message
    assert result.message.endswith("Nothing was changed.")
    assert "changed" not in result.results


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_name_that_two_users_have_is_refused_with_both(run, wire, state):
    expect_role(wire, NAME, role_record(NAME, "api-keys"))
    expect_user(wire, "shared", user_record("1", subject="shared"), user_record("2", email="Shared"))
    message = run("api_key_permission", role=NAME, users=["shared"], state=state).message
    assert "'shared' could be user 'Name of 1' (1), user 'Name of 2' (2); give the id" in message


def test_the_role_is_taken_from_those_named_and_no_other(run, wire):
    expect_role(wire, NAME, role_record(NAME, "api-keys", description=ROLE_DESCRIPTION))
    expect_members(wire, user_record("user-1", "Steward", NAME, "Developer"), group_record("group-1", "Steward"))
    expect_user_roles(wire, "user-1", ("Steward", NAME, "Developer"), ("Steward", "Developer"))
    result = run("api_key_permission", state="absent", **MEMBERS).results
    assert result["actions"] == [update("user-1", "Name of user-1", "loses the role Key Makers")]
    assert result["users"] == [user_result("Developer", "Steward")]
    assert result["role"] == role_result("api-keys")


def test_those_who_do_not_exist_have_nothing_to_lose(run, wire):
    expect_role(wire, NAME)
    expect_user(wire, EMAIL)
    expect_group(wire, "Name of group-1")
    result = run("api_key_permission", state="absent", **MEMBERS).results
    assert (result["changed"], result["actions"], result["users"], result["groups"]) == (False, [], [], [])
    assert result["role"] == {"id": None, "name": NAME, "type": None, "scopes": [], "exists": False}


@pytest.mark.parametrize("named", [{}, {"role": "UserDefault"}, {"role": "UserDefault", "users": []}])
def test_the_scope_is_taken_from_everybody(run, wire, named):
    expect_role(wire, "UserDefault", everybody("a", "api-keys", "b"))
    expect_scope_taken(wire, everybody("a", "api-keys", "b"))
    result = run("api_key_permission", state="absent", **named).results
    assert result["actions"] == [update("role-0", "UserDefault", "loses the scope api-keys")]
    assert result["role"]["scopes"] == ["a", "b"]


@pytest.mark.parametrize("scopes", [(), ("a",)])
def test_a_role_without_the_scope_is_left_alone(run, wire, scopes):
    expect_role(wire, NAME, role_record(NAME, *scopes, description=ROLE_DESCRIPTION))
    result = run("api_key_permission", role=NAME, state="absent").results
    assert (result["changed"], result["role"]) == (False, role_result(*scopes))


def test_a_role_that_was_made_for_nothing_else_is_deleted(run, wire):
    expect_role(wire, NAME, role_record(NAME, "api-keys", description=ROLE_DESCRIPTION))
    expect_role_deleted(wire, "role-1")
    result = run("api_key_permission", role=NAME, state="absent").results
    assert [(action["action"], action["outcome"]) for action in result["actions"]] == [("retire", "deleted")]
    assert result["role"] == {"id": None, "name": NAME, "type": None, "scopes": [], "exists": False}


def test_check_mode_announces_the_deletion(run, wire):
    expect_role(wire, NAME, role_record(NAME, "api-keys", description=ROLE_DESCRIPTION))
    result = run("api_key_permission", check=True, role=NAME, state="absent").results
    assert [(action["action"], action["id"]) for action in result["actions"]] == [("retire", "role-1")]
    assert "outcome" not in result["actions"][0]


def test_a_role_that_was_made_without_the_scope_gets_it(run, wire):
    expect_role(wire, NAME)
    made = {**role_record(), "description": ROLE_DESCRIPTION}
    wire.expects("POST", ROLES, json=CREATION).answers(201, json=made)
    expect_scope_given(wire, made)
    assert [action["action"] for action in run("api_key_permission", role=NAME).results["actions"]] == ["create"]


def test_roles_that_another_run_gave_meanwhile_are_kept(run, wire):
    """The service takes whole lists: what is written must be what is there right before, not what was there once."""
    expect_role(wire, NAME, role_record(NAME, "api-keys"))
    expect_user(wire, EMAIL, user_record("user-1", "Steward"))
    expect_user_roles(wire, "user-1", ("Steward", "Given meanwhile"), ("Steward", "Given meanwhile", NAME))
    result = run("api_key_permission", role=NAME, users=[EMAIL]).results
    assert result["users"] == [user_result("Given meanwhile", NAME, "Steward")]


def test_a_role_that_another_run_took_back_at_the_same_moment_is_given_again(run, wire, waits):
    expect_role(wire, NAME, role_record(NAME, "api-keys"))
    expect_user(wire, EMAIL, user_record("user-1"))
    expect_user_read(wire, "user-1")
    expect_write_of_roles(wire, f"{USERS}/user-1", NAME)
    expect_user_read(wire, "user-1", "Another run's")
    expect_write_of_roles(wire, f"{USERS}/user-1", "Another run's", NAME)
    expect_user_read(wire, "user-1", "Another run's", NAME)
    result = run("api_key_permission", role=NAME, users=[EMAIL]).results
    assert result["users"] == [user_result("Another run's", NAME)]
    assert (len(waits), [action["id"] for action in result["actions"]]) == (2, ["user-1"])


@pytest.mark.parametrize("state", ["present", "absent"])
def test_what_another_run_has_done_meanwhile_is_not_done_again(run, wire, state):
    held, shall = ((), (NAME,)) if state == "present" else ((NAME,), ())
    expect_role(wire, NAME, role_record(NAME, "api-keys"))
    expect_user(wire, EMAIL, user_record("user-1", *held))
    expect_user_read(wire, "user-1", *shall)
    result = run("api_key_permission", role=NAME, users=[EMAIL], state=state).results
    assert result["users"] == [user_result(*shall)]


@pytest.mark.parametrize("role", ["UserDefault\n", " UserDefault", "UserDefault\t"])
def test_white_space_around_a_role_does_not_make_another_of_it(run, wire, role):
    expect_role(wire, "UserDefault", everybody("api-keys"))
    result = run("api_key_permission", role=role).results
    assert (result["changed"], result["role"]["name"]) == (False, "UserDefault")
    assert "cannot be given with the role UserDefault" in run("api_key_permission", role=role, users=[EMAIL]).message


def test_a_role_with_what_is_not_seen_is_refused(run):
    assert "not to be seen" in run("api_key_permission", role="User\u00a0Default").message


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    makers = directory.role_record("Key Makers", "api-keys", description=ROLE_DESCRIPTION)
    directory.expect_role(wire, "Key Makers", makers)
    directory.expect_user(wire, "user-1", directory.user_record())
    directory.expect_group(wire, "group-1", directory.group_record("group-1", "Key Makers"))
    permission_calls.expect_user_roles(wire, "user-1", (), ("Key Makers",))
    given = run("api_key_permission", diff=True, role="Key Makers", users=["user-1"], groups=["group-1"]).results
    directory.expect_role(wire, "Key Makers", makers)
    permission_calls.expect_role_deleted(wire, "role-1")
    taken = run("api_key_permission", role="Key Makers", state="absent").results
    directory.expect_role(wire, "Key Makers", directory.role_record())
    directory.expect_user(wire, "user-1", directory.user_record())
    permission_calls.expect_scope_given(wire, directory.role_record())
    wire.expects("GET", f"{directory.USERS}/user-1").answers(403, json=REFUSAL)
    return [given, taken, run("api_key_permission", role="Key Makers", users=["user-1"]).results]
