# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How API keys become possible: the permission of today's tenants, the switch of the older ones."""

from __future__ import annotations

from emulator_process import EmbeddedTenant
from tenant_api import (
    Api,
    bot,
    config_path,
    error_of,
    grant_to_everyone,
    replace,
    role_named,
    take_from_everyone,
)


def test_without_the_permission_nobody_creates_keys(tenant: EmbeddedTenant) -> None:
    for api in (Api(tenant, tenant.ready["admin_token"]), Api(tenant, tenant.ready["member_token"]), bot(tenant)):
        answer = api.post("/api-keys", {"description": "a key"})
        assert answer.status_code == 403
        assert "api-keys" in error_of(answer)["detail"]
    assert tenant.control("GET", "keys") == {"keys": []}


def test_user_default_gives_the_permission_to_everyone_and_takes_it(tenant: EmbeddedTenant, admin: Api) -> None:
    member = Api(tenant, tenant.ready["member_token"])
    key = member.create_key()
    bot(tenant).create_key()
    holder = Api(tenant, key["token"])
    assert holder.get("/users/me").status_code == 200
    take_from_everyone(admin)
    assert member.post("/api-keys", {"description": "a key"}).status_code == 403
    assert holder.get("/users/me").status_code == 401, "a key whose owner lost the permission stops working"
    assert admin.get(f"/api-keys/{key['id']}").json()["status"] == "active"
    grant_to_everyone(admin)
    assert holder.get("/users/me").status_code == 200


def test_custom_role_gives_the_permission_directly_or_by_group(tenant: EmbeddedTenant) -> None:
    admin = Api(tenant, tenant.ready["admin_token"])
    member = Api(tenant, tenant.ready["member_token"])
    created = admin.post("/roles", {"name": "Key Makers", "assignedScopes": ["api-keys"]})
    assert created.status_code == 201
    roles = replace("/assignedRoles", [{"id": created.json()["id"]}])
    group = admin.get("/groups", filter='name eq "Finance"').json()["data"][0]
    for holder in (f"/users/{tenant.ready['member_user_id']}", f"/groups/{group['id']}"):
        assert member.post("/api-keys", {"description": "a key"}).status_code == 403
        assert admin.patch(holder, roles).status_code == 204
        assert member.create_key()["sub"] == tenant.ready["member_user_id"]
        assert admin.patch(holder, replace("/assignedRoles", [])).status_code == 204


def test_config_without_switch_refuses_to_set_it(tenant: EmbeddedTenant, admin: Api) -> None:
    assert "api_keys_enabled" not in admin.get(config_path(tenant)).json()
    answer = admin.patch(config_path(tenant), replace("/api_keys_enabled", True))
    assert answer.status_code == 400
    assert error_of(answer)["source"] == {"pointer": "/0/path"}


def test_switch_and_role_on_an_older_tenant(switch_tenant: EmbeddedTenant) -> None:
    tenant = switch_tenant
    admin, member = Api(tenant, tenant.ready["admin_token"]), Api(tenant, tenant.ready["member_token"])
    path = config_path(tenant)
    assert admin.get(path).json()["api_keys_enabled"] is False
    grant_to_everyone(admin)
    assert admin.post("/api-keys", {"description": "a key"}).status_code == 403, "the permission means nothing here"
    assert admin.patch(path, replace("/api_keys_enabled", True)).status_code == 204
    assert admin.get(path).json()["api_keys_enabled"] is True
    key = admin.create_key()
    assert member.post("/api-keys", {"description": "a key"}).status_code == 403
    developer = replace("/assignedRoles", [{"name": "Developer"}])
    assert admin.patch(f"/users/{tenant.ready['member_user_id']}", developer).status_code == 204
    holder = Api(tenant, member.create_key()["token"])
    assert holder.get("/users/me").status_code == 200
    assert admin.patch(f"/users/{tenant.ready['member_user_id']}", replace("/assignedRoles", [])).status_code == 204
    assert holder.get("/users/me").status_code == 401
    assert admin.patch(path, replace("/api_keys_enabled", False)).status_code == 204
    assert Api(tenant, key["token"]).get("/users/me").status_code == 401


def test_listing_needs_the_permission_only_where_the_knob_says_so(tenant: EmbeddedTenant) -> None:
    admin = Api(tenant, tenant.ready["admin_token"])
    assert admin.get("/api-keys").status_code == 200
    tenant.control("PATCH", "settings", {"listing_needs_permission": True})
    assert admin.get("/api-keys").status_code == 403
    grant_to_everyone(admin)
    assert admin.get("/api-keys").status_code == 200


def test_default_roles_hold_no_scope_at_first(tenant: EmbeddedTenant) -> None:
    role = role_named(Api(tenant, tenant.ready["admin_token"]), "UserDefault")
    assert (role["type"], role["assignedScopes"], role["canEdit"]) == ("default", [], True)
