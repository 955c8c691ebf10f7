# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Requester, Tenant, TenantRecord
from unit.samples import TENANT, TENANT_ID, USER, USER_ID


@pytest.mark.parametrize(
    ("roles", "names"),
    [
        ({"assignedRoles": [{"id": "1", "name": "TenantAdmin"}, {"name": "Developer"}]}, ("Developer", "TenantAdmin")),
        ({"roles": ["TenantAdmin", "Developer"]}, ("Developer", "TenantAdmin")),
        ({"assignedRoles": [], "roles": None}, ()),
        ({"assignedRoles": [{"id": "1"}, 5]}, ()),
        ({}, ()),
    ],
)
def test_the_requester_is_asked_for_once_and_has_names_of_roles(wire, calls, roles, names):
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, **roles})
    tenant = Tenant(calls)
    expected = Requester(USER_ID, TENANT_ID, "Platform Automation", None, "auth0|platform", names)
    assert [tenant.requester, tenant.requester] == [expected, expected]


@pytest.mark.parametrize(
    ("told", "is_admin"),
    [
        ({}, False),
        ({"roles": ["Developer", "TenantAdmin"]}, True),
        ({"assignedRoles": [{"name": "TenantAdmin Light"}]}, False),
        ({"subject": "qlikbot\\client-7"}, True),
        ({"subject": "auth0|qlikbot"}, False),
        ({"subject": None}, False),
    ],
)
def test_a_tenant_admin_and_the_bot_of_an_oauth_client_act_as_admins(wire, calls, told, is_admin):
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, **told})
    assert Tenant(calls).requester.is_admin is is_admin


def test_a_requester_behind_a_redirect_is_found(wire, calls):
    wire.expects("GET", "/api/v1/users/me").answers(301, headers={"Location": f"/api/v1/users/{USER_ID}"})
    wire.expects("GET", f"/api/v1/users/{USER_ID}").answers(json=USER)
    assert Tenant(calls).requester.id == USER_ID


@pytest.mark.parametrize("name", ["id", "tenantId"])
def test_a_requester_without_an_id_or_a_tenant_cannot_be_used(wire, calls, name):
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, name: None})
    with pytest.raises(UnusableAnswerError, match=f"with a record, user .*, that has no usable '{name}'"):
        assert Tenant(calls).requester


@pytest.mark.parametrize(
    ("hostnames", "hostname", "kept"),
    [(TENANT["hostnames"], TENANT["hostnames"][0], tuple(TENANT["hostnames"])), ([], None, ()), (None, None, ())],
)
def test_the_first_host_name_is_the_original_one(wire, calls, hostnames, hostname, kept):
    wire.expects("GET", "/api/v1/tenants/me").answers(json={**TENANT, "hostnames": hostnames})
    assert Tenant(calls).record() == TenantRecord(TENANT_ID, TENANT["name"], hostname, kept)


def test_a_tenant_without_an_id_cannot_be_used(wire, calls):
    wire.expects("GET", "/api/v1/tenants/me").answers(json={"hostnames": []})
    with pytest.raises(UnusableAnswerError, match="with a record, tenant without a usable id, that has no usable 'id'"):
        Tenant(calls).record()


def test_the_time_is_the_tenants(wire, calls):
    wire.expects("GET", "/api/v1/users/me").answers(json=USER, headers={"Date": "Wed, 01 Jan 2031 00:00:00 GMT"})
    tenant = Tenant(calls)
    assert tenant.requester.id == USER_ID
    assert abs(tenant.now() - datetime(2031, 1, 1, tzinfo=timezone.utc)) < timedelta(seconds=5)
