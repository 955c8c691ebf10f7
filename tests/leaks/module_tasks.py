# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks for each module: every state, in check mode and for real, and every failure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from failing_tasks import NEEDED, bad_sign_ins, failing_tasks
from key_tasks import api_key_tasks, api_keys_tasks
from tasks import COLLECTION, Task, by_ways, check, task
from tenant_tasks import tenant_tasks

_FILES = sorted((Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py"))
# What calls no tenant has no part in this but as a task of the playbooks.
MODULES = [path.stem for path in _FILES if "def main()" in path.read_text(encoding="utf-8")]

CHANGE = ["echo-403.patch", "garbage.patch"]


def config_tasks() -> list[Task]:
    limits = {"max_keys_per_user": 950, "max_api_key_expiry": "P30D", "scim_external_client_expiry": "P90D"}
    return [
        check("api_key_config", "Set the limits", limits),
        task("api_key_config", "Set the limits", limits),
        task("api_key_config", "Have them already", limits),
        task("api_key_config", "Turn API keys on", {"api_keys_enabled": True}),
        task("api_key_config", "Set the limits of a tenant that is not there", {"tenant_id": "nowhere", **limits}),
        by_ways("api_key_config", "Meet every bad answer to a change", {"max_keys_per_user": 960}, CHANGE),
    ]


def permission_tasks() -> list[Task]:
    """By a role of one's own, and by the role of tenants with the switch: a tenant takes one of them and refuses the other."""
    named = {"users": ["{{ tenant.member_user_id }}"], "groups": ["Finance"]}
    by_role = {"role": "Key makers", **named}
    bad_answers = {"role": "{{ item }}"}
    return [
        check("api_key_permission", "Grant it to some", by_role),
        check("api_key_permission", "Grant it to some by the role of tenants with the switch", named),
        task("api_key_permission", "Grant it to some", by_role),
        task("api_key_permission", "Grant it to some by the role of tenants with the switch", named),
        task("api_key_permission", "Grant it to all", {"role": "UserDefault"}),
        task("api_key_permission", "Grant it to nobody that exists", {**by_role, "users": ["nobody"]}),
        by_ways("api_key_permission", "Meet every bad answer to a change", bad_answers, ["echo-403.post"]),
        check("api_key_permission", "Take it away", {**by_role, "state": "absent"}),
        task("api_key_permission", "Take it away", {**by_role, "state": "absent"}),
        task("api_key_permission", "Take it away by the role of tenants with the switch", {**named, "state": "absent"}),
        task("api_key_permission", "Take the role away", {"role": "Key makers", "state": "absent"}),
    ]


def reading_tasks(module: str) -> list[Task]:
    needed = NEEDED.get(module, {})
    return [task(module, "Look", needed), check(module, "Look", needed)]


def token_info_tasks() -> list[Task]:
    tokens = {
        "an access token": "{{ tenant.member_token }}",
        "the token of another tenant": "{{ elsewhere_token }}",
        "what is no token": "{{ header_secret }}",
    }
    looks = [task("token_info", f"Look at {what}", {"token": token}) for what, token in tokens.items()]
    from_file = {"token_file": "{{ tokens }}/{{ item }}"}
    files = ["admin.token", "password.token", "folder"]
    return [
        *looks,
        check("token_info", "Look at a token", {"token": "{{ tenant.member_token }}"}),
        task("token_info", "Look into files", from_file, loop=files),
        task("token_info", "Give both", {"token": "{{ header_secret }}", "token_file": "{{ tokens }}/admin.token"}),
    ]


def key_info_tasks() -> list[Task]:
    unknown = task("api_key_info", "Look for the keys of nobody", {"owner": "nobody@tenant.example"})
    return [*reading_tasks("api_key_info"), unknown]


def report_tasks() -> list[Task]:
    stored = [{"description": "not there", "token_file": "{{ tokens }}/none.token"}]
    stored += [{"description": "a member", "token": "{{ tenant.member_token }}", "on_lost_token": "replace"}]
    stored += [{"description": "not kept", "on_lost_token": "ignore"}, {"description": "gone", "state": "absent"}]
    return [
        task("api_key_report_info", "Read it", {"keys": stored, "fail_within": "P30D"}),
        check("api_key_report_info", "Read it", {"keys": stored}),
    ]


TASKS: dict[str, Callable[[], list[Task]]] = {
    "api_key": api_key_tasks,
    "api_keys": api_keys_tasks,
    "api_key_config": config_tasks,
    "api_key_info": key_info_tasks,
    "api_key_permission": permission_tasks,
    "api_key_report_info": report_tasks,
    "tenant": tenant_tasks,
    "token_info": token_info_tasks,
}
"""The tasks of each module that changes something or has more to it than to look."""
# How each signs in, by the names of options, unless it is as DEFAULT_SIGN_IN; all kinds there are, and headers with a secret.
CLIENT = {"client_id": "{{ tenant.client_id }}", "client_secret": "{{ tenant.client_secret }}"}
TOKEN = {"access_token": "{{ tenant.admin_token }}"}
HEADERS = {"headers": {"X-Key": "{{ header_secret }}"}}
DEFAULT_SIGN_IN = {**TOKEN, **HEADERS}
SIGN_INS: dict[str, dict] = {
    "api_key_config": {"context": "by-client", **HEADERS},
    "api_key_event_info": {**CLIENT, **HEADERS},
    "api_key_info": {"context": "by-key"},
    # From the environment, in the kind of run that has it there.
    "api_key_permission": {name: "{{ omit if exported else tenant.%s }}" % name for name in CLIENT},
    "api_key_report_info": {**CLIENT, **HEADERS},
    "identity_provider_info": TOKEN,
    "tenant_info": {**CLIENT, "impersonate_user_id": "{{ tenant.member_user_id }}", **HEADERS},
    "token_info": {**CLIENT, **HEADERS},
}


def tasks_of(module: str) -> list[Task]:
    """The content of a task file."""
    sign_in = SIGN_INS.get(module, DEFAULT_SIGN_IN)
    signing_in = bad_sign_ins(module) if sign_in == TOKEN else []
    defaults = {"tenant_url": "{{ gateway }}/plain", "retries": 0, **sign_in}
    tasks = TASKS[module]() if module in TASKS else reading_tasks(module)
    block = [*tasks, *failing_tasks(module), *signing_in]
    return [{"name": module, "module_defaults": {f"group/{COLLECTION}.tenant": defaults}, "block": block}]
