# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role, as people give them: by loops, surveys, the command line, beside variables of their own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import Playground, Run
from emulator_process import EmbeddedTenant
from onboarding import (
    ONBOARD,
    REPORT,
    ROTATE,
    active_keys,
    bot_of,
    changed_key,
    inputs,
    join_output,
    key_of,
    last_lines,
    sent,
    sign_in,
    state_of,
)

pytestmark = pytest.mark.parametrize("generation", ["permission"])

ROLE = "tenantops.qlik_cloud.onboarding"


def play(playground: Playground, *tasks: dict, check: bool = False, **keywords: object) -> Run:
    """A play of the user's own; its variables come from ``playground.play``."""
    playbook = playground.folder.parent / "play.yml"
    more = keywords.pop("play", {})
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **more}]))
    return playground.play(playbook, *(["--check"] if check else []), **keywords)


def test_the_role_in_a_loop_is_about_one_tenant_after_the_other(playground: Playground) -> None:
    with EmbeddedTenant(tenants=2) as fleet:
        tenants = [
            {
                "url": served.ready["url"],
                "token": served.ready["admin_token"],
                "idp": served.ready["idp_id"],
                "name": f"tenant {number}",
            }
            for number, served in enumerate(fleet.all)
        ]
        key = {
            "description": "{{ item.name }}",
            "idp_id": "{{ item.idp }}",
            "token_file": "{{ folder }}/{{ item.name }}.token",
        }
        include = {
            "ansible.builtin.include_role": {"name": ROLE},
            "loop": "{{ fleet }}",
            "loop_control": {"label": "{{ item.name }}"},
            "vars": {
                "onboarding_tenant_url": "{{ item.url }}",
                "onboarding_access_token": "{{ item.token }}",
                "onboarding_scim_keys": [key],
            },
        }
        # Of no tenant of the loop: were a variable taken for one that is not given, this one would be changed.
        elsewhere = {"QLIK_TENANT_URL": playground.tenant.url, "QLIK_ACCESS_TOKEN": "none"}

        def descriptions() -> list[list[str]]:
            return [[key["description"] for key in each.control("GET", "keys")["keys"]] for each in fleet.all]

        before = [each.control("GET", "state") for each in fleet.all]
        checked = play(playground, include, check=True, fleet=tenants, environment=elsewhere)
        assert checked.stats["changed"] == 2
        assert [each.control("GET", "state") for each in fleet.all] == before
        assert play(playground, include, fleet=tenants, environment=elsewhere).stats["changed"] == 2
        assert descriptions() == [["tenant 0"], ["tenant 1"]]
        assert play(playground, include, fleet=tenants, environment=elsewhere).stats["changed"] == 0
    assert sent(playground) == []


@pytest.mark.parametrize("playbook", [ONBOARD, ROTATE])
@pytest.mark.parametrize(
    "wrong",
    [
        {"onboarding_tenant_url": "{{ nowhere.url }}"},
        {"onboarding_client_secret": "{{ nowhere }}"},
        {"onboarding_scim_keys": [{"description": "a", "idp_id": "b", "token": "{{ nowhere.token }}"}]},
        {"onboarding_token_tasks": "{{ nowhere }}/store.yml"},
    ],
    ids=lambda value: next(iter(value)),
)
def test_an_undefined_variable_in_a_value_is_an_error_and_not_taken_for_none(
    playground: Playground, playbook: str, wrong: dict
) -> None:
    environment = {
        "QLIK_TENANT_URL": playground.tenant.url,
        "QLIK_ACCESS_TOKEN": playground.tenant.ready["admin_token"],
    }
    run = playground.play(playbook, expect=2, environment=environment, **inputs(playground, **wrong))
    assert "'nowhere' is undefined" in last_lines(run)[0]
    assert sent(playground) == []


def test_what_a_template_omits_counts_as_left_out(playground: Playground) -> None:
    omitted = "{{ nowhere | default(omit) }}"
    given = inputs(playground, onboarding_context=omitted, onboarding_scim_keys=changed_key(playground, token=omitted))
    playground.play(ONBOARD, **given)
    assert len(active_keys(playground)) == 1


@pytest.mark.parametrize("playbook", [ONBOARD, ROTATE])
def test_a_variable_that_there_is_not_is_refused_by_name(playground: Playground, playbook: str) -> None:
    given = inputs(playground, onboarding_permision={"role": "API key owners"})
    [line] = last_lines(playground.play(playbook, expect=2, **given))
    assert "onboarding_permision: there is no such variable. Is onboarding_permission meant?" in line
    assert sent(playground) == []


def test_variables_of_the_users_own_mean_what_they_say_in_values_and_in_token_tasks(enabled: Playground) -> None:
    store = enabled.folder.parent / "store"
    tasks = enabled.folder.parent / "token_tasks.yml"
    content = "{{ onboarding_token }}"
    copy = {"content": content, "dest": "{{ news }}", "mode": "0600"}
    tasks.write_text(json.dumps([{"ansible.builtin.copy": copy, "when": "problems == 'none' and result == 5"}]))
    own = {
        "stored": "",
        "role": "API key owners",
        "record": "Entra",
        "news": str(store),
        "problems": "none",
        "idp_id": enabled.tenant.ready["idp_id"],
        "result": 5,
        "tenant_url": enabled.tenant.url,
        "entry": "P30D",
    }
    given = {
        **inputs(enabled),
        **own,
        "onboarding_tenant_url": "{{ tenant_url }}",
        "onboarding_permission": {"role": "{{ role }}", "users": ["{{ tenant.user_id }}"]},
        "onboarding_scim_keys": [
            {"description": "{{ record }}", "idp_id": "{{ idp_id }}", "expiry": "{{ entry }}", "token": "{{ stored }}"}
        ],
        "onboarding_token_tasks": str(tasks),
    }
    enabled.play(ONBOARD, **given)
    assert active_keys(enabled) == [key_of(store.read_text())]
    enabled.forget_calls()
    assert enabled.play(ONBOARD, **{**given, "stored": store.read_text()}).stats["changed"] == 0
    assert enabled.writes() == []


def test_text_of_a_survey_is_read_as_what_it_means(playground: Playground) -> None:
    ready = playground.tenant.ready
    permission = {"role": "API key owners", "users": [bot_of(playground)], "groups": ["Finance"]}
    texts = {
        "onboarding_config": json.dumps({"max_keys_per_user": "20", "max_api_key_expiry": "P30D"}),
        "onboarding_scim_keys": json.dumps(changed_key(playground, retire_first="no")),
        "onboarding_permission": json.dumps(permission),
        "onboarding_keys": "[]",
        "onboarding_api_keys_enabled": "yes",
        "onboarding_timeout": "60",
        "onboarding_retries": "1",
        "onboarding_secure_logging": "true",
    }
    given = {**sign_in(playground), **texts}
    before = state_of(playground)
    playground.play(ONBOARD, "--check", **given)
    assert state_of(playground) == before
    playground.play(ONBOARD, **given)
    path = f"/api-keys/configs/{ready['tenant_id']}"
    assert playground.api("GET", path).json()["max_keys_per_user"] == 20
    assert active_keys(playground) == [key_of((playground.folder / "scim.token").read_text())]
    playground.forget_calls()
    again = playground.play(ONBOARD, "-e", 'onboarding_config={"max_keys_per_user":"20"}', **given)
    assert again.stats["changed"] == 0
    assert playground.writes() == []


@pytest.mark.parametrize(
    "name", ["onboarding_config", "onboarding_scim_keys", "onboarding_permission", "onboarding_keys"]
)
def test_text_that_is_no_json_is_refused_by_the_variables_name(playground: Playground, name: str) -> None:
    [line] = last_lines(playground.play(ONBOARD, expect=2, **inputs(playground, **{name: "max_keys_per_user: 5"})))
    assert line.startswith(f"localhost: FAILED: {name}: must be a ")
    assert sent(playground) == []


@pytest.mark.parametrize("options", [["--tags", "config"], ["--start-at-task", "Set the fact onboarding_result"]])
def test_a_part_of_the_tasks_does_no_half_of_the_work(playground: Playground, options: list[str]) -> None:
    before = state_of(playground)
    playground.play(ONBOARD, *options, **inputs(playground))
    assert state_of(playground) == before
    assert playground.writes() == []


@contextmanager
def recording() -> Iterator[tuple[str, list[dict]]]:
    """An address that refuses every request, and the headers of each."""
    seen: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers))
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Not said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("playbook", [ONBOARD, ROTATE, REPORT])
def test_headers_and_how_often_and_when_to_repeat_have_variables(playground: Playground, playbook: str) -> None:
    with recording() as (url, seen):
        given = {
            "onboarding_tenant_url": url,
            "onboarding_access_token": playground.tenant.ready["admin_token"],
            "onboarding_headers": {"X-Gateway": "a-secret-of-the-gateway"},
            "onboarding_retries": 3,
            "onboarding_retry_interval": 0.01,
        }
        run = playground.play(playbook, expect=2, **given)
    assert {headers.get("X-Gateway") for headers in seen} == {"a-secret-of-the-gateway"}
    assert len(seen) == 4
    assert "a-secret-of-the-gateway" not in run.output


def test_the_user_to_act_as_has_variables(playground: Playground) -> None:
    ready = playground.tenant.ready
    for name, value in (("user_id", ready["user_id"]), ("subject", "auth0|admin")):
        file = str(playground.folder / f"{name}.token")
        keys = changed_key(playground, description=name, token_file=file)
        given = inputs(playground, onboarding_scim_keys=keys, **{f"onboarding_impersonate_{name}": value})
        playground.play(ONBOARD, **given)
    made = playground.api("GET", "/api-keys").json()["data"]
    assert {key["createdByUser"] for key in made} == {ready["user_id"]}
    assert len(made) == 2


def test_the_defaults_of_a_play_count_where_the_role_has_no_variable(playground: Playground) -> None:
    ready = playground.tenant.ready
    defaults = {
        "tenant_url": ready["url"],
        "access_token": ready["admin_token"],
        "config": {"max_keys_per_user": 7},
        "retry_interval": -1,
    }
    role = {"module_defaults": {"group/tenantops.qlik_cloud.tenant": defaults}, "roles": [{"role": ROLE}]}
    refused = play(playground, expect=2, play=role)
    assert "retry_interval: " in join_output(refused)
    assert sent(playground) == []
    del defaults["config"]
    play(playground, play=role, onboarding_retry_interval=0.5)
    assert [method for method, _path in playground.writes()] == ["PATCH"]

    playground.forget_calls()
    dead = {**role, "module_defaults": {"group/tenantops.qlik_cloud.tenant": {"tenant_url": "http://127.0.0.1:9"}}}
    assert play(playground, play=dead, **sign_in(playground)).stats["changed"] == 0
    assert sent(playground)
