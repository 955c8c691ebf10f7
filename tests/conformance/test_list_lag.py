# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The setting `list_lag`: the list of keys learns of changes late, by the machine's time; one key is shown as it is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from tenant_api import SECONDS, Api, grant_to_everyone, replace

LONG = {"list_lag": 3600}
NONE = {"list_lag": 0}


def listed(api: Api, **query: Any) -> list[tuple[str, str]]:
    """Description and status of each key in the list, oldest first."""
    answer = api.get("/api-keys", sort="+created", **query)
    assert answer.status_code == 200, answer.text
    return [(key["description"], key["status"]) for key in answer.json()["data"]]


def test_a_made_key_is_listed_later(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("PATCH", "settings", LONG)
    key = admin.create_key()
    assert listed(admin) == []
    assert admin.get(f"/api-keys/{key['id']}").json()["status"] == "active"
    assert admin.get("/api-keys", startingAfter=key["id"]).status_code == 400, "the list does not know it"
    assert len(tenant.control("GET", "keys")["keys"]) == 1, "the control endpoint lags never"
    tenant.control("PATCH", "clock", {"offset": 86400})
    assert listed(admin) == [], "the tenant's clock does not hasten it"
    tenant.control("PATCH", "settings", NONE)
    assert listed(admin) == [("a key", "expired")]


def test_changed_keys_are_listed_as_they_were(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    renamed, revoked, deleted, stolen = (member.create_key(description=name) for name in "abcd")
    tenant.control("PATCH", "settings", LONG)
    assert member.patch(f"/api-keys/{renamed['id']}", replace("/description", "new")).status_code == 204
    assert admin.delete(f"/api-keys/{revoked['id']}").status_code == 204
    assert member.delete(f"/api-keys/{deleted['id']}").status_code == 204
    tenant.control("POST", f"keys/{stolen['id']}/owner", {"created_by": "somebody"})
    before = [("a", "active"), ("b", "active"), ("c", "active"), ("d", "active")]
    assert listed(admin) == listed(member) == listed(admin, status="active") == before
    assert listed(member, createdByUser=tenant.ready["member_user_id"]) == before
    assert [admin.get(f"/api-keys/{key['id']}").status_code for key in (renamed, deleted)] == [200, 404]
    assert admin.get(f"/api-keys/{renamed['id']}").json()["description"] == "new"
    assert admin.get(f"/api-keys/{revoked['id']}").json()["status"] == "revoked"
    assert listed(admin, limit=2, startingAfter=deleted["id"]) == [("d", "active")], "pages hold by what is listed"
    tenant.control("PATCH", "settings", NONE)
    assert listed(admin) == [("new", "active"), ("b", "revoked"), ("d", "active")]


def test_the_first_of_several_changes_counts(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("PATCH", "settings", LONG)
    key = admin.create_key()
    for name in ("one", "two"):
        assert admin.patch(f"/api-keys/{key['id']}", replace("/description", name)).status_code == 204
    assert admin.delete(f"/api-keys/{key['id']}").status_code == 204
    assert listed(admin) == []
    tenant.control("PATCH", "settings", NONE)
    assert listed(admin) == []


@pytest.mark.parametrize("lag", [0.5, 1])
def test_changes_come_through_in_their_order(tenant: EmbeddedTenant, admin: Api, lag: float) -> None:
    # A fast machine lists more often than the limit for reads allows.
    tenant.control("PATCH", "settings", {"list_lag": lag, "tier1_per_minute": 0})
    started = time.monotonic()
    key = admin.create_key(description="0")
    for name in "123":
        assert admin.patch(f"/api-keys/{key['id']}", replace("/description", name)).status_code == 204
    seen: list[str] = []
    while not seen or seen[-1] != "3":
        seen += [description for description, status in listed(admin)]
        assert time.monotonic() - started < lag + SECONDS
    assert time.monotonic() - started >= lag
    assert seen == sorted(seen)


def test_refused_changes_leave_nothing_behind(tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key(description="old")
    tenant.control("PATCH", "settings", LONG)
    assert admin.post("/api-keys", {"description": "too long", "expiry": "P9Y"}).status_code == 400
    assert admin.patch(f"/api-keys/{key['id']}", replace("/description", "")).status_code == 400
    tenant.control("PATCH", "settings", NONE)
    admin.patch(f"/api-keys/{key['id']}", replace("/description", "new"))
    tenant.control("PATCH", "settings", LONG)
    assert listed(admin) == [("new", "active")], "what happened without the setting shows at once"


def test_the_lag_survives_the_process_and_ends_with_a_reset(tmp_path: Path) -> None:
    with EmbeddedTenant(db=tmp_path / "tenant.db", settings=LONG) as tenant:
        admin = Api(tenant, tenant.ready["admin_token"])
        grant_to_everyone(admin)
        admin.create_key()
        tenant.kill()
        tenant.start()
        assert listed(Api(tenant, tenant.ready["admin_token"])) == []
        assert len(tenant.control("GET", "keys")["keys"]) == 1
        tenant.control("POST", "keys", {"count": 1, "prefix": "late"})
        tenant.control("POST", "reset")
        assert [key["description"] for key in tenant.control("GET", "keys")["keys"]] == ["a key"]
