# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Others who write at the same time: what was written is read back, and nothing is called done that did not last."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from exchanges import Answer

from hostile.gateway import Exchange
from hostile.scene import DESCRIPTION, ONE_KEY, Scene

PATIENCE = 15.0
MEMBER = "member@tenant.example"
WHO = {
    "user": ("/users", 'email eq "member@tenant.example"', {"users": [MEMBER]}),
    "group": ("/groups", 'name eq "Finance"', {"groups": ["Finance"]}),
}


def roles_of(scene: Scene, who: str) -> set[str]:
    path, condition, _given = WHO[who]
    [holder] = scene.stage.api("GET", f"{path}?filter={condition}")["data"]
    return {role["name"] for role in holder["assignedRoles"]}


def overwrite(scene: Scene, who: str, *roles: str) -> None:
    """As a rival does who knows of nobody else."""
    path, condition, _given = WHO[who]
    [holder] = scene.stage.api("GET", f"{path}?filter={condition}")["data"]
    value = [{"name": role} for role in roles]
    scene.stage.api("PATCH", f"{path}/{holder['id']}", [{"op": "replace", "path": "/assignedRoles", "value": value}])


@pytest.mark.parametrize("who", WHO)
def test_a_role_that_a_rival_overwrites_is_given_again_beside_the_rivals(scene: Scene, who):
    def rival(exchange: Exchange) -> Answer:
        real = exchange.real()
        overwrite(scene, who, "Steward")
        return real

    scene.gateway.spoil("PATCH", f"/api/v1{WHO[who][0]}/[^/]+", rival, times=1)
    run = scene.run("api_key_permission", role="Report Builder", **WHO[who][2])
    if run.failed:
        assert "Report Builder" in run.message
    else:
        assert roles_of(scene, who) == {"Steward", "Report Builder"}


@pytest.mark.parametrize("who", WHO)
def test_a_role_that_is_overwritten_each_time_is_not_called_given(scene: Scene, who):
    def rival(exchange: Exchange) -> Answer:
        real = exchange.real()
        overwrite(scene, who, "Steward")
        return real

    scene.gateway.spoil("PATCH", f"/api/v1{WHO[who][0]}/[^/]+", rival)
    assert scene.run("api_key_permission", role="Report Builder", **WHO[who][2]).failed


class Turns:
    """Three runs that all have read before the first one writes; from their first write on they go one after another.

    A run tells its number by a header, so that the gateway knows whose request it has before it.
    """

    def __init__(self, count: int):
        self._all_have_read = threading.Barrier(count)
        self._turns = [threading.Event() for _run in range(count)]
        self._written: set[str] = set()

    def may_go_on(self, number: int) -> None:
        self._turns[number].set()

    def manner(self, exchange: Exchange) -> Answer:
        name = exchange.headers["X-Run"]
        if exchange.method == "PATCH" and name not in self._written:
            self._written.add(name)
            with suppress(threading.BrokenBarrierError):
                self._all_have_read.wait(PATIENCE)
        elif name in self._written:
            self._turns[int(name.rpartition("-")[2])].wait(PATIENCE)
        return exchange.real()


def test_of_three_roles_given_to_one_user_at_once_each_is_held_or_its_run_fails(scene: Scene):
    roles = ["Reports One", "Reports Two", "Reports Three"]
    for role in roles:
        assert not scene.run("api_key_permission", role=role).failed
    turns = Turns(len(roles))
    scene.gateway.spoil("*", "/api/v1/users.*", turns.manner)
    started = [
        scene.start("api_key_permission", role=role, users=[MEMBER], headers={"X-Run": f"number-of-run-{number}"})
        for number, role in enumerate(roles)
    ]
    runs = []
    for number, process in enumerate(started):
        turns.may_go_on(number)
        runs.append(scene.judged(process.wait()))
    held = roles_of(scene, "user")
    assert [role for role, run in zip(roles, runs) if not run.failed and role not in held] == []
    assert held & set(roles)


def test_a_name_that_a_rival_changes_is_not_called_given(scene: Scene):
    made = scene.make()

    def rival(exchange: Exchange) -> Answer:
        real = exchange.real()
        rename(scene, made["id"], "by the rival")
        return real

    scene.gateway.spoil("PATCH", ONE_KEY, rival)
    assert scene.run("api_key", id=made["id"], description="renamed").failed


def rename(scene: Scene, key_id: str, description: str) -> None:
    scene.stage.api("PATCH", f"/api-keys/{key_id}", [{"op": "replace", "path": "/description", "value": description}])


def test_a_name_that_a_rival_takes_meanwhile_costs_nobody_a_key(scene: Scene):
    """Another key is given the name between the list and the request for the key."""
    mine = scene.make_stored()
    others = scene.make("of a rival")

    def rival(exchange: Exchange) -> Any:
        rename(scene, others["id"], DESCRIPTION)
        return exchange.real()

    scene.gateway.spoil("POST", "/api/v1/api-keys", rival)
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True, overlap="PT0S")
    assert not run.failed, run.message
    assert others["id"] in scene.active() and mine["id"] not in scene.active()
    again = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    assert not again.failed
    assert {others["id"], scene.stored_key()} <= set(scene.active())
