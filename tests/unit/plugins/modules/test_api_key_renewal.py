# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a tracked key: before its window, in it, during the overlap, after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from unit.planning import NOW, after
from unit.samples import record, result_of, token_of
from unit.tenant_calls import KEYS, NIGHTLY, expect_my_keys, expect_new_key, expect_retirement, steps

DUE = {"renew_before": "P14D"}
OLD = record("old", created=after(days=-80), expiry=after(days=10))
HELD = record("held", created=after(days=-1), expiry=after(days=89))
ORPHAN = record("orphan", created=after(hours=-1), expiry=after(days=90))

pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("how", "keys", "held"),
    [
        ({}, [OLD], "old"),
        ({"renew_before": "P9D"}, [OLD], "old"),
        (DUE, [HELD, OLD], "held"),
        ({**DUE, "overlap": "P2D"}, [HELD, OLD], "held"),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_while_nothing_is_due_a_run_sends_reads_only_and_leaves_the_file_alone(
    wire, path, stored, ensure, how, keys, held, check
):
    token = stored(held)
    inode = path.stat().st_ino
    expect_my_keys(wire, *keys)
    result = ensure(check=check, **how)
    assert (result.results["changed"], result.results["actions"], result.warnings) == (False, [], [])
    assert result.results["api_key"]["id"] == held
    assert (path.read_text(), path.stat().st_ino, list(path.parent.iterdir())) == (f"{token}\n", inode, [path])


@pytest.mark.parametrize("how", [DUE, {**DUE, "overlap": "P2D"}, {"force_renew": True}])
def test_in_the_window_the_successor_is_made_and_stored_and_the_key_lives_on(wire, path, stored, ensure, how):
    stored("old")
    expect_my_keys(wire, OLD)
    expect_new_key(wire, "new")
    result = ensure(diff=True, **how)
    assert (steps(result.results), result.results["api_key"]) == (["create new"], result_of(record("new")))
    assert (path.read_text(), list(path.parent.iterdir())) == (token_of("new") + "\n", [path])
    shown = result.results["diff"]
    assert [key["id"] for key in shown["before"]["api_keys"]] == ["old"]
    assert [key["id"] for key in shown["after"]["api_keys"]] == [None, "old"]
    assert token_of("new") not in result.text and token_of("old") not in result.text


def test_a_successor_gets_its_own_expiry_and_its_token_is_returned_when_asked_for(wire, stored, ensure):
    stored("old")
    expect_my_keys(wire, OLD)
    made = record("new", created=after(), expiry=after(days=90))
    body = {**NIGHTLY, "subType": "user", "expiry": "P90D"}
    wire.expects("POST", KEYS, json=body).answers(201, json={**made, "token": token_of("new")})
    result = ensure(expiry="P90D", return_token=True, **DUE)
    assert (result.results["token"], result.warnings) == (token_of("new"), [])


@pytest.mark.parametrize(("overlap", "age", "ends"), [("P2D", 1, False), ("P1D", 1, True), ("PT0S", 0, True)])
def test_the_predecessor_ends_with_the_overlap(wire, path, stored, ensure, overlap, age, ends):
    token = stored("held")
    expect_my_keys(wire, record("held", created=after(days=-age)), OLD)
    if ends:
        expect_retirement(wire, "old")
    result = ensure(overlap=overlap, **DUE)
    assert steps(result.results) == (["retire old"] if ends else [])
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])


def test_without_an_overlap_the_predecessors_are_retired_once_the_new_token_is_stored(wire, path, stored, ensure):
    stored("held")
    expect_my_keys(wire, HELD, OLD)
    expect_new_key(wire, "new")
    expect_retirement(wire, "old", {**OLD, "status": "revoked"})
    wire.expects("DELETE", f"{KEYS}/held").answers(403)
    result = ensure(overlap="PT0S", force_renew=True)
    assert (steps(result.results), steps(result.results, "remaining")) == (
        ["create new", "retire old"],
        ["retire held"],
    )
    assert result.results["failure"]["path"] == f"{KEYS}/held"
    assert path.read_text() == token_of("new") + "\n"
    expect_my_keys(wire, record("new", created=after()), HELD)
    expect_retirement(wire, "held")
    assert steps(ensure(overlap="PT0S").results) == ["retire held"]
    assert list(path.parent.iterdir()) == [path]


def test_younger_keys_whose_token_nobody_holds_are_retired(wire, path, stored, ensure):
    stored("held")
    expect_my_keys(wire, ORPHAN, HELD, OLD)
    expect_retirement(wire, "orphan")
    result = ensure()
    assert (steps(result.results), result.results["api_key"]["id"]) == (["retire orphan"], "held")


def test_younger_keys_that_another_user_made_are_left_alone(wire, stored, ensure):
    stored("held")
    expect_my_keys(wire, {**ORPHAN, "createdByUser": "u9"}, HELD)
    result = ensure()
    assert (result.results["changed"], [warning[:31] for warning in result.warnings]) == (
        False,
        ["API key orphan matches as well,"],
    )


def test_keys_of_unknown_age_are_left_alone_with_a_warning(wire, stored, ensure):
    stored("held")
    expect_my_keys(wire, record("held", created=None), record("other", created=None))
    result = ensure(overlap="PT0S")
    (warning,) = result.warnings
    assert (result.results["changed"], warning[:30]) == (False, "API key other matches as well,")


@pytest.mark.parametrize(
    ("how", "keys", "held", "announced"),
    [
        (DUE, [OLD], "old", ["create"]),
        ({**DUE, "overlap": "PT0S"}, [OLD], "old", ["create", "retire old"]),
        ({**DUE, "retire_first": True}, [OLD], "old", ["retire old", "create"]),
        ({"overlap": "P1D"}, [HELD, OLD], "held", ["retire old"]),
        (DUE, [ORPHAN, OLD], "old", ["retire orphan", "create"]),
        ({"force_renew": True}, [HELD], "held", ["create"]),
    ],
)
def test_check_mode_sends_reads_only_and_announces_what_is_then_done(
    wire, path, stored, ensure, how, keys, held, announced
):
    token = stored(held)
    expect_my_keys(wire, *keys)
    check = ensure(check=True, diff=True, **how)
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])
    expect_my_keys(wire, *keys)
    for step in announced:
        expect_new_key(wire, "new") if step == "create" else expect_retirement(wire, step.removeprefix("retire "))
    done = ensure(diff=True, **how)
    assert steps(check.results) == announced
    assert steps(done.results) == [step.replace("create", "create new") for step in announced]
    assert check.results["diff"] == done.results["diff"]
    for name in ("description", "reason"):
        assert [each[name] for each in check.results["actions"]] == [each[name] for each in done.results["actions"]]


@pytest.mark.parametrize(("ahead", "due"), [(1, True), (-1, False), (0, False)])
def test_windows_are_reckoned_by_the_tenants_clock(wire, stored, ensure, ahead, due):
    wire.now = NOW + timedelta(hours=ahead)
    stored("old")
    expect_my_keys(wire, record("old", created=after(days=-80), expiry=after(days=14, minutes=30)))
    assert steps(ensure(check=True, **DUE).results) == (["create"] if due else [])


def test_a_life_that_the_tenant_made_too_short_is_a_warning_when_the_key_is_made_and_later(wire, stored, ensure, path):
    short = {"created": after(), "expiry": after(days=7)}
    expect_my_keys(wire)
    expect_new_key(wire, "new", **short)
    assert [warning[:35] for warning in ensure(**DUE).warnings] == ["renew_before: API key new lives fro"]
    expect_my_keys(wire, record("new", **short))
    result = ensure(**DUE)
    assert (result.results["changed"], [warning[:13] for warning in result.warnings]) == (False, ["renew_before:"])
