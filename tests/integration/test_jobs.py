# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about jobs that people do: their commands in order, and what is on the tenants after each."""

from __future__ import annotations

import csv
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from emulator_process import EmbeddedTenant, ServedTenant
from kv_store import KvStore
from onboarding import join_output, key_of, last_lines
from pages import Reader

ADMIN, MEMBER = "admin@tenant.example", "member@tenant.example"


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


def make_key(tenant: ServedTenant, description: str, sub: str | None = None, **more: str) -> str:
    """A key past all limits; its id. By default of the member."""
    sub = sub or tenant.ready["member_user_id"]
    order = {"count": 1, "prefix": description, "sub": sub, "sub_type": "user", "expiry": "P30D", **more}
    [made] = tenant.control("POST", "keys", order)["keys"]
    if "sub_type" in more:
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
    run = Reader("leaver.md", tmp_path, tenants).runs(look, expect=2)
    assert "Nothing was retired; the summary above says why." in run.output
    unknown = last_lines(run)
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


def test_who_sees_their_own_keys_only_is_not_told_that_a_person_has_none(
    tenants: dict[str, ServedTenant], acme: ServedTenant, tmp_path: Path
) -> None:
    theirs = make_key(acme, "of the admin", acme.ready["user_id"])
    reader = Reader("leaver.md", tmp_path, {"acme": acme})
    reader.inventory["acme"] = {
        "onboarding_tenant_url": acme.url,
        "onboarding_access_token": acme.ready["member_token"],
    }
    look = reader.commands[0].replace("ana@example.com", ADMIN)
    [line] = last_lines(reader.runs(look, expect=2))
    assert line.startswith("acme: FAILED: owner: the user who signs in is no TenantAdmin")
    assert active(acme) == {theirs}


def test_no_key_is_retired_when_its_record_could_not_be_written(
    tenants: dict[str, ServedTenant], acme: ServedTenant, tmp_path: Path
) -> None:
    theirs = make_key(acme, "nightly reload")
    reader = Reader("leaver.md", tmp_path, tenants)
    _look, retire, _events = (command.replace("ana@example.com", MEMBER) for command in reader.commands)
    into_closed = f"{without_override()} {retire.replace('leaver.json', 'closed/leaver.json')}"
    (tmp_path / "closed").mkdir(mode=0o500)
    (tmp_path / "unreadable.json").touch(mode=0o000)
    for command in (into_closed, f"{into_closed} --check", into_closed.replace("closed/leaver", "unreadable")):
        output = join_output(reader.runs(command, expect=2))
        assert "the file cannot be read, or its folder cannot be written to. Nothing was retired." in output
    assert active(acme) == {theirs}

    reader.runs(retire.replace("leaver.json", "''"), expect=2)
    assert active(acme) == {theirs}


def without_override() -> str:
    """What a command begins with so that root, too, is held to the permissions of files."""
    if os.geteuid() != 0:
        return ""
    return "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search"


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

    (tmp_path / "leaked.token").write_text(acme.ready["admin_token"])
    refused = join_output(reader.runs(look, expect=2))
    assert "the tenant accepts it, but has no API key with its id" in refused
    reader.runs(clean_up)
    assert not (tmp_path / "leaked.token").exists()


class Webhook:
    """``with Webhook() as hook``: takes what is sent to ``hook.url``; ``hook.texts`` is the ``text`` of each message."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.texts.append(json.loads(body)["text"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Nothing on stderr."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks/secret-part"

    def __enter__(self) -> Webhook:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as hook:
        yield hook


@pytest.fixture
def alert_reader(tenants: dict[str, ServedTenant], hook: Webhook, tmp_path: Path) -> Reader:
    reader = Reader("alert.md", tmp_path, tenants, examples=["alert.yml"])
    reader.environment["ALERT_WEBHOOK"] = hook.url
    return reader


def test_a_key_about_to_expire_is_told_to_the_chat_and_nothing_else(
    alert_reader: Reader, acme: ServedTenant, hook: Webhook
) -> None:
    remove, report = alert_reader.commands
    make_key(acme, "lasting", expiry="P90D")
    alert_reader.runs(report)
    assert hook.texts == []

    make_key(acme, "nightly reload", expiry="P5D")
    alert_reader.runs(remove)
    run = alert_reader.runs(report)
    [text] = hook.texts
    assert text.startswith("acme: ")
    assert "nightly reload" in text
    assert "and has no successor. Renew it" in text
    assert len(text.splitlines()) == 1
    assert hook.url not in run.output


def test_the_chat_is_told_of_what_failed_the_report_however_severe_it_is(
    alert_reader: Reader, tenants: dict[str, ServedTenant], acme: ServedTenant, hook: Webhook
) -> None:
    remove, report = alert_reader.commands
    make_key(acme, "for {{ 7 * 7 }}", expiry="P13D")
    as_warning = report.replace("onboarding_report_fail_within=P14D", "onboarding_report_fail_on=warning")
    alert_reader.runs(as_warning)
    alert_reader.runs(remove)
    # Warnings do not fail this run, but the tenant that could not be read does.
    tenants["birch"].control("POST", "faults", {"path": "/api/v1/.*", "kind": "status", "status": 403, "times": 99})
    policy = '{"onboarding_report_policy": {"severities": {"unreachable": "note"}}}'
    alert_reader.runs(
        report.replace("onboarding_report_fail_within=P14D", f"onboarding_report_fail_on=never -e '{policy}'")
    )
    alert_reader.runs(remove)
    alert_reader.runs(report.replace("tenants.yml", "no-such-inventory.yml"))
    warned, unreachable, without_file = hook.texts
    assert warned.startswith("acme: API key 'for {{ 7 * 7 }} 1' expires in 12 days")
    assert all(line.startswith("acme: API key ") for line in warned.splitlines())
    assert unreachable.startswith("birch: The tenant could not be read: ")
    assert len(unreachable.splitlines()) == 1
    assert without_file == "The report on API keys failed without a finding. See the output of its run."


@pytest.mark.parametrize("generation", ["permission", "switch"])
def test_keys_are_turned_off(generation: str, tmp_path: Path) -> None:
    with EmbeddedTenant(generation=generation) as tenant:
        if generation == "permission":
            allow_keys(tenant)
        else:
            switch_on(tenant)
        url, bearer = f"{tenant.url}/api/v1", {"Authorization": f"Bearer {tenant.ready['admin_token']}"}
        own = requests.post(f"{url}/api-keys", json={"description": "own"}, headers=bearer, timeout=30).json()
        scim = scim_key(tenant)
        reader = Reader("turn-off.md", tmp_path, {"acme": tenant}, examples=["turn_off.yml"])
        reader.environment.update(sign_in(tenant))
        look, off, retire = reader.commands

        before = tenant.control("GET", "state")
        assert reader.runs(look).stats["changed"] == 1
        assert tenant.control("GET", "state") == before
        assert user_status(url, own["token"]) == 200

        reader.runs(off)
        assert user_status(url, own["token"]) == 401
        assert active(tenant) == {own["id"], scim}

        reader.runs(retire)
        assert active(tenant) == {scim}
        again = reader.runs(off)
        assert again.stats["changed"] == 0


def switch_on(tenant: ServedTenant) -> None:
    change = [{"op": "replace", "path": "/api_keys_enabled", "value": True}]
    called(tenant, "PATCH", f"/api-keys/configs/{tenant.ready['tenant_id']}", change)


def user_status(url: str, token: str) -> int:
    """What the tenant answers whoever signs in by this token."""
    bearer = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{url}/users/me", headers=bearer, timeout=30).status_code


def test_an_auditor_gets_files_and_the_tenants_see_reads_only(
    tenants: dict[str, ServedTenant], acme: ServedTenant, tmp_path: Path
) -> None:
    allow_keys(acme)
    made = called(acme, "POST", "/api-keys", {"description": '=HYPERLINK("x")'}).json()
    reader = Reader("audit.md", tmp_path, tenants, examples=["key_events.yml"])
    reader.environment.update(sign_in(acme))
    report, events, who, own_events, freeze = reader.commands
    for tenant in tenants.values():
        tenant.control("DELETE", "requests")
    before = [tenant.control("GET", "state") for tenant in tenants.values()]

    reader.variables.update(onboarding_token_tasks="/none.yml", onboarding_tenant_ur="https://other.example.com")
    assert "onboarding_tenant_ur: there is no such variable. Is onboarding_tenant_url meant?" in join_output(
        reader.runs(events, expect=2)
    )
    del reader.variables["onboarding_tenant_ur"]

    reader.runs(report)
    of_acme = json.loads((tmp_path / "keys.json").read_text())["tenants"][0]
    assert [key["id"] for key in of_acme["api_keys"]] == [made["id"]]
    assert of_acme["makers"]["everybody"] is True
    assert made["id"] in (tmp_path / "keys.csv").read_text()

    reader.runs(events)
    [created] = json.loads((tmp_path / "acme-key-events.json").read_text())["events"]
    assert (created["key_id"], created["user_id"]) == (made["id"], acme.ready["user_id"])
    [row] = csv.DictReader((tmp_path / "acme-key-events.csv").read_text().splitlines())
    assert row["description"] == '\'=HYPERLINK("x")'
    assert json.loads((tmp_path / "birch-key-events.json").read_text())["events"] == []

    asked = reader.runs(who).output
    requester = json.JSONDecoder().raw_decode(asked, asked.index("{"))[0]["requester"]["id"]
    reader.runs(own_events.replace("USER_ID", requester))
    assert json.loads((tmp_path / "acme-key-events.json").read_text())["events"] == []
    reader.runs(freeze)
    assert len((tmp_path / "SHA256SUMS").read_text().splitlines()) == 7
    assert [tenant.control("GET", "state") for tenant in tenants.values()] == before
    for tenant in tenants.values():
        sent = {(call["method"], call["path"]) for call in tenant.control("GET", "requests")["requests"]}
        assert {(method, path) for method, path in sent if method != "GET"} == {("POST", "/oauth/token")}


def test_tokens_move_from_files_to_a_store(
    tenants: dict[str, ServedTenant], acme: ServedTenant, tmp_path: Path
) -> None:
    allow_keys(acme, max_api_key_expiry="P90D")
    files = {"nightly reload": tmp_path / "reload.token", "monitoring": tmp_path / "monitoring.token"}
    tokens = {}
    for description, file in files.items():
        tokens[description] = called(acme, "POST", "/api-keys", {"description": description}).json()["token"]
        file.write_text(tokens[description] + "\n")
    reader = Reader("move-to-store.md", tmp_path, tenants, examples=["move_to_store.yml", "keys_in_vault.yml"])
    example = tmp_path / "move_to_store.yml"
    example.write_text(example.read_text().replace("/etc/qlik", str(tmp_path)))
    check, move, check_store, with_store = reader.commands
    before = acme.control("GET", "state")
    with KvStore() as kv:
        access = {"QLIK_TENANT_URL": acme.url, "QLIK_ACCESS_TOKEN": acme.ready["admin_token"]}
        reader.environment.update(access, VAULT_ADDR=kv.url, VAULT_TOKEN=kv.token)
        files["monitoring"].rename(tmp_path / "elsewhere.token")
        assert "the store does not have them: monitoring." in join_output(reader.runs(move, expect=2))
        files["monitoring"].write_text(tokens["nightly reload"])
        swapped = join_output(reader.runs(move, expect=2))
        assert "monitoring.token: this is the token of API key nightly reload" in swapped
        assert kv.secrets == {}
        (tmp_path / "elsewhere.token").rename(files["monitoring"])

        reader.runs(check)
        assert kv.secrets == {}
        assert all(file.exists() for file in files.values())

        reader.runs(move)
        assert kv.secrets["qlik/api-keys"].versions[-1]["data"] == tokens
        assert not any(file.exists() for file in files.values())

        assert reader.runs(f"{check_store} && {move}").stats["changed"] == 0
        assert reader.runs(with_store).stats["changed"] == 0
    assert acme.control("GET", "state") == before
