# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role does with keys and with who may make them, beyond one SCIM key of one tenant that is as it should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Playground, Run
from onboarding import (
    ONBOARD,
    ROTATE,
    active_keys,
    bot_of,
    changed_key,
    inputs,
    join_output,
    key_of,
    last_lines,
    run_plain,
    state_of,
)

MEMBER = "{{ tenant.member_token }}"
ONE_GENERATION = pytest.mark.parametrize("generation", ["permission"])
# Ends the run at once, as if the machine had gone: the process of the task is a child of the one that runs the play.
KILL = "{{ lookup('ansible.builtin.pipe', 'kill -9 $(cut -d\" \" -f4 /proc/$PPID/stat)') }}"


def checked_and_done(playground: Playground, expect: int = 0, **given: object) -> tuple[Run, Run]:
    """The run in check mode, which changes nothing, and the real one; a second real one changes nothing either."""
    before = state_of(playground)
    checked = playground.play(ONBOARD, "--check", **given)
    assert state_of(playground) == before
    assert playground.writes() == []
    done = playground.play(ONBOARD, expect=expect, **given)
    return checked, done


def roles_of(playground: Playground, kind: str, holder: str) -> list[str]:
    return sorted(role["name"] for role in playground.api("GET", f"/{kind}/{holder}").json()["assignedRoles"])


@ONE_GENERATION
def test_who_else_may_make_keys_is_told_and_taken_away_on_demand(enabled: Playground) -> None:
    def roles_with_scope() -> list[str]:
        roles = state_of(enabled)["roles"]
        return sorted(role["name"] for role in roles if "api-keys" in role["assigned_scopes"])

    permission = {"role": "API key owners", "users": [bot_of(enabled)]}
    runs = checked_and_done(enabled, **inputs(enabled, onboarding_permission=permission))
    for run in runs:
        assert "UserDefault" in join_output(run)
        assert "exclusive" in join_output(run)
    assert roles_with_scope() == ["API key owners", "UserDefault"]

    enabled.forget_calls()
    given = inputs(enabled, onboarding_permission={**permission, "exclusive": True})
    checked, done = checked_and_done(enabled, **given)
    [would], [was] = last_lines(checked), last_lines(done)
    assert "would change UserDefault (" in would and "changed UserDefault (" in was
    assert roles_with_scope() == ["API key owners"]
    enabled.forget_calls()
    again = enabled.play(ONBOARD, **given)
    assert again.stats["changed"] == 0
    assert "may make" not in last_lines(again)[0]
    assert enabled.writes() == []


def test_what_the_tenant_will_probably_refuse_is_told_before_the_first_write(playground: Playground) -> None:
    providers = playground.api("GET", "/identity-providers").json()["data"]
    inactive = next(provider["id"] for provider in providers if not provider["active"])
    scim = changed_key(playground, idp_id=inactive, expiry="P400D")
    mine = {"description": "mine", "expiry": "P40D", "token_file": str(playground.folder / "mine.token")}
    config = {"max_api_key_expiry": "P30D", "scim_external_client_expiry": "P300D", "max_keys_per_user": 0}
    given = inputs(playground, onboarding_config=config, onboarding_scim_keys=scim, onboarding_keys=[mine])
    refusal = {"method": "PATCH", "path": ".*", "kind": "status", "status": 500, "when": "before"}
    before = state_of(playground)
    runs = [playground.play(ONBOARD, "--check", **given)]
    assert state_of(playground) == before
    playground.tenant.control("POST", "faults", refusal)
    runs.append(playground.play(ONBOARD, expect=2, **given))
    for run in runs:
        for words in (
            "scim_keys[0].expiry: P400D is longer than scim_external_client_expiry, which is P300D.",
            "keys[0].expiry: P40D is longer than max_api_key_expiry, which is P30D.",
            f"scim_keys[0]: identity provider {inactive} is not active.",
            "would have 1 active API key, and max_keys_per_user is 0.",
        ):
            assert words in join_output(run), words
    assert active_keys(playground) == []


def test_users_and_groups_get_the_role_that_lets_them_make_keys(playground: Playground) -> None:
    member = playground.tenant.ready["member_user_id"]
    group = next(each["id"] for each in state_of(playground)["user_groups"] if each["name"] == "Finance")
    permission = {"users": ["member@tenant.example"], "groups": ["Finance"]}
    if playground.generation == "permission":
        permission = {"role": "Developer keys", **permission, "users": [member, bot_of(playground)]}
    given = inputs(playground, onboarding_permission=permission)
    checked_and_done(playground, **given)
    role = "Developer" if playground.generation == "switch" else "Developer keys"
    assert role in roles_of(playground, "users", member)
    assert role in roles_of(playground, "groups", group)
    playground.forget_calls()
    assert playground.play(ONBOARD, **given).stats["changed"] == 0
    assert playground.writes() == []
    # And so the member may.
    mine = changed_key(playground, idp_id=None, description="mine", expiry="P1D", token_file=None)
    [made] = playground.run({"tenantops.qlik_cloud.api_keys": {"keys": mine, "access_token": MEMBER}, "no_log": True})
    assert made["changed"]


def test_keys_of_users_and_bots_beside_scim_keys_and_a_purge(playground: Playground) -> None:
    def token_file(name: str) -> str:
        return str(playground.folder / f"{name}.token")

    keys = [
        {"description": "nightly", "expiry": "P10D", "token_file": token_file("nightly")},
        {"description": "gone", "state": "absent"},
    ]
    given = inputs(playground, onboarding_keys=keys)
    checked, done = checked_and_done(playground, **given)
    assert "would make nightly (" in last_lines(checked)[0]
    assert "made Entra provisioning (" in last_lines(done)[0]
    kept = {key_of(Path(token_file(name)).read_text()) for name in ("nightly", "scim")}
    assert set(active_keys(playground)) == kept

    bot = bot_of(playground)
    playground.tenant.control("POST", "keys", {"count": 2, "prefix": "stray", "sub": bot})
    playground.tenant.control("POST", "keys", {"count": 1, "prefix": "elsewhere"})
    scoped = {**given, "onboarding_purge": True, "onboarding_purge_scope": {"sub": bot}}
    playground.forget_calls()
    checked, done = checked_and_done(playground, **scoped)
    assert last_lines(checked)[0].count("would retire stray") == 2
    assert last_lines(done)[0].count("retired stray") == 2
    left = set(active_keys(playground))
    assert kept < left
    assert len(left - kept) == 1, "that of another user"
    playground.forget_calls()
    assert playground.play(ONBOARD, **scoped).stats["changed"] == 0
    assert playground.writes() == []
    # Rotation leaves all but the keys of the lists alone, whatever the variables say.
    playground.tenant.control("POST", "keys", {"count": 1, "prefix": "stray", "sub": bot})
    assert playground.play(ROTATE, **scoped).stats["changed"] == 0
    assert playground.writes() == []


def test_purging_without_a_scope_is_refused(playground: Playground) -> None:
    [line] = last_lines(playground.play(ONBOARD, expect=2, **inputs(playground, onboarding_purge=True)))
    assert line.startswith("localhost: FAILED: onboarding_purge_scope: needed with purge")
    assert playground.calls() == []


class Handing:
    """A play whose token tasks are these, and a store that they may write."""

    def __init__(self, playground: Playground):
        self._playground = playground
        self.store = playground.folder.parent / "store"
        self._tasks = playground.folder.parent / "token_tasks.yml"

    def given(self, *tasks: dict, **more: object) -> dict:
        self._tasks.write_text(json.dumps(list(tasks)))
        return inputs(self._playground, onboarding_token_tasks=str(self._tasks), **more)

    def storing(self, content: str) -> dict:
        return {"ansible.builtin.copy": {"content": content, "dest": str(self.store), "mode": "0600"}}


@ONE_GENERATION
@pytest.mark.parametrize("on_lost_token", ["fail", "ignore"])
def test_once_token_tasks_succeeded_nothing_retires_the_key_though_its_file_cannot_be_written(
    enabled: Playground, on_lost_token: str
) -> None:
    handing, file = Handing(enabled), enabled.folder / "scim.token"
    store = handing.storing("{{ onboarding_token }}")
    in_the_way = {"ansible.builtin.copy": {"content": "what another wrote", "dest": str(file), "mode": "0600"}}
    keys = changed_key(enabled, on_lost_token=on_lost_token)
    run = enabled.play(ONBOARD, expect=2, **handing.given(store, in_the_way, onboarding_scim_keys=keys))
    assert "onboarding_scim_keys[0]" in last_lines(run)[0]
    assert "token_file" in last_lines(run)[0]
    kept = key_of(handing.store.read_text())
    assert active_keys(enabled) == [kept]

    assert file.read_text() == "what another wrote"

    file.unlink()
    code = 2 if on_lost_token == "fail" else 0
    again = enabled.play(ONBOARD, expect=code, **handing.given(store, onboarding_scim_keys=keys))
    assert active_keys(enabled) == [kept]
    if on_lost_token == "fail":
        assert kept in last_lines(again)[0]
    # The token is put where it belongs, and all is well.
    file.write_text(handing.store.read_text())
    file.chmod(0o600)
    enabled.forget_calls()
    assert enabled.play(ONBOARD, **handing.given(store, onboarding_scim_keys=keys)).stats["changed"] == 0
    assert enabled.writes() == []


@ONE_GENERATION
def test_a_store_that_gives_nothing_back_tells_by_the_keys_id_that_a_run_was_stopped_before_it_was_filled(
    enabled: Playground,
) -> None:
    handing = Handing(enabled)

    def keys(key_id: str, **more: object) -> list[dict]:
        return changed_key(enabled, token_file=None, key_id=key_id, **more)

    host = handing.given({"ansible.builtin.debug": {"msg": KILL}}, onboarding_scim_keys=keys(""))
    run_plain(enabled, {"all": {"hosts": {"acme": host}}}, ONBOARD, expect=-9)
    [nobodys] = active_keys(enabled)

    store = handing.storing("{{ onboarding_key.id }}")
    stopped = enabled.play(ONBOARD, expect=2, **handing.given(store, onboarding_scim_keys=keys("")))
    assert nobodys in last_lines(stopped)[0]
    assert "key_id" in last_lines(stopped)[0]
    assert active_keys(enabled) == [nobodys]

    given = handing.given(store, onboarding_scim_keys=keys("", on_lost_token="replace"))
    checked, _done = checked_and_done_of(enabled, given)
    assert "would make Entra provisioning (" in last_lines(checked)[0]
    kept = handing.store.read_text()
    assert kept in active_keys(enabled)

    settled = handing.given(store, onboarding_scim_keys=keys(kept, on_lost_token="replace"))
    enabled.play(ONBOARD, **settled)
    assert kept in active_keys(enabled)
    enabled.forget_calls()
    assert enabled.play(ONBOARD, **settled).stats["changed"] == 0
    assert enabled.writes() == []
    assert len(active_keys(enabled)) == 1


def checked_and_done_of(playground: Playground, given: dict) -> tuple[Run, Run]:
    playground.forget_calls()
    return checked_and_done(playground, **given)
