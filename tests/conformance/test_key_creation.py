# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""POST /api-keys: limits of the config, other users, SCIM clients."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from tenant_api import BACKSLASH, Api, bot, config_path, error_of, replace, scim


def lifetime(key: dict[str, Any]) -> float:
    """Seconds from creation to expiry."""
    created, expiry = (datetime.strptime(key[name], "%Y-%m-%dT%H:%M:%S.%fZ") for name in ("created", "expiry"))
    return (expiry - created).total_seconds()


def test_record_and_token_are_answered_once(tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key(description="für Ü ☂")
    record = {name: value for name, value in key.items() if name != "token"}
    assert record == {
        "id": key["id"],
        "tenantId": tenant.ready["tenant_id"],
        "description": "für Ü ☂",
        "status": "active",
        "sub": tenant.ready["user_id"],
        "subType": "user",
        "expiry": key["expiry"],
        "created": key["created"],
        "lastUpdated": key["created"],
        "createdByUser": tenant.ready["user_id"],
    }
    assert lifetime(key) == 86400
    assert admin.get(f"/api-keys/{key['id']}").json() == record
    assert admin.get("/api-keys").json()["data"] == [record]
    tenant.control("PATCH", "settings", {"extra_fields": True})
    assert set(admin.get(f"/api-keys/{key['id']}").json()) > set(record)


def test_records_without_their_creator(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("PATCH", "settings", {"omit_created_by": True})
    key = admin.create_key()
    (listed,) = admin.get("/api-keys", createdByUser=tenant.ready["user_id"]).json()["data"]
    for record in (key, listed, admin.get(f"/api-keys/{key['id']}").json()):
        assert (record["sub"], "createdByUser" in record) == (tenant.ready["user_id"], False)
    (row,) = tenant.control("GET", "state")["api_keys"]
    assert row["created_by_user"] == tenant.ready["user_id"], "the tenant itself knows"


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_token_names_its_key_unless_the_knob_says_other(tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key()
    assert claims_of(key["token"])["jti"] == key["id"]
    tenant.control("PATCH", "settings", {"token_jti": "other"})
    key = admin.create_key()
    assert claims_of(key["token"])["jti"] != key["id"]
    holder = Api(tenant, key["token"])
    assert holder.get(f"/api-keys/{key['id']}").status_code == 200, "a token all the same"
    assert admin.delete(f"/api-keys/{key['id']}").status_code == 204
    assert holder.get("/users/me").status_code == 401, "of this key and no other"


def test_answer_lacks_the_token_where_the_knob_says_so(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("PATCH", "settings", {"omit_token": True})
    key = admin.create_key()
    assert "token" not in key
    assert admin.get("/api-keys").json()["data"] == [key], "the key is made nevertheless"


def test_records_lack_their_times_where_the_knob_says_so(tenant: EmbeddedTenant, admin: Api) -> None:
    times = {"created", "lastUpdated"}
    whole = set(admin.create_key())
    tenant.control("PATCH", "settings", {"omit_created": True})
    key = admin.create_key()
    assert whole - set(key) == times
    for record in (admin.get(f"/api-keys/{key['id']}").json(), *admin.get("/api-keys").json()["data"]):
        assert not times & set(record)
        assert record["expiry"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({}, "/description"),
        ({"description": ""}, "/description"),
        ({"description": " \t"}, "/description"),
        ({"description": 7}, "/description"),
        ({"description": "k", "sub": 7}, "/sub"),
        ({"description": "k", "sub": "nobody"}, "/sub"),
        ({"description": "k", "subType": "robot"}, "/subType"),
        ({"description": "k", "subType": ["user"]}, "/subType"),
        ({"description": "k", "expiry": "tomorrow"}, "/expiry"),
        ({"description": "k", "expiry": "PT0S"}, "/expiry"),
        ({"description": "k", "expiry": "-PT1H"}, "/expiry"),
        ({"description": "k", "expiry": 3600}, "/expiry"),
        ({"description": "k", "expiry": None}, "/expiry"),
        ({"description": "k", "expiry": "PT24H1S"}, "/expiry"),
        ({"description": "k", "expiry": "P99999999Y"}, "/expiry"),
        ({"description": "k", "subType": "externalClient"}, "/sub"),
        ({"description": "k", "subType": "externalClient", "sub": "SCIM"}, "/sub"),
        ({"description": "k", "subType": "externalClient", "sub": r"SCIM\\\x"}, "/sub"),
        ({"description": "k", "subType": "externalClient", "sub": r"SCIM\unknown-provider"}, "/sub"),
    ],
)
def test_bad_bodies_name_the_field(shared_tenant: EmbeddedTenant, shared_admin: Api, body: Any, pointer: str) -> None:
    answer = shared_admin.post("/api-keys", body)
    assert answer.status_code == 400
    assert error_of(answer)["source"] == {"pointer": pointer}
    assert shared_tenant.control("GET", "keys") == {"keys": []}


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b'{"description": NaN}', "application/json"),
        (b'{"description": "\\ud800"}', "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"description": "k"}', "text/plain"),
        (b"description=k", "application/x-www-form-urlencoded"),
    ],
)
def test_bodies_that_are_no_json(shared_admin: Api, content: bytes, content_type: str) -> None:
    answer = shared_admin("POST", "/api-keys", data=content, headers={"Content-Type": content_type})
    assert answer.status_code == 400
    error_of(answer)


def test_longer_expiry_is_clamped_where_the_knob_says_so(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("PATCH", "settings", {"long_expiry": "clamp"})
    assert lifetime(admin.create_key(expiry="P7D")) == 86400
    assert lifetime(admin.create_key(expiry="PT30M")) == 1800
    assert lifetime(admin.create_key(**scim(tenant), expiry="P2Y")) == 365 * 86400


def test_expiry_follows_the_config_of_its_kind(tenant: EmbeddedTenant, admin: Api) -> None:
    changes = [replace("/max_api_key_expiry", "P2D"), replace("/scim_externalClient_expiry", "PT1H")]
    assert admin.patch(config_path(tenant), *changes).status_code == 204
    assert lifetime(admin.create_key()) == 2 * 86400
    assert lifetime(admin.create_key(**scim(tenant))) == 3600
    assert admin.post("/api-keys", {"description": "k", **scim(tenant), "expiry": "PT2H"}).status_code == 400


def test_key_count_is_of_active_user_keys_per_user(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    assert admin.patch(config_path(tenant), replace("/max_keys_per_user", 2)).status_code == 204
    admin.create_key(**scim(tenant))
    short = admin.create_key(expiry="PT1M")
    admin.create_key()
    refusal = admin.post("/api-keys", {"description": "one too many"})
    assert (refusal.status_code, error_of(refusal)["title"]) == (400, "Too many API keys")
    admin.create_key(**scim(tenant))
    admin.create_key(sub=tenant.ready["member_user_id"])
    member.create_key()
    assert member.post("/api-keys", {"description": "one too many"}).status_code == 400
    tenant.control("PATCH", "clock", {"offset": 61})
    assert admin.get(f"/api-keys/{short['id']}").json()["status"] == "expired"
    admin.create_key()
    assert admin.patch(config_path(tenant), replace("/max_keys_per_user", 0)).status_code == 204
    assert admin.post("/api-keys", {"description": "none at all"}).status_code == 400


def test_keys_for_other_users(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    key = admin.create_key(sub=tenant.ready["member_user_id"])
    assert (key["sub"], key["createdByUser"]) == (tenant.ready["member_user_id"], tenant.ready["user_id"])
    assert Api(tenant, key["token"]).get("/users/me").json()["id"] == tenant.ready["member_user_id"]
    for_admin = {"description": "k", "sub": tenant.ready["user_id"]}
    assert member.post("/api-keys", for_admin).status_code == 403
    assert bot(tenant).post("/api-keys", for_admin).status_code == 403
    tenant.control("PATCH", "settings", {"bot_creates_for_others": "allow"})
    assert bot(tenant).create_key(sub=tenant.ready["user_id"])["sub"] == tenant.ready["user_id"]


@pytest.mark.parametrize("stored", ["as_sent", "1", "2"])
def test_scim_sub_is_stored_as_the_knob_says(tenant: EmbeddedTenant, admin: Api, stored: str) -> None:
    tenant.control("PATCH", "settings", {"scim_sub_backslashes": stored})
    for sent in (1, 2):
        key = admin.create_key(**scim(tenant, sent))
        backslashes = sent if stored == "as_sent" else int(stored)
        assert key["sub"] == "SCIM" + BACKSLASH * backslashes + tenant.ready["idp_id"]
        assert (key["subType"], lifetime(key)) == ("externalClient", 365 * 86400)


def test_scim_keys_need_tenant_admin_and_do_not_open_the_api(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    assert member.post("/api-keys", {"description": "k", **scim(tenant)}).status_code == 403
    key = bot(tenant).create_key(**scim(tenant))
    assert Api(tenant, key["token"]).get("/users/me").status_code == 401
    assert admin.get(f"/api-keys/{key['id']}").json()["status"] == "active"


def test_second_scim_key_where_the_knob_refuses_it(tenant: EmbeddedTenant, admin: Api) -> None:
    first = admin.create_key(**scim(tenant, 2), expiry="PT1H")
    admin.create_key(**scim(tenant), expiry="PT1H")
    tenant.control("PATCH", "settings", {"second_scim_key": "refuse"})
    refusal = admin.post("/api-keys", {"description": "k", **scim(tenant)})
    assert refusal.status_code == 409
    assert first["id"] in error_of(refusal)["detail"]
    other = admin.get("/identity-providers", active="false").json()["data"][0]["id"]
    admin.create_key(subType="externalClient", sub=f"SCIM{BACKSLASH}{other}")
    tenant.control("PATCH", "clock", {"offset": 3601})
    admin.create_key(**scim(tenant))
