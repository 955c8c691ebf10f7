# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""GET /audits: every change of a key leaves an event."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from emulator_process import EmbeddedTenant
from tenant_api import SECONDS, Api, config_path, replace, scim

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
    assert event["data"] == {
        "maxKeysPerUser": 7,
        "maxApiKeyExpiry": "PT24H",
        "scimExternalClientExpiry": "P365D",
    }
    assert event["extensions"] == {"updates": [{"path": "/maxKeysPerUser", "oldValue": 5, "newValue": 7}]}


def test_failed_validation_is_reported_for_scim_keys_only(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    keys = [admin.create_key(**scim(tenant), expiry="PT1H"), member.create_key(expiry="PT1H")]
    tenant.control("PATCH", "clock", {"offset": 3601})
    for key in keys:
        assert Api(tenant, key["token"]).get("/users/me").status_code == 401
    (event,) = events(admin, eventType=PREFIX + "validation.failed")
    assert event["data"] == failed_validation(tenant, keys[0])
    assert event["extensions"] == {"topLevelResourceId": keys[0]["id"]}


def test_failed_validation_by_its_deprecated_name_tells_the_key_as_well(tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key(**scim(tenant), expiry="PT1H")
    tenant.control("PATCH", "settings", {"event_names": "deprecated"})
    tenant.control("PATCH", "clock", {"offset": 3601})
    assert Api(tenant, key["token"]).get("/users/me").status_code == 401
    (event,) = events(admin, eventType="com.qlik.v1.api-key.validation.failed")
    assert event["data"] == {**failed_validation(tenant, key), "id": key["id"], "sub": key["sub"]}


def failed_validation(tenant: EmbeddedTenant, key: dict[str, Any]) -> dict[str, Any]:
    return {
        "jti": key["id"],
        "code": "APIKEYS-18",
        "idpId": tenant.ready["idp_id"],
        "subType": "externalClient",
        "description": "API key is expired or revoked",
        "createdByUser": tenant.ready["user_id"],
    }


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("current", ["com.qlik.core.api-key.created", "com.qlik.core.api-keys-config.updated"]),
        ("deprecated", ["com.qlik.api-key.created", "com.qlik.api-keys-config.updated"]),
        ("mixed", ["com.qlik.core.api-key.created", "com.qlik.api-keys-config.updated"]),
        (
            "both",
            [
                *("com.qlik.core.api-key.created", "com.qlik.api-key.created"),
                *("com.qlik.core.api-keys-config.updated", "com.qlik.api-keys-config.updated"),
            ],
        ),
    ],
)
def test_names_of_events_by_the_setting(tenant: EmbeddedTenant, admin: Api, setting: str, names: list[str]) -> None:
    tenant.control("PATCH", "settings", {"event_names": setting})
    admin.create_key()
    admin.patch(config_path(tenant), replace("/max_keys_per_user", 7))
    seen = events(admin, sort="+eventTime")
    assert [event["eventType"] for event in seen] == names
    assert {event["eventType"]: event["data"].get("sub") for event in seen}[names[0]] == tenant.ready["user_id"]


@pytest.mark.parametrize(("setting", "status"), [("empty", 200), ("refuse", 400)])
def test_a_type_of_event_that_the_tenant_does_not_have(
    tenant: EmbeddedTenant, admin: Api, setting: str, status: int
) -> None:
    tenant.control("PATCH", "settings", {"unknown_event_types": setting})
    assert admin.get("/audits", eventType="com.qlik.api-key.created").status_code == status
    assert admin.get("/audits", eventType="com.qlik.core.api-key.created").status_code == 200
    tenant.control("PATCH", "settings", {"event_names": "deprecated"})
    assert admin.get("/audits", eventType="com.qlik.api-key.created").status_code == 200
    assert admin.get("/audits", eventType="com.qlik.core.api-key.created").status_code == status


def test_what_an_event_is(tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key(description="first")
    admin.patch(f"/api-keys/{key['id']}", replace("/description", "second"))
    updated, created = events(admin)
    assert {name: created[name] for name in ("tenantId", "source", "contentType", "eventTypeVersion")} == {
        "tenantId": tenant.ready["tenant_id"],
        "source": "com.qlik/api-keys",
        "contentType": "application/json",
        "eventTypeVersion": "1.0.0",
    }
    assert created["extensions"] == {"ownerId": tenant.ready["user_id"]}
    assert updated["extensions"] == {
        "ownerId": tenant.ready["user_id"],
        "updates": [{"path": "/description", "oldValue": "first", "newValue": "second"}],
    }


def test_who_acted_by_impersonation(tenant: EmbeddedTenant, admin: Api) -> None:
    ready = tenant.ready
    body = {
        "client_id": ready["client_id"],
        "client_secret": ready["client_secret"],
        "grant_type": "urn:qlik:oauth:user-impersonation",
        "user_lookup": {"field": "userId", "value": ready["user_id"]},
    }
    token = requests.post(f"{tenant.url}/oauth/token", json=body, timeout=SECONDS).json()["access_token"]
    Api(tenant, token).create_key()
    (event,) = events(admin)
    (bot,) = [user for user in admin.get("/users").json()["data"] if user["subject"].startswith("qlikbot\\")]
    assert event["userId"] == ready["user_id"]
    assert event["extensions"]["actor"] == {"sub": bot["id"], "subType": "user"}


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
    assert events(admin, id=f"{every[3]['id']},{every[0]['id']}") == [every[0], every[3]]
    assert events(admin, id="none") == []
    assert events(admin, sort="+eventType") == events(admin, sort="+source") == every[::-1]
    page = admin.get("/audits", limit=3).json()
    assert page["data"] == every[:3]
    later = admin("GET", page["links"]["next"]["href"]).json()
    assert later["data"] == every[3:]
    assert admin("GET", later["links"]["prev"]["href"]).json()["data"] == every[:3]


@pytest.mark.parametrize(
    "query",
    [
        {"eventTime": "yesterday"},
        {"eventTime": "2026-01-01/2026-01-02"},
        {"eventTime": ""},
        {"sort": "data"},
        {"limit": 101},
        {"next": "x", "prev": "x"},
    ],
)
def test_bad_parameters(shared_admin: Api, query: dict[str, str]) -> None:
    assert shared_admin.get("/audits", **query).status_code == 400


def test_needs_tenant_admin(shared_member: Api) -> None:
    assert shared_member.get("/audits").status_code == 403
