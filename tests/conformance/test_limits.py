# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limits per user and tier."""

from __future__ import annotations

import time

import requests
from emulator_process import EmbeddedTenant
from tenant_api import SECONDS, Api, error_of


def test_tiers_are_limited_apart_and_per_user(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    member.create_key()
    tenant.control("PATCH", "settings", {"tier1_per_minute": 3, "tier2_per_minute": 4})
    fresh = Api(tenant, admin.create_key(sub=tenant.ready["member_user_id"])["token"])
    assert [fresh.get("/users/me").status_code for attempt in range(4)] == [200, 200, 200, 429]
    refusal = member.get("/api-keys")
    assert refusal.status_code == 429, "the whole tier of the user is blocked, by whichever token"
    assert 1 <= int(refusal.headers["retry-after"]) <= 60
    assert refusal.headers["retry-after"].isdigit()
    error_of(refusal)
    assert [member.post("/api-keys", {"description": "k"}).status_code for attempt in range(4)] == [201, 201, 201, 429]
    assert len(tenant.control("GET", "keys")["keys"]) == 5, "a refused request is not executed"
    assert admin.get("/users/me").status_code == 200, "others are not affected"


def test_tier_opens_again_after_retry_after(tenant: EmbeddedTenant, member: Api) -> None:
    tenant.control("PATCH", "settings", {"tier1_per_minute": 2})
    assert [member.get("/users/me").status_code for attempt in range(3)] == [200, 200, 429]
    # Only now, so that the limit is reached however long that takes.
    tenant.control("PATCH", "settings", {"ratelimit_window": 2})
    answer = member.get("/users/me")
    if answer.status_code == 429:
        time.sleep(int(answer.headers["retry-after"]))
        answer = member.get("/users/me")
    assert answer.status_code == 200


def test_sign_in_counts_as_tier_2_of_the_bot(tenant: EmbeddedTenant) -> None:
    tenant.control("PATCH", "settings", {"tier2_per_minute": 2})
    body = {name: tenant.ready[name] for name in ("client_id", "client_secret")} | {"grant_type": "client_credentials"}
    answers = [requests.post(f"{tenant.url}/oauth/token", json=body, timeout=SECONDS) for attempt in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) >= 1


def test_zero_means_unlimited(tenant: EmbeddedTenant, member: Api) -> None:
    tenant.control("PATCH", "settings", {"tier1_per_minute": 1})
    assert [member.get("/users/me").status_code for attempt in range(2)] == [200, 429]
    tenant.control("PATCH", "settings", {"tier1_per_minute": 0})
    assert {member.get("/users/me").status_code for attempt in range(5)} == {200}


def test_hints_where_the_knob_says_so(tenant: EmbeddedTenant, admin: Api) -> None:
    assert not [name for name in admin.get("/roles").headers if name.lower().startswith("ratelimit-")]
    tenant.control("PATCH", "settings", {"ratelimit_headers": True})
    headers = admin.get("/roles").headers
    assert headers["Ratelimit-Limit"] == "1000"
    assert 0 < int(headers["Ratelimit-Remaining"]) < 1000
    assert 1 <= int(headers["Ratelimit-Reset"]) <= 60
