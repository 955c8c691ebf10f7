# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to sign in, on both generations of tenant: OAuth client, acting as a user, contexts of qlik-cli."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Playground

KEY = "tenantops.qlik_cloud.api_key"
TENANT = "tenantops.qlik_cloud.tenant_info"
CLIENT = {"access_token": "", "client_id": "{{ tenant.client_id }}", "client_secret": "{{ tenant.client_secret }}"}
AS_MEMBER = {**CLIENT, "impersonate_user_id": "{{ tenant.member_user_id }}"}
MEMBER_SUBJECT = "auth0|member"


@pytest.fixture
def home(enabled: Playground, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has used qlik-cli: contexts with an API key, with an OAuth client, and others."""
    ready = enabled.tenant.ready
    made = enabled.api("POST", "/api-keys", {"description": "qlik-cli", "expiry": "PT1H"}).json()
    server = {"server": ready["url"], "server-type": "cloud"}
    client = {"oauth-client-id": ready["client_id"], "oauth-client-secret": ready["client_secret"]}
    contexts = {
        "key": {**server, "headers": {"authorization": f"Bearer {made['token']}"}},
        "client": {**server, **client},
        "wrong": {**server, **client, "oauth-client-secret": ready["client_secret"][::-1]},
        "revoked": {**server, "headers": {"Authorization": f"Bearer {made['token'][:-4]}AAAA"}},
        "windows": {**server, **client, "server-type": "windows"},
    }
    folder = tmp_path / "home" / ".qlik"
    folder.mkdir(parents=True)
    (folder / "contexts.yml").write_text(json.dumps({"contexts": contexts, "current-context": "key"}))
    enabled.forget_calls()
    return {"QLIK_CLI_USER_HOME_DIR": str(folder.parent)}


def sign_ins(playground: Playground) -> int:
    log = playground.tenant.control("GET", "requests")["requests"]
    return [call["path"] for call in log].count("/oauth/token")


def allow_member(playground: Playground) -> None:
    """Where the role Developer is what lets a user have keys, give it to the member."""
    if playground.generation == "switch":
        roles = [{"op": "replace", "path": "/assignedRoles", "value": [{"name": "Developer"}]}]
        playground.api("PATCH", f"/users/{playground.tenant.ready['member_user_id']}", roles)
        playground.forget_calls()


def test_a_context_gives_address_and_credentials_of_either_kind(enabled: Playground, home: dict[str, str]) -> None:
    ready = enabled.tenant.ready
    by_key, by_client, as_member = enabled.run(
        {TENANT: {"context": "key"}},
        {TENANT: {"context": "client"}},
        {TENANT: {"context": "client", "impersonate_subject": MEMBER_SUBJECT}},
        environment=home,
    )
    assert by_key["requester"]["id"] == ready["user_id"]
    assert by_client["requester"]["id"] not in (ready["user_id"], ready["member_user_id"])
    assert as_member["requester"]["id"] == ready["member_user_id"]
    assert {about["tenant"]["id"] for about in (by_key, by_client, as_member)} == {ready["tenant_id"]}
    assert sign_ins(enabled) == 2


def test_options_win_over_a_context_and_that_over_the_environment(enabled: Playground, home: dict[str, str]) -> None:
    ready = enabled.tenant.ready
    people = {ready["user_id"], ready["member_user_id"]}
    file = f"{home['QLIK_CLI_USER_HOME_DIR']}/.qlik/contexts.yml"
    exported = {"QLIK_CONTEXTS_FILE": file, "QLIK_CONTEXT": "client", "QLIK_ACCESS_TOKEN": ready["member_token"]}
    by_its_context, by_option, by_context = enabled.run(
        {TENANT: {}},
        {TENANT: {"access_token": "{{ tenant.member_token }}"}},
        {TENANT: {"context": "key"}},
        environment=exported,
    )
    assert by_its_context["requester"]["id"] not in people
    assert by_option["requester"]["id"] == ready["member_user_id"]
    assert by_context["requester"]["id"] == ready["user_id"]
    assert sign_ins(enabled) == 1


def test_a_context_that_cannot_be_used_is_told_and_nothing_is_sent(enabled: Playground, home: dict[str, str]) -> None:
    elsewhere = enabled.tenant.url.replace("127.0.0.1", "localhost")
    answers = enabled.run(
        {TENANT: {"context": "live"}},
        {TENANT: {"context": "windows"}},
        {TENANT: {"context": "key", "tenant_url": elsewhere}},
        {TENANT: {"context": "client", "tenant_url": elsewhere}},
        {TENANT: {"context": "key", "impersonate_user_id": "x"}},
        {TENANT: {"context": "key", "contexts_file": "{{ folder }}/none.yml"}},
        {TENANT: {"context": "prod"}, "environment": {"QLIK_CLI_USER_HOME_DIR": "{{ folder }}/none"}},
        environment=home,
    )
    messages = [answer["msg"] for answer in answers]
    assert messages[0].startswith("context: 'live' is not in ") and "which has 'key', 'client', 'wrong'" in messages[0]
    assert messages[1].startswith(
        "context: 'windows' is for a server of type 'windows', which is not a Qlik Cloud tenant"
    )
    assert [message.startswith(f"tenant_url: {elsewhere} is another host than") for message in messages[2:4]] == [
        True
    ] * 2
    assert messages[4].startswith("impersonate_user_id: takes an OAuth client")
    assert messages[5].startswith("contexts_file: ") and "so the context 'key' cannot be found" in messages[5]
    assert messages[6].startswith(
        f"context: 'prod' cannot be found: there is no {enabled.folder}/none/.qlik/contexts.yml, where"
    )
    assert enabled.tenant.control("GET", "requests")["requests"] == []


def test_refusals_name_the_context(enabled: Playground, home: dict[str, str]) -> None:
    wrong, revoked, no_admin = enabled.run(
        {TENANT: {"context": "wrong"}},
        {TENANT: {"context": "revoked"}},
        {
            "tenantops.qlik_cloud.api_key_config": {
                "context": "client",
                "impersonate_subject": MEMBER_SUBJECT,
                "max_keys_per_user": 12,
            }
        },
        environment=home,
    )
    assert "Check the id and secret of the OAuth client (in the context wrong)" in wrong["msg"]
    assert "The access token of the context revoked is expired or revoked" in revoked["msg"]
    acting = f"Signed in with the OAuth client of the context client acting as user {MEMBER_SUBJECT}"
    # The tenant names the right itself, so it is said once.
    assert no_admin["msg"].endswith(f"this needs the role TenantAdmin. {acting}.")


def test_a_key_made_as_a_user_is_theirs_and_a_second_run_reads_only(enabled: Playground) -> None:
    allow_member(enabled)
    member = enabled.tenant.ready["member_user_id"]
    task = {"description": "theirs", "token_file": "{{ folder }}/theirs.token", **AS_MEMBER}
    [checked] = enabled.run({KEY: dict(task), "check_mode": True})
    assert checked["changed"]
    assert (enabled.writes(), enabled.tenant.control("GET", "keys")["keys"]) == ([], [])
    [made] = enabled.run({KEY: dict(task)})
    [record] = enabled.tenant.control("GET", "keys")["keys"]
    assert (record["id"], record["sub"], record["createdByUser"]) == (made["api_key"]["id"], member, member)
    assert sign_ins(enabled) == 2
    enabled.forget_calls()
    [again] = enabled.run({KEY: dict(task)})
    assert not again["changed"]
    assert (enabled.writes(), sign_ins(enabled)) == ([], 1)


def test_a_key_for_another_user_is_refused_to_a_bot_with_a_word_on_impersonation(enabled: Playground) -> None:
    task = {"description": "k", "sub": "{{ tenant.member_user_id }}", "token_file": "{{ folder }}/k.token", **CLIENT}
    [refused] = enabled.run({KEY: task})
    assert refused["failure"]["status"] == 403
    assert "Signed in with the OAuth client; this call needs" in refused["msg"]
    assert "by impersonation (impersonate_user_id or impersonate_subject, with an OAuth client)" in refused["msg"]


def test_an_unknown_user_cannot_be_acted_as(enabled: Playground) -> None:
    unknown_id, unknown_subject = enabled.run(
        {TENANT: {**CLIENT, "impersonate_user_id": "nobody-1"}},
        {TENANT: {**CLIENT, "impersonate_subject": "auth0|nobody"}},
    )
    assert "To act as user nobody-1 (impersonate_user_id), that user must exist on this tenant" in unknown_id["msg"]
    assert "To act as user auth0|nobody (impersonate_subject), that user must exist" in unknown_subject["msg"]
    assert enabled.calls() == []
