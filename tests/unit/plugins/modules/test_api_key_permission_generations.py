# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who else may make keys; and tenants with the switch, where the role Developer lets users make them."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    USERS,
    everybody,
    expect_generation,
    expect_group,
    expect_role,
    expect_role_by_name,
    expect_user,
    group_record,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.permission_calls import (
    expect_group_roles,
    expect_scope_given,
    expect_scope_taken,
    expect_user_read,
    expect_user_roles,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import steps

NAME = "Key Makers"
HELD = role_record(NAME, "api-keys")
OTHERS = role_record("Others", "api-keys", "b", id="role-2")
DEVELOPER = role_record("Developer", type="default", id="role-9", canEdit=False)


@pytest.mark.parametrize("check", [False, True])
def test_who_else_may_make_keys_is_told(run, wire, check):
    expect_role(wire, NAME, everybody("api-keys"), HELD, OTHERS, role_record("Without", id="role-3"))
    result = run("api_key_permission", check=check, role=NAME)
    assert result.results["changed"] is False
    assert result.warnings == [
        "Who else may make API keys: everybody, by the role UserDefault, Others. To let nobody but those named, give "
        "exclusive: true."
    ]


@pytest.mark.parametrize("options", [{}, {"role": "UserDefault"}])
def test_where_everybody_may_nobody_else_is_told(run, wire, options):
    expect_role(wire, "UserDefault", everybody("api-keys"))
    assert run("api_key_permission", **options).warnings == []


def test_when_the_permission_is_taken_nobody_else_is_told(run, wire):
    expect_role(wire, NAME, everybody("api-keys"), HELD)
    expect_scope_taken(wire, HELD)
    assert run("api_key_permission", role=NAME, state="absent").warnings == []


def test_the_scope_is_taken_from_all_others_when_those_named_have_it(run, wire):
    expect_role(wire, NAME, everybody("a", "api-keys"), role_record(NAME), OTHERS)
    expect_user(wire, "user-1", user_record())
    expect_scope_given(wire, role_record(NAME))
    expect_user_roles(wire, "user-1", (), (NAME,))
    expect_scope_taken(wire, everybody("a", "api-keys"))
    expect_scope_taken(wire, OTHERS)
    result = run("api_key_permission", diff=True, role=NAME, users=["user-1"], exclusive=True)
    assert steps(result.results) == ["update role-1", "update user-1", "update role-0", "update role-2"]
    assert [action["reason"] for action in result.results["actions"][2:]] == ["loses the scope api-keys"] * 2
    others = {side: result.results["diff"][side]["other_roles"] for side in ("before", "after")}
    assert [role["scopes"] for role in others["before"]] == [["a", "api-keys"], ["api-keys", "b"]]
    assert [role["scopes"] for role in others["after"]] == [["a"], ["b"]]
    assert result.warnings == []


def test_check_mode_announces_who_would_lose_it(run, wire):
    expect_role(wire, NAME, everybody("api-keys"), HELD)
    result = run("api_key_permission", check=True, role=NAME, exclusive=True).results
    assert (steps(result), result["changed"]) == (["update role-0"], True)


@pytest.mark.parametrize("options", [{"role": NAME}, {"role": "UserDefault"}, {}])
def test_where_nobody_else_has_it_there_is_nothing_to_do(run, wire, options):
    found = HELD if options.get("role") == NAME else everybody("api-keys")
    expect_role(wire, NAME, found, role_record("Without", id="role-3"))
    assert run("api_key_permission", exclusive=True, **options).results["changed"] is False


def test_a_role_that_keeps_the_scope_though_the_tenant_took_it_is_a_failure_after_what_was_done(run, wire):
    expect_role(wire, NAME, role_record(NAME), OTHERS, everybody("api-keys"))
    expect_scope_given(wire, role_record(NAME))
    expect_scope_taken(wire, OTHERS, left=OTHERS)
    result = run("api_key_permission", role=NAME, exclusive=True)
    assert "accepted to take the scope api-keys from role role-2, yet it has it still" in result.message
    assert steps(result.results) == ["update role-1"]
    assert steps(result.results, "remaining") == ["update role-2", "update role-0"]


@pytest.mark.parametrize("check", [False, True])
def test_one_of_qliks_own_roles_that_must_lose_it_and_cannot_is_told_before_anything_is_written(run, wire, check):
    own = role_record("TenantAdmin", "api-keys", type="default", canEdit=False, id="role-7")
    expect_role(wire, NAME, role_record(NAME), own)
    result = run("api_key_permission", check=check, role=NAME, exclusive=True)
    assert result.message.startswith("role: TenantAdmin is one of Qlik Cloud's own roles")
    assert "changed" not in result.results


MEMBERS = {"users": ["user-1"], "groups": ["group-1"]}


def expect_developers(wire, user, group) -> None:
    expect_generation(wire, has_switch=True)
    expect_role_by_name(wire, "Developer", DEVELOPER)
    expect_user(wire, "user-1", user)
    expect_group(wire, "group-1", group)


@pytest.mark.parametrize("named", [{}, {"role": "Developer"}])
def test_with_the_switch_those_named_get_the_role_developer_and_no_scope_is_touched(run, wire, named):
    expect_developers(wire, user_record("user-1", "Steward"), group_record())
    expect_user_roles(wire, "user-1", ("Steward",), ("Steward", "Developer"))
    expect_group_roles(wire, "group-1", (), ("Developer",))
    result = run("api_key_permission", **MEMBERS, **named)
    assert [action["reason"] for action in result.results["actions"]] == ["gets the role Developer"] * 2
    assert (result.results["role"]["name"], result.results["role"]["scopes"]) == ("Developer", [])
    assert result.warnings == []


def test_and_lose_it(run, wire):
    expect_developers(wire, user_record("user-1", "Steward", "Developer"), group_record())
    expect_user_roles(wire, "user-1", ("Steward", "Developer"), ("Steward",))
    result = run("api_key_permission", state="absent", **MEMBERS).results
    assert [action["reason"] for action in result["actions"]] == ["loses the role Developer"]


@pytest.mark.parametrize("check", [False, True])
def test_who_is_a_developer_already_stays_one_by_reads_alone(run, wire, check):
    expect_developers(wire, user_record("user-1", "Developer"), group_record("group-1", "Developer"))
    assert run("api_key_permission", check=check, **MEMBERS).results["changed"] is False


def test_check_mode_tells_who_would_become_a_developer(run, wire):
    expect_developers(wire, user_record("user-1"), group_record("group-1", "Developer"))
    assert steps(run("api_key_permission", check=True, **MEMBERS).results) == ["update user-1"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "users: this tenant has the switch for API keys, and there it is the role Developer"),
        ({"role": NAME}, "users: this tenant has the switch"),
        ({"state": "absent"}, "users: this tenant has the switch"),
        ({"role": NAME, **MEMBERS}, f"role: '{NAME}' lets nobody make keys on this tenant, which has the switch"),
        ({"role": "developer", **MEMBERS}, "role: 'developer' lets nobody make keys on this tenant"),
        ({"exclusive": True, **MEMBERS}, "exclusive: cannot be kept on a tenant with the switch"),
    ],
)
def test_what_means_nothing_with_the_switch_is_refused_by_its_option(run, wire, options, expected):
    expect_generation(wire, has_switch=True)
    result = run("api_key_permission", **options)
    assert result.message.startswith(expected) and "changed" not in result.results


def test_a_tenant_with_the_switch_and_without_the_role_is_told(run, wire):
    expect_generation(wire, has_switch=True)
    expect_role_by_name(wire, "Developer")
    expect_user(wire, "user-1", user_record())
    message = run("api_key_permission", users=["user-1"]).message
    assert message.startswith("role: this tenant has the switch for API keys, but no role Developer")


def test_a_refused_assignment_is_told_with_the_role_that_it_was(run, wire):
    expect_generation(wire, has_switch=True)
    expect_role_by_name(wire, "Developer", DEVELOPER)
    expect_user(wire, "user-1", user_record())
    expect_user_read(wire, "user-1")
    patch = [{"op": "replace", "path": "/assignedRoles", "value": [{"name": "Developer"}]}]
    wire.expects("PATCH", f"{USERS}/user-1", json=patch).answers(403)
    assert "was not given the role Developer" in run("api_key_permission", users=["user-1"]).message


def test_a_configuration_that_is_not_to_be_seen_stops_the_run(run, wire):
    wire.expects("GET", "/api/v1/users/me").answers(403)
    result = run("api_key_permission")
    assert result.results["failure"]["path"] == "/api/v1/users/me" and "changed" not in result.results
