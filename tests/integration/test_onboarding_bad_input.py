# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that the role cannot use stops it before anything is changed, with a message that says what is wrong."""

from __future__ import annotations

import json
import re

import pytest
from conftest import Playground, Run
from onboarding import ONBOARD, changed_key, inputs, keys_by_kind

NO_TOKEN = [{"idp_id": "a", "description": "b"}]
CASES = [
    ("expiry: 'soon'", lambda p: {"onboarding_scim_keys": changed_key(p, expiry="soon")}),
    ("token_file: the folder", lambda p: {"onboarding_scim_keys": changed_key(p, token_file="/none/at/all")}),
    ("max_keys_per_user: must be", lambda p: {"onboarding_config": {"max_keys_per_user": 1001}}),
    ("max_api_key_expiry: 'PT0S'", lambda p: {"onboarding_config": {"max_api_key_expiry": "PT0S"}}),
    ("keys[1]: names the same key as keys[0]", lambda p: {"onboarding_scim_keys": changed_key(p) * 2}),
    (
        "is that of keys[0] as well",
        lambda p: {"onboarding_scim_keys": changed_key(p) + changed_key(p, description="b")},
    ),
    ("renew_before: P180D is not", lambda p: {"onboarding_scim_keys": changed_key(p, renew_before="P180D")}),
    ("needs either idp_id or idp", lambda p: {"onboarding_scim_keys": changed_key(p, idp={"provider": "azureAD"})}),
    ("no identity providers fit", lambda p: {"onboarding_scim_keys": keys_by_kind(p, provider="keycloak")}),
    ("3 identity providers fit", lambda p: {"onboarding_scim_keys": keys_by_kind(p, protocol="OIDC")}),
    ("keys cannot be used with", lambda p: {"onboarding_api_keys_enabled": False}),
    ("needs a token_file, unless", lambda p: {"onboarding_scim_keys": NO_TOKEN}),
    ("mutually exclusive: token_file|token", lambda p: {"onboarding_scim_keys": changed_key(p, token="")}),
    ("must be the absolute path", lambda p: {"onboarding_token_tasks": "store.yml"}),
    ("must be the absolute path", lambda p: {"onboarding_token_tasks": str(p.folder / "none.yml")}),
    ("unreachable_option", lambda p: {"onboarding_config": {"unreachable_option": 1}}),
]


def told_of_each(run: Run) -> dict[str, str]:
    """What the summary at the end of the playbook says, by host."""
    summary = run.output[run.output.index("TASK [Summary of the tenants]") :]
    lines = json.JSONDecoder().raw_decode(summary, summary.index("{"))[0]["msg"]
    told: dict[str, str] = {}
    for line in lines:
        begins = re.match(r"(case_\d+): ", line)
        name = begins[1] if begins else list(told)[-1]
        told[name] = told.get(name, "") + line
    return told


@pytest.mark.parametrize("generation", ["switch"])
def test_bad_input_stops_the_run_before_anything_is_changed(playground: Playground) -> None:
    # Each case is a host, and all of them lead to the same tenant.
    words = {f"case_{number:02}": words for number, (words, _bad) in enumerate(CASES)}
    hosts = {name: inputs(playground, **bad(playground)) for name, (_words, bad) in zip(words, CASES)}
    inventory = playground.folder.parent / "cases.yml"
    inventory.write_text(json.dumps({"cases": {"hosts": hosts}}))
    run = playground.play(ONBOARD, "-i", str(inventory), "--limit", "cases", expect=2)

    told = told_of_each(run)
    assert {name: told[name] for name in words if words[name] not in told[name]} == {}
    assert [name for name in words if ": FAILED at " not in told[name]] == []
    assert playground.writes() == []
    assert list(playground.folder.iterdir()) == []
