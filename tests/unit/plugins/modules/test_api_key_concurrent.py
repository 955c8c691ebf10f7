# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that had to wait for another one on the same token file goes by what that one has left."""

from __future__ import annotations

import fcntl
import json
import os

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import marker_of, record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    MINE,
    NIGHTLY,
    expect_creation,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")

OLDER = (record("old", created="2026-11-20T00:00:00Z"), record("oldest", created="2026-11-19T00:00:00Z"))


@pytest.fixture
def meanwhile(monkeypatch, path):
    """Takes the lock on the file first; the work is done and the lock released while the run under test waits for it."""

    def taker(work) -> None:
        lock = path.parent / f".{path.name}.qlik-lock"
        held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        waited = []

        def wait(seconds: float) -> None:
            assert not waited, "the lock is free, and the run still waits"
            waited.append(seconds)
            work()
            lock.unlink()
            os.close(held)

        monkeypatch.setattr("time.sleep", wait)

    return taker


def test_what_the_other_run_has_just_stored_is_not_taken_for_an_orphans_key(wire, path, stored, ensure, meanwhile):
    """Both saw the new key before its token was stored, one of them because it had made it."""
    stored("old")
    meanwhile(lambda: stored("new"))
    both = (record("new"), record("old", created="2026-11-20T00:00:00Z"))
    expect_my_keys(wire, *both)
    expect_listing(wire, *both, **MINE)
    result = ensure()
    assert (steps(result.results), result.results["api_key"]["id"], result.results["changed"]) == ([], "new", False)
    assert list(path.parent.iterdir()) == [path]


def test_nor_is_it_when_the_other_run_came_and_went_while_this_one_was_busy_with_other_keys(
    run, wire, path, stored, monkeypatch
):
    stored("old")
    monkeypatch.setattr("time.sleep", lambda seconds: stored("new"))
    all_three = (record("new"), *OLDER)
    expect_my_keys(wire, *all_three)
    weekly = {**BODY, "description": "weekly"}
    wire.expects("POST", KEYS, json=weekly).answers(429, headers={"Retry-After": "5"})
    expect_creation(wire, weekly, record("weekly-1", description="weekly"), token_of("weekly-1"))
    expect_listing(wire, *all_three, record("weekly-1", description="weekly"), **MINE)
    expect_retirement(wire, "oldest")
    expect_retirement(wire, "old")
    keys = [{"description": "weekly"}, {**NIGHTLY, "token_file": str(path), "overlap": "PT0S"}]
    result = run("api_keys", keys=keys)
    assert steps(result.results) == ["create weekly-1", "retire oldest", "retire old"]
    assert [key["id"] for key in result.results["api_keys"]] == ["weekly-1", "new"]


def test_a_key_that_the_other_run_has_made_is_not_made_again(wire, path, stored, ensure, meanwhile):
    meanwhile(lambda: stored("new"))
    expect_my_keys(wire)
    expect_listing(wire, record("new"), **MINE)
    result = ensure(diff=True)
    assert (result.results["changed"], result.results["actions"]) == (False, [])
    assert result.results["diff"]["before"] == result.results["diff"]["after"]
    assert result.results["api_key"]["id"] == "new"


def test_a_renewal_that_the_other_run_has_done_is_not_done_again(wire, stored, ensure, meanwhile):
    stored("old")
    meanwhile(lambda: stored("new"))
    old = record("old", created="2026-09-01T00:00:00Z", expiry="2026-12-01T00:00:00Z")
    expect_my_keys(wire, old)
    expect_listing(wire, record("new", created="2026-11-22T09:14:00Z"), old, **MINE)
    assert ensure(renew_before="P14D").results["changed"] is False


def test_what_the_other_run_could_not_finish_is_finished(wire, path, ensure, meanwhile):
    def be_killed():
        marker = path.parent / f".{path.name}.qlik-pending"
        marker.write_text(json.dumps(marker_of()))
        marker.chmod(0o600)

    meanwhile(be_killed)
    expect_my_keys(wire)
    expect_listing(wire, record("orphan"), **MINE)
    expect_retirement(wire, "orphan")
    expect_new_key(wire, "new")
    assert steps(ensure().results) == ["retire orphan", "create new"]
    assert list(path.parent.iterdir()) == [path]


def test_when_the_other_run_has_changed_nothing_the_plan_stands(wire, path, ensure, meanwhile):
    meanwhile(lambda: None)
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    assert steps(ensure().results) == ["create new"]


def test_a_failure_after_that_tells_of_what_was_planned_last(wire, path, stored, ensure, meanwhile):
    stored("old")
    meanwhile(lambda: stored("new"))
    expect_my_keys(wire, OLDER[0])
    expect_listing(wire, record("new"), *OLDER, **MINE)
    expect_retirement(wire, "oldest")
    wire.expects("DELETE", f"{KEYS}/old").answers(403)
    result = ensure(overlap="PT0S")
    assert (steps(result.results), steps(result.results, "remaining")) == (["retire oldest"], ["retire old"])


def test_absent_waits_as_well(wire, path, stored, ensure, meanwhile):
    meanwhile(lambda: stored("new"))
    expect_my_keys(wire, record("new"))
    expect_listing(wire, record("new"), **MINE)
    expect_retirement(wire, "new")
    result = ensure(state="absent")
    assert (steps(result.results), list(path.parent.iterdir())) == (["retire new"], [])


def test_the_token_of_a_key_made_by_a_plan_made_anew_comes_with_its_own_record(wire, path, stored, ensure, meanwhile):
    """Seen first: a key that counts, and a younger one. Found then: nothing stored any more."""
    stored("old")
    meanwhile(path.unlink)
    both = (record("younger"), record("old", created="2026-11-20T00:00:00Z"))
    expect_my_keys(wire, *both)
    expect_listing(wire, record("old", created="2026-11-20T00:00:00Z"), **MINE)
    expect_new_key(wire, "new")
    wire.expects("DELETE", f"{KEYS}/old").answers(403)
    result = ensure(on_lost_token="replace", return_token=True)
    assert (result.results["token"], result.results["api_key"]["id"]) == (token_of("new"), "new")
    assert (steps(result.results), steps(result.results, "remaining")) == (["create new"], ["retire old"])
