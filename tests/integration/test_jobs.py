# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about jobs that people do: their commands in order, and what is on the tenants after each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from emulator_process import EmbeddedTenant, ServedTenant
from onboarding import key_of, last_lines
from pages import Reader

ADMIN = "admin@tenant.example"


@pytest.fixture(scope="module")
def process() -> Iterator[EmbeddedTenant]:
    with EmbeddedTenant(tenants=2) as running:
        yield running


@pytest.fixture
def tenants(process: EmbeddedTenant) -> dict[str, ServedTenant]:
    for tenant in process.all:
        tenant.control("POST", "reset")
    return dict(zip(("acme", "birch"), process.all))


@pytest.fixture
def acme(tenants: dict[str, ServedTenant]) -> ServedTenant:
    return tenants["acme"]


def make_key(tenant: ServedTenant, description: str, sub: str | None = None, **scim: str) -> str:
    """A key past all limits; its id. By default of the member."""
    sub = sub or tenant.ready["member_user_id"]
    order = {"count": 1, "prefix": description, "sub": sub, "sub_type": "user", "expiry": "P30D", **scim}
    [made] = tenant.control("POST", "keys", order)["keys"]
    if scim:
        tenant.control("POST", f"keys/{made['id']}/owner", {"created_by": tenant.ready["member_user_id"]})
    return made["id"]


def called(tenant: ServedTenant, method: str, path: str, body: object = None) -> requests.Response:
    """A call as the tenant's admin, without the collection."""
    bearer = {"Authorization": f"Bearer {tenant.ready['admin_token']}"}
    response = requests.request(method, f"{tenant.url}/api/v1{path}", json=body, headers=bearer, timeout=30)
    response.raise_for_status()
    return response


def sign_in(tenant: ServedTenant) -> dict[str, str]:
    """The variables of the environment by which a task signs in."""
    ready = tenant.ready
    return {
        "QLIK_TENANT_URL": ready["url"],
        "QLIK_CLIENT_ID": ready["client_id"],
        "QLIK_CLIENT_SECRET": ready["client_secret"],
    }


def allow_keys(tenant: ServedTenant, **limits: str) -> None:
    """Let everybody make keys, for as long as ``max_api_key_expiry`` says."""
    [role] = called(tenant, "GET", '/roles?filter=name eq "UserDefault"').json()["data"]
    called(tenant, "PATCH", f"/roles/{role['id']}", [{"op": "add", "path": "/assignedScopes/-", "value": "api-keys"}])
    changes = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in limits.items()]
    if changes:
        called(tenant, "PATCH", f"/api-keys/configs/{tenant.ready['tenant_id']}", changes)


def active(tenant: ServedTenant) -> set[str]:
    keys = tenant.control("GET", "keys")["keys"]
    return {key["id"] for key in keys if key["status"] == "active"}


def scim_key(tenant: ServedTenant) -> str:
    return make_key(tenant, "provisioning", f"SCIM\\{tenant.ready['idp_id']}", sub_type="externalClient")


def test_a_person_leaves(tenants: dict[str, ServedTenant], acme: ServedTenant, tmp_path: Path) -> None:
    person = acme.ready["member_user_id"]
    theirs = {make_key(acme, "nightly reload"), make_key(acme, "monitoring")}
    scim, others = scim_key(acme), make_key(acme, "of another", acme.ready["user_id"])
    reader = Reader("leaver.md", tmp_path, tenants, examples=["key_events.yml"])
    look, retire, events = (command.replace("ana@example.com", person) for command in reader.commands)
    before = [tenant.control("GET", "state") for tenant in tenants.values()]

    checked = last_lines(reader.runs(look))
    assert [tenant.control("GET", "state") for tenant in tenants.values()] == before
    assert checked[0].startswith(f"acme: would retire 2 API keys of {person}: '")
    assert "kept 1 SCIM key that" in checked[0]
    assert checked[1:] == [f"birch: does not know {person}"]

    done = last_lines(reader.runs(retire))
    assert done[0] == checked[0].replace("would retire", "retired")
    assert active(acme) == {scim, others}
    record = (tmp_path / "leaver.json").read_text()
    [of_acme, of_birch] = json.loads(record)["tenants"]
    assert {key["id"] for key in of_acme["retired"]} == theirs
    assert {key["outcome"] for key in of_acme["retired"]} == {"revoked"}
    assert [key["id"] for key in of_acme["kept"]] == [scim]
    assert (of_birch["user_id"], of_birch["retired"]) == (None, [])

    again = reader.runs(retire)
    assert "changed=1" not in again.output
    assert (tmp_path / "leaver.json").read_text() == record

    later = make_key(acme, "made after that")
    reader.runs(f"{retire} -e leaver_scim_keys=retire")
    assert active(acme) == {others}
    [of_acme, _of_birch] = json.loads((tmp_path / "leaver.json").read_text())["tenants"]
    assert {key["id"] for key in of_acme["retired"]} == {*theirs, scim, later}

    reader.runs(events)
    [*happened] = json.loads((tmp_path / "acme-key-events.json").read_text())["events"]
    assert {event["key_id"] for event in happened if event["event"] == "deleted"} == {*theirs, later}


def test_nobody_is_retired_whom_no_tenant_knows_and_never_the_key_of_the_run(
    tenants: dict[str, ServedTenant], acme: ServedTenant, tmp_path: Path
) -> None:
    look, retire, _events = Reader("leaver.md", tmp_path, tenants).commands
    unknown = last_lines(Reader("leaver.md", tmp_path, tenants).runs(look, expect=2))
    assert unknown[:2] == ["acme: does not know ana@example.com", "birch: does not know ana@example.com"]
    assert unknown[2].startswith("ERROR: leaver: no tenant knows ana@example.com.")

    allow_keys(acme)
    own = called(acme, "POST", "/api-keys", {"description": "of the run"}).json()
    other = make_key(acme, "another of the same", acme.ready["user_id"])
    elsewhere = make_key(tenants["birch"], "elsewhere", tenants["birch"].ready["user_id"])
    reader = Reader("leaver.md", tmp_path, tenants)
    reader.inventory["acme"] = {"onboarding_tenant_url": acme.url, "onboarding_access_token": own["token"]}
    (tmp_path / "leaver.json").write_text("{}")
    misplaced = last_lines(reader.runs(retire, expect=2))
    assert misplaced[0] == "acme: FAILED: leaver_file: leaver.json: it holds something else already. Name another file."
    assert active(tenants["birch"]) == {elsewhere}

    refused = last_lines(
        reader.runs(retire.replace("ana@example.com", ADMIN).replace("leaver.json", "a.json"), expect=2)
    )
    assert refused[0].startswith(
        f"acme: FAILED: purge: it would retire API key {own['id']}, which this run signs in with."
    )
    assert refused[1].startswith(f"birch: retired 1 API key of {ADMIN}: 'elsewhere 1' (user, expires ")
    assert active(acme) == {own["id"], other}
    assert active(tenants["birch"]) == set()


def test_a_key_has_leaked(tenants: dict[str, ServedTenant], acme: ServedTenant, tmp_path: Path) -> None:
    allow_keys(acme)
    other = make_key(acme, "of another")
    bearer = {"Authorization": f"Bearer {acme.ready['member_token']}"}
    url = f"{acme.url}/api/v1/api-keys"
    leaked = requests.post(url, json={"description": "nightly reload"}, headers=bearer, timeout=30).json()
    (tmp_path / "leaked.token").write_text(leaked["token"])
    reader = Reader("leaked-key.md", tmp_path, tenants, examples=["leaked_key.yml"])
    reader.environment.update(sign_in(acme))
    look, end, clean_up = reader.commands

    before = acme.control("GET", "state")
    checked = reader.runs(look)
    assert f'"id": "{leaked["id"]}"' in checked.output
    assert acme.control("GET", "state") == before

    reader.runs(end)
    new = key_of((tmp_path / "new.token").read_text())
    assert active(acme) == {other, new}
    made = called(acme, "GET", f"/api-keys/{new}").json()
    assert (made["description"], made["sub"]) == ("nightly reload", acme.ready["member_user_id"])

    by_id = end.replace("leaked_token_file=leaked.token", f"leaked_id={leaked['id']}")
    assert reader.runs(by_id).stats["changed"] == 0
    assert active(acme) == {other, new}
    reader.runs(clean_up)
    assert not (tmp_path / "leaked.token").exists()
