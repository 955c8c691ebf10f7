# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    ROLE_DESCRIPTION,
    Members,
    find_members,
    plan_absent,
    plan_present,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import Group, User
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Role

NAME = "Key Makers"
ROLE = Role("role-1", NAME, "custom", "", ("a", "api-keys", "b"), True)
BARE = replace(ROLE, scopes=("a", "b"))
MADE = replace(ROLE, description=ROLE_DESCRIPTION, scopes=("api-keys",))
ADMIN = Role("role-2", "TenantAdmin", "default", "", (), False)
ADA = User("user-1", "Ada", ("Steward", "Developer"), "ada@example.com", "auth0|ada")
EVE = User("user-2", "Eve", (NAME,), "eve@example.com", "auth0|eve")
FINANCE = Group("group-1", "Finance", ("Developer", NAME, "Steward"))
OPERATIONS = Group("group-2", "Operations", ())
NOBODY = Members()


def taken(role, members=NOBODY, anybody_named=False):
    return plan_absent(NAME, role, members, anybody_named=anybody_named)


def test_a_missing_role_is_made_before_it_is_assigned_and_other_roles_stay():
    plan = plan_present(NAME, None, Members((ADA, EVE), (FINANCE, OPERATIONS)))
    assert plan.role == Role(None, NAME, "custom", ROLE_DESCRIPTION, ("api-keys",), True)
    assert plan.actions == (
        Action("create", None, NAME, "there is no role of this name to give the scope api-keys by"),
        Action("update", "user-1", "Ada", "gets the role Key Makers"),
        Action("update", "group-2", "Operations", "gets the role Key Makers"),
    )
    assert plan.role_action == plan.actions[0]
    assert [each.holder.roles for each in plan.assignments] == [("Steward", "Developer", NAME), (NAME,)]
    assert [holder.id for holder in plan.members] == ["user-1", "user-2", "group-1", "group-2"]


def test_a_role_without_the_scope_gets_it_and_keeps_its_others():
    plan = plan_present(NAME, BARE, NOBODY)
    assert plan.actions == (Action("update", "role-1", NAME, "gets the scope api-keys"),)
    assert plan.before["role"]["scopes"] == ["a", "b"]
    assert plan.after["role"] == {
        "id": "role-1",
        "name": NAME,
        "type": "custom",
        "scopes": ["a", "b", "api-keys"],
        "exists": True,
    }


def test_nothing_is_left_to_do_when_all_hold_a_role_that_has_the_scope():
    plan = plan_present(NAME, ROLE, Members((EVE,), (FINANCE,)))
    assert (plan.changed, plan.actions, plan.role_action, plan.assignments) == (False, (), None, ())


def test_the_role_is_taken_from_those_named_alone_and_their_other_roles_stay():
    plan = taken(ROLE, Members((ADA, EVE), (FINANCE,)), anybody_named=True)
    assert plan.role == ROLE
    assert plan.actions == (
        Action("update", "user-2", "Eve", "loses the role Key Makers"),
        Action("update", "group-1", "Finance", "loses the role Key Makers"),
    )
    assert [each.holder.roles for each in plan.assignments] == [(), ("Developer", "Steward")]


def test_naming_only_those_who_do_not_exist_leaves_the_scope_alone():
    assert not taken(ROLE, NOBODY, anybody_named=True).changed


@pytest.mark.parametrize("role", [None, BARE, replace(MADE, scopes=())])
def test_a_role_that_is_not_there_or_lacks_the_scope_has_nothing_to_be_taken(role):
    plan = taken(role)
    assert (plan.changed, plan.actions, plan.role) == (False, (), role)


@pytest.mark.parametrize(
    "role",
    [
        ROLE,
        replace(ROLE, scopes=("api-keys",)),
        replace(MADE, scopes=("api-keys", "a")),
        replace(MADE, name="UserDefault", type="default"),
    ],
)
def test_the_scope_is_taken_from_a_role_that_was_there_before_or_has_another_use(role):
    plan = taken(role)
    assert plan.role == replace(role, scopes=tuple(scope for scope in role.scopes if scope != "api-keys"))
    assert plan.actions == (Action("update", "role-1", role.name, "loses the scope api-keys"),)


def test_a_role_that_was_made_for_nothing_else_is_deleted():
    plan = taken(MADE)
    reason = "state is absent, and the role was made for nothing else"
    assert plan.actions == (Action("retire", "role-1", NAME, reason),)
    assert plan.role is None
    assert plan.after["role"] == {"id": None, "name": NAME, "type": None, "scopes": [], "exists": False}


def test_the_scopes_of_default_roles_cannot_be_changed():
    with pytest.raises(TenantStateError, match="^role: TenantAdmin is one of Qlik Cloud's own.*Nothing was changed"):
        plan_present("TenantAdmin", ADMIN, NOBODY)
    with pytest.raises(TenantStateError, match="Use UserDefault"):
        taken(replace(ADMIN, scopes=("api-keys",)))


@pytest.mark.parametrize(
    "role",
    [replace(ADMIN, can_edit=True), replace(ADMIN, name="UserDefault"), replace(BARE, can_edit=False)],
)
def test_unless_the_tenant_says_so_or_it_is_user_default(role):
    assert plan_present(role.name, role, NOBODY).changed


def test_a_default_role_that_has_the_scope_can_be_assigned():
    role = replace(ADMIN, scopes=("api-keys",))
    assert [each.holder for each in plan_present("TenantAdmin", role, Members((ADA,))).assignments] == [
        replace(ADA, roles=("Steward", "Developer", "TenantAdmin"))
    ]


def test_each_name_stands_for_one_holder_who_may_be_named_twice():
    found = {"ada@example.com": [ADA], "user-2": [EVE], "user-1": [ADA]}
    members = find_members(found, {"Finance": [FINANCE]}, all_must_exist=True)
    assert members == Members((ADA, EVE), (FINANCE,))
    assert members.as_result()["groups"] == [
        {"id": "group-1", "name": "Finance", "roles": ["Developer", NAME, "Steward"]}
    ]


def test_members_are_shown_as_they_were_read_last():
    """A user and a group may have one id."""
    changed = replace(ADA, roles=("Steward", NAME, "Since then"))
    members = Members((ADA, EVE), (replace(FINANCE, id="user-1"), OPERATIONS))
    assert members.update_from([changed]) == replace(members, users=(changed, EVE))
    assert members.update_from([]) == members


def test_all_names_that_cannot_be_used_are_told_together():
    users = {"x": [], "ada@example.com": [ADA], "both": [ADA, EVE], "y": []}
    with pytest.raises(TenantStateError) as raised:
        find_members(users, {"z": []}, all_must_exist=True)
    assert str(raised.value) == (
        "users: there is no user with the id, e-mail or subject 'x', 'y'. "
        "users: 'both' could be user 'Ada' (user-1), user 'Eve' (user-2); give the id of the one that is meant. "
        "groups: there is no group with the id or name 'z'. Nothing was changed."
    )


def test_names_of_nobody_are_let_pass_but_not_those_of_several():
    assert find_members({"x": [], "user-1": [ADA]}, {"z": []}, all_must_exist=False) == Members((ADA,))
    with pytest.raises(TenantStateError, match="^users: 'both' could be"):
        find_members({"both": [ADA, EVE]}, {}, all_must_exist=False)
