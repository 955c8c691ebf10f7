# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook: every module on a host of its own, then the role and its playbooks on a host for each of its ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import module_tasks
from stage import Stage
from tasks import COLLECTION


def _scim_key(**options: Any) -> dict[str, Any]:
    named = {"description": "{{ inventory_hostname }}", "idp_id": "{{ tenant.idp_id }}", "expiry": "P90D"}
    return {**named, "renew_before": "P10D", "overlap": "PT0S", **options}


def _filed(name: str = "{{ inventory_hostname }}.token") -> list[dict]:
    return [_scim_key(token_file="{{ tokens }}/" + name)]


def _through(way: str) -> str:
    return "{{ gateway }}/" + way


CLIENT = {
    "onboarding_client_id": "{{ tenant.client_id }}",
    "onboarding_client_secret": "{{ tenant.client_secret }}",
}
TOKEN = {"onboarding_access_token": "{{ tenant.admin_token }}"}
COMMON = {"onboarding_tenant_url": _through("plain"), "onboarding_scim_keys": _filed(), "onboarding_retries": 0}
STORED = [_scim_key(token="{{ '' }}")]
# As a user's store gives it back.
KEPT = "{{ tokens }}/{{ inventory_hostname }}.token"
READ = "{{ lookup('ansible.builtin.file', kept) if kept is exists else '' }}"
# How the role can end, each on a host of its own.
ENDS: dict[str, dict[str, Any]] = {
    "well": CLIENT,
    "openly": {**TOKEN, "onboarding_secure_logging": False},
    "by-context": {"onboarding_context": "by-client"},
    "handed-on": {
        **CLIENT,
        "kept": KEPT,
        "onboarding_scim_keys": [_scim_key(token=READ)],
        "onboarding_token_tasks": "{{ given }}/hand_on.yml",
    },
    "not-handed-on": {**TOKEN, "onboarding_scim_keys": STORED, "onboarding_token_tasks": "{{ given }}/fail.yml"},
    "not-signed-in": {**CLIENT, "onboarding_tenant_url": _through("echo-401.sign-in")},
    "unauthorized": {**TOKEN, "onboarding_tenant_url": _through("echo-401.any")},
    "quoted": {**TOKEN, "onboarding_tenant_url": _through("quoted-500.post"), "onboarding_secure_logging": False},
    "foreign-token": {**TOKEN, "onboarding_scim_keys": _filed("admin.token")},
    "lost": {
        **TOKEN,
        "onboarding_scim_keys": [_scim_key(token="{{ tenant.member_token }}")],
        "onboarding_token_tasks": "{{ given }}/hand_on.yml",
    },
    "no-place": {**TOKEN, "onboarding_scim_keys": _filed("folder")},
    "bad-option": {**CLIENT, **TOKEN, "onboarding_scim_keys": [{"token": "{{ tenant.member_token }}"}]},
}
# What a user does with a new token; the second one's command, with the token among its arguments, fails.
HAND_ON = [
    {
        "name": "Keep the token",
        "ansible.builtin.copy": {
            "content": "{{ onboarding_token }}",
            "dest": "{{ tokens }}/{{ inventory_hostname }}.token",
            "mode": "0600",
        },
    }
]
FAIL = [{"name": "Find the store sealed", "ansible.builtin.command": {"argv": ["false", "{{ onboarding_token }}"]}}]


def _playbook(name: str, hosts: str, **variables: Any) -> list[dict]:
    """One of the collection's playbooks, after which all hosts go on."""
    play = {"ansible.builtin.import_playbook": f"{COLLECTION}.{name}", "vars": {"onboarding_hosts": hosts, **variables}}
    go_on = {
        "name": "Go on",
        "hosts": "all",
        "gather_facts": False,
        "tasks": [{"ansible.builtin.meta": "clear_host_errors"}],
    }
    return [{"name": f"Run the playbook {name}", **play}, go_on]


MODULES = {
    "name": "Run every module",
    "hosts": "modules",
    "strategy": "free",
    "gather_facts": False,
    "tasks": [{"name": "Take its tasks", "ansible.builtin.include_tasks": "{{ given }}/{{ inventory_hostname }}.yml"}],
}
BY_CONTEXTS = {
    "name": "Run over the contexts of qlik-cli",
    "hosts": "qlik_type_cloud",
    "gather_facts": False,
    "tasks": [
        {
            "name": "Look",
            f"{COLLECTION}.tenant_info": {"context": "{{ qlik_context }}", "contexts_file": "{{ qlik_contexts_file }}"},
        }
    ],
}
# The facts that the role and its playbooks leave.
LEFT = ("onboarding_result", "onboarding_rotation", "onboarding_report", "onboarding_leaver", "onboarding_failure")
# Facts outlive the run where the user caches them.
FACTS = {
    "name": "Cache the facts",
    "hosts": "tenants",
    "gather_facts": False,
    "tasks": [
        {
            "name": "Cache what the role leaves",
            "ansible.builtin.set_fact": {
                "left": "{{ [%s] }}" % ", ".join(f"{fact} | default('')" for fact in LEFT),
                "cacheable": True,
            },
        }
    ],
}


def _role(name: str, hosts: str, **more: Any) -> dict:
    """The role in a play of the user's own."""
    included = {"name": f"{COLLECTION}.onboarding", **more}
    tasks = [{"name": "Include the role", "ansible.builtin.include_role": included}]
    return {"name": name, "hosts": hosts, "gather_facts": False, "tasks": tasks}


TRIED = _playbook("onboard", "well:handed-on")
PLAYS = [
    MODULES,
    BY_CONTEXTS,
    *_playbook("onboard", "tenants"),
    *_playbook("onboard", "well"),
    *_playbook("rotate", "well:unauthorized", onboarding_force_renew=True),
    *_playbook("rotate", "well:handed-on", onboarding_force_renew=True),
    *_playbook("report", "well:foreign-token:unauthorized"),
    *_playbook("leaver", "well:foreign-token", leaver="admin@tenant.example", leaver_file="{{ tokens }}/leaver.json"),
    _role("Onboard by the role alone", "well"),
    _role("Renew by the role alone", "well", tasks_from="rotate"),
    FACTS,
]


def give_hosts(stage: Stage) -> None:
    """Write the task files, and the hosts into the inventory."""
    files = {module: module_tasks.tasks_of(module) for module in module_tasks.MODULES} | {
        "hand_on": HAND_ON,
        "fail": FAIL,
    }
    for name, tasks in files.items():
        (stage.given / f"{name}.yml").write_text(json.dumps(tasks))
    groups = {
        "modules": {"hosts": {module: {} for module in module_tasks.MODULES}},
        "tenants": {"hosts": {name: {**COMMON, **variables} for name, variables in ENDS.items()}},
    }
    (stage.inventory / "hosts.json").write_text(json.dumps({"all": {"children": groups}}))


def give_playbook(stage: Stage, name: str, plays: list[dict]) -> Path:
    playbook = stage.given / f"{name}.yml"
    playbook.write_text(json.dumps(plays))
    return playbook
