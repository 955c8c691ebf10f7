# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key that is not known to be this task's is not ended: it is named, and left; and an id means the key that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hostile import manners
from hostile.module_run import Run
from hostile.scene import DESCRIPTION, KEYS, Scene

RENEWAL = {"force_renew": True, "overlap": "PT0S"}


def rename(scene: Scene, key_id: str, description: str) -> None:
    scene.stage.api("PATCH", f"/api-keys/{key_id}", [{"op": "replace", "path": "/description", "value": description}])


def renamed_onto(scene: Scene) -> str:
    """A key in use that somebody renamed onto the name of this one."""
    scene.make_stored()
    other = scene.make("of somebody else")
    rename(scene, other["id"], DESCRIPTION)
    return other["id"]


def made_by_hand(scene: Scene) -> str:
    scene.make_stored()
    return scene.make()["id"]


def of_another_host(scene: Scene) -> str:
    """Another host keeps the same key in a file of its own; its run found none there."""
    mine = scene.make_stored()
    (scene.folder / "other-host").mkdir()
    path = scene.folder / "other-host" / "nightly.secret"
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(path), on_lost_token="fail")
    assert run.failed, "the first key is active, so this is lost"
    other = scene.make()
    path.write_text(other["token"])
    assert mine["id"] in scene.active()
    return other["id"]


def restored_from_backup(scene: Scene) -> str:
    """The file was renewed, and then put back as it was before."""
    old = scene.make_stored()
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True)
    new = run.result["api_key"]["id"]
    scene.store(f"{old['token']}\n")
    return new


def without_creator(scene: Scene) -> str:
    """The tenant does not say who made the keys."""
    younger = made_by_hand(scene)

    def leave_out(document: dict) -> None:
        for record in document.get("data", [document]):
            record.pop("createdByUser", None)

    scene.gateway.spoil("GET", f"{KEYS}.*", manners.edited(leave_out))
    return younger


CASES: dict[str, Callable[[Scene], str]] = {
    "renamed onto": renamed_onto,
    "made by hand": made_by_hand,
    "of another host": of_another_host,
    "restored from a backup": restored_from_backup,
    "without creator": without_creator,
}
WAYS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "with an overlap": {"overlap": "PT0S"},
    "renewed": RENEWAL,
    "renewed with retire_first": {"force_renew": True, "retire_first": True},
    "lost is replaced": {"on_lost_token": "replace"},
}


@pytest.mark.sample(20)
@pytest.mark.parametrize("given", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("module", ["api_key", "api_keys"])
def test_a_younger_key_in_use_is_left_and_named(scene: Scene, module, case, given):
    younger = case(scene)
    entry = {"description": DESCRIPTION, "token_file": str(scene.file), **given}
    run = scene.run(module, **(entry if module == "api_key" else {"keys": [entry]}))
    assert younger in scene.active()
    assert scene.stored_key() in scene.active()
    assert younger in named_in(run)


def named_in(run: Run) -> str:
    """What it says beside what it did."""
    return " ".join([run.message, *run.warnings])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_in_check_mode_it_says_the_same(scene: Scene, case):
    younger = case(scene)
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), _ansible_check_mode=True)
    assert not run.result["changed"] and younger in named_in(run)


@pytest.mark.parametrize("module", ["api_key", "api_keys"])
def test_a_key_is_not_renamed_onto_a_name_that_is_taken(scene: Scene, module):
    taken, other = scene.make(), scene.make("of somebody else")
    entry = {"id": other["id"], "description": DESCRIPTION}
    run = scene.run(module, **(entry if module == "api_key" else {"keys": [entry]}))
    assert run.failed and taken["id"] in run.message
    names = {key["id"]: key["description"] for key in scene.stage.api("GET", "/api-keys")["data"]}
    assert names == {taken["id"]: DESCRIPTION, other["id"]: "of somebody else"}


def test_a_name_of_an_ended_key_is_free(scene: Scene):
    ended, other = scene.make(), scene.make("of somebody else")
    scene.stage.revoke(ended["id"])
    assert not scene.run("api_key", id=other["id"], description=DESCRIPTION).failed


PADDED = ["{}\n", " {}", "{} ", "\t{}", "{}\r\n", "{}\u00a0", "{}\u2028"]


@pytest.mark.parametrize("padding", PADDED)
def test_a_padded_id_means_the_key_or_is_refused(scene: Scene, padding):
    made = scene.make()
    run = scene.run("api_key", id=padding.format(made["id"]), state="absent")
    assert_done_or_refused(run, "id", scene.active() == [])


@pytest.mark.parametrize("padding", PADDED)
def test_a_padded_subject_means_the_user_or_is_refused(scene: Scene, padding):
    scene.make()
    sub = padding.format(scene.stage.ready["user_id"])
    run = scene.run("api_key", description=DESCRIPTION, sub=sub, state="absent")
    assert_done_or_refused(run, "sub", scene.active() == [])


@pytest.mark.parametrize("padding", PADDED)
def test_a_padded_provider_means_the_provider_or_is_refused(scene: Scene, padding):
    idp_id = scene.stage.ready["idp_id"]
    scene.make(subType="externalClient", sub=f"SCIM\\{idp_id}")
    run = scene.run("api_key", description=DESCRIPTION, idp_id=padding.format(idp_id), state="absent")
    assert_done_or_refused(run, "idp_id", scene.active() == [])


@pytest.mark.sample(8)
@pytest.mark.parametrize("padding", PADDED)
@pytest.mark.parametrize(
    ("module", "option", "of", "result"),
    [
        ("api_key_info", "id", "key", "api_keys"),
        ("api_key_info", "sub", "user_id", "api_keys"),
        ("api_key_info", "created_by_user", "user_id", "api_keys"),
        ("api_key_event_info", "id", "key", "events"),
        ("api_key_event_info", "sub", "user_id", "events"),
        ("api_key_event_info", "user_id", "user_id", "events"),
        ("identity_provider_info", "id", "idp_id", "identity_providers"),
    ],
)
def test_a_padded_id_finds_what_is_asked_for_or_is_refused(scene: Scene, module, option, of, result, padding):
    ids = {**scene.stage.ready, "key": scene.make()["id"]}
    run = scene.run(module, **{option: padding.format(ids[of])})
    assert_done_or_refused(run, option, bool(run.result.get(result)))


def assert_done_or_refused(run: Run, option: str, is_done: bool) -> None:
    assert is_done or (run.failed and run.message.startswith(f"{option}: ")), run.printed[:500]


def test_a_padded_tenant_id_means_the_tenant_or_is_refused(scene: Scene):
    for padding in PADDED:
        run = scene.run("api_key_config", tenant_id=padding.format(scene.stage.ready["tenant_id"]))
        assert_done_or_refused(run, "tenant_id", not run.failed)
