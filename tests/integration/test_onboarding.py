# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role, by its playbook, as a user runs it: against a tenant nobody has touched before."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import Playground
from emulator_process import EmbeddedTenant
from long_runs import silent_until
from onboarding import (
    ONBOARD,
    active_keys,
    changed_key,
    inputs,
    join_output,
    key_of,
    keys_by_kind,
    last_lines,
    module_runs,
)

MAX_SECONDS = 240.0
README = Path(__file__).resolve().parents[2] / "roles" / "onboarding" / "README.md"


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


def first_writes(playground: Playground) -> list[tuple[str, str]]:
    """What the first run has to send: the limits, with the switch among them where there is one; else the permission."""
    limits = ("PATCH", f"/api/v1/api-keys/configs/{playground.tenant.ready['tenant_id']}")
    roles = playground.api("GET", '/roles?filter=name eq "UserDefault"').json()["data"]
    permission = [("PATCH", f"/api/v1/roles/{roles[0]['id']}")] if playground.generation == "permission" else []
    return [limits, *permission, ("POST", "/api/v1/api-keys")]


def cost(playground: Playground) -> tuple[int, int]:
    """Module runs and requests since the last look; forgets the latter."""
    runs = module_runs(playground)
    seen = runs, runs + len(playground.calls())
    playground.forget_calls()
    return seen


def told_cost(generation: str) -> list[tuple[int, int]]:
    """What the README says that a first run and a steady one cost on a tenant of this generation."""
    [row] = re.findall(rf"^\| {generation} \|(.*)\|$", README.read_text(), re.MULTILINE)
    return [tuple(int(figure) for figure in re.findall(r"\d+", cell)) for cell in row.split("|")]


def test_check_mode_on_an_untouched_tenant_says_it_all_and_changes_nothing(playground: Playground) -> None:
    before, expected = state(playground), first_writes(playground)
    run = playground.play(ONBOARD, "--check", **inputs(playground))
    assert run.stats["changed"] == 1
    assert playground.writes() == []
    assert state(playground) == before
    [line] = last_lines(run)
    assert [line.count(word) for word in ("would ", "made ", "changed ")] == [len(expected), 0, 0]
    assert "would make Entra provisioning" in line
    assert list(playground.folder.iterdir()) == []


def test_onboarding_converges(playground: Playground) -> None:
    expected = first_writes(playground)
    playground.forget_calls()
    first = playground.play(ONBOARD, **inputs(playground))
    assert first.stats["changed"] == 1
    assert playground.writes() == expected
    costs = [cost(playground)]
    after = state(playground)

    second = playground.play(ONBOARD, **inputs(playground))
    assert second.stats["changed"] == 0
    assert playground.writes() == []
    assert [*costs, cost(playground)] == told_cost(playground.generation)
    checked = playground.play(ONBOARD, "--check", **inputs(playground))
    assert checked.stats["changed"] == 0
    assert playground.writes() == []
    assert state(playground) == after
    assert [path.name for path in playground.folder.iterdir()] == ["scim.token"]


def test_the_result_fact_holds_what_the_contract_says_and_no_secret(playground: Playground) -> None:
    ready = playground.tenant.ready
    result = result_of(playground, **inputs(playground))
    [key] = playground.tenant.control("GET", "keys")["keys"]
    [scim_key], actions = result.pop("scim_keys"), result.pop("actions")
    assert result.pop("summary").startswith(f"{ready['hostname']}: changed API key configuration (")
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
        "keys": [],
        "missing": [],
    }
    shown = {
        name: scim_key[name] for name in ("id", "description", "status", "expiry", "sub", "sub_type", "token_file")
    }
    assert shown == {
        "id": key["id"],
        "description": "Entra provisioning",
        "status": "active",
        "expiry": key["expiry"],
        "sub": f"SCIM\\{ready['idp_id']}",
        "sub_type": "externalClient",
        "token_file": str(playground.folder / "scim.token"),
    }
    assert [(action["action"], action["id"]) for action in actions][-1] == ("create", key["id"])
    assert len(actions) == len(first_writes(playground))
    assert (playground.folder / "scim.token").read_text().strip() not in json.dumps([result, scim_key, actions])


def test_a_tenant_that_does_not_list_keys_before_they_are_enabled_is_onboarded_too(playground: Playground) -> None:
    playground.tenant.control("PATCH", "settings", {"listing_needs_permission": True})
    checked = playground.play(ONBOARD, "--check", **inputs(playground))
    assert checked.stats["failed"] == 0
    assert playground.writes() == []
    playground.play(ONBOARD, **inputs(playground))
    assert playground.play(ONBOARD, **inputs(playground)).stats["changed"] == 0


def test_without_scim_keys_keys_are_enabled_all_the_same(playground: Playground) -> None:
    given = inputs(playground, onboarding_scim_keys=[])
    assert playground.play(ONBOARD, "--check", **given).stats["failed"] == 0
    assert playground.writes() == []
    playground.play(ONBOARD, **given)
    assert playground.play(ONBOARD, **given).stats["changed"] == 0


@pytest.mark.parametrize("generation", ["permission"])
def test_what_a_stopped_run_left_is_taken_away_though_nothing_on_the_tenant_needs_doing(playground: Playground) -> None:
    given = inputs(playground)
    playground.play(ONBOARD, **given)
    (playground.folder / ".scim.token.qlik-lock").touch()
    playground.forget_calls()
    assert playground.play(ONBOARD, **given).stats["changed"] == 0
    assert playground.writes() == []
    assert [path.name for path in playground.folder.iterdir()] == ["scim.token"]


@pytest.mark.parametrize("generation", ["permission"])
def test_the_permission_can_be_given_by_a_role_of_ones_own(playground: Playground) -> None:
    ready = playground.tenant.ready
    permission = {"role": "API key owners", "users": [ready["member_user_id"]], "groups": ["Platform Engineering"]}
    given = inputs(playground, onboarding_permission=permission, onboarding_scim_keys=[])
    playground.play(ONBOARD, **given)
    member = playground.api("GET", f"/users/{ready['member_user_id']}").json()
    assert "API key owners" in [role["name"] for role in member["assignedRoles"]]
    playground.forget_calls()
    assert playground.play(ONBOARD, **given).stats["changed"] == 0
    assert playground.writes() == []


@pytest.mark.parametrize("generation", ["permission"])
def test_a_caller_whom_the_permission_does_not_reach_is_told_what_is_missing(playground: Playground) -> None:
    permission = {"role": "API key owners", "users": [playground.tenant.ready["member_user_id"]]}
    given = inputs(playground, onboarding_permission=permission)
    warned = "holds none of the roles that may make API keys (API key owners)"
    assert warned in join_output(playground.play(ONBOARD, "--check", **given))
    assert playground.writes() == []
    run = playground.play(ONBOARD, expect=2, **given)
    assert warned in join_output(run)
    assert "POST /api/v1/api-keys was refused with 403" in run.output
    assert "Manage API keys permission" in run.output
    assert list(playground.folder.iterdir()) == []


@pytest.mark.parametrize("generation", ["permission"])
def test_a_provider_can_be_named_by_what_it_is(playground: Playground) -> None:
    by_kind = keys_by_kind(playground, provider="azureAD", protocol="OIDC")
    result_of(playground, **inputs(playground, onboarding_scim_keys=by_kind))
    [key] = playground.tenant.control("GET", "keys")["keys"]
    assert key["sub"] == f"SCIM\\{playground.tenant.ready['idp_id']}"
    playground.forget_calls()
    assert playground.play(ONBOARD, **inputs(playground)).stats["changed"] == 0
    assert playground.writes() == []


@pytest.mark.parametrize("generation", ["permission"])
def test_a_provider_that_scim_is_not_documented_for_is_worth_a_warning(playground: Playground) -> None:
    providers = playground.api("GET", "/identity-providers").json()["data"]
    okta = next(provider["id"] for provider in providers if provider["provider"] == "okta")
    run = playground.play(ONBOARD, **inputs(playground, onboarding_scim_keys=changed_key(playground, idp_id=okta)))
    assert f"identity provider {okta} is not active. Qlik documents SCIM for active" in join_output(run)
    assert run.stats["failed"] == 0


@pytest.mark.parametrize("generation", ["switch"])
def test_a_lost_token_holds_up_nothing_else_and_fails_the_run_unless_it_is_to_be_replaced(
    playground: Playground,
) -> None:
    playground.play(ONBOARD, **inputs(playground))
    (playground.folder / "scim.token").unlink()
    playground.forget_calls()
    file = str(playground.folder / "other.token")
    given = inputs(
        playground,
        onboarding_config={"max_keys_per_user": 99},
        onboarding_scim_keys=[*changed_key(playground), *changed_key(playground, description="Other", token_file=file)],
        onboarding_purge=True,
        onboarding_purge_scope={"sub_type": "externalClient"},
    )
    checked = playground.play(ONBOARD, "--check", expect=2, **given)
    assert "Qlik Cloud never shows a token again" in checked.output
    assert playground.writes() == []
    run = playground.play(ONBOARD, expect=2, **given)
    [line] = last_lines(run)
    assert line.startswith("localhost: FAILED: onboarding_scim_keys[0]: ")
    assert "Qlik Cloud never shows a token again" in line
    assert [method for method, _path in playground.writes()] == ["PATCH", "POST"]
    assert active_keys(playground)[1] == key_of(Path(file).read_text())

    replaced = changed_key(playground, on_lost_token="replace")
    playground.play(ONBOARD, **inputs(playground, onboarding_scim_keys=replaced))
    assert key_of((playground.folder / "scim.token").read_text()) in active_keys(playground)
    assert len(active_keys(playground)) == 2


@pytest.mark.parametrize("generation", ["permission"])
def test_tenants_that_do_not_answer_hold_up_and_fail_no_other_and_the_summary_names_them(
    playground: Playground,
) -> None:
    """The silent one goes on being waited for until the others' changes have been displayed."""
    log = playground.folder.parent / "log"

    def others_are_changed() -> bool:
        output = log.read_text(encoding="utf-8")
        return all(f"changed: [{name}]" in output for name in ("one", "other"))

    with (
        EmbeddedTenant(tenants=2) as fleet,
        silent_until(others_are_changed, MAX_SECONDS) as (silent_url, ends),
    ):
        one, other = (served.ready for served in fleet.all)
        tenants = {"one": one["url"], "silent": silent_url, "refusing": "http://127.0.0.1:9", "other": other["url"]}
        credentials = {"one": one, "silent": one, "refusing": one, "other": other}
        hosts = {
            name: {
                "onboarding_tenant_url": url,
                "onboarding_access_token": credentials[name]["admin_token"],
                "onboarding_timeout": MAX_SECONDS,
                "onboarding_retries": 1,
                "onboarding_config": {"max_keys_per_user": 20},
            }
            for name, url in tenants.items()
        }
        inventory = playground.folder.parent / "fleet.yml"
        inventory.write_text(json.dumps({"fleet": {"hosts": hosts}}))
        run = playground.play(
            *(ONBOARD, "-i", str(inventory), "--limit", "fleet"),
            expect=2,
            environment={"ANSIBLE_LOG_PATH": str(log)},
        )

    assert ends == [True]
    recap = run.output[run.output.rindex("PLAY RECAP") :]
    failed = dict(re.findall(r"^(\w+) .* failed=(\d)", recap, re.MULTILINE))
    assert failed == {"one": "0", "silent": "1", "refusing": "1", "other": "0"}
    summary = run.output[run.output.index("Summary of the tenants") :]
    assert f"one: {one['hostname']}: changed API key configuration (max_keys_per_user from 5 to 20), changed" in summary
    assert re.search(r"silent: FAILED: GET http\S+ got no answer.*tried 2 times", summary)
    assert re.search(r"refusing: FAILED: GET http\S+ .*Connection refused .*tried 2 times", summary)
    # The others were done with, changes included, while the silent one was still being waited for.
    given_up = run.output.index("fatal: [silent]")
    assert all(run.output.rindex(f"changed: [{name}]") < given_up for name in ("one", "other"))
