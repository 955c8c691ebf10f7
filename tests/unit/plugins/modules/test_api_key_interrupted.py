# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an interrupted run leaves beside the token file is completed by the next one, and then gone."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import marker_of, record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.small_disk import no_space_left
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def leave(path, marker, let_doubt_pass):
    """Leaves a marker, and the lock and the new file of a process that was killed, two minutes ago if not ``lately``."""

    def leaver(*existing: str, lately: bool = False, **noted) -> str:
        for kind in ("lock", "new"):
            (path.parent / f".{path.name}.qlik-{kind}").write_text("")
        marker.write_text(json.dumps(marker_of(*existing, **{"asked": NOW.isoformat(), **noted})))
        marker.chmod(0o600)
        if not lately:
            let_doubt_pass()
        return str(marker)

    return leaver


def names(path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


OLDEST = {"created": "2026-11-20T00:00:00Z"}
# Where the run was stopped: what it had noted, the key of the stored token, the active keys, how the next run is called,
# and what that one does.
STOPPED = {
    "first creation, before the request": ((), {}, None, [], {}, ["create"]),
    "first creation, after it": ((), {}, None, ["new"], {}, ["retire new", "create"]),
    "first creation, after the storing": ((), {}, "new", ["new"], {}, []),
    "renewal, before the request": (("old",), {"stored": "old"}, "old", ["old"], {}, []),
    "renewal, after it": (("old",), {"stored": "old"}, "old", ["new", "old"], {}, ["retire new"]),
    "renewal, after the storing": (("old",), {"stored": "old"}, "new", ["new", "old"], {}, []),
    "renewal without overlap, after the storing": (
        ("old",),
        {"stored": "old"},
        "new",
        ["new", "old"],
        {"overlap": "PT0S"},
        ["retire old"],
    ),
    "replacement, after the request": (
        ("old",),
        {"replaced": ["old"]},
        None,
        ["new", "old"],
        {"on_lost_token": "replace"},
        ["retire new", "create", "retire old"],
    ),
    "replacement, after the storing": (("old",), {"replaced": ["old"]}, "new", ["new", "old"], {}, ["retire old"]),
    "replacement, after retiring": (("old",), {"replaced": ["old"]}, "new", ["new"], {}, []),
}


@pytest.mark.parametrize(
    ("existing", "noted", "held", "active", "options", "announced"), STOPPED.values(), ids=STOPPED.keys()
)
def test_the_next_run_completes_what_was_begun_and_leaves_nothing_beside_the_file(
    wire, path, stored, ensure, leave, existing, noted, held, active, options, announced
):
    if held:
        stored(held)
    leave(*existing, **noted)
    left = names(path)
    records = [record(key_id, **(OLDEST if key_id == "old" else {})) for key_id in active]
    expect_my_keys(wire, *records)
    check = ensure(check=True, **options)
    assert (steps(check.results), names(path)) == (announced, left)
    expect_my_keys(wire, *records)
    for step in announced:
        expect_new_key(wire, "newer") if step == "create" else expect_retirement(wire, step.removeprefix("retire "))
    done = ensure(**options)
    assert steps(done.results) == [step.replace("create", "create newer") for step in announced]
    held_now = "newer" if "create" in announced else held
    assert (path.read_text(), names(path)) == ((token_of(held_now) + "\n"), [path.name])
    assert (done.results["api_key"]["id"], done.warnings) == (held_now, [])


def doubt(run) -> list[str]:
    """The warnings that say what may still be carried out."""
    return [warning for warning in run.warnings if "that may still be carried out. It stays noted in" in warning]


@pytest.mark.parametrize(
    ("existing", "noted", "held", "active", "options", "announced"), STOPPED.values(), ids=STOPPED.keys()
)
def test_a_run_within_two_minutes_does_the_same_but_keeps_the_note_unless_the_key_is_found_or_its_token_stored(
    wire, path, marker, stored, ensure, leave, let_doubt_pass, existing, noted, held, active, options, announced
):
    if held:
        stored(held)
    leave(*existing, lately=True, **noted)
    records = [record(key_id, **(OLDEST if key_id == "old" else {})) for key_id in active]
    expect_my_keys(wire, *records)
    for step in announced:
        expect_new_key(wire, "newer") if step == "create" else expect_retirement(wire, step.removeprefix("retire "))
    done = ensure(**options)
    assert steps(done.results) == [step.replace("create", "create newer") for step in announced]
    is_cleared_up = "retire new" in announced or held == "new"
    assert [warning.partition(" ago, and")[0][:55] for warning in doubt(done)] == (
        [] if is_cleared_up else ["token_file: a run that was stopped asked for API key 'n"]
    )
    assert names(path) == ([path.name] if is_cleared_up else [marker.name, path.name])
    if is_cleared_up:
        return
    held_now = "newer" if "create" in announced else held
    left = [record(held_now), *(each for each in records if f"retire {each['id']}" not in announced)]
    let_doubt_pass()
    expect_my_keys(wire, *left)
    again = ensure(**options)
    assert (steps(again.results), doubt(again), names(path)) == ([], [], [path.name])


@pytest.mark.parametrize("lately", [True, False])
@pytest.mark.parametrize(
    ("differences", "named"),
    [
        ({"createdByUser": None}, True),
        ({"createdByUser": "u9"}, True),
        # Made by hand long after the run was stopped; or in use since long, and renamed to this name, where it passes for
        # a predecessor.
        ({"created": after(hours=2)}, True),
        ({"created": after(days=-30)}, False),
    ],
)
def test_what_the_note_does_not_prove_is_left(wire, stored, ensure, leave, differences, named, lately):
    stored("held")
    leave("held", stored="held", lately=lately)
    expect_my_keys(wire, record("used", **{"created": after(), **differences}), record("held", created=after(hours=-1)))
    result = ensure()
    assert steps(result.results) == []
    beginnings = [warning[:38] for warning in result.warnings if warning not in doubt(result)]
    assert beginnings == (["API key used has the same name as held"] if named else [])


@pytest.mark.parametrize(
    "differences", [{"createdByUser": None}, {"created": after(days=-30)}, {"created": after(days=1)}]
)
def test_without_a_stored_token_what_the_note_does_not_prove_is_lost(wire, path, ensure, leave, differences):
    leave()
    expect_my_keys(wire, record("used", **differences))
    result = ensure()
    assert f"is active (id used), but token_file {path} holds no token" in result.message
    assert "changed" not in result.results


@pytest.mark.parametrize("lately", [True, False])
def test_once_the_token_is_stored_nothing_else_was_asked_for(wire, path, stored, ensure, leave, lately):
    """A key made by hand before the next run is not taken for one that the stopped run made."""
    stored("new")
    leave(lately=lately)
    expect_my_keys(wire, record("by-hand", created=after(minutes=1)), record("new"))
    result = ensure()
    assert (result.results["changed"], [warning[:39] for warning in result.warnings]) == (
        False,
        ["API key by-hand has the same name as new"[:39]],
    )
    assert names(path) == [path.name]


@pytest.mark.parametrize("requests", [0, -1, "2", 1.5, True, [1]])
def test_a_note_that_counts_in_another_way_is_not_believed(wire, path, ensure, leave, requests):
    marker = leave(requests=requests)
    expect_my_keys(wire, record("new"))
    assert f"token_file: {marker} is where an interrupted run notes what it was doing" in ensure().message


@pytest.mark.parametrize("asked", [None, NOW.isoformat()])
def test_the_note_of_an_earlier_version_proves_without_the_time_as_well(wire, ensure, leave, asked):
    leave(asked=asked)
    expect_my_keys(wire, record("new"))
    expect_retirement(wire, "new")
    expect_new_key(wire, "newer")
    assert steps(ensure().results) == ["retire new", "create newer"]


@pytest.mark.parametrize("ahead", [{"hours": 25}, {"hours": -25}])
def test_where_the_clocks_disagree_no_time_is_noted(wire, marker, ensure, ahead):
    wire.now = NOW + timedelta(**ahead)
    expect_my_keys(wire)
    for _attempt in range(2):
        wire.expects("POST", KEYS, json=BODY).answers(503)
        expect_listing(wire, **MINE)
    assert "was refused with 503" in ensure().message
    assert json.loads(marker.read_text())["asked"] is None


@pytest.mark.parametrize("on_lost_token", ["fail", "ignore"])
def test_a_key_that_somebody_uses_is_never_taken_for_the_orphan_of_a_first_creation(
    wire, path, ensure, leave, on_lost_token
):
    leave("used")
    expect_my_keys(wire, record("used"))
    result = ensure(on_lost_token=on_lost_token)
    if on_lost_token == "fail":
        assert "(id used), but token_file" in result.message
    else:
        assert (result.results["changed"], result.results["api_key"]["id"], names(path)) == (False, "used", [])


def test_a_run_that_was_stopped_before_it_made_room_goes_on(wire, path, stored, ensure, leave):
    stored("old")
    leave("old", stored="old")
    expect_my_keys(wire)
    expect_no_record(wire, "old")
    expect_new_key(wire, "new")
    assert steps(ensure(retire_first=True).results) == ["create new"]
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", [path.name])


def test_state_absent_settles_it_as_well(wire, path, run, leave):
    leave()
    expect_my_keys(wire, record("new"))
    expect_retirement(wire, "new")
    assert steps(run("api_key", state="absent", token_file=str(path), **NIGHTLY).results) == ["retire new"]
    assert names(path) == []


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        ({"description": "weekly"}, "API key 'weekly' (user"),
        ({"sub": "u9"}, "(user u9) on https://tenant.example.com was interrupted"),
        ({"sub_type": "externalClient"}, "(externalClient"),
        ({"tenant_url": "https://other.example.com"}, "on https://other.example.com was interrupted"),
    ],
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_the_note_of_a_run_about_another_key_stops_this_one(wire, path, ensure, leave, noted, expected, state):
    marker = leave(**noted)
    left = names(path)
    expect_my_keys(wire)
    message = ensure(state=state).message
    assert expected in message and message.endswith(f"or remove {marker}.")
    assert names(path) == left


def test_a_note_that_cannot_be_read_stops_the_run(wire, path, ensure, leave):
    marker = leave(existing="used")
    expect_my_keys(wire, record("used"))
    assert f"token_file: {marker} is where an interrupted run notes what it was doing" in ensure().message


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_a_full_disk_does_not_make_the_next_run_forget_the_orphan(wire, path, ensure, leave, monkeypatch, failing):
    leave()
    expect_my_keys(wire, record("orphan"))
    with monkeypatch.context() as patch:
        patch.setattr(os, failing, no_space_left)
        assert "no token can be stored" in ensure().message
    expect_my_keys(wire, record("orphan"))
    expect_retirement(wire, "orphan")
    expect_new_key(wire, "new")
    assert steps(ensure().results) == ["retire orphan", "create new"]
    assert names(path) == [path.name]


def test_an_orphan_that_cannot_be_retired_is_not_forgotten_either(wire, path, ensure, leave):
    leave()
    expect_my_keys(wire, record("orphan"))
    wire.expects("DELETE", f"{KEYS}/orphan").answers(403)
    assert "changed" not in ensure().results
    expect_my_keys(wire, record("orphan"))
    assert steps(ensure(check=True).results) == ["retire orphan", "create"]
