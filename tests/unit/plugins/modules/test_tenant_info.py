# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit import directory, tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import ROLES, everybody, role_record
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CONFIG,
    REFUSAL,
    TENANT,
    TENANT_ID,
    USER_ID,
    page,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    CONFIGS,
    expect_config,
    expect_requester,
    expect_tenant,
)

OWNERS = role_record("API key owners", "api-keys")
BY_SWITCH = {"roles": ["Developer"], "everybody": False}


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("switch", "roles", "enabled_by", "permission"),
    [
        ({}, [everybody(), OWNERS], "permission", {"roles": ["API key owners"], "everybody": False}),
        (
            {},
            [everybody("api-keys"), OWNERS],
            "permission",
            {"roles": ["API key owners", "UserDefault"], "everybody": True},
        ),
        ({"api_keys_enabled": True}, None, "switch", BY_SWITCH),
        ({"api_keys_enabled": False}, None, "switch", BY_SWITCH),
    ],
)
def test_it_tells_tenant_requester_and_how_keys_are_enabled_by_reads_alone(
    run, wire, check, switch, roles, enabled_by, permission
):
    expect_requester(wire)
    expect_tenant(wire)
    expect_config(wire, **switch)
    if roles is not None:
        wire.expects("GET", ROLES, query={"limit": "100"}).answers(json=page(*roles))
    assert run("tenant_info", check=check).results == {
        "changed": False,
        "tenant": {
            "id": TENANT_ID,
            "name": TENANT["name"],
            "hostname": TENANT["hostnames"][0],
            "hostnames": TENANT["hostnames"],
        },
        "requester": {
            "id": USER_ID,
            "tenant_id": TENANT_ID,
            "name": "Platform Automation",
            "email": None,
            "subject": "auth0|platform",
            "roles": [],
        },
        "enabled_by": enabled_by,
        "config": {
            "api_keys_enabled": switch.get("api_keys_enabled"),
            "max_keys_per_user": CONFIG["max_keys_per_user"],
            "max_api_key_expiry": CONFIG["max_api_key_expiry"],
            "scim_external_client_expiry": CONFIG["scim_externalClient_expiry"],
        },
        "permission": permission,
    }


def test_whoever_may_not_see_roles_is_not_told_by_which_ones_keys_are_made(run, wire):
    expect_requester(wire)
    expect_tenant(wire)
    expect_config(wire)
    wire.expects("GET", ROLES, query={"limit": "100"}).answers(403)
    assert run("tenant_info").results["permission"] is None


def test_a_refused_configuration_is_told_with_its_request(run, wire):
    expect_requester(wire)
    expect_tenant(wire)
    wire.expects("GET", CONFIGS).answers(403)
    result = run("tenant_info")
    assert "this call needs a user of that tenant" in result.message
    assert result.results["failure"] == {
        "status": 403,
        "code": "HTTP-403",
        "title": "Forbidden",
        "method": "GET",
        "path": CONFIGS,
    }


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    user = {**tenant_calls.USER, "email": "platform@example.com", "roles": ["TenantAdmin"]}
    wire.expects("GET", "/api/v1/users/me").answers(json=user)
    tenant_calls.expect_tenant(wire)
    tenant_calls.expect_config(wire)
    directory.expect_all_roles(wire)
    results = run("tenant_info").results
    wire.expects("GET", "/api/v1/users/me").answers(403, json=REFUSAL)
    return [results, run("tenant_info").results]
