# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules send, and how they bear what comes back: seen in the tenant's own request log."""

from __future__ import annotations

from datetime import datetime

import pytest
from conftest import Playground
from emulator_process import EmbeddedTenant

INFO = "tenantops.qlik_cloud.api_key_info"
KEY = "tenantops.qlik_cloud.api_key"
KEYS = "tenantops.qlik_cloud.api_keys"
CONFIG = "tenantops.qlik_cloud.api_key_config"
TENANT = "tenantops.qlik_cloud.tenant_info"

pytestmark = pytest.mark.parametrize("generation", ["permission"])


def set_of(count: int, **options: object) -> dict:
    """A task for as many keys, each with a token file, of a user who has not used up any of their limits."""
    keys = [{"description": f"k{number}", "token_file": f"{{{{ folder }}}}/k{number}.token"} for number in range(count)]
    return {KEYS: {"keys": keys, "access_token": "{{ tenant.member_token }}", **options}}


@pytest.mark.parametrize("link_style", ["absolute", "relative", "null"])
def test_250_keys_come_in_three_page_requests(playground: Playground, link_style: str) -> None:
    playground.tenant.control("PATCH", "settings", {"link_style": link_style})
    seeded = playground.tenant.control("POST", "keys", {"count": 250, "prefix": "seeded"})["keys"]
    [listed] = playground.run({INFO: {}})
    assert sorted(key["id"] for key in listed["api_keys"]) == sorted(key["id"] for key in seeded)
    assert [(call["method"], call["path"]) for call in playground.calls()] == [("GET", "/api/v1/api-keys")] * 3


def test_one_connection_serves_a_whole_module_run(playground: Playground) -> None:
    playground.run({CONFIG: {"max_keys_per_user": 12}})
    calls = playground.calls()
    assert [call["method"] for call in calls] == ["GET", "GET", "PATCH", "GET"]
    assert len({call["connection"] for call in calls}) == 1
    assert {call["user_agent"] for call in calls} == {"tenantops.qlik_cloud/1.0.0"}


def test_an_oauth_client_signs_in_once_for_a_module_run(playground: Playground) -> None:
    client = {"access_token": "", "client_id": "{{ tenant.client_id }}", "client_secret": "{{ tenant.client_secret }}"}
    playground.run({CONFIG: {"max_keys_per_user": 12, **client}})
    log = playground.tenant.control("GET", "requests")["requests"]
    assert [call["path"] for call in log].count("/oauth/token") == 1
    assert len(log) == 5


def test_address_and_credentials_come_from_the_environment_unless_the_task_gives_its_own(
    playground: Playground,
) -> None:
    ready = playground.tenant.ready
    client = {"QLIK_CLIENT_ID": ready["client_id"], "QLIK_CLIENT_SECRET": ready["client_secret"]}
    bot, member = playground.run(
        {TENANT: {}},
        {TENANT: {"access_token": "{{ tenant.member_token }}"}},
        environment={"QLIK_TENANT_URL": ready["url"], **client},
    )
    assert bot["requester"]["id"] not in (ready["user_id"], ready["member_user_id"])
    assert member["requester"]["id"] == ready["member_user_id"]


def test_redirected_me_calls_are_followed_with_the_bearer(playground: Playground) -> None:
    playground.tenant.control("PATCH", "settings", {"redirect_me": True})
    [about] = playground.run({TENANT: {}})
    assert about["requester"]["id"] == playground.tenant.ready["user_id"]
    assert {call["status"] for call in playground.calls()} == {200, 301, 302}
    assert {call["authorization"] for call in playground.calls()} == {"bearer"}


def test_a_write_refused_by_the_rate_limit_is_sent_again_and_works(enabled: Playground) -> None:
    fault = {"method": "POST", "path": "/api/v1/api-keys", "kind": "status", "when": "before", "status": 429}
    enabled.tenant.control("POST", "faults", {**fault, "headers": {"retry-after": "1"}})
    [made] = enabled.run({KEY: {"description": "k", "token_file": "{{ folder }}/k.token"}})
    assert made["changed"]
    assert [call["status"] for call in enabled.calls() if call["method"] == "POST"] == [429, 201]
    assert len(enabled.tenant.control("GET", "keys")["keys"]) == 1


@pytest.mark.parametrize(("hints", "most_refused"), [(True, 0), (False, 2)])
def test_more_writes_than_the_limit_allows_take_as_many_windows_as_it_dictates(
    enabled: Playground, hints: bool, most_refused: int
) -> None:
    enabled.raise_limits(max_keys_per_user=20)
    enabled.tenant.control(
        "PATCH", "settings", {"tier2_per_minute": 5, "ratelimit_window": 3, "ratelimit_headers": hints}
    )
    [made] = enabled.run(set_of(12))
    assert len(made["actions"]) == 12
    writes = [call for call in enabled.calls() if call["method"] == "POST"]
    assert [call["status"] for call in writes].count(201) == 12
    assert {call["status"] for call in writes} <= {201, 429}
    assert len(writes) - 12 <= most_refused
    began, ended = (datetime.fromisoformat(call["time"].removesuffix("Z")) for call in (writes[0], writes[-1]))
    # Two whole windows lie between the first write and the last two. That a run waits no longer than it is told to is
    # shown by the unit tests, with a clock of their own.
    assert (ended - began).total_seconds() >= 6


def test_who_does_not_wait_for_the_limit_is_told_so_and_goes_on_later(enabled: Playground) -> None:
    enabled.raise_limits(max_keys_per_user=20)
    # However slow the machine is, the window is not over before the sixth write.
    enabled.tenant.control("PATCH", "settings", {"tier2_per_minute": 5, "ratelimit_window": 3600})
    [stopped] = enabled.run(set_of(8, rate_limit_wait=0))
    enabled.tenant.control("PATCH", "settings", {"tier2_per_minute": 0})
    [went_on] = enabled.run(set_of(8, rate_limit_wait=0))
    assert "for which rate_limit_wait allows 0 s in total" in stopped["msg"]
    assert stopped["failure"]["status"] == 429
    assert (len(stopped["actions"]), len(went_on["actions"])) == (5, 3)
    assert len(enabled.tenant.control("GET", "keys")["keys"]) == 8


@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"kind": "status", "status": 503}, {"kind": "truncate"}])
def test_reads_are_repeated_after_a_passing_fault(playground: Playground, fault: dict) -> None:
    order = {"method": "GET", "path": "/api/v1/api-keys", "times": 2, "when": "after", **fault}
    playground.tenant.control("POST", "faults", order)
    [listed] = playground.run({INFO: {"retry_interval": 0.01}})
    assert listed["api_keys"] == []
    assert len(playground.calls()) == 3


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "drop"}, "got no answer"),
        ({"kind": "hang", "seconds": 60}, "nothing came within 3 s"),
        ({"kind": "status", "status": 503}, "refused with 503 (Service Unavailable)"),
        ({"kind": "garbage"}, "where a JSON object was expected"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else None,
)
def test_a_create_without_a_usable_answer_is_sent_once_more_after_a_look(
    enabled: Playground, fault: dict, words: str, when: str
) -> None:
    order = {"method": "POST", "path": "/api/v1/api-keys", "when": when, **fault}
    # What is answered must be so in time, on a slow machine as well.
    seconds = 3 if fault["kind"] == "hang" else 60
    answered, unanswered = (
        {KEY: {"description": name, "token_file": f"{{{{ folder }}}}/{name}.token", "timeout": seconds}}
        for name in ("answered", "unanswered")
    )
    enabled.tenant.control("POST", "faults", order)
    enabled.tenant.control("POST", "faults", {**order, "skip": 1, "times": 2})
    made, failed = enabled.run(answered, unanswered)
    assert made["changed"]
    assert failed["failed"]
    assert words in failed["msg"]
    assert failed["failure"]["method"] == "POST"
    calls = [method for method, path in enabled.writes()]
    # What the tenant did carry out is found and retired before the next request.
    again = ["POST", "DELETE"] if when == "after" else ["POST"]
    assert calls == [*again, "POST", *again, *again]
    keys = enabled.tenant.control("GET", "keys")["keys"]
    assert [key["description"] for key in keys if key["status"] == "active"] == ["answered"]


def test_refusals_name_the_credentials_and_the_right_that_is_missing(playground: Playground) -> None:
    member = {"access_token": "{{ tenant.member_token }}"}
    wrong = {"access_token": "", "client_id": "nobody", "client_secret": "{{ 'not-' ~ 'right' }}"}
    no_permission, no_admin, unknown, not_a_client = playground.run(
        {KEY: {"description": "k", "token_file": "{{ folder }}/k.token"}},
        {CONFIG: {"max_keys_per_user": 12, **member}},
        {TENANT: {"access_token": "not-a-token"}},
        {TENANT: wrong},
    )
    assert "Manage API keys permission" in no_permission["msg"]
    assert no_permission["failure"]["status"] == 403
    assert no_admin["msg"].endswith("this needs the role TenantAdmin. Signed in with the access token.")
    assert "The access token is expired or revoked" in unknown["msg"]
    assert unknown["failure"]["status"] == 401
    assert "Check the id and secret of the OAuth client" in not_a_client["msg"]


def test_the_gateways_html_is_not_shown(playground: Playground) -> None:
    playground.tenant.control("PATCH", "settings", {"html_401": True})
    [refused] = playground.run({TENANT: {"access_token": "not-a-token"}})
    assert refused["failure"] == {
        "status": 401,
        "title": "Unauthorized",
        "method": "GET",
        "path": "/api/v1/users/me",
    }
    assert "<" not in refused["msg"]


def test_tls_is_checked_against_the_authority_that_is_given(tmp_path, generation: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with EmbeddedTenant(generation=generation, tls=True) as tenant:
        playground = Playground(tenant, generation, folder)
        trusted, untrusted, unchecked, missing = playground.run(
            {TENANT: {"ca_path": "{{ tenant.ca_path }}"}},
            {TENANT: {}},
            {TENANT: {"validate_certs": False}},
            {TENANT: {"ca_path": "{{ folder }}/none.pem"}},
        )
    assert trusted["tenant"]["id"] == tenant.ready["tenant_id"]
    assert "certificate" in untrusted["msg"] and "ca_path" in untrusted["msg"]
    assert unchecked["tenant"]["id"] == tenant.ready["tenant_id"]
    assert missing["msg"].startswith("ca_path: ")
