# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are lost and lists that lag: as long as a key may still show that nobody holds, it is noted and said."""

from __future__ import annotations

import json

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
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

NEW, LATE = record("new", created=after()), record("late", created=after(seconds=-5))
STAYS_NOTED = (
    "It may still be carried out. What it was about stays noted beside the token file, and the next run looks again."
)


def names(path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def kinds(result) -> list[str]:
    """The warnings in short."""
    return [" ".join(warning.split()[:9]) for warning in result.warnings]


MAY_STILL_BE_DONE = "token_file: a run that was stopped asked for API"


@pytest.fixture
def lost_answer(wire, ensure):
    """A first run: the answer to its request is lost, no list shows a key, and another request is answered."""
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(504, text="<h1>Gateway Timeout</h1>")
    expect_listing(wire, **MINE)
    expect_creation(wire, BODY, NEW, token_of("new"))
    expect_listing(wire, NEW, **MINE)
    return ensure()


def test_while_no_list_shows_the_key_it_is_noted_and_said(path, marker, lost_answer):
    assert steps(lost_answer.results) == ["create new"]
    [warning] = lost_answer.warnings
    assert warning.startswith("Before API key new was made, a request for it got no usable answer, and no key that it")
    assert warning.endswith(STAYS_NOTED)
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", [marker.name, path.name])
    assert json.loads(marker.read_text()) == marker_of(asked=NOW.isoformat(), requests=2)


@pytest.mark.parametrize("is_late", [True, False])
def test_the_next_run_retires_it_when_it_shows(wire, path, ensure, lost_answer, let_doubt_pass, is_late):
    if is_late:
        let_doubt_pass()
    expect_my_keys(wire, NEW, LATE)
    expect_retirement(wire, "late")
    result = ensure()
    assert (steps(result.results), result.results["api_key"]["id"], result.warnings) == (["retire late"], "new", [])
    assert result.results["actions"][0]["reason"].startswith(
        "a run that was stopped made it and did not store its token"
    )
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", [path.name])


@pytest.mark.parametrize("times", [1, 3])
def test_runs_before_that_change_nothing_warn_and_keep_the_note(wire, path, marker, ensure, lost_answer, times):
    written = marker.read_bytes(), marker.stat().st_mtime_ns
    for _run in range(times):
        expect_my_keys(wire, NEW)
        result = ensure()
        assert (result.results["changed"], kinds(result)) == (False, [MAY_STILL_BE_DONE])
        assert result.warnings[0].endswith(f"It stays noted in {marker}; a run some minutes later looks again.")
        assert (marker.read_bytes(), marker.stat().st_mtime_ns) == written
    expect_my_keys(wire, NEW, LATE)
    expect_retirement(wire, "late")
    assert steps(ensure().results) == ["retire late"]
    assert names(path) == [path.name]


def test_after_two_minutes_without_it_the_note_is_taken_away(wire, path, ensure, lost_answer, let_doubt_pass):
    let_doubt_pass()
    expect_my_keys(wire, NEW)
    result = ensure()
    assert (result.results["changed"], result.warnings, names(path)) == (False, [], [path.name])


def test_check_mode_leaves_the_note_alone(wire, path, marker, ensure, lost_answer, let_doubt_pass):
    let_doubt_pass()
    expect_my_keys(wire, NEW)
    assert ensure(check=True).results["changed"] is False
    assert names(path) == [marker.name, path.name]


def test_a_key_that_shows_when_the_note_is_gone_is_named_and_left(wire, path, ensure, lost_answer, let_doubt_pass):
    let_doubt_pass()
    expect_my_keys(wire, NEW)
    ensure()
    expect_my_keys(wire, {**LATE, "created": after(seconds=1)}, NEW)
    result = ensure()
    assert (result.results["changed"], [warning[:36] for warning in result.warnings]) == (
        False,
        ["API key late has the same name as ne"],
    )


def test_a_renewal_meanwhile_does_not_make_the_late_key_look_as_if_it_had_always_been_there(
    wire, path, marker, ensure, lost_answer
):
    newer = record("newer", created=after(seconds=30))
    expect_my_keys(wire, NEW)
    expect_creation(wire, BODY, newer, token_of("newer"))
    result = ensure(force_renew=True)
    assert (steps(result.results), kinds(result)) == (["create newer"], [MAY_STILL_BE_DONE])
    assert names(path) == [marker.name, path.name]
    noted = json.loads(marker.read_text())
    assert (noted["existing"], noted["stored"], noted["requests"]) == (["new"], "new", 2)
    expect_my_keys(wire, newer, NEW, LATE)
    expect_retirement(wire, "late")
    assert steps(ensure().results) == ["retire late"]
    assert (path.read_text(), names(path)) == (token_of("newer") + "\n", [path.name])


def test_a_late_key_does_not_go_unseen_because_the_run_that_looks_makes_another(wire, path, ensure, lost_answer):
    newer = record("newer", created=after(seconds=30))
    expect_my_keys(wire, NEW, LATE)
    expect_retirement(wire, "late")
    expect_creation(wire, BODY, newer, token_of("newer"))
    result = ensure(force_renew=True)
    assert (steps(result.results), result.warnings) == (["retire late", "create newer"], [])
    assert names(path) == [path.name]


def test_absent_keeps_the_note_and_a_later_run_ends_the_late_key(
    wire, path, marker, ensure, lost_answer, let_doubt_pass
):
    expect_my_keys(wire, NEW)
    expect_retirement(wire, "new")
    result = ensure(state="absent")
    assert (steps(result.results), kinds(result)) == (["retire new"], [MAY_STILL_BE_DONE])
    assert names(path) == [marker.name]
    let_doubt_pass()
    expect_my_keys(wire, LATE)
    expect_retirement(wire, "late")
    assert steps(ensure(state="absent").results) == ["retire late"]
    assert names(path) == []


def test_of_two_late_keys_one_is_somebody_elses_and_both_are_named(wire, path, marker, ensure, lost_answer):
    """Two were asked for, and of one the token is stored."""
    expect_my_keys(wire, NEW, LATE, record("other", created=after(seconds=-3)))
    assert "(other, late), so it is not known which of them nobody has." in ensure().message
    assert names(path) == [marker.name, path.name]


def test_two_answers_may_be_lost_and_both_keys_show_late(wire, path, marker, ensure):
    expect_my_keys(wire)
    for _attempt in range(2):
        wire.expects("POST", KEYS, json=BODY).answers(504)
        expect_listing(wire, **MINE)
    ensure()
    assert json.loads(marker.read_text())["requests"] == 2
    expect_my_keys(wire, LATE, record("later", created=after(seconds=-3)))
    expect_retirement(wire, "later")
    expect_retirement(wire, "late")
    expect_creation(wire, BODY, NEW, token_of("new"))
    assert steps(ensure().results) == ["retire later", "retire late", "create new"]
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", [path.name])


def test_a_key_that_another_user_made_meanwhile_is_not_taken_for_it(wire, ensure, lost_answer):
    expect_my_keys(wire, {**NEW}, {**LATE, "createdByUser": "u9", "created": after(seconds=5)})
    result = ensure()
    assert result.results["changed"] is False
    assert [warning[:12] for warning in result.warnings] == ["API key late", "token_file: "]


def test_both_answers_are_lost_and_the_keys_show_one_after_the_other(wire, path, marker, ensure):
    expect_my_keys(wire)
    for _attempt in range(2):
        wire.expects("POST", KEYS, json=BODY).answers(504)
        expect_listing(wire, **MINE)
    assert "got no usable answer may still be carried out" in ensure().message
    expect_my_keys(wire)
    expect_creation(wire, BODY, NEW, token_of("new"))
    again = ensure()
    assert (steps(again.results), kinds(again)) == (["create new"], [MAY_STILL_BE_DONE])
    assert names(path) == [marker.name, path.name]
    for late in (LATE, record("later", created=after(seconds=-3))):
        assert names(path) == [marker.name, path.name]
        expect_my_keys(wire, NEW, late)
        expect_retirement(wire, late["id"])
        assert steps(ensure().results) == [f"retire {late['id']}"]


@pytest.mark.parametrize("options", [{}, {"token": ""}])
def test_without_a_file_the_user_is_told_to_look(run, wire, options):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(504)
    expect_listing(wire, **MINE)
    expect_new_key(wire, "new")
    expect_listing(wire, record("new"), **MINE)
    result = run("api_key", **NIGHTLY, **options)
    assert result.results["token"] == token_of("new")
    [warning] = result.warnings
    assert (
        "no key that it made is to be seen. It may still be carried out. Look whether there is a new API key" in warning
    )
    assert warning.endswith("no later run can tell that nobody has its token.")


def test_what_a_run_of_several_keys_may_have_made_is_said_of_each(run, wire, path):
    weekly = {**BODY, "description": "weekly"}
    expect_my_keys(wire)
    for body, name in ((BODY, "nightly reload"), (weekly, "weekly")):
        wire.expects("POST", KEYS, json=body).answers(504)
        expect_listing(wire, **MINE)
        made = record(name.split()[0], description=name)
        expect_creation(wire, body, made, token_of(made["id"]))
        expect_listing(wire, made, **MINE)
    result = run("api_keys", keys=[{**NIGHTLY, "token_file": str(path)}, {"description": "weekly"}])
    assert [warning[:25] for warning in result.warnings] == ["Before API key nightly wa", "Before API key weekly was"]


def test_a_key_just_retired_that_is_still_listed_is_not_a_failure(wire, path, stored, ensure, waits):
    stored("old")
    expect_my_keys(wire, record("old"))
    wire.expects("DELETE", f"{KEYS}/old").answers(204)
    for _look in range(3):
        wire.expects("GET", f"{KEYS}/old").answers(json=record("old"))
    wire.expects("GET", f"{KEYS}/old").answers(404)
    assert steps(ensure(state="absent").results) == ["retire old"]
    assert (waits, path.exists()) == ([1.0, 2.0, 4.0], False)


def test_a_lagging_list_that_still_shows_a_key_that_ended_is_not_a_failure_of_the_next_run(wire, stored, ensure):
    stored("new")
    expect_my_keys(wire, record("new"), record("old", created=after(hours=-1)))
    wire.expects("DELETE", f"{KEYS}/old").answers(404)
    assert steps(ensure(overlap="PT0S").results) == ["retire old"]


def test_a_lagging_list_that_does_not_show_the_new_key_yet_does_not_make_another(wire, stored, ensure):
    token = stored("new")
    old = record("old", created=after(hours=-1))
    expect_my_keys(wire, old)
    wire.expects("GET", f"{KEYS}/new").answers(json=record("new"))
    result = ensure(on_lost_token="replace")
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "new")
    assert token not in result.text


def expect_lost_request(wire, *shown: dict) -> None:
    """A request whose answer a gateway loses, and the look after it."""
    wire.expects("POST", KEYS, json=BODY).answers(504, text="<h1>Gateway Timeout</h1>")
    expect_listing(wire, *shown, **MINE)


def assert_in_doubt(result, *done: str) -> None:
    """The run failed after these steps, and said that a request of it may have made a key."""
    assert (steps(result.results), "may still be carried out, or have been" in result.message) == ([*done], True)


def test_a_retired_key_that_a_list_shows_still_is_not_taken_for_what_the_second_request_made(wire, marker, ensure):
    lost = record("lost", created=after())
    expect_my_keys(wire)
    expect_lost_request(wire, lost)
    expect_retirement(wire, "lost")
    expect_lost_request(wire, lost)
    assert_in_doubt(ensure(), "retire lost")
    assert json.loads(marker.read_text()) == marker_of("lost", asked=NOW.isoformat(), requests=1)
    expect_my_keys(wire, LATE)
    expect_retirement(wire, "late")
    expect_creation(wire, BODY, NEW, token_of("new"))
    assert steps(ensure().results) == ["retire late", "create new"]


def test_nor_is_one_that_a_stopped_run_had_left(wire, marker, ensure):
    marker.write_text(json.dumps(marker_of(asked=NOW.isoformat(), requests=1)))
    marker.chmod(0o600)
    expect_my_keys(wire, LATE)
    expect_retirement(wire, "late")
    expect_lost_request(wire, LATE)
    expect_lost_request(wire, LATE)
    assert_in_doubt(ensure(), "retire late")
    assert json.loads(marker.read_text()) == marker_of("late", asked=NOW.isoformat(), requests=2)
