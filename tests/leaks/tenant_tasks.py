# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks for module ``tenant``."""

from __future__ import annotations

from tasks import SHOWS, Options, Task, by_ways, check, hidden, task

FILED = {"description": "tenant's, filed", "token_file": "{{ tokens }}/tenant.token"}
STORED = {"description": "tenant's, stored"}
LOST = {**STORED, "token": ""}
BY_KIND = {"description": "tenant's, by kind", "idp": {"provider": "azureAD", "protocol": "OIDC"}}
SECRETS = {"token": "{{ tenant.member_token }}"}
SCOPE = {"sub": "{{ tenant.user_id }}", "description_search": "tenant's"}
# What a call returned for the caller to keep, and what the next is told of it.
HANDED_ON = "{{ handing.handed_on + [handing.to_hand_on | combine({'problem': %s})] }}"


def tenant_tasks() -> list[Task]:
    everything: Options = {
        "api_keys_enabled": True,
        "config": {"max_keys_per_user": 940},
        "permission": {"role": "Tenant's key makers", "users": ["{{ tenant.user_id }}"]},
        "keys": [_key(**FILED)],
        "scim_keys": [{**BY_KIND, "token_file": "{{ tokens }}/kind.token"}],
    }
    return [
        check("tenant", "Set it up", everything),
        task("tenant", "Set it up", everything),
        task("tenant", "Find nothing to do", everything),
        task("tenant", "Ask for nothing", {}),
        hidden("tenant", "Make a key, hidden", {"keys": [_key(**STORED)]}, "hidden_away"),
        _many(f"Make another {SHOWS}", {"description": "tenant's, shown"}, return_tokens=True),
        _many("Have lost one", LOST, FILED),
        _many("Have something else in the place of one", {**STORED, **SECRETS}),
        _many(f"Replace what is lost {SHOWS}", {**LOST, "on_lost_token": "replace"}, return_tokens=True),
        _many("Leave it lost", {**LOST, "on_lost_token": "ignore"}),
        _many("Renew", FILED, force_renew=True),
        _many("Only renew", FILED, {"description": "not there", "return_token": True}, only_renew=True),
        hidden("tenant", "Hand on", _handing([]), "handing"),
        hidden("tenant", "Say that it is stored", _handing(HANDED_ON % "''"), "handed"),
        hidden("tenant", "Hand on another", _handing([], force_renew=True), "handing"),
        hidden("tenant", "Say that it is not stored", _handing(HANDED_ON % "'the store was sealed.'"), "handed"),
        task("tenant", "Hand on where all can see", _handing([])),
        _many("Give what no key has", {**SECRETS, "password": "nothing of the sort"}),
        _many("Give what cannot be used", {**SECRETS, "overlap": "soon"}),
        task("tenant", "Take variables that there are not", {"variables_prefix": "header_"}),
        by_ways("tenant", "Meet every bad answer", {"keys": [_key(description="by {{ item }}")]}, ["echo-403.post"]),
        check("tenant", "Purge", {"keys": [], "purge": True, "purge_scope": SCOPE}),
        _many("Retire", {**FILED, "state": "absent"}, purge=True, purge_scope=SCOPE),
    ]


def _key(**options: object) -> Options:
    return {"expiry": "PT1H", **options}


def _many(name: str, *keys: Options, **options: object) -> Task:
    return task("tenant", name, {"keys": [_key(**key) for key in keys], **options})


def _handing(handed_on: object, **options: object) -> Options:
    entry = _key(description="tenant's, handed on", token_file="{{ tokens }}/handed.token")
    return {"keys": [entry], "handed_on": handed_on, **options}
