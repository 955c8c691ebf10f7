# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that cannot be used: in a list they are left out and named, and what does not depend on them goes on."""

from __future__ import annotations

from typing import Any

import pytest
from exchanges import Answer

from hostile import manners
from hostile.gateway import Exchange, Manner
from hostile.scene import DESCRIPTION, KEYS, Scene

PROVIDERS = "/api/v1/identity-providers"
ODD = {
    "no object": "text",
    "null": None,
    "a list": [],
    "empty": {},
    "an id that is a number": {"id": 7, "name": "odd", "description": "odd"},
    "an id that is empty": {"id": "", "name": "odd", "description": "odd"},
    "an id that is a path": {"id": "../x", "name": "odd", "description": "odd"},
    "an id of a lone surrogate": {"id": "\ud800", "name": "odd", "description": "odd"},
    "numbers for texts": {
        "id": "odd",
        "name": 7,
        "description": 7,
        "provider": 7,
        "protocol": 7,
        "status": 7,
        "sub": 7,
    },
    "lists for texts": {
        "id": "odd",
        "name": [],
        "description": [],
        "provider": [],
        "protocol": [],
        "sub": [],
        "type": [],
    },
    "texts for lists": {
        "id": "odd",
        "name": "odd",
        "type": "custom",
        "assignedScopes": "api-keys",
        "assignedRoles": "TenantAdmin",
        "tenantIds": "x",
    },
    "nulls": dict.fromkeys(("id", "name", "description", "status", "sub", "subType", "type", "assignedRoles")),
}


def among_the_others(record: Any) -> Manner:
    """The record in the midst of those that the tenant lists."""

    def change(document: dict) -> None:
        document["data"].insert(len(document["data"]) // 2, record)

    return manners.edited(change)


@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_an_odd_key_hides_no_other(scene: Scene, record):
    made = [scene.make(f"key {number}")["id"] for number in range(3)]
    scene.gateway.spoil("GET", KEYS, among_the_others(record))
    run = scene.run("api_key_info")
    assert not run.failed, run.message
    assert set(made) <= {key["id"] for key in run.result["api_keys"]}
    assert len(run.result["api_keys"]) == 3 and run.warnings


@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_an_odd_key_does_not_keep_a_run_from_its_work(scene: Scene, record):
    made = scene.make_stored()
    scene.gateway.spoil("GET", KEYS, among_the_others(record))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert not run.failed, run.message
    assert not run.result["changed"] and run.warnings
    assert scene.active() == [made["id"]]


@pytest.mark.parametrize(
    "name", [name for name in ODD if name not in ("texts for lists", "numbers for texts", "lists for texts")]
)
def test_an_odd_provider_hides_no_other(scene: Scene, name):
    scene.gateway.spoil("GET", PROVIDERS, among_the_others(ODD[name]))
    run = scene.run("identity_provider_info")
    assert not run.failed, run.message
    assert scene.stage.ready["idp_id"] in {provider["id"] for provider in run.result["identity_providers"]}
    assert len(run.result["identity_providers"]) == 4 and run.warnings


@pytest.mark.parametrize("name", ["texts for lists", "numbers for texts", "lists for texts"])
def test_a_provider_of_odd_texts_hides_no_other(scene: Scene, name):
    """Whether it is listed itself is open: nothing decides by these texts."""
    scene.gateway.spoil("GET", PROVIDERS, among_the_others(ODD[name]))
    run = scene.run("identity_provider_info")
    assert not run.failed, run.message
    assert scene.stage.ready["idp_id"] in {provider["id"] for provider in run.result["identity_providers"]}


@pytest.mark.sample(14)
@pytest.mark.parametrize("path", ["/api/v1/roles", "/api/v1/users", "/api/v1/groups"])
@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_an_odd_role_user_or_group_does_not_keep_the_permission_from_others(scene: Scene, record, path):
    scene.gateway.spoil("GET", path, among_the_others(record))
    run = scene.run("api_key_permission", role="Report Builder", users=["member@tenant.example"], groups=["Finance"])
    assert not run.failed, run.message
    assert [user["email"] for user in run.result["users"]] == ["member@tenant.example"]
    [member] = scene.stage.api("GET", '/users?filter=email eq "member@tenant.example"')["data"]
    assert [role["name"] for role in member["assignedRoles"]] == ["Report Builder"]


MOMENTS = (
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30T00:00:00Z",
    "yesterday",
    7,
    None,
    [],
    "",
)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", ["expiry", "created"])
def test_an_odd_time_is_no_defect_and_ends_no_key(scene: Scene, moment, name):
    made = scene.make_stored()
    scene.gateway.spoil("GET", f"{KEYS}.*", manners.fields_set(**{name: moment}))
    before = scene.files()
    given = {"description": DESCRIPTION, "token_file": str(scene.file)}
    scene.run("api_key", **given, renew_before="PT1H", overlap="PT1H")
    assert made["id"] in scene.active()
    if len(scene.active()) == 1:
        assert scene.files() == before
    scene.run("api_key_info", expires_within="P1D")
    scene.run("token_info", token_file=str(scene.file))


@pytest.mark.sample(15)
@pytest.mark.parametrize("value", [7, None, [], {}, True, "x" * 1_000_000, "\ud800"], ids=lambda value: repr(value)[:8])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/users/me", "id"),
        ("/api/v1/users/me", "tenantId"),
        ("/api/v1/users/me", "subject"),
        ("/api/v1/users/me", "assignedRoles"),
        ("/api/v1/tenants/me", "id"),
        ("/api/v1/tenants/me", "hostnames"),
        (f"{KEYS}/configs/[^/]+", "max_keys_per_user"),
        (f"{KEYS}/configs/[^/]+", "max_api_key_expiry"),
        (f"{KEYS}/configs/[^/]+", "scim_externalClient_expiry"),
        (f"{KEYS}/configs/[^/]+", "api_keys_enabled"),
    ],
)
def test_an_odd_field_of_a_single_record_is_no_defect(scene: Scene, path, name, value):
    scene.gateway.spoil("GET", path, manners.fields_set(**{name: value}))
    scene.run("tenant_info")
    scene.run("api_key_config", max_keys_per_user=7, max_api_key_expiry="P7D")


def shifting(scene: Scene) -> Manner:
    """Pages of two, each of which begins with the last one of the page before."""

    def give(exchange: Exchange) -> Answer:
        page = int(exchange.target.rpartition("page=")[2]) if "page=" in exchange.target else 0
        records = scene.stage.api("GET", "/api-keys?limit=100")["data"]
        link = {"next": {"href": f"{KEYS}?page={page + 1}"}} if page + 2 < len(records) else {}
        return Answer.of(200, {"data": records[page : page + 2], "links": link})

    return give


def test_a_record_on_two_pages_is_there_once(scene: Scene):
    made = [scene.make(f"key {number}")["id"] for number in range(5)]
    scene.gateway.spoil("GET", KEYS, shifting(scene))
    run = scene.run("api_key_info")
    assert [key["id"] for key in run.result["api_keys"]] == made[::-1]


def test_a_key_on_two_pages_is_retired_once(scene: Scene):
    made = [scene.make(f"key {number}")["id"] for number in range(5)]
    scene.gateway.spoil("GET", KEYS, shifting(scene))
    scope = {"created_by_user": scene.stage.ready["user_id"]}
    run = scene.run("api_keys", keys=[], purge=True, purge_scope=scope)
    assert not run.failed, run.message
    assert sorted(action["id"] for action in run.result["actions"]) == sorted(made)
    assert scene.active() == []
