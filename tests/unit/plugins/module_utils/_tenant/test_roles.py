# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    RefusedError,
    TenantStateError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Role, Roles
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    ROLES,
    everybody,
    expect_all_roles,
    expect_role_by_name,
    expect_scope,
    role_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import page, refused

ROLE = f"{ROLES}/role-1"
GATEWAYS_404 = {"status": 404, "text": "<html>no such page</html>"}


@pytest.fixture
def roles(calls) -> Roles:
    return Roles(calls)


def test_a_role_is_found_by_its_exact_name_among_what_the_filter_lets_through(wire, roles):
    expect_role_by_name(
        wire, "Key Makers", role_record("key makers"), everybody("x"), role_record("Key Makers", "a", id="2")
    )
    assert roles.find("Key Makers") == Role("2", "Key Makers", "custom", "", ("a",), True)


def test_a_role_on_a_later_page_is_found_though_the_filter_is_ignored(wire, roles):
    first = page(*(role_record(f"role {number}") for number in range(100)), next={"href": f"{ROLES}?next=abc"})
    query = {"filter": 'name eq "the \\"good\\" ones"', "limit": "100"}
    wire.expects("GET", ROLES, query=query).answers(json=first)
    wire.expects("GET", ROLES, query={"next": "abc"}).answers(json=page(role_record('the "good" ones', id="2")))
    assert roles.find('the "good" ones').id == "2"


def test_a_role_that_is_not_there_is_none(wire, roles):
    expect_role_by_name(wire, "Key Makers", role_record("key makers"))
    assert roles.find("Key Makers") is None


def test_a_default_role_may_come_without_scopes_description_and_can_edit(wire, roles):
    expect_role_by_name(
        wire, "TenantAdmin", {"id": "1", "name": "TenantAdmin", "type": "default", "permissions": ["x"]}
    )
    assert roles.find("TenantAdmin") == Role("1", "TenantAdmin", "default", "", (), False)


@pytest.mark.parametrize("missing", ["id", "type"])
def test_a_role_without_what_decides_something_cannot_be_used(wire, roles, missing):
    expect_role_by_name(wire, "Key Makers", {**role_record(), missing: None})
    with pytest.raises(UnusableAnswerError, match=f"with a record, role .*, that has no usable '{missing}'"):
        roles.find("Key Makers")


def test_a_role_without_a_name_is_none_that_could_be_meant(wire, roles):
    expect_role_by_name(wire, "Key Makers", {**role_record(), "name": None})
    assert roles.find("Key Makers") is None


def test_all_roles_are_listed_without_a_filter_and_unusable_ones_left_out_with_a_warning(wire, calls, roles):
    warnings: list[str] = []
    calls.start_run(warnings.append, Progress())
    expect_all_roles(wire, everybody("api-keys"), role_record("Odd", id=5), role_record("Key Makers", "a"))
    assert [role.name for role in roles.all("Key Makers")] == ["UserDefault", "Key Makers"]
    [warning] = warnings
    assert warning.startswith("Left out: GET /api/v1/roles was answered 200 with a record, role without a usable id")


def test_the_role_that_is_needed_among_all_must_be_usable(wire, roles):
    expect_all_roles(wire, everybody("api-keys"), role_record("Key Makers", assignedScopes="api-keys"))
    with pytest.raises(UnusableAnswerError, match="role role-1, that has no usable 'assignedScopes'"):
        roles.all("Key Makers")


def test_a_role_is_made_with_its_scopes(wire, roles):
    body = {"name": "Key Makers", "description": "make keys", "assignedScopes": ["api-keys"]}
    wire.expects("POST", ROLES, json=body).answers(201, json={**role_record(), **body})
    made = roles.create("Key Makers", "make keys", ["api-keys"])
    assert made == Role("role-1", "Key Makers", "custom", "make keys", ("api-keys",), True)


def test_a_scope_is_added_and_removed_by_itself_and_read_back(wire, roles):
    expect_scope(wire, "role-1", "add")
    wire.expects("GET", ROLE).answers(json=role_record("Key Makers", "a", "api-keys"))
    assert roles.add_scope("role-1", "api-keys") is None
    expect_scope(wire, "role-1", "remove-value")
    wire.expects("GET", ROLE).answers(json=role_record("Key Makers", "a"))
    assert roles.remove_scope("role-1", "api-keys") is None


def test_a_scope_is_removed_also_from_a_role_that_has_gone_meanwhile(wire, roles):
    expect_scope(wire, "role-1", "remove-value")
    wire.expects("GET", ROLE).answers(404)
    assert roles.remove_scope("role-1", "api-keys") is None


@pytest.mark.parametrize(
    "left",
    [{"json": role_record("Key Makers", "a")}, {"json": {**role_record(), "assignedScopes": None}}, {"status": 404}],
)
def test_a_scope_that_is_not_there_after_it_was_added_is_an_error(wire, roles, left):
    expect_scope(wire, "role-1", "add")
    wire.expects("GET", ROLE).answers(**left)
    with pytest.raises(TenantStateError) as failed:
        roles.add_scope("role-1", "api-keys")
    assert str(failed.value) == "The tenant accepted the scope api-keys for role role-1, yet the role lacks it."


def test_a_scope_that_is_there_after_it_was_removed_is_an_error(wire, roles):
    expect_scope(wire, "role-1", "remove-value")
    wire.expects("GET", ROLE).answers(json=role_record("Key Makers", "a", "api-keys"))
    with pytest.raises(TenantStateError) as failed:
        roles.remove_scope("role-1", "api-keys")
    assert str(failed.value) == "The tenant accepted to take the scope api-keys from role role-1, yet it has it still."


def test_a_role_is_deleted_and_seen_to_be_gone(wire, roles):
    wire.expects("DELETE", ROLE).answers(204)
    wire.expects("GET", ROLE).answers(404)
    assert roles.delete("role-1") is None


def test_a_role_that_the_tenant_does_not_have_is_gone_already(wire, roles):
    wire.expects("DELETE", ROLE).answers(404)
    assert roles.delete("role-1") is None


def test_a_role_that_outlives_its_deletion_is_an_error(wire, roles):
    wire.expects("DELETE", ROLE).answers(204)
    wire.expects("GET", ROLE).answers(json=role_record())
    with pytest.raises(TenantStateError) as failed:
        roles.delete("role-1")
    assert str(failed.value) == "The tenant accepted the deletion of role role-1, yet it is still there."


def test_a_role_is_read_by_its_id_and_is_none_in_the_tenants_own_words_alone(wire, roles):
    wire.expects("GET", ROLE).answers(json=role_record("Key Makers", "a"))
    assert roles.get("role-1") == Role("role-1", "Key Makers", "custom", "", ("a",), True)
    wire.expects("GET", ROLE).answers(404)
    assert roles.get("role-1") is None
    wire.expects("GET", ROLE).answers(**GATEWAYS_404)
    with pytest.raises(RefusedError, match="a gateway or proxy may have answered"):
        roles.get("role-1")


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (role_record(id="role-2"), "with the record of another role, role-2"),
        (role_record(id="role/1"), "with a record, role without a usable id, that has no usable 'id'"),
        ({**role_record(), "assignedScopes": "api-keys"}, "role role-1, that has no usable 'assignedScopes'"),
        ({**role_record(), "assignedScopes": [5]}, "role role-1, that has no usable 'assignedScopes'"),
    ],
)
def test_what_is_no_record_of_that_role_cannot_be_used(wire, roles, found, message):
    wire.expects("GET", ROLE).answers(json=found)
    with pytest.raises(UnusableAnswerError, match=message):
        roles.get("role-1")


def test_a_gateways_404_leaves_in_doubt_whether_a_role_was_deleted(wire, roles):
    wire.expects("DELETE", ROLE).answers(**GATEWAYS_404)
    with pytest.raises(RefusedError, match=f"^DELETE {ROLE} was refused with 404") as failed:
        roles.delete("role-1")
    assert failed.value.may_have_been_done


@pytest.mark.parametrize(
    ("op", "call"),
    [
        ("add", lambda roles: roles.add_scope("role-1", "api-keys")),
        ("remove-value", lambda roles: roles.remove_scope("role-1", "api-keys")),
    ],
)
def test_a_gateways_404_after_a_change_is_not_taken_for_a_role_that_has_gone(wire, roles, op, call):
    expect_scope(wire, "role-1", op)
    wire.expects("GET", ROLE).answers(**GATEWAYS_404)
    with pytest.raises(RefusedError, match=f"^GET {ROLE} was refused with 404"):
        call(roles)


def test_a_gateways_404_after_a_deletion_is_not_taken_for_a_role_that_has_gone(wire, roles):
    wire.expects("DELETE", ROLE).answers(204)
    wire.expects("GET", ROLE).answers(**GATEWAYS_404)
    with pytest.raises(RefusedError, match=f"^GET {ROLE} was refused with 404"):
        roles.delete("role-1")


def test_unusable_roles_of_other_names_are_left_out(wire, roles):
    expect_role_by_name(wire, "Key Makers", {"name": "Odd Ones"}, "a text", role_record("Key Makers", id="2"))
    assert roles.find("Key Makers").id == "2"


def test_a_role_that_is_assigned_is_not_deleted(wire, roles):
    wire.expects("DELETE", f"{ROLES}/role-1").answers(409, json=refused("ROLES-1", "Role is assigned"))
    with pytest.raises(RefusedError, match="Role is assigned"):
        roles.delete("role-1")


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", ROLES, lambda roles: roles.find("x")),
        ("POST", ROLES, lambda roles: roles.create("x", "", [])),
        ("PATCH", f"{ROLES}/1", lambda roles: roles.add_scope("1", "api-keys")),
        ("DELETE", f"{ROLES}/1", lambda roles: roles.delete("1")),
    ],
)
def test_a_403_names_the_missing_role(wire, roles, method, path, call):
    bodies = {
        "POST": {"name": "x", "description": "", "assignedScopes": []},
        "PATCH": [{"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}],
    }
    query = {"filter": 'name eq "x"', "limit": "100"} if method == "GET" else {}
    wire.expects(method, path, json=bodies.get(method), query=query).answers(403)
    with pytest.raises(ForbiddenError, match="this call needs the role TenantAdmin"):
        call(roles)
