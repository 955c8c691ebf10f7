# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role, by its playbook, as a user runs it: against a tenant nobody has touched before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Playground

ONBOARD = "tenantops.qlik_cloud.onboard"


def inputs(playground: Playground, **more: object) -> dict:
    ready = playground.tenant.ready
    key = {
        "description": "Entra provisioning",
        "idp_id": ready["idp_id"],
        "expiry": "P180D",
        "token_file": str(playground.folder / "scim.token"),
    }
    return {
        "onboarding_tenant_url": ready["url"],
        "onboarding_client_id": ready["client_id"],
        "onboarding_client_secret": ready["client_secret"],
        "onboarding_config": {"max_keys_per_user": 20, "max_api_key_expiry": "P30D"},
        "onboarding_scim_keys": [key],
        **more,
    }


def result_of(playground: Playground, **variables: object) -> dict:
    """The fact that a run of the role leaves behind."""
    answer = playground.folder.parent / "result.json"
    tasks = [{"ansible.builtin.copy": {"content": "{{ onboarding_result | to_json }}", "dest": str(answer)}}]
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "roles": [{"role": "tenantops.qlik_cloud.onboarding"}],
        "post_tasks": tasks,
    }
    playbook = playground.folder.parent / "result.yml"
    playbook.write_text(json.dumps([play]))
    playground.play(playbook, **variables)
    return json.loads(answer.read_text())


def state(playground: Playground) -> tuple:
    path = f"/api-keys/configs/{playground.tenant.ready['tenant_id']}"
    seen = playground.tenant.control("GET", "keys"), playground.api("GET", path).json()
    playground.forget_calls()
    return seen


@pytest.fixture
def tenant_to_onboard(playground: Playground) -> Playground:
    """As new, but for the permission, which is granted elsewhere on tenants without the switch."""
    if playground.generation == "permission":
        playground.allow_keys()
    playground.forget_calls()
    return playground


def test_check_mode_on_an_untouched_tenant_says_it_all_and_changes_nothing(tenant_to_onboard: Playground) -> None:
    playground, before = tenant_to_onboard, state(tenant_to_onboard)
    run = playground.play(ONBOARD, "--check", **inputs(playground))
    assert run.stats["changed"] == 2
    assert "Would onboard" in run.output
    assert playground.writes() == []
    assert state(playground) == before
    assert list(playground.folder.iterdir()) == []


def test_onboarding_converges(tenant_to_onboard: Playground) -> None:
    playground = tenant_to_onboard
    first = playground.play(ONBOARD, **inputs(playground))
    config = f"/api/v1/api-keys/configs/{playground.tenant.ready['tenant_id']}"
    assert first.stats["changed"] == 2
    assert playground.writes() == [("PATCH", config), ("POST", "/api/v1/api-keys")]
    after = state(playground)

    second = playground.play(ONBOARD, **inputs(playground))
    assert second.stats["changed"] == 0
    assert playground.writes() == []
    checked = playground.play(ONBOARD, "--check", **inputs(playground))
    assert checked.stats["changed"] == 0
    assert playground.writes() == []
    assert state(playground) == after
    assert [path.name for path in playground.folder.iterdir()] == ["scim.token"]


def test_the_result_fact_holds_what_the_contract_says_and_no_secret(tenant_to_onboard: Playground) -> None:
    playground, ready = tenant_to_onboard, tenant_to_onboard.tenant.ready
    result = result_of(playground, **inputs(playground))
    [key] = playground.tenant.control("GET", "keys")["keys"]
    assert result == {
        "tenant_id": ready["tenant_id"],
        "hostname": ready["hostname"],
        "enabled_by": playground.generation,
        "config": {
            "api_keys_enabled": True if playground.generation == "switch" else None,
            "max_keys_per_user": 20,
            "max_api_key_expiry": "P30D",
            "scim_external_client_expiry": "P365D",
        },
        "scim_keys": [
            {
                "id": key["id"],
                "description": "Entra provisioning",
                "status": "active",
                "expiry": key["expiry"],
                "token_file": str(playground.folder / "scim.token"),
            }
        ],
    }
    assert Path(result["scim_keys"][0]["token_file"]).read_text().strip() not in json.dumps(result)


@pytest.mark.parametrize("generation", ["switch"])
def test_a_tenant_that_does_not_list_keys_before_they_are_enabled_is_onboarded_too(playground: Playground) -> None:
    playground.tenant.control("PATCH", "settings", {"listing_needs_permission": True})
    checked = playground.play(ONBOARD, "--check", **inputs(playground))
    assert checked.stats["failed"] == 0
    assert playground.writes() == []
    assert playground.play(ONBOARD, **inputs(playground)).stats["changed"] == 2
    assert playground.play(ONBOARD, **inputs(playground)).stats["changed"] == 0


@pytest.mark.parametrize("generation", ["permission"])
def test_a_caller_without_the_permission_is_told_what_is_missing(playground: Playground) -> None:
    run = playground.play(ONBOARD, expect=2, **inputs(playground))
    assert "Entra provisioning: POST /api/v1/api-keys was refused with 403" in run.output
    assert "Manage API keys permission" in run.output
    assert list(playground.folder.iterdir()) == []


@pytest.mark.parametrize("generation", ["switch"])
def test_a_lost_token_stops_the_run_before_anything_is_changed(playground: Playground) -> None:
    playground.play(ONBOARD, **inputs(playground))
    (playground.folder / "scim.token").unlink()
    playground.forget_calls()
    run = playground.play(ONBOARD, expect=2, **inputs(playground, onboarding_config={"max_keys_per_user": 99}))
    assert "Qlik Cloud never shows a token again" in run.output
    assert playground.writes() == []


def changed_key(playground: Playground, **changes: object) -> list[dict]:
    return [{**inputs(playground)["onboarding_scim_keys"][0], **changes}]


@pytest.mark.parametrize("generation", ["switch"])
@pytest.mark.parametrize(
    ("words", "bad"),
    [
        ("expiry: 'soon'", lambda p: {"onboarding_scim_keys": changed_key(p, expiry="soon")}),
        ("token_file: the folder", lambda p: {"onboarding_scim_keys": changed_key(p, token_file="/none/at/all")}),
        ("max_keys_per_user: must be", lambda p: {"onboarding_config": {"max_keys_per_user": 1001}}),
        ("max_api_key_expiry: 'PT0S'", lambda p: {"onboarding_config": {"max_api_key_expiry": "PT0S"}}),
        ("two entries have the same", lambda p: {"onboarding_scim_keys": changed_key(p) * 2}),
        ("keys cannot be used with", lambda p: {"onboarding_api_keys_enabled": False}),
        ("missing required arguments: token_file", lambda p: {"onboarding_scim_keys": [{"idp_id": "a", "description": "b"}]}),
        ("unreachable_option", lambda p: {"onboarding_config": {"unreachable_option": 1}}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_stops_the_run_before_anything_is_changed(playground: Playground, words: str, bad) -> None:
    run = playground.play(ONBOARD, expect=2, **inputs(playground, **bad(playground)))
    assert words in run.output
    assert playground.writes() == []
    assert list(playground.folder.iterdir()) == []
