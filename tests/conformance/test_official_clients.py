# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Qlik's own clients, the Python SDK and the TypeScript client, against the embedded tenant.

They were made for the real service: what they cannot sign in to, page through or read is wrong here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from emulator_process import EmbeddedTenant
from official_clients import NAMES, Client, Refused, parameters
from tenant_api import Api, config_path, replace, scim

KEYS = "/api/v1/api-keys"
typescript = pytest.mark.parametrize("name", parameters("typescript"))


@pytest.fixture(scope="session", params=parameters(*NAMES))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def started(name: str, process: EmbeddedTenant) -> Iterator[Client]:
    with Client(name, url=process.url, access_token=process.ready["admin_token"]) as signed_in:
        yield signed_in


@pytest.fixture
def client(started: Client, tenant: EmbeddedTenant, admin: Api) -> Client:
    """Signed in as the TenantAdmin of `tenant`, where everyone may manage keys."""
    assert started("me")["id"] == tenant.ready["user_id"], "the same process, reset"
    return started


def oauth(tenant: EmbeddedTenant, **others: str) -> dict[str, str]:
    return {"url": tenant.url, **{each: tenant.ready[each] for each in ("client_id", "client_secret")}, **others}


def refusal(client: Client, call: str, **arguments: Any) -> int:
    with pytest.raises(Refused) as refused:
        client(call, **arguments)
    return refused.value.status


def without_token(key: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in key.items() if field != "token"}


def test_a_life_of_a_key(tenant: EmbeddedTenant, admin: Api, client: Client) -> None:
    made = client("create_key", description="nightly", expiry="PT1H")
    assert (made["description"], made["sub"], made["subType"]) == ("nightly", tenant.ready["user_id"], "user")
    assert admin.get(f"/api-keys/{made['id']}").json() == without_token(made)
    assert client("key", id=made["id"]) == without_token(made)
    assert client("keys", limit=20, status="active") == [without_token(made)]
    client("patch_key", id=made["id"], operations=[replace("/description", "weekly")])
    assert client("key", id=made["id"])["description"] == "weekly"
    client("delete_key", id=made["id"])
    assert refusal(client, "key", id=made["id"]) == 404
    assert client("keys", limit=20) == []


def test_the_token_of_a_new_key_signs_in(name: str, tenant: EmbeddedTenant, client: Client) -> None:
    key = client("create_key", description="nightly")
    with Client(name, url=tenant.url, access_token=key["token"]) as holder:
        assert holder("me")["id"] == key["sub"]
        assert [listed["id"] for listed in holder("keys", limit=20)] == [key["id"]]
        client("delete_key", id=key["id"])
        assert refusal(holder, "me") == 401


def test_a_key_for_scim(tenant: EmbeddedTenant, client: Client) -> None:
    wanted = {**scim(tenant), "description": "Entra ID"}
    made = client("create_key", **wanted)
    assert wanted.items() <= made.items()
    assert client("keys", limit=20, sub=wanted["sub"]) == [without_token(made)]


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_keys_come_whole_over_all_pages(tenant: EmbeddedTenant, client: Client, limit: int) -> None:
    seeded = tenant.control("POST", "keys", {"count": 7})["keys"]
    assert client("keys", limit=limit) == seeded[::-1]
    assert client("keys", limit=limit, sort="+created") == seeded
    asked = [entry["query"] for entry in tenant.control("GET", "requests")["requests"] if entry["path"] == KEYS]
    assert (len(asked) > 2) == (limit < 7), "page by page"


@pytest.mark.parametrize("limit", [1, 100])
def test_users_come_whole_over_all_pages(admin: Api, client: Client, limit: int) -> None:
    every = admin.get("/users", limit=100).json()["data"]
    assert client("users", limit=limit) == every
    assert [user["name"] for user in client("users", limit=limit, sort="-name")] == [u["name"] for u in every[::-1]]
    assert client("user", id=every[1]["id"]) == every[1]
    assert refusal(client, "user", id="unknown") == 404


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('name co "member" or email co "admin@" or subject co "nobody"', ["Member", "Second Member", "Tenant Admin"]),
        ('(name eq "Member" or name eq "Nobody") and (status eq "active" or status eq "disabled")', ["Member"]),
        ('assignedRoles.name eq "TenantAdmin"', ["Automation", "Tenant Admin"]),
        ('assignedScopes eq "api-keys"', []),
    ],
)
def test_users_by_the_documented_filter(client: Client, expression: str, names: list[str]) -> None:
    assert [user["name"] for user in client("users", limit=1, filter=expression)] == names


def test_a_filter_that_is_not_grouped_is_refused(client: Client) -> None:
    assert refusal(client, "users", limit=20, filter='name eq "Bob" or name eq "Alice" and (status eq "active")') == 400


def test_the_config(tenant: EmbeddedTenant, admin: Api, client: Client) -> None:
    tenant_id = tenant.ready["tenant_id"]
    wanted = {"max_keys_per_user": 7, "max_api_key_expiry": "P30D"}
    before = client("config", tenant_id=tenant_id)
    assert before == admin.get(config_path(tenant)).json()
    client("patch_config", tenant_id=tenant_id, operations=[replace(f"/{key}", wanted[key]) for key in wanted])
    assert client("config", tenant_id=tenant_id) == {**before, **wanted}
    assert refusal(client, "patch_config", tenant_id=tenant_id, operations=[replace("/max_keys_per_user", -1)]) == 400


def test_the_config_of_an_older_tenant(name: str, switch_tenant: EmbeddedTenant) -> None:
    tenant_id = switch_tenant.ready["tenant_id"]
    with Client(name, url=switch_tenant.url, access_token=switch_tenant.ready["admin_token"]) as client:
        assert refusal(client, "create_key", description="nightly") == 403
        client("patch_config", tenant_id=tenant_id, operations=[replace("/api_keys_enabled", True)])
        assert client("config", tenant_id=tenant_id)["api_keys_enabled"] is True
        assert client("create_key", description="nightly")["status"] == "active"


def test_refusals_reach_the_caller(name: str, tenant: EmbeddedTenant, admin: Api) -> None:
    key = admin.create_key()
    with Client(name, url=tenant.url, access_token=tenant.ready["member_token"]) as client:
        assert refusal(client, "key", id=key["id"]) == 403
        assert refusal(client, "create_key", description="nightly", expiry="P9Y") == 400
        assert refusal(client, "create_key", description="") == 400
        assert refusal(client, "key", id="unknown") == 404
        tenant.control("PATCH", "settings", {"tier1_per_minute": 1})
        assert refusal(client, "me") == 429
    with Client(name, url=tenant.url, access_token="nonsense") as client:
        assert refusal(client, "me") == 401


def test_the_oauth_client_signs_in(name: str, tenant: EmbeddedTenant, admin: Api) -> None:
    with Client(name, **oauth(tenant)) as client:
        me = client("me")
        assert (me["subject"], me["roles"]) == (f"qlikbot\\{tenant.ready['client_id']}", ["TenantAdmin"])
        assert client("create_key", description="of the bot")["createdByUser"] == me["id"]
    sign_ins = [entry for entry in tenant.control("GET", "requests")["requests"] if entry["path"] == "/oauth/token"]
    assert [entry["authorization"] for entry in sign_ins] == ["basic" if name == "python" else "none"]


def test_a_wrong_secret_is_refused(name: str, tenant: EmbeddedTenant) -> None:
    with pytest.raises(Refused) as refused, Client(name, **oauth(tenant, client_secret="wrong")):
        pass
    assert refused.value.status == 401


@typescript
def test_impersonation(name: str, tenant: EmbeddedTenant, admin: Api) -> None:
    with Client(name, **oauth(tenant, user_id=tenant.ready["member_user_id"])) as client:
        assert client("me")["name"] == "Member"
        assert client("create_key", description="theirs")["createdByUser"] == tenant.ready["member_user_id"]


@typescript
def test_it_sees_a_cloud_tenant_and_asks_for_that_once(name: str, tenant: EmbeddedTenant) -> None:
    with Client(name, url=tenant.url, access_token=tenant.ready["admin_token"]) as client:
        client("me")
        client("keys", limit=20)
    requests = tenant.control("GET", "requests")["requests"]
    assert [entry["status"] for entry in requests if entry["path"].startswith("/resources/")] == [200]
