# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module is put through: each kind of bad answer, and options that cannot be used."""

from __future__ import annotations

from tasks import Options, Task, by_ways, task

# What is the least a module needs to get as far as its first request; one that is not named needs nothing.
NEEDED: dict[str, Options] = {
    "api_key": {"description": "a key", "token_file": "{{ tokens }}/none.token"},
    "api_key_config": {"max_keys_per_user": 900},
    "api_key_permission": {"role": "Leak testers"},
    "api_keys": {"keys": [{"description": "a key", "token_file": "{{ tokens }}/none.token"}]},
    "tenant": {"config": {"max_keys_per_user": 900}},
    "token_info": {"token": "{{ tenant.member_token }}"},
}
BAD_ANSWERS = [*(f"echo-{status}.any" for status in (401, 500)), "garbage.any"]
# What is the same code in every module, so that one speaks for all.
MORE_BAD_ANSWERS = [
    "echo-403.any",
    "echo-429.any",
    "truncate.any",
    "echo-400.any",
    "echo-404.any",
    "page-401.any",
    "records.any",
    "redirect.any",
    "drop.any",
    "slow.any",
]
MEETING_MORE = "tenant_info"
BAD_SIGN_INS = [
    *(f"echo-{status}.sign-in" for status in (401, 500)),
    *("oauth-401.sign-in", "garbage.sign-in", "truncate.sign-in"),
]
TOKEN = "{{ tenant.admin_token }}"
CLIENT = {"client_id": "{{ tenant.client_id }}", "client_secret": "{{ tenant.client_secret }}"}
BAD_CREDENTIALS: list[Options] = [
    {"access_token": TOKEN, **CLIENT},
    {"access_token": f"Bearer {TOKEN}"},
    {"access_token": "", "client_id": "", "client_secret": CLIENT["client_secret"]},
    {"access_token": TOKEN, "headers": {"Authorization": TOKEN}},
    {"access_token": TOKEN, "headers": {"X-Key": "{{ header_secret }}\n{{ header_secret }}"}},
    {"access_token": TOKEN, "headers": "{{ header_secret }}"},
]


def failing_tasks(module: str) -> list[Task]:
    needed = NEEDED.get(module, {})
    ways = [*BAD_ANSWERS, *(MORE_BAD_ANSWERS if module == MEETING_MORE else ())]
    nobody = {**needed, "tenant_url": "http://127.0.0.1:1", "retries": 0}
    return [
        by_ways(module, "Meet every bad answer", needed, ways),
        *([task(module, "Meet nobody", nobody)] if module == MEETING_MORE else ()),
        task(module, "Give an option that is not of its type", {**needed, "validate_certs": "perhaps"}),
    ]


def bad_sign_ins(module: str) -> list[Task]:
    """For a module that signs in by an access token, unless a task says otherwise."""
    needed = NEEDED.get(module, {})
    by_client = {**needed, **CLIENT, "access_token": ""}
    bad = [task(module, "Give bad credentials", {**needed, **options}) for options in BAD_CREDENTIALS]
    return [by_ways(module, "Meet every bad answer to a sign-in", by_client, BAD_SIGN_INS), *bad]
