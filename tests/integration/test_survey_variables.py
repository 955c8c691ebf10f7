# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a survey of AWX gives the role: flat variables, all of them text, empty where a question was left open."""

from __future__ import annotations

import json

import pytest
from conftest import Playground
from onboarding import ONBOARD, REPORT, ROTATE, changed_key, inputs, join_output, sign_in, state_of

pytestmark = pytest.mark.parametrize("generation", ["permission"])

OPEN = {
    "onboarding_max_keys_per_user": "",
    "onboarding_max_api_key_expiry": "",
    "onboarding_scim_external_client_expiry": " ",
    "onboarding_permission_role": "",
    "onboarding_force_renew": "",
    "onboarding_report_fail_within": "",
    "onboarding_report_fail_on": "",
}


def config_of(playground: Playground) -> dict:
    return playground.api("GET", f"/api-keys/configs/{playground.tenant.ready['tenant_id']}").json()


def test_answers_win_over_what_the_inventory_says_and_count_once(playground: Playground) -> None:
    config = json.dumps({"max_keys_per_user": 7, "max_api_key_expiry": "P30D"})
    answers = {
        **OPEN,
        "onboarding_config": config,
        "onboarding_max_keys_per_user": "9",
        "onboarding_permission_role": "Key makers",
    }
    users = {"users": ["auth0|admin", playground.tenant.ready["user_id"]]}
    given = {**sign_in(playground), **answers, "onboarding_permission": users}
    playground.play(ONBOARD, **given)
    config = config_of(playground)
    assert (config["max_keys_per_user"], config["max_api_key_expiry"]) == (9, "P30D")
    assert "Key makers" in [role["name"] for role in state_of(playground)["roles"]]
    before = state_of(playground)
    playground.play(ONBOARD, **given)
    assert state_of(playground) == before


@pytest.mark.parametrize("playbook", [ONBOARD, ROTATE, REPORT])
def test_questions_that_are_left_open_change_nothing(playground: Playground, playbook: str) -> None:
    keys = changed_key(playground, description="Open", token_file=str(playground.folder / "open.token"))
    given = inputs(playground, onboarding_scim_keys=keys)
    playground.play(ONBOARD, **given)
    before = state_of(playground)
    run = playground.play(playbook, **given, **OPEN)
    assert run.stats["changed"] == 0
    assert state_of(playground) == before


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("max_keys_per_user", "many", "onboarding_max_keys_per_user: must be a whole number, not 'many'."),
        ("max_keys_per_user", "5000", "onboarding_max_keys_per_user: "),
        ("max_api_key_expiry", "a year", "onboarding_max_api_key_expiry: "),
        (
            "permission_roles",
            "x",
            "onboarding_permission_roles: there is no such variable. Is onboarding_permission_role meant?",
        ),
    ],
)
def test_a_bad_answer_is_refused_by_its_own_name(playground: Playground, name: str, value: str, message: str) -> None:
    run = playground.play(ONBOARD, expect=2, **sign_in(playground), **{f"onboarding_{name}": value})
    assert message in join_output(run)
    assert playground.writes() == []
