# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of every kind, before and after the work."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from emulator_process import EmbeddedTenant
from tenant_api import SECONDS, Api

KEYS = "/api/v1/api-keys"


def order(tenant: EmbeddedTenant, **fault: Any) -> dict[str, Any]:
    return tenant.control("POST", "faults", {"method": "POST", "path": KEYS, **fault})


def stored(tenant: EmbeddedTenant) -> int:
    return len(tenant.control("GET", "keys")["keys"])


def last_request(tenant: EmbeddedTenant) -> dict[str, Any]:
    return tenant.control("GET", "requests")["requests"][-1]


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ({"kind": "drop"}, requests.exceptions.ConnectionError),
        ({"kind": "hang", "seconds": 0.2}, requests.exceptions.ConnectionError),
        # requests calls a body that ends too early by different names, depending on how it was read.
        ({"kind": "truncate"}, (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)),
    ],
)
def test_spoiled_connections(
    tenant: EmbeddedTenant, admin: Api, fault: dict[str, Any], seen: Any, when: str, made: int
) -> None:
    order(tenant, when=when, **fault)
    with pytest.raises(seen):
        admin.post("/api-keys", {"description": "k"})
    assert stored(tenant) == made
    entry = last_request(tenant)
    assert entry["fault"] == {"kind": fault["kind"], "when": when}
    assert (entry["status"] is None) == (fault["kind"] != "truncate")
    assert admin.post("/api-keys", {"description": "k"}).status_code == 201, "a fault strikes once"
    assert stored(tenant) == made + 1


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_spoiled_answers(tenant: EmbeddedTenant, admin: Api, when: str, made: int) -> None:
    order(tenant, when=when, kind="status", status=504)
    answer = admin.post("/api-keys", {"description": "k"})
    assert (answer.status_code, answer.json()["errors"][0]["status"], stored(tenant)) == (504, 504, made)
    order(tenant, when=when, kind="garbage")
    answer = admin.post("/api-keys", {"description": "k"})
    assert (answer.status_code, answer.headers["content-type"], stored(tenant)) == (200, "application/json", 2 * made)
    with pytest.raises(ValueError):
        answer.json()
    order(tenant, when=when, kind="latency", seconds=0.3)
    started = time.monotonic()
    assert admin.post("/api-keys", {"description": "k"}).status_code == 201
    assert time.monotonic() - started >= 0.3
    assert stored(tenant) == 2 * made + 1


def test_what_a_status_fault_answers_can_be_said(tenant: EmbeddedTenant, admin: Api) -> None:
    order(tenant, method="GET", kind="status", status=429, headers={"retry-after": "7"}, body={"errors": []})
    answer = admin.get("/api-keys")
    assert (answer.status_code, answer.headers["retry-after"], answer.json()) == (429, "7", {"errors": []})
    order(tenant, method="GET", kind="status", status=502, body="<h1>Bad Gateway</h1>", content_type="text/html")
    answer = admin.get("/api-keys")
    assert (answer.status_code, answer.text) == (502, "<h1>Bad Gateway</h1>")
    assert answer.headers["content-type"].startswith("text/html")
    order(tenant, method="GET", kind="status", status=302, headers={"Location": "http://elsewhere.example/"})
    assert admin.get("/api-keys").headers["location"] == "http://elsewhere.example/"
    order(tenant, method="DELETE", path="/api/v1/api-keys/x", kind="status", status=204)
    answer = admin.delete("/api-keys/x")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_foreign_answer_is_a_page_of_a_gateway(tenant: EmbeddedTenant, admin: Api, when: str, made: int) -> None:
    for fault, status, headline in (({}, 404, "404 Not Found"), ({"status": 410}, 410, "410 Gone")):
        order(tenant, kind="foreign", when=when, **fault)
        answer = admin.post("/api-keys", {"description": "k"})
        assert (answer.status_code, headline in answer.text) == (status, True)
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.text.startswith("<html>")
    assert stored(tenant) == 2 * made
    order(tenant, method="GET", kind="foreign", status=401, headers={"WWW-Authenticate": "Basic"})
    answer = admin.get("/api-keys")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")
    assert "401 Authorization Required" in answer.text
    order(tenant, method="GET", kind="foreign", body="<p>mine</p>", content_type="application/xhtml+xml")
    answer = admin.get("/api-keys")
    assert (answer.text, answer.headers["content-type"]) == ("<p>mine</p>", "application/xhtml+xml")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", ""])
def test_a_date_that_is_not_the_tenants(tenant: EmbeddedTenant, admin: Api, date: str, when: str) -> None:
    order(tenant, kind="date", value=date, when=when)
    answer = admin.post("/api-keys", {"description": "k"})
    assert (answer.status_code, answer.headers["date"], stored(tenant)) == (201, date, 1)
    assert answer.json()["description"] == "k"
    assert admin.get("/api-keys").headers["date"] != date


@pytest.mark.parametrize("when", ["before", "after"])
def test_rewritten_answers(tenant: EmbeddedTenant, admin: Api, when: str) -> None:
    changes = {"/token": None, "/data/0/id": "another", "/description": {"nested": ["ü", 1.5]}}
    order(tenant, kind="rewrite", changes=changes, when=when)
    order(tenant, kind="rewrite", changes=changes, when=when, method="GET")
    made = admin.post("/api-keys", {"description": "k"})
    assert made.status_code == 201
    assert (made.json()["token"], made.json()["description"]) == (None, {"nested": ["ü", 1.5]})
    assert int(made.headers["content-length"]) == len(made.content)
    listed = admin.get("/api-keys")
    assert (listed.json()["data"][0]["id"], "token" in listed.json()) == ("another", False)
    (key,) = tenant.control("GET", "keys")["keys"]
    assert (key["description"], key["id"]) == ("k", made.json()["id"]), "the tenant itself is as it was"


def test_rewriting_puts_a_value_only_where_there_is_one(tenant: EmbeddedTenant, admin: Api) -> None:
    admin.create_key()
    plain = admin.get("/api-keys").content
    nowhere = {
        "/data/1/id": "x",
        "/data/-": "x",
        "/data/00/id": "x",
        "/data/id": "x",
        "/nothing": 1,
        "/links/self/href/0": 1,
    }
    order(tenant, kind="rewrite", method="GET", changes=nowhere)
    assert admin.get("/api-keys").content == plain
    order(tenant, kind="rewrite", method="GET", changes={"": [], "/0": "gone by then"})
    assert admin.get("/api-keys").json() == []
    order(tenant, kind="rewrite", method="GET", changes={"/data": [], "/data/0": "gone by then"})
    assert admin.get("/api-keys").json()["data"] == []
    path = f"{KEYS}/.*"
    order(tenant, kind="rewrite", method="DELETE", path=path, changes={"": 1})
    (key,) = tenant.control("GET", "keys")["keys"]
    answer = admin.delete(f"/api-keys/{key['id']}")
    assert (answer.status_code, answer.content) == (204, b""), "what has no JSON has no place"
    order(tenant, kind="rewrite", method="GET", path=path, changes={"/errors/0/status": "404", "/errors/0/title": 7})
    answer = admin.get(f"/api-keys/{key['id']}")
    assert (answer.status_code, answer.json()["errors"][0]["title"]) == (404, 7)


def test_pointers_are_read_as_their_standard_says(tenant: EmbeddedTenant, admin: Api) -> None:
    """RFC 6901: ~1 is a slash, ~0 a tilde."""
    odd = {"a/b": 1, "~1": 2, "": 3}
    order(
        tenant, method="GET", kind="rewrite", changes={"/data": odd, "/data/a~1b": "x", "/data/~01": "y", "/data/": "z"}
    )
    assert admin.get("/api-keys").json()["data"] == {"a/b": "x", "~1": "y", "": "z"}


def test_truncated_answer_promises_the_whole_body(tenant: EmbeddedTenant, admin: Api) -> None:
    whole = admin("GET", "/users/me").content
    tenant.control("POST", "faults", {"path": "/api/v1/users/me", "kind": "truncate", "when": "after"})
    answer = admin("GET", "/users/me", stream=True)
    assert int(answer.headers["content-length"]) == len(whole)
    received = b""
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        for piece in answer.iter_content(1):
            received += piece
    assert received == whole[: len(whole) // 2]


def test_hanging_request_holds_up_nobody_else(tenant: EmbeddedTenant, admin: Api) -> None:
    order(tenant, kind="hang", seconds=60)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(f"{tenant.url}{KEYS}", json={}, timeout=(SECONDS, 0.3))
    assert admin.get("/api-keys").status_code == 200


def test_skip_and_times_count_down(tenant: EmbeddedTenant, admin: Api) -> None:
    order(tenant, method="GET", kind="status", status=503, skip=2, times=2)
    order(tenant, method=None, path="/api/v1/.*", kind="status", status=500, times=1)
    assert admin.get("/users/me").status_code == 500
    assert [admin.get("/api-keys").status_code for attempt in range(5)] == [200, 200, 503, 503, 200]
    left = [(fault["skip"], fault["times"]) for fault in tenant.control("GET", "faults")["faults"]]
    assert left == [(0, 0), (0, 0)]
    order(tenant, method="GET", kind="drop")
    tenant.control("DELETE", "faults")
    assert tenant.control("GET", "faults") == {"faults": []}
    assert admin.get("/api-keys").status_code == 200


def test_path_must_match_as_a_whole(tenant: EmbeddedTenant, admin: Api) -> None:
    order(tenant, method="GET", path="/api/v1/api-key", kind="drop")
    order(tenant, method="DELETE", kind="drop")
    assert admin.get("/api-keys").status_code == 200


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({}, "kind"),
        ({"kind": "explode", "path": ".*"}, "kind"),
        ({"kind": "drop"}, "path"),
        ({"kind": "drop", "path": "("}, "path"),
        ({"kind": "drop", "path": ".*", "colour": "red"}, "colour"),
        ({"kind": "drop", "path": ".*", "times": -1}, "times"),
        ({"kind": "drop", "path": ".*", "skip": "1"}, "skip"),
        ({"kind": "drop", "path": ".*", "when": "during"}, "when"),
        ({"kind": "drop", "path": ".*", "method": "get"}, "method"),
        ({"kind": "status", "path": ".*", "status": 999}, "status"),
        ({"kind": "status", "path": ".*", "headers": {"a b": "c"}}, "headers"),
        ({"kind": "status", "path": ".*", "headers": {"a": "c\r\nd"}}, "headers"),
        ({"kind": "hang", "path": ".*", "seconds": -1}, "seconds"),
        ({"kind": "foreign", "path": ".*", "status": 100}, "status"),
        ({"kind": "date", "path": ".*"}, "value"),
        ({"kind": "date", "path": ".*", "value": "a\r\nb"}, "value"),
        ({"kind": "date", "path": ".*", "value": 0}, "value"),
        ({"kind": "rewrite", "path": ".*"}, "changes"),
        ({"kind": "rewrite", "path": ".*", "changes": [["/a", 1]]}, "changes"),
        ({"kind": "rewrite", "path": ".*", "changes": {"a": 1}}, "JSON pointer"),
    ],
)
def test_bad_faults_are_refused(shared_tenant: EmbeddedTenant, fault: dict[str, Any], said: str) -> None:
    with pytest.raises(requests.HTTPError) as refusal:
        shared_tenant.control("POST", "faults", fault)
    assert refusal.value.response.status_code == 400
    assert said in refusal.value.response.json()["errors"][0]["detail"]
    assert shared_tenant.control("GET", "faults") == {"faults": []}
