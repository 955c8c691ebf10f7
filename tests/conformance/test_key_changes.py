# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""GET, PATCH and DELETE of one key: owner and admin, delete and revoke."""

from __future__ import annotations

from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from tenant_api import Api, error_of, replace, scim


def status(admin: Api, key: dict[str, Any]) -> str | int:
    """The key's status, or the HTTP status if there is no record of it."""
    answer = admin.get(f"/api-keys/{key['id']}")
    return answer.json()["status"] if answer.status_code == 200 else answer.status_code


def test_owner_deletes_admin_revokes(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    owned, revoked = member.create_key(), member.create_key()
    assert member.delete(f"/api-keys/{owned['id']}").status_code == 204
    assert status(admin, owned) == 404
    assert admin.delete(f"/api-keys/{revoked['id']}").status_code == 204
    assert status(admin, revoked) == "revoked"
    answer = Api(tenant, revoked["token"]).get("/users/me")
    assert (answer.status_code, error_of(answer)["code"]) == (401, "APIKEYS-18")
    assert Api(tenant, owned["token"]).get("/users/me").status_code == 401


def test_owner_is_who_created_it_or_whom_it_acts_as(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    for owner in (admin, member):
        key = admin.create_key(sub=tenant.ready["member_user_id"])
        assert owner.delete(f"/api-keys/{key['id']}").status_code == 204
        assert status(admin, key) == 404


@pytest.mark.parametrize(("setting", "left"), [("delete", 404), ("revoke", "revoked")])
def test_admin_deleting_their_own_key(tenant: EmbeddedTenant, admin: Api, setting: str, left: str | int) -> None:
    tenant.control("PATCH", "settings", {"admin_deletes_own": setting})
    for body in ({}, scim(tenant)):
        key = admin.create_key(**body)
        assert admin.delete(f"/api-keys/{key['id']}").status_code == 204
        assert status(admin, key) == left


def test_deleting_what_is_no_longer_active(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    revoked, expired = member.create_key(), member.create_key(expiry="PT1S")
    admin.delete(f"/api-keys/{revoked['id']}")
    tenant.control("PATCH", "clock", {"offset": 2})
    assert (status(admin, revoked), status(admin, expired)) == ("revoked", "expired")
    for key in (revoked, expired):
        assert admin.delete(f"/api-keys/{key['id']}").status_code == 400
    tenant.control("PATCH", "settings", {"delete_inactive": "remove"})
    for key in (revoked, expired):
        assert admin.delete(f"/api-keys/{key['id']}").status_code == 204
        assert status(admin, key) == 404


def test_new_description(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    key = member.create_key()
    tenant.control("PATCH", "clock", {"offset": 5})
    for api, description in ((member, "by owner"), (admin, "by admin")):
        assert api.patch(f"/api-keys/{key['id']}", replace("/description", description)).status_code == 204
        assert member.get(f"/api-keys/{key['id']}").json()["description"] == description
    renamed = member.get(f"/api-keys/{key['id']}").json()
    assert renamed["lastUpdated"] > renamed["created"]
    unchanged = set(renamed) - {"description", "lastUpdated"}
    assert {name: renamed[name] for name in unchanged} == {name: key[name] for name in unchanged}


@pytest.mark.parametrize(("setting", "expected"), [("refuse", 400), ("accept", 204)])
def test_new_description_of_a_revoked_key(
    tenant: EmbeddedTenant, admin: Api, member: Api, setting: str, expected: int
) -> None:
    tenant.control("PATCH", "settings", {"patch_revoked": setting})
    key = member.create_key()
    admin.delete(f"/api-keys/{key['id']}")
    assert admin.patch(f"/api-keys/{key['id']}", replace("/description", "late")).status_code == expected
    assert status(admin, key) == "revoked"


def test_bad_patches_change_nothing(admin: Api) -> None:
    key = admin.create_key()
    good = replace("/description", "new")
    bad = [
        {"op": "add", "path": "/description", "value": "new"},
        {"op": "replace", "path": "/expiry", "value": "P1D"},
        {"op": "replace", "path": "/description"},
        {"op": ["replace"], "path": "/description", "value": "new"},
        replace("/description", ""),
        replace("/description", None),
        "replace",
    ]
    for operations in ([], *([good, operation] for operation in bad)):
        answer = admin.patch(f"/api-keys/{key['id']}", *operations)
        assert answer.status_code == 400, operations
        error_of(answer)
    assert admin("PATCH", f"/api-keys/{key['id']}", json=good).status_code == 400, "a patch is a list"
    assert admin.get(f"/api-keys/{key['id']}").json()["description"] == key["description"]


def test_others_neither_see_nor_touch(admin: Api, member: Api) -> None:
    key = admin.create_key()
    path = f"/api-keys/{key['id']}"
    attempts = (member.get(path), member.patch(path, replace("/description", "mine")), member.delete(path))
    assert [answer.status_code for answer in attempts] == [403, 403, 403]
    assert status(admin, key) == "active"


def test_unknown_keys_are_404(shared_admin: Api) -> None:
    path = "/api-keys/00000000-0000-4000-8000-000000000000"
    rename = replace("/description", "x")
    for answer in (shared_admin.get(path), shared_admin.patch(path, rename), shared_admin.delete(path)):
        assert answer.status_code == 404
        error_of(answer)
