# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renewal with the tenant's time moved forward: before the window, in it, in the overlap, and after it."""

from __future__ import annotations

import pytest
from conftest import Playground
from onboarding import (
    ONBOARD,
    ROTATE,
    active_keys,
    changed_key,
    inputs,
    key_of,
    keys_by_kind,
    last_lines,
    module_runs,
    offset_of,
    on_day,
)

pytestmark = pytest.mark.parametrize("generation", ["permission"])

KEPT = {"expiry": "P180D", "renew_before": "P30D", "overlap": "P7D"}
CHECK = "--check"


@pytest.fixture(autouse=True)
def on_the_first_day(playground: Playground) -> None:
    """Every key is made on day 0."""
    on_day(playground, 0)


def test_the_role_renews_a_key_in_its_window_and_retires_it_when_the_overlap_is_over(enabled: Playground) -> None:
    given = inputs(enabled, onboarding_scim_keys=changed_key(enabled, **KEPT))
    file = enabled.folder / "scim.token"

    def rotated(day: float, *options: str) -> str:
        on_day(enabled, day)
        enabled.forget_calls()
        [line] = last_lines(enabled.play(ROTATE, *options, **given))
        return line

    enabled.play(ONBOARD, **given)
    first = file.read_text().strip()

    assert rotated(149).endswith(": nothing to do")
    assert (enabled.writes(), module_runs(enabled)) == ([], 1)

    assert ": would make Entra provisioning (" in rotated(151, CHECK)
    assert enabled.writes() == []
    assert file.read_text().strip() == first

    assert ": made Entra provisioning (" in rotated(151)
    second = file.read_text().strip()
    assert active_keys(enabled) == [key_of(first), key_of(second)]

    assert rotated(157).endswith(": nothing to do")
    assert enabled.writes() == []

    assert ": retired Entra provisioning (" in rotated(158.1)
    assert active_keys(enabled) == [key_of(second)]
    assert file.read_text().strip() == second
    assert [path.name for path in enabled.folder.iterdir()] == ["scim.token"]

    # Onboarding keeps the keys by the same rules.
    on_day(enabled, 302)
    assert enabled.play(ONBOARD, **given).stats["changed"] == 1
    assert active_keys(enabled) == [key_of(second), key_of(file.read_text().strip())]


def test_rotate_renews_on_demand_and_makes_no_key_that_is_not_there(enabled: Playground) -> None:
    there = changed_key(enabled, overlap="PT0S")
    missing = changed_key(enabled, description="Never made", token_file=str(enabled.folder / "never.token"))
    file = enabled.folder / "scim.token"
    enabled.play(ONBOARD, **inputs(enabled, onboarding_scim_keys=there))
    given = inputs(enabled, onboarding_scim_keys=[*missing, *there], onboarding_force_renew=True)
    # What is not of the keys is left alone, whatever the variables say.
    given["onboarding_config"] = {"max_keys_per_user": 77}
    enabled.forget_calls()
    run = enabled.play(ROTATE, **given)
    [line] = last_lines(run)
    assert ": made Entra provisioning (" in line
    assert ", retired Entra provisioning (" in line
    assert line.endswith("; not there to be renewed, so left to onboard: Never made")
    assert [method for method, _path in enabled.writes()] == ["POST", "DELETE"]
    assert active_keys(enabled) == [key_of(file.read_text().strip())]


def test_rotate_stops_at_a_lost_token_or_an_expired_key(enabled: Playground) -> None:
    given = inputs(enabled, onboarding_scim_keys=changed_key(enabled, **KEPT))
    enabled.play(ONBOARD, **given)
    on_day(enabled, 181)
    enabled.forget_calls()
    run = enabled.play(ROTATE, expect=2, **given)
    assert "is active, and token_file" in run.output
    assert "on_lost_token: replace" in run.output
    assert enabled.writes() == []


def test_a_task_of_api_key_renews_in_the_same_way(enabled: Playground) -> None:
    key = {"description": "nightly reload", "expiry": "P10D", "renew_before": "P3D", "overlap": "P1D"}
    ensure = {"tenantops.qlik_cloud.api_key": {**key, "token_file": "{{ folder }}/nightly.token"}}

    def moved_to(day: float) -> dict:
        body = {"offset": offset_of(day)}
        clock = {"url": "{{ tenant.control_url }}/clock", "method": "PATCH", "body_format": "json", "body": body}
        return {"ansible.builtin.uri": clock}

    enabled.raise_limits(max_api_key_expiry="P30D")
    steps = [ensure, moved_to(6.9), ensure, moved_to(7.1), {**ensure, "check_mode": True}, ensure]
    steps += [moved_to(8), ensure, moved_to(8.2), ensure, ensure]
    made, _moved, before, _moved, announced, renewed, _moved, within, _moved, after, again = enabled.run(
        *(dict(step) for step in steps)
    )
    first, second = made["api_key"]["id"], renewed["api_key"]["id"]

    def done(answer: dict) -> list[tuple[str, str | None]]:
        return [(action["action"], action["id"]) for action in answer["actions"]]

    assert done(before) == done(within) == done(again) == []
    assert done(announced) == [("create", None)]
    assert done(renewed) == [("create", second)]
    assert done(after) == [("retire", first)]
    assert after["api_key"]["id"] == second
    assert active_keys(enabled) == [second] == [key_of((enabled.folder / "nightly.token").read_text())]


def test_the_reason_of_a_failure_is_told_where_providers_are_looked_for_as_well(playground: Playground) -> None:
    given = inputs(playground, onboarding_scim_keys=keys_by_kind(playground, provider="azureAD", protocol="OIDC"))
    dead = playground.play(ROTATE, expect=2, **{**given, "onboarding_tenant_url": "http://127.0.0.1:1"})
    assert last_lines(dead)[0].startswith("localhost: FAILED: POST http://127.0.0.1:1/oauth/token got no answer")

    refusal = {"method": "GET", "path": "/api/v1/identity-providers.*", "kind": "status", "status": 403}
    playground.tenant.control("POST", "faults", refusal)
    refused = playground.play(ROTATE, expect=2, **given)
    assert last_lines(refused)[0].startswith(
        "localhost: FAILED: onboarding_scim_keys[0]: GET /api/v1/identity-providers was refused"
    )
    assert playground.writes() == []
