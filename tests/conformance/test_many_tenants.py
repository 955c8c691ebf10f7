# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many tenants in one process: nothing in common but the port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from emulator_process import EmbeddedTenant, ServedTenant
from tenant_api import SECONDS, Api, bot, error_of, grant_to_everyone

FLEET = 200


@pytest.fixture(scope="module")
def three() -> Iterator[EmbeddedTenant]:
    with EmbeddedTenant(tenants=3) as process:
        yield process
        assert process.stderr == "", "the tenants must not fail by themselves"


@pytest.fixture
def process(three: EmbeddedTenant) -> EmbeddedTenant:
    for tenant in three.all:
        tenant.control("POST", "reset")
    return three


@pytest.fixture
def first(process: EmbeddedTenant) -> ServedTenant:
    return process.all[0]


@pytest.fixture
def second(process: EmbeddedTenant) -> ServedTenant:
    return process.all[1]


def admin_of(tenant: ServedTenant) -> Api:
    return Api(tenant, tenant.ready["admin_token"])


def test_ready_line_describes_each_and_the_first_as_if_alone(process: EmbeddedTenant) -> None:
    described = process.ready["tenants"]
    assert {**process.ready, **described[0]} == process.ready
    assert set(process.ready) - set(described[0]) == {"tenants", "totals_url"}
    assert [urlsplit(ready["url"]).path for ready in described] == ["/t/1", "/t/2", "/t/3"]
    assert len({urlsplit(ready["url"]).netloc for ready in described}) == 1
    for name in set(described[0]) - {"ca_path"}:
        assert len({ready[name] for ready in described}) == 3, f"{name} is each tenant's own"


def test_credentials_open_their_own_tenant_only(first: ServedTenant, second: ServedTenant) -> None:
    assert bot(second).get("/tenants/me").json()["id"] == second.ready["tenant_id"]
    assert Api(first, second.ready["admin_token"]).get("/users/me").status_code == 401
    client = {name: second.ready[name] for name in ("client_id", "client_secret")}
    order = {**client, "grant_type": "client_credentials"}
    assert requests.post(f"{first.url}/oauth/token", json=order, timeout=SECONDS).status_code == 401


def test_what_happens_to_one_does_not_happen_to_another(first: ServedTenant, second: ServedTenant) -> None:
    before = first.control("GET", "state")
    admin = admin_of(second)
    grant_to_everyone(admin)
    admin.create_key()
    second.control("POST", "keys", {"count": 5})
    second.control("PATCH", "settings", {"tier1_per_minute": 1})
    second.control("PATCH", "clock", {"offset": 86400})
    second.control("POST", "faults", {"kind": "status", "path": "/api/v1/roles"})
    assert [admin.get("/roles").status_code, admin.get("/roles").status_code] == [503, 429]
    assert (first.control("GET", "requests"), first.control("GET", "faults")) == ({"requests": []}, {"faults": []})
    assert first.control("GET", "state") == before
    assert {admin_of(first).get("/roles").status_code for attempt in range(3)} == {200}
    assert first.control("GET", "clock")["offset"] == 0
    first.control("POST", "reset")
    assert len(second.control("GET", "keys")["keys"]) == 6, "a reset is for one tenant, too"


@pytest.mark.parametrize("style", ["absolute", "relative", "null"])
def test_links_lead_back_to_their_tenant(second: ServedTenant, style: str) -> None:
    second.control("PATCH", "settings", {"link_style": style})
    seeded = second.control("POST", "keys", {"count": 5})["keys"]
    admin, href, met = admin_of(second), "/t/2/api/v1/api-keys?limit=2", []
    while href:
        answer = admin("GET", urljoin(second.url, href)).json()
        hrefs = [link["href"] for link in answer["links"].values() if link["href"]]
        assert {urlsplit(link).path for link in hrefs} == {"/t/2/api/v1/api-keys"}
        assert {bool(urlsplit(link).netloc) for link in hrefs} == {style == "absolute"}
        met += answer["data"]
        href = answer["links"].get("next", {}).get("href")
    assert met == seeded[::-1]
    me = admin.get("/users/me").json()
    assert urljoin(second.url, me["links"]["self"]["href"]) == f"{second.url}/api/v1/users/{me['id']}"


def test_redirects_lead_back_to_their_tenant(second: ServedTenant) -> None:
    second.control("PATCH", "settings", {"redirect_me": True})
    admin = admin_of(second)
    for name, id_name in (("users", "user_id"), ("tenants", "tenant_id")):
        target = admin.get(f"/{name}/me").headers["location"]
        assert target == f"{second.url}/api/v1/{name}/{second.ready[id_name]}"
        assert admin("GET", target).json()["id"] == second.ready[id_name]


def test_log_and_faults_go_by_the_path_in_the_tenant(second: ServedTenant) -> None:
    second.control("POST", "faults", {"kind": "drop", "path": "/api/v1/users/me"})
    with pytest.raises(requests.exceptions.ConnectionError):
        admin_of(second).get("/users/me")
    (entry,) = second.control("GET", "requests")["requests"]
    assert (entry["path"], entry["fault"]) == ("/api/v1/users/me", {"kind": "drop", "when": "before"})


def test_totals_sum_over_all(process: EmbeddedTenant, first: ServedTenant, second: ServedTenant) -> None:
    admin_of(first).get("/users/me")
    grant_to_everyone(admin_of(second))
    Api(second, None).get("/users/me")
    expected = {
        "tenants": 3,
        "requests": 4,
        "by_method": {"GET": 3, "PATCH": 1},
        "by_status": {"200": 2, "204": 1, "401": 1},
        "by_tenant": [1, 3, 0],
    }
    assert process.totals() == expected
    assert process.totals("DELETE") == expected
    assert process.totals() == {
        "tenants": 3,
        "requests": 0,
        "by_method": {},
        "by_status": {},
        "by_tenant": [0, 0, 0],
    }


@pytest.mark.parametrize("path", ["/", "/api/v1/users/me", "/_control/settings", "/t", "/t/0", "/t/4", "/t/01/x"])
def test_below_no_base_path_is_nothing(process: EmbeddedTenant, path: str) -> None:
    origin = process.ready["totals_url"].removesuffix("/_control/totals")
    answer = requests.get(origin + path, timeout=SECONDS)
    assert answer.status_code == 404
    error_of(answer)
    assert process.totals()["requests"] == 0


def test_each_has_a_file_and_the_first_the_one_of_a_tenant_alone(tmp_path: Path) -> None:
    db = tmp_path / "tenant.db"
    with EmbeddedTenant(tenants=3, db=db) as process:
        for count, tenant in enumerate(process.all, 1):
            tenant.control("POST", "keys", {"count": count})
        tenant_ids = [tenant.ready["tenant_id"] for tenant in process.all]
        process.kill()
    assert {f"tenant.db{end}" for end in ("", ".2", ".3")} <= {path.name for path in tmp_path.iterdir()}
    with EmbeddedTenant(tenants=2, db=db) as process:
        assert [tenant.ready["tenant_id"] for tenant in process.all] == tenant_ids[:2]
        assert [len(tenant.control("GET", "keys")["keys"]) for tenant in process.all] == [1, 2]
    with EmbeddedTenant(db=db) as alone:
        assert (alone.ready["tenant_id"], "tenants" in alone.ready) == (tenant_ids[0], False)


def test_one_authority_vouches_for_all() -> None:
    with EmbeddedTenant(tenants=2, tls=True) as process:
        for tenant in process.all:
            assert admin_of(tenant).get("/tenants/me").json()["id"] == tenant.ready["tenant_id"]
        ca_path = Path(process.ready["ca_path"])
        assert ca_path.exists()
        assert process.stop() == 0
    assert not ca_path.exists(), "without a file for the state nothing is left"


def test_a_fleet_is_ready_when_it_says_so() -> None:
    with EmbeddedTenant(tenants=FLEET) as process:
        for tenant in process.all:
            assert bot(tenant).get("/tenants/me").json()["id"] == tenant.ready["tenant_id"]
        assert process.totals()["by_tenant"] == [2] * FLEET
        assert process.stderr == ""
