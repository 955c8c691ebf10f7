# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""GET /audits: every change of a key leaves an event."""

from __future__ import annotations

from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from tenant_api import Api, config_path, replace, scim

PREFIX = "com.qlik.core.api-key."


def events(admin: Api, **query: Any) -> list[dict[str, Any]]:
    answer = admin.get("/audits", limit=100, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_life_of_a_key(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    key = member.create_key(description="first")
    member.patch(f"/api-keys/{key['id']}", replace("/description", "second"))
    admin.delete(f"/api-keys/{key['id']}")
    own = admin.create_key()
    admin.delete(f"/api-keys/{own['id']}")
    seen = events(admin, sort="+eventTime")
    names = ["created", "updated", "deleted", "created", "deleted"]
    assert [event["eventType"] for event in seen] == [PREFIX + name for name in names]
    member_id, admin_id = tenant.ready["member_user_id"], tenant.ready["user_id"]
    assert [event["userId"] for event in seen] == [member_id, member_id, admin_id, admin_id, admin_id]
    expected = {"id": key["id"], "sub": member_id, "subType": "user", "expiry": key["expiry"]}
    assert [event["data"] for event in seen[:3]] == [
        {**expected, "description": "first"},
        {**expected, "description": "second"},
        {**expected, "description": "second", "status": "revoked"},
    ]
    assert seen[4]["data"]["status"] == "deleted"
    assert "eyJ" not in str(seen)


def test_refused_changes_leave_no_event(admin: Api, member: Api) -> None:
    key = admin.create_key()
    member.delete(f"/api-keys/{key['id']}")
    admin.post("/api-keys", {"description": ""})
    assert [event["eventType"] for event in events(admin)] == [PREFIX + "created"]


def test_config_changes(tenant: EmbeddedTenant, admin: Api) -> None:
    admin.patch(config_path(tenant), replace("/max_keys_per_user", 7))
    (event,) = events(admin)
    assert event["eventType"] == "com.qlik.core.api-keys-config.updated"
    assert event["data"]["max_keys_per_user"] == 7


def test_failed_validation_is_reported_for_scim_keys_only(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    keys = [admin.create_key(**scim(tenant), expiry="PT1H"), member.create_key(expiry="PT1H")]
    tenant.control("PATCH", "clock", {"offset": 3601})
    for key in keys:
        assert Api(tenant, key["token"]).get("/users/me").status_code == 401
    (event,) = events(admin, eventType=PREFIX + "validation.failed")
    assert (event["data"]["id"], event["data"]["subType"]) == (keys[0]["id"], "externalClient")


def test_selection_order_and_pages(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    admin.create_key(description="0")
    for hour in (1, 2, 3):
        tenant.control("PATCH", "clock", {"offset": hour * 3600})
        (member if hour == 2 else admin).create_key(description=str(hour))
    every = events(admin)
    assert [event["data"]["description"] for event in every] == ["3", "2", "1", "0"]
    times = [event["eventTime"] for event in every]
    between = events(admin, eventTime=f"{times[2]}/{times[1]}")
    assert [event["data"]["description"] for event in between] == ["2", "1"]
    assert events(admin, userId=tenant.ready["member_user_id"]) == [every[1]]
    assert events(admin, source="com.qlik/api-keys") == every
    assert events(admin, source="elsewhere") == []
    page = admin.get("/audits", limit=3).json()
    assert page["data"] == every[:3]
    assert admin("GET", page["links"]["next"]["href"]).json()["data"] == every[3:]


@pytest.mark.parametrize(
    "query", [{"eventTime": "yesterday"}, {"eventTime": "2026-01-01/2026-01-02"}, {"eventTime": ""}, {"sort": "data"}]
)
def test_bad_parameters(shared_admin: Api, query: dict[str, str]) -> None:
    assert shared_admin.get("/audits", **query).status_code == 400


def test_needs_tenant_admin(shared_member: Api) -> None:
    assert shared_member.get("/audits").status_code == 403
