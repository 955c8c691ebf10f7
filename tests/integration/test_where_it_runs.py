# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tasks run inside Ansible's worker, and that what Ansible does with tasks holds for them as well."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ADMIN, Playground, Run

pytestmark = pytest.mark.parametrize("generation", ["permission"])
INFO = "tenantops.qlik_cloud.api_key_info"
KEY = "tenantops.qlik_cloud.api_key"
MODULE_FILE = "plugins/modules/api_key_info.py"
# Ansible's own interpreter by the link that a virtual environment has beside it.
OWN_BY_ANOTHER_NAME = str(Path(sys.executable).with_name("python3"))


def play(playground: Playground, task: dict, expect: int = 0, hosts: str = "localhost", **variables: Any) -> Run:
    playbook = playground.folder.parent / "task.yml"
    defaults = {"group/tenantops.qlik_cloud.tenant": ADMIN}
    whole = {"hosts": hosts, "gather_facts": False, "module_defaults": defaults, "tasks": [{"name": "Task", **task}]}
    playbook.write_text(json.dumps([whole]))
    return playground.play(playbook, expect=expect, **variables)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        {"ansible_python_interpreter": OWN_BY_ANOTHER_NAME},
        {"ansible_python_interpreter": "auto_silent"},
        {"qlik_cloud_in_process": "{{ 1 == 1 }}"},
    ],
    ids=str,
)
def test_inside_the_worker(enabled: Playground, variables: dict) -> None:
    assert MODULE_FILE not in play(enabled, {INFO: {}}, **variables).output
    assert len(enabled.calls()) == 1


@pytest.mark.parametrize(
    ("keywords", "variables"),
    [
        ({}, {"qlik_cloud_in_process": False}),
        ({}, {"qlik_cloud_in_process": "{{ 1 == 2 }}"}),
        ({"vars": {"qlik_cloud_in_process": "no"}}, {}),
        ({"async": 60, "poll": 1}, {}),
        ({"environment": {"PYTHONUNBUFFERED": "1"}}, {}),
    ],
    ids=str,
)
def test_as_an_ordinary_module(enabled: Playground, keywords: dict, variables: dict) -> None:
    assert MODULE_FILE in play(enabled, {INFO: {}, **keywords}, **variables).output
    assert len(enabled.calls()) == 1


@pytest.mark.parametrize(
    "keywords",
    [{"become": True, "become_user": "nobody-of-that-name"}, {"vars": {"ansible_python_interpreter": "/no/python"}}],
    ids=str,
)
def test_as_an_ordinary_module_even_if_that_cannot_run(enabled: Playground, keywords: dict) -> None:
    variables = {"ansible_python_interpreter": "/no/python"} if "vars" in keywords else {}
    assert MODULE_FILE in play(enabled, {INFO: {}, **keywords}, expect=2, **variables).output
    assert enabled.calls() == []


def test_the_environment_of_a_task_counts_for_that_task_alone(enabled: Playground) -> None:
    ready = enabled.tenant.ready
    sign_in = {"QLIK_TENANT_URL": ready["url"], "QLIK_ACCESS_TOKEN": ready["member_token"]}
    answers = enabled.run(
        {"tenantops.qlik_cloud.tenant_info": {}, "environment": sign_in},
        {"tenantops.qlik_cloud.tenant_info": {}},
        {
            "tenantops.qlik_cloud.tenant_info": {},
            "environment": {"QLIK_ACCESS_TOKEN": "{{ item }}", "QLIK_TENANT_URL": ready["url"]},
            "loop": ["{{ tenant.member_token }}", "not-a-token-of-anybody"],
            "no_log": True,
        },
        # So that no options stand for address and credentials.
        environment={"UNRELATED": "1"},
    )
    assert answers[0]["requester"]["id"] == ready["member_user_id"]
    assert answers[1]["msg"].startswith("access_token: no credentials are given")
    first, second = answers[2]["results"]
    assert first["requester"]["id"] == ready["member_user_id"]
    assert second["failure"]["status"] == 401


def sign_ins(playground: Playground) -> int:
    log = playground.tenant.control("GET", "requests")["requests"]
    return len([call for call in log if call["path"] == "/oauth/token"])


@pytest.mark.parametrize(("in_process", "expected"), [(True, 1), (False, 3)])
def test_the_items_of_a_loop_share_a_sign_in(enabled: Playground, in_process: bool, expected: int) -> None:
    by_client = {
        "access_token": "",
        "client_id": "{{ tenant.client_id }}",
        "client_secret": "{{ tenant.client_secret }}",
    }
    play(enabled, {INFO: by_client, "loop": [1, 2, 3]}, qlik_cloud_in_process=in_process)
    assert sign_ins(enabled) == expected


def test_nobody_elses_sign_in_is_used(enabled: Playground) -> None:
    tokens = ["{{ tenant.admin_token }}", "{{ tenant.member_token }}", "{{ tenant.admin_token }}"]
    [answer] = enabled.run(
        {"tenantops.qlik_cloud.tenant_info": {"access_token": "{{ item }}"}, "loop": tokens, "no_log": True}
    )
    ready = enabled.tenant.ready
    asked = [result["requester"]["id"] for result in answer["results"]]
    assert asked == [ready["user_id"], ready["member_user_id"], ready["user_id"]]


def test_a_tasks_own_address_wins_over_an_alias_in_its_defaults(enabled: Playground) -> None:
    defaults = {INFO: {"server": "http://127.0.0.1:9", "access_token": "{{ tenant.admin_token }}"}}
    other = {INFO: {"tenant_url": "http://127.0.0.1:9", "access_token": "{{ tenant.admin_token }}"}}
    answers = enabled.run(
        {INFO: {"tenant_url": "{{ tenant.url }}"}, "module_defaults": defaults},
        {INFO: {"server": "{{ tenant.url }}"}, "module_defaults": other},
    )
    assert [answer["api_keys"] for answer in answers] == [[], []]


@pytest.mark.parametrize("in_process", [True, False])
def test_a_token_that_would_be_shown_or_lost_is_not_made(enabled: Playground, in_process: bool) -> None:
    shown, hidden, asked = {"description": "a"}, {"description": "b"}, {"description": "c", "return_token": True}
    switch = {"vars": {"qlik_cloud_in_process": in_process}}
    answers = enabled.run(
        {KEY: shown, **switch},
        {KEY: hidden, "no_log": True, "until": "answer_1 is success", "retries": 1, "delay": 0, **switch},
        {KEY: asked, "no_log": True, "async": 60, "poll": 1, **switch},
        {KEY: hidden, "no_log": True, "async": 60, "poll": 1, **switch},
        {KEY: hidden, "no_log": True, **switch},
    )
    assert [answer["msg"].partition(":")[0] for answer in answers[:4]] == ["return_token"] * 4
    assert answers[4]["token"]
    assert enabled.writes() == [("POST", "/api/v1/api-keys")]


def test_a_task_that_is_cut_off_by_its_timeout_is_completed_by_the_next_run(enabled: Playground) -> None:
    options = {"description": "a", "token_file": "{{ folder }}/a.token", "timeout": 60}
    with enabled.tenant.paused():
        cut_off = play(enabled, {KEY: options, "timeout": 2}, expect=2)
    assert "plugins/modules/api_key.py" not in cut_off.output
    play(enabled, {KEY: options})
    enabled.forget_calls()
    play(enabled, {KEY: options})
    assert enabled.writes() == []
    [key] = enabled.tenant.control("GET", "keys")["keys"]
    assert key["description"] == "a"
    assert [path.name for path in enabled.folder.iterdir()] == ["a.token"]


@pytest.mark.parametrize("strategy", ["linear", "free", "host_pinned"])
def test_strategies_and_delegation(enabled: Playground, strategy: str) -> None:
    playbook = enabled.folder.parent / "hosts.yml"
    task = {"name": "Task", INFO: ADMIN, "delegate_to": "localhost", "throttle": 1, "run_once": strategy == "linear"}
    plays = [
        {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [{"name": "Hosts", "ansible.builtin.add_host": {"name": f"far{number}"}} for number in (1, 2)],
        },
        {"hosts": "far1:far2", "gather_facts": False, "connection": "ssh", "strategy": strategy, "tasks": [task]},
    ]
    playbook.write_text(json.dumps(plays))
    run = enabled.play(playbook)
    assert MODULE_FILE not in run.output
    assert len(enabled.calls()) == (1 if strategy == "linear" else 2)
