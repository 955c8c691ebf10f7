# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway's word is not the tenant's: nothing ends, is overwritten or told as done because of it."""

from __future__ import annotations

import pytest
from exchanges import Answer

from hostile import manners
from hostile.module_run import Run
from hostile.scene import DESCRIPTION, KEYS, ONE_KEY, Scene

PAGES = (404, 401, 403, 409, 410, 500, 503)
"""How a gateway may answer what it does not pass on, as a page."""
ACCEPTED = (200, 204)


def retired(run: Run) -> list[str]:
    """The ids that a run says it has retired."""
    return [action["id"] for action in run.result.get("actions", []) if action["action"] == "retire"]


def text_of(run: Run) -> str:
    return " ".join([run.message, *run.warnings])


@pytest.mark.parametrize("status", [*PAGES, *ACCEPTED])
def test_a_key_that_the_gateway_calls_gone_keeps_its_token_file(scene: Scene, status):
    made = scene.make_stored()
    scene.gateway.spoil("DELETE", ONE_KEY, manners.foreign(status))
    before = scene.files()
    run = scene.run("api_key", description=DESCRIPTION, state="absent", token_file=str(scene.file))
    assert run.failed
    assert scene.active() == [made["id"]]
    assert scene.files()[scene.file.name] == before[scene.file.name]
    assert retired(run) == []
    assert made["id"] in run.message


def test_neither_is_it_believed_when_it_says_so_of_the_record_too(scene: Scene):
    made = scene.make_stored()
    scene.gateway.spoil("DELETE", ONE_KEY, manners.foreign(404))
    scene.gateway.spoil("GET", ONE_KEY, manners.foreign(404))
    before = scene.files()
    run = scene.run("api_key", description=DESCRIPTION, state="absent", token_file=str(scene.file))
    assert run.failed
    assert scene.active() == [made["id"]]
    assert scene.files()[scene.file.name] == before[scene.file.name]
    assert retired(run) == []


def test_an_envelope_that_is_none_is_no_refusal_of_the_tenants(scene: Scene):
    made = scene.make_stored()
    for document in ({}, {"errors": []}, {"errors": "gone"}, {"errors": [None]}, {"message": "not found"}, []):
        scene.gateway.spoil("DELETE", ONE_KEY, manners.instead(Answer.of(404, document)), times=2)
        run = scene.run("api_key", description=DESCRIPTION, state="absent", token_file=str(scene.file))
        # Asked again after a look, the tenant itself may be the one who answers.
        assert (scene.active() == [made["id"]]) == scene.file.exists() == run.failed, document
        scene.gateway.reset()
        if not scene.file.exists():
            made = scene.make_stored()


@pytest.mark.parametrize(
    "manner", [manners.after(manners.foreign(404)), manners.after(manners.foreign(503)), manners.lost]
)
def test_what_was_done_all_the_same_is_seen_in_the_record(scene: Scene, manner):
    made = scene.make_stored()
    scene.gateway.spoil("DELETE", ONE_KEY, manner, times=1)
    run = scene.run("api_key", description=DESCRIPTION, state="absent", token_file=str(scene.file))
    assert not run.failed
    assert retired(run) == [made["id"]]
    assert scene.active() == [] and scene.files() == {}


@pytest.mark.parametrize("status", PAGES)
def test_a_renewal_does_not_call_its_predecessor_retired(scene: Scene, status):
    made = scene.make_stored()
    scene.gateway.spoil("DELETE", ONE_KEY, manners.foreign(status))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True, overlap="PT0S")
    assert made["id"] in scene.active()
    assert scene.stored_key() in scene.active()
    assert made["id"] not in retired(run)
    assert run.failed and made["id"] in text_of(run)


@pytest.mark.parametrize("status", PAGES)
def test_with_retire_first_no_key_is_given_up_because_of_it(scene: Scene, status):
    made = scene.make_stored()
    scene.gateway.spoil("DELETE", ONE_KEY, manners.foreign(status))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), force_renew=True, retire_first=True)
    assert run.failed and retired(run) == []
    assert scene.active() == [made["id"]]
    assert scene.stored_key() == made["id"]


def test_a_key_that_nobody_holds_is_not_called_retired(scene: Scene):
    scene.gateway.spoil("POST", KEYS, manners.fields_set(token=None))
    scene.gateway.spoil("DELETE", ONE_KEY, manners.foreign(404))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file))
    [made] = scene.active()
    assert run.failed and made in run.message
    assert retired(run) == []


def test_a_purge_counts_no_key_as_retired_that_is_active(scene: Scene):
    made = [scene.make(description)["id"] for description in ("one", "two")]
    scene.gateway.spoil("DELETE", f"{KEYS}/{made[0]}", manners.foreign(404))
    scope = {"created_by_user": scene.stage.ready["user_id"]}
    run = scene.run("api_keys", keys=[], purge=True, purge_scope=scope)
    assert run.failed and made[0] in text_of(run)
    assert made[0] in scene.active() and made[0] not in retired(run)


@pytest.mark.parametrize("lost", ["replace", "fail", "ignore"])
@pytest.mark.parametrize("listing", ["empty", "real"])
def test_a_valid_token_is_not_overwritten_because_the_gateway_knows_of_no_key(scene: Scene, lost, listing):
    made = scene.make_stored()
    before = scene.files()
    if listing == "empty":
        scene.gateway.spoil("GET", KEYS, manners.instead(Answer.of(200, manners.EMPTY_LIST)))
    scene.gateway.spoil("GET", ONE_KEY, manners.foreign(404))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), on_lost_token=lost)
    assert scene.active() == [made["id"]]
    assert scene.files()[scene.file.name] == before[scene.file.name]
    assert run.failed == (listing == "empty")


@pytest.mark.parametrize(
    ("module", "path", "asked"),
    [
        ("api_key_info", ONE_KEY, {"id": "{key}"}),
        ("api_key", ONE_KEY, {"id": "{key}", "state": "absent"}),
        ("api_key", ONE_KEY, {"id": "{key}", "description": "renamed"}),
        ("identity_provider_info", "/api/v1/identity-providers/[^/]+", {"id": "{provider}"}),
        ("token_info", ONE_KEY, {"token": "{token}"}),
    ],
)
def test_nothing_is_called_absent_by_a_page(scene: Scene, module, path, asked):
    made = scene.make()
    names = {"key": made["id"], "token": made["token"], "provider": scene.stage.ready["idp_id"]}
    scene.gateway.spoil("GET", path, manners.foreign(404))
    run = scene.run(module, **{option: value.format(**names) for option, value in asked.items()})
    assert run.failed
    assert scene.active() == [made["id"]]


@pytest.mark.parametrize("status", PAGES)
def test_a_page_in_the_place_of_a_listing_makes_no_key(scene: Scene, status):
    made = scene.make_stored()
    scene.gateway.spoil("GET", KEYS, manners.foreign(status))
    run = scene.run("api_key", description=DESCRIPTION, token_file=str(scene.file), on_lost_token="replace")
    assert run.failed
    assert scene.active() == [made["id"]] and scene.stored_key() == made["id"]


UNDONE = {
    "the name of a key": ("api_key", "PATCH", ONE_KEY, {"id": "{key}", "description": "renamed"}),
    "the scope of a role": ("api_key_permission", "PATCH", "/api/v1/roles/[^/]+", {"role": "Report Builder"}),
    "the role of a user": (
        "api_key_permission",
        "PATCH",
        "/api/v1/users/[^/]+",
        {"role": "Report Builder", "users": ["member@tenant.example"]},
    ),
    "the role of a group": (
        "api_key_permission",
        "PATCH",
        "/api/v1/groups/[^/]+",
        {"role": "Report Builder", "groups": ["Finance"]},
    ),
    "a new role": ("api_key_permission", "POST", "/api/v1/roles", {"role": "Automation"}),
    "the configuration": ("api_key_config", "PATCH", f"{KEYS}/configs/[^/]+", {"max_keys_per_user": 7}),
}


@pytest.mark.parametrize(("module", "method", "path", "asked"), UNDONE.values(), ids=UNDONE)
def test_what_was_accepted_and_not_done_is_not_called_changed(scene: Scene, module, method, path, asked):
    made = scene.make()
    before = scene.stage.state()
    rule = scene.gateway.spoil(method, path, manners.foreign(204))
    given = {name: value.format(key=made["id"]) if isinstance(value, str) else value for name, value in asked.items()}
    run = scene.run(module, **given)
    assert rule.struck
    assert run.failed, run.printed
    after = scene.stage.state()
    assert {table: after[table] for table in ("api_keys", "api_key_configs")} == {
        table: before[table] for table in ("api_keys", "api_key_configs")
    }


def test_a_scope_that_was_not_taken_is_not_called_taken(scene: Scene):
    assert not scene.run("api_key_permission", role="Report Builder").failed
    scene.gateway.spoil("PATCH", "/api/v1/roles/[^/]+", manners.foreign(204))
    assert scene.run("api_key_permission", role="Report Builder", state="absent").failed
