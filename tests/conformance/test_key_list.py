# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""GET /api-keys: pages, links, sort, filters, who sees what."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from emulator_process import EmbeddedTenant
from tenant_api import Api, error_of

API = "/api/v1"


def walk(tenant: EmbeddedTenant, api: Api, link: str, direction: str = "next") -> list[list[dict[str, Any]]]:
    """The data of every page, following the links as given."""
    pages, href = [], link
    while href is not None:
        document = api("GET", urljoin(tenant.url, href)).json()
        pages.append(document["data"])
        href = document["links"].get(direction, {}).get("href")
    return pages


@pytest.mark.parametrize("style", ["absolute", "relative", "null"])
def test_250_keys_with_one_timestamp_in_3_pages(tenant: EmbeddedTenant, admin: Api, style: str) -> None:
    tenant.control("PATCH", "settings", {"link_style": style})
    seeded = tenant.control("POST", "keys", {"count": 250, "prefix": "bulk"})["keys"]
    assert len({key["created"] for key in seeded}) == 1
    tenant.control("DELETE", "requests")
    pages = walk(tenant, admin, f"{API}/api-keys?limit=100")
    assert [len(page) for page in pages] == [100, 100, 50]
    assert len(tenant.control("GET", "requests")["requests"]) == 3
    newest_first = [key["id"] for key in reversed(seeded)]
    assert [key["id"] for page in pages for key in page] == newest_first


@pytest.mark.parametrize("style", ["absolute", "relative", "null"])
def test_link_styles(tenant: EmbeddedTenant, admin: Api, style: str) -> None:
    tenant.control("PATCH", "settings", {"link_style": style})
    tenant.control("POST", "keys", {"count": 3, "prefix": "bulk"})
    links = admin.get("/api-keys", limit=2, sort="+created").json()["links"]
    for name in ("self", "next"):
        assert bool(urlsplit(links[name]["href"]).netloc) == (style == "absolute")
        assert urlsplit(links[name]["href"]).path == f"{API}/api-keys"
    assert links.get("prev") == ({"href": None} if style == "null" else None)
    assert "sort=%2Bcreated" in links["next"]["href"]


def test_back_and_forth_meets_the_same_keys(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("POST", "keys", {"count": 7, "prefix": "bulk"})
    forth = walk(tenant, admin, f"{API}/api-keys?limit=3")
    assert [len(page) for page in forth] == [3, 3, 1]
    last = admin.get("/api-keys", limit=3, startingAfter=forth[1][-1]["id"]).json()
    assert last["data"] == forth[2]
    back = walk(tenant, admin, last["links"]["prev"]["href"], "prev")
    assert back == [forth[1], forth[0]]


def test_a_walk_is_not_disturbed_by_new_and_revoked_keys(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    tenant.control("POST", "keys", {"count": 4, "prefix": "bulk", "sub": tenant.ready["member_user_id"]})
    first = admin.get("/api-keys", limit=2).json()
    member.create_key(description="new")
    admin.delete(f"/api-keys/{first['data'][-1]['id']}")
    rest = admin("GET", first["links"]["next"]["href"]).json()
    assert [key["description"] for key in first["data"] + rest["data"]] == ["bulk 4", "bulk 3", "bulk 2", "bulk 1"]


@pytest.mark.parametrize("style", ["absolute", "relative", "null"])
def test_shifting_pages_repeat_a_row_and_still_come_to_an_end(tenant: EmbeddedTenant, admin: Api, style: str) -> None:
    tenant.control("PATCH", "settings", {"shifting_pages": True, "link_style": style})
    tenant.control("POST", "keys", {"count": 7, "prefix": "n"})
    pages = [[key["description"] for key in page] for page in walk(tenant, admin, f"{API}/api-keys?limit=3")]
    assert pages == [["n 7", "n 6", "n 5"], ["n 5", "n 4", "n 3"], ["n 3", "n 2", "n 1"]]
    last = admin.get("/api-keys", limit=3).json()["data"][1]
    back = admin.get("/api-keys", limit=3, endingBefore=last["id"]).json()["data"]
    assert [key["description"] for key in back] == ["n 7", "n 6"]
    one_by_one = walk(tenant, admin, f"{API}/api-keys?limit=1")
    assert [len(page) for page in one_by_one] == [1] * 7, "a page of one row has no room for another"
    assert len(walk(tenant, admin, f"{API}/roles?limit=5")) == 3, "other lists hold still"


def test_sort_and_filters(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    member_id = tenant.ready["member_user_id"]
    names = ["b", "a", "c"]
    keys = {name: admin.create_key(description=name) for name in names}
    keys["m"] = member.create_key(description="m")
    keys["for m"] = admin.create_key(description="for m", sub=member_id, expiry="PT1H")
    admin.delete(f"/api-keys/{keys['m']['id']}")

    def found(**query: str) -> list[str]:
        answer = admin.get("/api-keys", **query)
        assert answer.status_code == 200, answer.text
        return [key["description"] for key in answer.json()["data"]]

    assert found() == ["for m", "m", "c", "a", "b"]
    assert found(sort="created") == found(sort="+created") == found()[::-1]
    assert found(sort="+description") == ["a", "b", "c", "for m", "m"]
    assert found(sort="-description") == ["m", "for m", "c", "b", "a"]
    assert found(sort="-status")[0] == "m"
    assert set(found(sort="createdByUser")) == set(found(sort="-sub")) == set(found())
    assert found(sub=member_id) == ["for m", "m"]
    assert found(createdByUser=member_id) == ["m"]
    assert found(status="revoked") == ["m"]
    assert found(sub=member_id, status="active") == ["for m"]
    assert found(sub="nobody") == []
    assert found(colour="red") == found(), "unknown parameters are ignored"
    tenant.control("PATCH", "clock", {"offset": 3600})
    assert found(status="expired") == ["for m"]


def test_members_see_their_own_keys_only(tenant: EmbeddedTenant, admin: Api, member: Api) -> None:
    hidden = admin.create_key(description="of the admin")
    member.create_key(description="made")
    admin.create_key(description="received", sub=tenant.ready["member_user_id"])
    assert [key["description"] for key in member.get("/api-keys").json()["data"]] == ["received", "made"]
    assert member.get("/api-keys", startingAfter=hidden["id"]).status_code == 400


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"sort": "expiry"}, "sort"),
        ({"sort": " created"}, "sort"),
        ({"sort": ""}, "sort"),
        ({"status": "lost"}, "status"),
        ({"startingAfter": "unknown"}, "startingAfter"),
        ({"endingBefore": ""}, "endingBefore"),
        ({"startingAfter": "a", "endingBefore": "b"}, "endingBefore"),
    ],
)
def test_bad_parameters_are_named(shared_admin: Api, query: dict[str, str], parameter: str) -> None:
    answer = shared_admin.get("/api-keys", **query)
    assert answer.status_code == 400
    assert error_of(answer)["source"] == {"parameter": parameter}


def test_default_and_largest_page(tenant: EmbeddedTenant, admin: Api) -> None:
    tenant.control("POST", "keys", {"count": 101, "prefix": "bulk"})
    assert len(admin.get("/api-keys").json()["data"]) == 20
    assert len(admin.get("/api-keys", limit=100).json()["data"]) == 100
    last_but_one = admin.get("/api-keys", limit=2).json()["data"][1]
    last = admin.get("/api-keys", limit=1, sort="created", startingAfter=last_but_one["id"]).json()
    assert (len(last["data"]), "next" in last["links"]) == (1, False), "a full last page is still the last"
