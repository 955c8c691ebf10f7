# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""GET and PATCH /api-keys/configs/{tenantId}."""

from __future__ import annotations

from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from tenant_api import Api, config_path, error_of, replace

DEFAULTS = {"max_keys_per_user": 5, "max_api_key_expiry": "PT24H", "scim_externalClient_expiry": "P365D"}


def test_defaults_and_changes(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    path = config_path(tenant)
    assert admin.get(path).json() == DEFAULTS
    wanted = {"max_keys_per_user": 1000, "max_api_key_expiry": "P7D", "scim_externalClient_expiry": "P2Y"}
    changes = [replace(f"/{name}", value) for name, value in wanted.items()]
    assert admin.patch(path, *changes).status_code == 204
    assert admin.get(path).json() == wanted
    assert member.get(path).json() == wanted, "every user may read it"


def test_changes_apply_to_new_keys_only(tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key()
    assert admin.patch(config_path(tenant), replace("/max_api_key_expiry", "PT1H")).status_code == 204
    assert admin.get(f"/api-keys/{key['id']}").json()["expiry"] == key["expiry"]


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [replace("/max_keys_per_user", -1)],
        [replace("/max_keys_per_user", 1001)],
        [replace("/max_keys_per_user", 2.5)],
        [replace("/max_keys_per_user", True)],
        [replace("/max_keys_per_user", "5")],
        [replace("/max_api_key_expiry", "PT0S")],
        [replace("/max_api_key_expiry", "-P1D")],
        [replace("/max_api_key_expiry", "a day")],
        [replace("/max_api_key_expiry", 86400)],
        [replace("/scim_externalClient_expiry", "")],
        [replace("/colour", "red")],
        [{"op": "add", "path": "/max_keys_per_user", "value": 7}],
        [{"op": "replace", "path": "/max_keys_per_user"}],
        [replace("/max_keys_per_user", 7), replace("/max_api_key_expiry", "never")],
    ],
)
def test_bad_changes_change_nothing(shared_tenant: EmbeddedTenant, shared_admin: Api, operations: list[Any]) -> None:
    answer = shared_admin.patch(config_path(shared_tenant), *operations)
    assert answer.status_code == 400
    error_of(answer)
    assert shared_admin.get(config_path(shared_tenant)).json() == DEFAULTS


def test_only_admins_change_it(shared_tenant: EmbeddedTenant, shared_member: Api) -> None:
    answer = shared_member.patch(config_path(shared_tenant), replace("/max_keys_per_user", 7))
    assert answer.status_code == 403


def test_other_tenants_are_not_found(shared_admin: Api) -> None:
    path = "/api-keys/configs/another-tenant"
    assert shared_admin.get(path).status_code == 404
    assert shared_admin.patch(path, replace("/max_keys_per_user", 7)).status_code == 404


def test_switch_takes_booleans_only(switch_tenant: EmbeddedTenant) -> None:
    admin = Api(switch_tenant, switch_tenant.ready["admin_token"])
    assert admin.get(config_path(switch_tenant)).json() == {**DEFAULTS, "api_keys_enabled": False}
    assert admin.patch(config_path(switch_tenant), replace("/api_keys_enabled", "true")).status_code == 400
