# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control endpoint: request log, settings, clock, seeded keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from emulator_process import EMULATOR, EmbeddedTenant
from tenant_api import SECONDS, Api, grant_to_everyone, role_named


def log(tenant: EmbeddedTenant) -> list[dict[str, Any]]:
    return tenant.control("GET", "requests")["requests"]


def test_log_tells_what_was_asked(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("DELETE", "requests")
    admin("GET", "/api-keys?limit=1&sort=%2Bcreated", headers={"User-Agent": "tester/1.0"})
    admin.post("/api-keys", {"description": "k"})
    Api(tenant, None).get("/users/me")
    first, second, third = log(tenant)
    assert {name: first[name] for name in ("method", "path", "query", "status", "user_agent", "body", "fault")} == {
        "method": "GET",
        "path": "/api/v1/api-keys",
        "query": "limit=1&sort=%2Bcreated",
        "status": 200,
        "user_agent": "tester/1.0",
        "body": None,
        "fault": None,
    }
    assert (second["method"], second["status"], second["body"]) == ("POST", 201, {"description": "k"})
    assert [entry["authorization"] for entry in (first, second, third)] == ["bearer", "bearer", "none"]
    assert first["seq"] + 2 == second["seq"] + 1 == third["seq"]
    assert first["connection"] == second["connection"] != third["connection"], "a kept connection is one connection"
    assert first["time"] <= second["time"] <= third["time"]


def test_log_holds_no_secret(tenant: EmbeddedTenant, admin: Api) -> None:
    token, secret = tenant.ready["admin_token"], tenant.ready["client_secret"]
    body = {"client_id": tenant.ready["client_id"], "client_secret": secret, "grant_type": "client_credentials"}
    requests.post(f"{tenant.url}/oauth/token", json=body, timeout=SECONDS)
    requests.post(f"{tenant.url}/oauth/token", data=body, timeout=SECONDS)
    admin.post("/api-keys", {"description": f"copied {token} here", "nested": [{"access_token": token}]})
    admin("GET", f"/api-keys?access_token={token}", headers={"User-Agent": token})
    admin("GET", f"/api-keys/{token}")
    admin("GET", "/api-keys", headers={"Authorization": token})
    admin("POST", "/api-keys", data=f"not json: {token} {secret}", headers={"Content-Type": "application/json"})
    entries = log(tenant)
    text = str(entries)
    assert entries[-1]["body"].keys() == {"unreadable_bytes"}
    assert entries[-2]["authorization"] == "other"
    for piece in (secret, *token.split(".")):
        assert piece not in text
    assert "client_credentials" in text


@pytest.mark.parametrize(
    "body", [b'{"n": NaN}', rb'{"n": "\ud800"}', b"[" * 100000, b'{"n": "\xff"}', b"{", b"\xff\xfe"]
)
def test_a_body_that_is_no_json_does_not_spoil_the_log(tenant: EmbeddedTenant, admin: Api, body: bytes) -> None:
    tenant.control("DELETE", "requests")
    assert admin("POST", "/api-keys", data=body, headers={"Content-Type": "application/json"}).status_code == 400
    assert [entry["body"] for entry in log(tenant)] == [{"unreadable_bytes": len(body)}]


def test_control_calls_are_not_logged_nor_faulted(tenant: EmbeddedTenant) -> None:
    tenant.control("DELETE", "requests")
    tenant.control("POST", "faults", {"kind": "drop", "path": ".*", "times": 100})
    tenant.control("GET", "settings")
    assert log(tenant) == []


def test_settings_are_checked_and_taken_together(shared_tenant: EmbeddedTenant) -> None:
    before = shared_tenant.control("GET", "settings")
    bad = [
        {"colour": "red"},
        {"html_401": "yes"},
        {"tier1_per_minute": -1},
        {"tier1_per_minute": True},
        {"ratelimit_window": 0},
        {"long_expiry": "stretch"},
        {"list_lag": -1},
        {"list_lag": 3601},
        {"list_lag": True},
        {"list_lag": "1"},
    ]
    for change in bad:
        (name,) = change
        with pytest.raises(requests.HTTPError) as refusal:
            shared_tenant.control("PATCH", "settings", {"extra_fields": True, **change})
        assert refusal.value.response.status_code == 400
        assert name in refusal.value.response.json()["errors"][0]["detail"]
    assert shared_tenant.control("GET", "settings") == before
    assert shared_tenant.control("PATCH", "settings", {"link_style": None})["link_style"] == "null"
    assert shared_tenant.control("PATCH", "settings", before) == before


def test_bad_clock_orders(shared_tenant: EmbeddedTenant) -> None:
    for bad in ({}, {"offset": "1"}, {"offset": True}, {"offset": 1e15}, {"offset": 1, "zone": "UTC"}):
        with pytest.raises(requests.HTTPError):
            shared_tenant.control("PATCH", "clock", bad)
    assert shared_tenant.control("GET", "clock")["offset"] == 0


def test_seeded_keys_pass_every_limit(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("DELETE", "requests")
    order = {"count": 30, "prefix": "p", "sub": tenant.ready["member_user_id"], "expiry": "P9Y"}
    seeded = tenant.control("POST", "keys", order)["keys"]
    scim = {"count": 1, "prefix": "s", "sub": r"SCIM\x", "sub_type": "externalClient"}
    (client,) = tenant.control("POST", "keys", scim)["keys"]
    assert log(tenant) == []
    assert [key["description"] for key in seeded][::29] == ["p 1", "p 30"]
    assert {key["createdByUser"] for key in seeded} == {tenant.ready["member_user_id"]}
    assert (client["subType"], client["createdByUser"]) == ("externalClient", tenant.ready["user_id"])
    assert tenant.control("GET", "keys")["keys"] == [*seeded, client]
    assert admin.get(f"/api-keys/{client['id']}").json() == client


def test_bad_seeds(shared_tenant: EmbeddedTenant) -> None:
    bad_fields = ({"expiry": "never"}, {"sub_type": "robot"}, {"prefix": ""}, {"colour": "red"})
    for bad in ({}, {"count": 0}, {"count": "3"}, *({"count": 1, **field} for field in bad_fields)):
        with pytest.raises(requests.HTTPError) as refusal:
            shared_tenant.control("POST", "keys", bad)
        assert refusal.value.response.status_code == 400
    assert shared_tenant.control("GET", "keys") == {"keys": []}


def test_a_rival_renames_and_takes_keys_past_all_limits(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    key, other = member.create_key(), admin.create_key(description="taken")
    admin.delete(f"/api-keys/{key['id']}")
    events = len(admin.get("/audits").json()["data"])
    tenant.control("DELETE", "requests")
    tenant.control("PATCH", "clock", {"offset": 60})
    renamed = tenant.control("POST", f"keys/{key['id']}/rename", {"description": "taken"})
    taken = tenant.control("POST", f"keys/{key['id']}/owner", {"created_by": tenant.ready["user_id"]})
    assert log(tenant) == []
    assert (renamed["description"], renamed["status"], renamed["createdByUser"]) == ("taken", "revoked", key["sub"])
    assert taken == {**renamed, "createdByUser": tenant.ready["user_id"], "lastUpdated": taken["lastUpdated"]}
    assert taken["lastUpdated"] > key["lastUpdated"]
    assert admin.get(f"/api-keys/{key['id']}").json() == taken
    untouched = {name: value for name, value in other.items() if name != "token"}
    assert admin.get(f"/api-keys/{other['id']}").json() == untouched
    assert len(admin.get("/audits").json()["data"]) == events


@pytest.mark.parametrize(
    ("path", "order", "status"),
    [
        ("keys/unknown/rename", {"description": "new"}, 404),
        ("keys/unknown/owner", {"created_by": "new"}, 404),
        ("keys/{id}/rename", {}, 400),
        ("keys/{id}/rename", {"description": None}, 400),
        ("keys/{id}/rename", {"description": "new", "expiry": "P1D"}, 400),
        ("keys/{id}/owner", {"description": "new"}, 400),
        ("keys/{id}/owner", {"created_by": 1}, 400),
    ],
)
def test_bad_orders_of_a_rival(tenant: EmbeddedTenant, path: str, order: dict[str, Any], status: int) -> None:
    (key,) = tenant.control("POST", "keys", {"count": 1})["keys"]
    with pytest.raises(requests.HTTPError) as refusal:
        tenant.control("POST", path.format(id=key["id"]), order)
    assert refusal.value.response.status_code == status
    assert tenant.control("GET", "keys")["keys"] == [key]


def test_reset_brings_the_first_state_back(tmp_path: Path) -> None:
    with EmbeddedTenant(db=tmp_path / "tenant.db", clock_offset=60, settings={"tier1_per_minute": 5}) as tenant:
        admin = Api(tenant, tenant.ready["admin_token"])
        grant_to_everyone(admin)
        admin.create_key()
        admin.post("/roles", {"name": "one more"})
        assert [admin.get("/roles").status_code for attempt in range(5)][-1] == 429
        tenant.control("PATCH", "settings", {"html_401": True, "tier1_per_minute": 7})
        tenant.control("PATCH", "clock", {"offset": 0})
        tenant.control("POST", "faults", {"kind": "drop", "path": ".*"})
        tenant.control("POST", "reset")
        assert (log(tenant), tenant.control("GET", "faults")) == ([], {"faults": []})
        assert tenant.control("GET", "clock")["offset"] == 60
        settings = tenant.control("GET", "settings")
        assert (settings["html_401"], settings["tier1_per_minute"]) == (False, 5)
        assert tenant.control("GET", "keys") == {"keys": []}
        assert role_named(admin, "UserDefault")["assignedScopes"] == []
        assert admin.get("/audits").json()["data"] == []
        assert admin.get("/roles", filter='name eq "one more"').json()["data"] == []
        before = tenant.ready
        tenant.kill()
        tenant.start()
        assert tenant.ready["admin_token"] == before["admin_token"]
        assert tenant.control("GET", "keys") == {"keys": []}, "the file was reset, too"


def test_unknown_control_paths_and_methods(shared_tenant: EmbeddedTenant) -> None:
    assert requests.get(f"{shared_tenant.url}/_control/nothing", timeout=SECONDS).status_code == 404
    answer = requests.put(f"{shared_tenant.url}/_control/faults", timeout=SECONDS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, POST")


def test_every_setting_stands_in_the_readme(shared_tenant: EmbeddedTenant) -> None:
    readme = (EMULATOR / "README.md").read_text(encoding="utf-8")
    assert [name for name in shared_tenant.control("GET", "settings") if f"`{name}`" not in readme] == []
