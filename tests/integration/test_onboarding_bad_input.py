# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Input that the role cannot use stops it before anything is changed, with a message that says what is wrong."""

from __future__ import annotations

import pytest
from conftest import Playground
from onboarding import ONBOARD, changed_key, inputs, keys_by_kind


@pytest.mark.parametrize("generation", ["switch"])
@pytest.mark.parametrize(
    ("words", "bad"),
    [
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
        ("needs a token_file, unless", lambda p: {"onboarding_scim_keys": [{"idp_id": "a", "description": "b"}]}),
        ("mutually exclusive: token_file|token", lambda p: {"onboarding_scim_keys": changed_key(p, token="")}),
        ("must be the absolute path", lambda p: {"onboarding_token_tasks": "store.yml"}),
        ("must be the absolute path", lambda p: {"onboarding_token_tasks": str(p.folder / "none.yml")}),
        ("unreachable_option", lambda p: {"onboarding_config": {"unreachable_option": 1}}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_stops_the_run_before_anything_is_changed(playground: Playground, words: str, bad) -> None:
    run = playground.play(ONBOARD, expect=2, **inputs(playground, **bad(playground)))
    assert words in run.output
    assert playground.writes() == []
    assert list(playground.folder.iterdir()) == []
