# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that the role cannot use stops it before anything is changed, with a message that says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Playground, Run
from onboarding import ONBOARD, changed_key, inputs, keys_by_kind, last_lines

TASKS = Path(__file__)
"""A file that is there: nothing of it is read before the variables are checked."""
NO_TOKEN = [{"idp_id": "a", "description": "b"}]
CASES = [
    ("onboarding_scim_keys[0].expiry: 'soon'", lambda p: {"onboarding_scim_keys": changed_key(p, expiry="soon")}),
    ("onboarding_scim_keys[0].token_file: ", lambda p: {"onboarding_scim_keys": changed_key(p, token_file="/none/t")}),
    ("onboarding_config.max_keys_per_user: must be", lambda p: {"onboarding_config": {"max_keys_per_user": 1001}}),
    ("onboarding_config.max_api_key_expiry: 'PT0S'", lambda p: {"onboarding_config": {"max_api_key_expiry": "PT0S"}}),
    (
        "onboarding_scim_keys[1]: names the same key as onboarding_scim_keys[0]",
        lambda p: {"onboarding_scim_keys": changed_key(p) * 2},
    ),
    (
        "is that of onboarding_scim_keys[0] as well",
        lambda p: {"onboarding_scim_keys": changed_key(p) + changed_key(p, description="b")},
    ),
    (
        "onboarding_scim_keys[0].renew_before: P180D is not",
        lambda p: {"onboarding_scim_keys": changed_key(p, renew_before="P180D")},
    ),
    (
        "onboarding_scim_keys[0].idp_id: is given together with idp (entry 'Entra provisioning'). Give one of them.",
        lambda p: {"onboarding_scim_keys": changed_key(p, idp={"provider": "azureAD"})},
    ),
    (
        "onboarding_scim_keys[0].idp: no identity provider of the tenant fits provider 'keycloak'",
        lambda p: {"onboarding_scim_keys": keys_by_kind(p, provider="keycloak")},
    ),
    ("3 identity providers fit", lambda p: {"onboarding_scim_keys": keys_by_kind(p, protocol="OIDC")}),
    ("onboarding_scim_keys: keys cannot be used with", lambda p: {"onboarding_api_keys_enabled": False}),
    ("onboarding_scim_keys[0].return_token: ", lambda p: {"onboarding_scim_keys": NO_TOKEN}),
    (
        "onboarding_scim_keys[0].token_file: is given together with token (entry 'Entra provisioning').",
        lambda p: {"onboarding_scim_keys": changed_key(p, token="")},
    ),
    ("must be the absolute path", lambda p: {"onboarding_token_tasks": "store.yml"}),
    ("must be the absolute path", lambda p: {"onboarding_token_tasks": str(p.folder / "none.yml")}),
    ("must be the absolute path of a file with tasks, not [", lambda p: {"onboarding_token_tasks": ["a.yml"]}),
    (
        "onboarding_secure_logging: must be true or false, not ",
        lambda p: {"onboarding_token_tasks": str(TASKS), "onboarding_secure_logging": "perhaps"},
    ),
    ("onboarding_keys: must be a list of dictionaries, not text.", lambda p: {"onboarding_keys": "text"}),
    ("onboarding_keys[0]: must be a dictionary, not a number.", lambda p: {"onboarding_keys": [1]}),
    ("onboarding_api_keys_enabled: must be true or false, not", lambda p: {"onboarding_api_keys_enabled": "maybe"}),
    ("onboarding_scim: there is no such variable. Is onboarding_scim_keys meant?", lambda p: {"onboarding_scim": []}),
    ("onboarding_headers: must be a dictionary, not text.", lambda p: {"onboarding_headers": "some-secret"}),
    ("onboarding_permission_role: must be text, not a list.", lambda p: {"onboarding_permission_role": ["a"]}),
    (
        "onboarding_scim_keys[0].expirey: there is no such option (entry 'Entra provisioning'). Is expiry meant?",
        lambda p: {"onboarding_scim_keys": changed_key(p, expirey="P1D")},
    ),
    ("onboarding_contexts_file: must not be null.", lambda p: {"onboarding_contexts_file": None}),
    ("onboarding_config.unreachable_option: ", lambda p: {"onboarding_config": {"unreachable_option": 1}}),
]


def last_line_of_each(run: Run) -> dict[str, str]:
    """What the playbook says in the end, by host."""
    return dict(line.split(": ", 1) for line in last_lines(run))


@pytest.mark.parametrize("generation", ["switch"])
def test_bad_input_stops_the_run_before_anything_is_changed(playground: Playground) -> None:
    # Each case is a host, and all of them lead to the same tenant.
    words = {f"case_{number:02}": words for number, (words, _bad) in enumerate(CASES)}
    hosts = {name: inputs(playground, **bad(playground)) for name, (_words, bad) in zip(words, CASES)}
    inventory = playground.folder.parent / "cases.yml"
    inventory.write_text(json.dumps({"cases": {"hosts": hosts}}))
    run = playground.play(ONBOARD, "-i", str(inventory), "--limit", "cases", expect=2)

    lines = last_line_of_each(run)
    assert {name: lines[name] for name in words if words[name] not in lines[name]} == {}
    assert [name for name in words if not lines[name].startswith("FAILED: ")] == []
    last_play = run.output[run.output.index("TASK [Fail for the tenant]") :]
    assert [
        words for words, _bad in CASES if words not in last_play
    ] == [], "the event of a host that failed has the reason"
    assert playground.writes() == []
    assert list(playground.folder.iterdir()) == []
