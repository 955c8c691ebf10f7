# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users, groups, roles, identity providers and the tenant itself."""

from __future__ import annotations

from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from tenant_api import Api, error_of, replace, role_named

ADD, REMOVE = "add", "remove-value"


def operation(op: str, path: str, value: Any) -> dict[str, Any]:
    return {"op": op, "path": path, "value": value}


@pytest.mark.parametrize(("path", "size"), [("/users", 4), ("/groups", 2), ("/roles", 12), ("/identity-providers", 4)])
@pytest.mark.parametrize("limit", [1, 3])
def test_lists_page_forth_and_back(shared_admin: Api, path: str, size: int, limit: int) -> None:
    whole = [item["id"] for item in shared_admin.get(path, limit=100).json()["data"]]
    assert len(set(whole)) == size
    document = shared_admin.get(path, limit=limit).json()
    forth = [document]
    while "next" in document["links"]:
        document = shared_admin("GET", document["links"]["next"]["href"]).json()
        forth.append(document)
    assert [item["id"] for page in forth for item in page["data"]] == whole
    assert {len(page["data"]) for page in forth[:-1]} <= {limit}
    assert "prev" not in forth[0]["links"]
    while "prev" in document["links"]:
        document = shared_admin("GET", document["links"]["prev"]["href"]).json()
    assert document["data"] == forth[0]["data"]


@pytest.mark.parametrize("path", ["/users", "/groups", "/roles", "/identity-providers", "/audits"])
@pytest.mark.parametrize("query", [{"limit": "0"}, {"next": "nonsense"}, {"next": "YQ==", "prev": "YQ=="}])
def test_bad_paging_is_400(shared_admin: Api, path: str, query: dict[str, str]) -> None:
    answer = shared_admin.get(path, **query)
    assert answer.status_code == 400
    assert "parameter" in error_of(answer)["source"]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('name eq "Member"', ["Member"]),
        ('email eq "admin@tenant.example"', ["Tenant Admin"]),
        ('email eq "Admin@Tenant.Example"', ["Tenant Admin"]),
        ('subject eq "auth0|member" or subject eq "auth0|admin"', ["Member", "Tenant Admin"]),
        ('name eq "Member" and email eq "admin@tenant.example"', []),
        ('(name eq "Member" OR name eq "Tenant Admin") AND Email EQ "member@tenant.example"', ["Member"]),
        ('name eq "Tenant Admin" or name eq "Member" and email eq "nobody"', ["Tenant Admin"]),
        (r'name eq "with \"quotes\" and ) or"', []),
        ('name eq "\'; DROP TABLE users; --"', []),
    ],
)
def test_user_filter(shared_admin: Api, expression: str, names: list[str]) -> None:
    answer = shared_admin.get("/users", filter=expression)
    assert answer.status_code == 200
    assert [user["name"] for user in answer.json()["data"]] == names


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('name co "MEM"', ["Member", "Second Member"]),
        (
            'name co "query" or email co "admin@" or subject co "second" or id eq "query"',
            ["Second Member", "Tenant Admin"],
        ),
        ('name co ""', ["Automation", "Member", "Second Member", "Tenant Admin"]),
        ('name co "%" or name co "_"', []),
        ('assignedRoles.name eq "tenantadmin"', ["Automation", "Tenant Admin"]),
        ('assignedRoles.name eq "Developer"', []),
        ('status eq "active"', ["Automation", "Member", "Second Member", "Tenant Admin"]),
        ('status eq "disabled" or status eq "invited"', []),
        ('(name co "member") and (status eq "active" or status eq "disabled")', ["Member", "Second Member"]),
        ('(status eq "active") and name eq "Member"', ["Member"]),
        ('((name eq "Member" or name eq "Automation") and (status eq "active"))', ["Automation", "Member"]),
        ('name eq "Member" and (status eq "disabled")', []),
    ],
)
def test_user_filter_as_documented(shared_admin: Api, expression: str, names: list[str]) -> None:
    answer = shared_admin.get("/users", filter=expression)
    assert (answer.status_code, [user["name"] for user in answer.json()["data"]]) == (200, names)


@pytest.mark.parametrize(
    "expression",
    [
        'name eq "Bob" or name eq "Alice" and (status eq "active" or status eq "disabled")',
        '(name eq "Bob" or name eq "Alice") or (status eq "active")',
        'name eq "Bob" and status eq "active"',
        '(name eq "Bob" and status eq "active")',
        'name eq "Bob" and (status eq "active" or id eq "x")',
        'name eq "Bob" and (status eq "active") and (status eq "disabled")',
        '(name eq "Bob" and (status eq "active")) and email co "x"',
    ],
)
def test_conditions_on_the_status_must_be_grouped(shared_admin: Api, expression: str) -> None:
    answer = shared_admin.get("/users", filter=expression)
    assert answer.status_code == 400
    assert "status must stand together" in error_of(answer)["detail"]


def test_users_by_ids_of_groups_roles_and_clients(tenant: EmbeddedTenant, admin: Api) -> None:
    def found(expression: str) -> list[str]:
        return [user["name"] for user in admin.get("/users", filter=expression).json()["data"]]

    finance = next(group for group in admin.get("/groups").json()["data"] if group["name"] == "Finance")
    assert found(f'assignedGroups.id eq "{finance["id"]}"') == ["Member", "Second Member"]
    assert found(f'clientId eq "{tenant.ready["client_id"]}"') == ["Automation"]
    assert found(f'assignedRoles.id eq "{role_named(admin, "TenantAdmin")["id"]}"') == ["Automation", "Tenant Admin"]
    assert found('assignedGroupsAssignedRoles.name eq "Steward"') == []
    assert admin.patch(f"/groups/{finance['id']}", replace("/assignedRoles", [{"name": "Steward"}])).status_code == 204
    assert found('assignedGroupsAssignedRoles.name eq "steward"') == ["Member", "Second Member"]
    assert found('assignedRoles.name eq "Steward"') == [], "of the group, not of its members"


@pytest.mark.parametrize(
    ("setting", "counted"),
    [
        ("direct", {"Second Member"}),
        ("direct_and_groups", {"Second Member", "Member"}),
        ("direct_and_default", {"Second Member", "Member", "Automation", "Tenant Admin"}),
        ("all", {"Second Member", "Member", "Automation", "Tenant Admin"}),
    ],
)
def test_assigned_scopes_count_by_the_knob(tenant: EmbeddedTenant, admin: Api, setting: str, counted: set[str]) -> None:
    """Everybody has the scope by UserDefault, the members of a group by its role, one user by a role of their own."""
    tenant.control("PATCH", "settings", {"assigned_scopes": setting})
    assert admin.post("/roles", {"name": "Key Makers", "assignedScopes": ["api-keys", "other"]}).status_code == 201
    role = replace("/assignedRoles", [{"name": "Key Makers"}])
    platform = next(group for group in admin.get("/groups").json()["data"] if group["name"] == "Platform Engineering")
    (second,) = admin.get("/users", filter='name eq "Second Member"').json()["data"]
    for holder in (f"/groups/{platform['id']}", f"/users/{second['id']}"):
        assert admin.patch(holder, role).status_code == 204
    found = admin.get("/users", filter='assignedScopes eq "API-keys"').json()["data"]
    assert {user["name"] for user in found} == counted
    shown = {user["name"]: user["assignedScopes"] for user in admin.get("/users").json()["data"]}
    assert {name for name, scopes in shown.items() if "api-keys" in scopes} == counted
    assert sorted(shown["Second Member"]) == ["api-keys", "other"], "each once"


def test_a_disabled_user_is_found_by_status_and_cannot_sign_in(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    path = f"/users/{tenant.ready['member_user_id']}"
    holder = Api(tenant, member.create_key()["token"])
    assert admin.patch(path, replace("/status", "disabled")).status_code == 204
    found = admin.get("/users", filter='(name co "member") and (status eq "disabled")').json()["data"]
    assert [(user["name"], user["status"]) for user in found] == [("Member", "disabled")]
    assert [api.get("/users/me").status_code for api in (member, holder)] == [401, 401]
    both = (replace("/assignedRoles", [{"name": "Steward"}]), replace("/status", "active"))
    assert admin.patch(path, *both).status_code == 204
    assert (member.get("/users/me").json()["roles"], holder.get("/users/me").status_code) == (["Steward"], 200)
    for bad in ("deleted", None, ["active"]):
        assert admin.patch(path, replace("/assignedRoles", []), replace("/status", bad)).status_code == 400
    assert admin.get(path).json()["roles"] == ["Steward"]


def test_user_filter_by_id(shared_tenant: EmbeddedTenant, shared_admin: Api) -> None:
    wanted = {shared_tenant.ready["user_id"], shared_tenant.ready["member_user_id"]}
    expression = " or ".join(f'id eq "{user_id}"' for user_id in wanted)
    assert {user["id"] for user in shared_admin.get("/users", filter=expression).json()["data"]} == wanted


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "name",
        "name eq",
        "name eq Member",
        'name gt "a"',
        'colour eq "red"',
        'id co "a"',
        'assignedRoles.name co "Tenant"',
        'assignedRoles. eq "a"',
        "status eq active",
        " or ".join(['id eq "a"'] * 501),
        '(name eq "a"',
        'name eq "a" name eq "b"',
        'name eq "a" or',
        'name eq "\\ud800"',
        "(" * 5000,
        "%",
    ],
)
def test_bad_filters_are_400(shared_admin: Api, expression: str) -> None:
    answer = shared_admin.get("/users", filter=expression)
    assert answer.status_code == 400
    assert error_of(answer)["source"] == {"parameter": "filter"}


def test_user_shows_roles_and_groups(shared_tenant: EmbeddedTenant, shared_admin: Api) -> None:
    me = shared_admin.get("/users/me").json()
    assert shared_admin.get(f"/users/{me['id']}").json() == me
    assert (me["tenantId"], me["roles"]) == (shared_tenant.ready["tenant_id"], ["TenantAdmin"])
    assert {"id", "name", "type", "level"} == set(me["assignedRoles"][0])
    member = shared_admin.get(f"/users/{shared_tenant.ready['member_user_id']}").json()
    assert (member["roles"], member["groups"]) == ([], ["Platform Engineering", "Finance"])


def test_roles_are_replaced_not_added(tenant: EmbeddedTenant, admin: Api) -> None:
    path = f"/users/{tenant.ready['member_user_id']}"
    by_name = [{"name": "Developer"}, {"name": "Steward"}, {"name": "Developer"}]
    by_id = [{"id": role_named(admin, "Report Builder")["id"]}]
    for value, expected in ((by_name, ["Developer", "Steward"]), (by_id, ["Report Builder"]), ([], [])):
        assert admin.patch(path, replace("/assignedRoles", value)).status_code == 204
        user = admin.get(path).json()
        assert user["roles"] == [role["name"] for role in user["assignedRoles"]] == expected


def test_user_patch_may_succeed_in_part(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("PATCH", "settings", {"partial_user_patch": True})
    path = f"/users/{tenant.ready['member_user_id']}"
    answer = admin.patch(path, replace("/assignedRoles", [{"name": "Developer"}, {"name": "Steward"}]))
    assert (answer.status_code, len(answer.json()["errors"])) == (207, 1)
    assert admin.get(path).json()["roles"] == ["Developer"]
    assert admin.patch(path, replace("/assignedRoles", [{"name": "Steward"}])).status_code == 204


@pytest.mark.parametrize("holder", ["users", "groups"])
def test_bad_role_assignments(shared_admin: Api, shared_member: Api, holder: str) -> None:
    holder_id = shared_admin.get(f"/{holder}").json()["data"][0]["id"]
    path = f"/{holder}/{holder_id}"
    before = shared_admin.get(path).json()
    for value in ([{"name": "Unknown"}], [{"name": "Developer"}, {"id": "unknown"}], ["Developer"], [{}], "Developer"):
        assert shared_admin.patch(path, replace("/assignedRoles", value)).status_code == 400
    assert shared_admin.patch(path, replace("/name", "x")).status_code == 400
    assert shared_member.patch(path, replace("/assignedRoles", [])).status_code == 403
    assert shared_admin.patch(f"/{holder}/unknown", replace("/assignedRoles", [])).status_code == 404
    assert shared_admin.get(path).json() == before


def test_custom_role_lives_and_dies(tenant: EmbeddedTenant, admin: Api) -> None:
    body = {"name": "Key Makers", "description": "make keys", "assignedScopes": ["api-keys"]}
    created = admin.post("/roles", body)
    assert created.status_code == 201
    role = created.json()
    assert body.items() <= role.items()
    assert (role["type"], role["canEdit"], role["canDelete"]) == ("custom", True, True)
    path = f"/roles/{role['id']}"
    assert admin.get(path).json() == role
    assert admin.post("/roles", body).status_code == 409, "names are unique"
    changes = [
        operation(ADD, "/assignedScopes/-", "x"),
        operation(ADD, "/assignedScopes/-", "x"),
        operation(REMOVE, "/assignedScopes", "api-keys"),
        replace("/description", ""),
    ]
    assert admin.patch(path, *changes).status_code == 204
    changed = admin.get(path).json()
    assert (changed["assignedScopes"], changed["description"]) == (["x"], "")
    assert admin.patch(path, replace("/assignedScopes", ["y", "z"]), replace("/name", "Makers")).status_code == 204
    assert admin.get(path).json()["assignedScopes"] == ["y", "z"]
    assert admin.patch(path, replace("/name", "Developer")).status_code == 409
    user = f"/users/{tenant.ready['member_user_id']}"
    assert admin.patch(user, replace("/assignedRoles", [{"name": "Makers"}])).status_code == 204
    assert admin.delete(path).status_code == 409, "an assigned role stays"
    assert admin.patch(user, replace("/assignedRoles", [])).status_code == 204
    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404


def test_default_roles_are_protected(shared_admin: Api) -> None:
    admins, everyone = role_named(shared_admin, "TenantAdmin"), role_named(shared_admin, "UserDefault")
    grant = operation(ADD, "/assignedScopes/-", "api-keys")
    assert shared_admin.patch(f"/roles/{admins['id']}", grant).status_code == 403
    assert shared_admin.patch(f"/roles/{everyone['id']}", replace("/name", "All")).status_code == 403
    for role in (admins, everyone):
        assert shared_admin.delete(f"/roles/{role['id']}").status_code == 403


def test_bad_roles(shared_admin: Api, shared_member: Api) -> None:
    bad_fields = ({"name": " "}, {"assignedScopes": "x"}, {"assignedScopes": [1]}, {"description": 1})
    for body in ([], {}, *({"name": "n", **field} for field in bad_fields)):
        assert shared_admin.post("/roles", body).status_code == 400
    assert shared_member.post("/roles", {"name": "n"}).status_code == 403
    path = f"/roles/{role_named(shared_admin, 'UserDefault')['id']}"
    bad_operations = (
        operation(ADD, "/assignedScopes", "x"),
        operation("remove", "/assignedScopes", "x"),
        replace("/assignedScopes", "x"),
        operation(ADD, "/assignedScopes/-", ""),
    )
    for bad in bad_operations:
        assert shared_admin.patch(path, bad).status_code == 400
    assert shared_member.patch(path, operation(ADD, "/assignedScopes/-", "x")).status_code == 403
    assert shared_member.delete(path).status_code == 403


def test_at_most_500_roles(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("PATCH", "settings", {"tier2_per_minute": 0})
    statuses = [admin.post("/roles", {"name": f"role {number}"}).status_code for number in range(500 - 12 + 1)]
    assert (set(statuses[:-1]), statuses[-1]) == ({201}, 400)


def test_identity_providers(shared_tenant: EmbeddedTenant, shared_admin: Api) -> None:
    every = shared_admin.get("/identity-providers").json()["data"]
    active = shared_admin.get("/identity-providers", active="true").json()["data"]
    inactive = shared_admin.get("/identity-providers", active="false").json()["data"]
    assert (len(every), len(active), [item["provider"] for item in inactive]) == (4, 3, ["okta"])
    entra = shared_admin.get(f"/identity-providers/{shared_tenant.ready['idp_id']}").json()
    assert entra in every
    expected = {"active": True, "interactive": True, "protocol": "OIDC", "provider": "azureAD"}
    assert expected.items() <= entra.items()
    assert entra["tenantIds"] == [shared_tenant.ready["tenant_id"]]
    assert [item["interactive"] for item in active].count(False) == 1
    assert shared_admin.get("/identity-providers", active="yes").status_code == 400
    assert shared_admin.get("/identity-providers/unknown").status_code == 404


def test_tenant(shared_tenant: EmbeddedTenant, shared_admin: Api) -> None:
    me = shared_admin.get("/tenants/me").json()
    assert (me["id"], me["status"], me["datacenter"]) == (shared_tenant.ready["tenant_id"], "active", "eu")
    assert shared_admin.get(f"/tenants/{me['id']}").json() == me
    assert shared_admin.get("/tenants/another").status_code == 404


def test_the_product_is_told_without_signing_in(shared_tenant: EmbeddedTenant) -> None:
    url = f"{shared_tenant.url}/resources/autogenerated/product-info.json"
    api = Api(shared_tenant, None)
    assert api("GET", url).json()["composition"]["deploymentType"] == "qlikcloudservices"
    answer = api("POST", url, json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_me_redirects_where_the_knob_says_so(tenant: EmbeddedTenant, admin: Api) -> None:
    direct = [admin.get(f"/{noun}/me").json() for noun in ("users", "tenants")]
    tenant.control("PATCH", "settings", {"redirect_me": True})
    for noun, status, expected in zip(("users", "tenants"), (301, 302), direct):
        answer = admin.get(f"/{noun}/me")
        assert (answer.status_code, answer.headers["location"].startswith(tenant.url)) == (status, True)
        assert admin.get(answer.headers["location"]).json() == expected
