# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A creation whose outcome is not known: look, retire what it made, and ask once more."""

from __future__ import annotations

import json

import pytest
import requests

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER, marker_of, record, refused, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    LIST,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_record,
    expect_renaming,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")

TOKEN = token_of("lost")
# How the answer to the creation comes, and what is said of it in the end.
BAD_ANSWERS = {
    "dropped": (requests.ConnectionError("dropped"), "got no answer"),
    "slow": (requests.ReadTimeout("slow"), "nothing came within 30 s"),
    "half a body": (requests.exceptions.ChunkedEncodingError("half"), "got no answer"),
    "500": ({"status": 500, "json": refused("X", "No")}, "was refused with 500"),
    "502": ({"status": 502, "text": f"<h1>{TOKEN}</h1>"}, "was refused with 502"),
    "503": ({"status": 503}, "was refused with 503"),
    "504": ({"status": 504}, "was refused with 504"),
    "408": ({"status": 408}, "was refused with 408"),
    "page": ({"status": 201, "text": f"<h1>{TOKEN}</h1>"}, "where a JSON object was expected"),
    "list": ({"status": 201, "json": [TOKEN]}, "where a JSON object was expected"),
    "token alone": (
        {"status": 201, "json": {"token": TOKEN}},
        "a record, API key without a usable id, that has no usable 'id'",
    ),
    "half a record": (
        {"status": 201, "json": {**record("lost"), "sub": None, "token": TOKEN}},
        "a record, API key lost, that has no usable 'sub'",
    ),
    "empty": ({"status": 204}, "where a JSON object was expected"),
    "redirect": ({"status": 302, "headers": {"Location": "/login"}}, "was answered with a redirect (302)"),
}


@pytest.fixture(params=BAD_ANSWERS)
def bad(request, wire):
    """Expects a creation and gives it an answer that leaves its outcome open; ``bad.message`` is what is said of that."""
    answer, message = BAD_ANSWERS[request.param]

    def expect() -> None:
        wire.expects("POST", KEYS, json=BODY).ends(answer)

    expect.message = message
    return expect


def names(path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_a_key_that_it_made_is_retired_and_another_made(wire, path, ensure, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, record("lost"), **MINE)
    expect_retirement(wire, "lost")
    expect_new_key(wire, "new")
    result = ensure()
    assert steps(result.results) == ["retire lost", "create new"]
    assert (
        result.results["actions"][0]["reason"]
        == "the request that made it got no usable answer, so nobody has its token"
    )
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", [path.name])
    assert TOKEN not in result.text


def test_when_it_made_none_one_is_made_and_late_ones_are_looked_for(wire, path, ensure, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, **MINE)
    expect_new_key(wire, "new")
    expect_listing(wire, record("new"), record("late"), **MINE)
    expect_retirement(wire, "late")
    assert steps(ensure().results) == ["create new", "retire late"]
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", [path.name])


def test_what_was_there_before_is_not_taken_for_what_it_made(wire, stored, ensure, bad):
    stored("old")
    expect_my_keys(wire, record("old"))
    bad()
    expect_listing(wire, record("old"), record("other", description="weekly"), record("gone", status="revoked"), **MINE)
    expect_new_key(wire, "new")
    expect_listing(wire, record("new"), record("old"), **MINE)
    assert steps(ensure(force_renew=True).results) == ["create new"]


def test_what_another_user_made_meanwhile_is_not_taken_for_what_it_made(wire, run, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, record("theirs", createdByUser="u9"), **MINE)
    expect_new_key(wire, "new")
    expect_listing(wire, record("new"), record("theirs", createdByUser="u9"), **MINE)
    result = run("api_key", **NIGHTLY)
    assert (steps(result.results), result.results["token"]) == (["create new"], token_of("new"))


def test_it_is_not_sent_a_third_time(wire, path, ensure, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, record("lost"), **MINE)
    expect_retirement(wire, "lost")
    bad()
    expect_listing(wire, record("lost-too"), **MINE)
    expect_retirement(wire, "lost-too")
    result = ensure(verbosity=3)
    assert bad.message in result.message and "the key that it made was retired again." in result.message
    assert "exception" not in result.results
    assert steps(result.results) == ["retire lost", "retire lost-too"]
    assert (steps(result.results, "remaining"), names(path)) == (["create"], [])
    assert (result.results["failure"]["method"], result.results["failure"]["path"]) == ("POST", KEYS)
    assert TOKEN not in result.text


def test_while_it_may_still_be_carried_out_the_marker_stays_and_the_next_run_finds_the_late_key(
    wire, path, marker, ensure, bad, let_doubt_pass
):
    """That of one request; the other may still be carried out."""
    expect_my_keys(wire)
    for _attempt in range(2):
        bad()
        expect_listing(wire, **MINE)
    assert bad.message in ensure().message
    assert json.loads(marker.read_text()) == marker_of(asked=NOW.isoformat(), requests=2)
    expect_my_keys(wire, record("late"))
    expect_retirement(wire, "late")
    expect_new_key(wire, "new")
    result = ensure()
    assert (steps(result.results), len(result.warnings)) == (["retire late", "create new"], 1)
    assert (names(path), json.loads(marker.read_text())["requests"]) == ([marker.name, path.name], 2)
    let_doubt_pass()
    expect_my_keys(wire, record("new"))
    assert (ensure().warnings, names(path)) == ([], [path.name])


@pytest.mark.parametrize("second", [400, 403])
def test_a_refusal_of_the_second_request_does_not_settle_the_first(wire, path, marker, ensure, bad, second):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, **MINE)
    wire.expects("POST", KEYS, json=BODY).answers(second)
    message = ensure().message
    assert f"was refused with {second}" in message
    assert (
        "got no usable answer may still be carried out, or have been. What it was about stays noted beside the token file, "
        "and the next run looks again." in message
    )
    assert names(path) == [marker.name]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_when_looking_fails_as_well_the_next_run_looks_again(wire, path, marker, ensure, bad, status):
    expect_my_keys(wire)
    bad()
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(status)
    result = ensure()
    assert bad.message in result.message
    assert "The keys could not be listed after that either, so whether one was made is not known." in result.message
    assert (names(path), "changed" in result.results) == ([marker.name], False)
    expect_my_keys(wire, record("lost"))
    expect_retirement(wire, "lost")
    expect_new_key(wire, "new")
    assert steps(ensure().results) == ["retire lost", "create new"]


def test_of_two_new_keys_neither_is_retired_by_this_run_or_the_next(wire, path, marker, ensure, bad):
    both = (record("one"), record("two"))
    expect_my_keys(wire)
    bad()
    expect_listing(wire, *both, **MINE)
    failed = ensure()
    assert bad.message in failed.message and "(one, two), so it is not known which of them nobody has" in failed.message
    expect_my_keys(wire, *both)
    again = ensure(on_lost_token="replace")
    assert "(one, two), so it is not known which of them nobody has" in again.message
    assert names(path) == [marker.name]
    expect_my_keys(wire, record("two"))
    expect_retirement(wire, "two")
    expect_new_key(wire, "new")
    assert steps(ensure().results) == ["retire two", "create new"]


def test_what_it_made_and_cannot_be_retired_is_named_and_retired_by_the_next_run(wire, path, marker, ensure, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, record("lost"), **MINE)
    wire.expects("DELETE", f"{KEYS}/lost").answers(403)
    result = ensure()
    assert "API key lost is active and nobody holds its token: the next run retires it." in result.message
    assert names(path) == [marker.name]
    expect_my_keys(wire, record("lost"))
    expect_retirement(wire, "lost")
    expect_new_key(wire, "new")
    assert steps(ensure().results) == ["retire lost", "create new"]
    assert names(path) == [path.name]


def test_a_late_key_that_cannot_be_retired_does_not_cost_the_token_at_hand(wire, run, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, **MINE)
    expect_new_key(wire, "new")
    expect_listing(wire, record("new"), record("late"), **MINE)
    wire.expects("DELETE", f"{KEYS}/late").answers(403)
    result = run("api_key", **NIGHTLY)
    assert "API key late is active and nobody holds its token" in result.message
    assert (result.results["token"], result.results["api_key"]["id"]) == (token_of("new"), "new")
    assert steps(result.results) == ["create new"]


def test_a_late_look_that_fails_does_not_cost_the_token_at_hand_and_the_next_run_looks(wire, path, marker, ensure, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, **MINE)
    expect_new_key(wire, "new")
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(500)
    failed = ensure()
    assert "API key new was made and its token is at hand" in failed.message
    assert "stays noted beside the token file, and the next run looks again." in failed.message
    assert steps(failed.results) == ["create new"]
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", sorted([marker.name, path.name]))
    # It may be older than the key whose token is stored, and would pass for its predecessor but for the marker.
    expect_my_keys(wire, record("late", created=after(minutes=-10)), record("new"))
    expect_retirement(wire, "late")
    assert steps(ensure().results) == ["retire late"]
    assert (path.read_text(), names(path)) == (token_of("new") + "\n", [path.name])


def test_without_a_file_the_user_is_told_to_look_since_no_run_can(wire, run, bad):
    expect_my_keys(wire)
    bad()
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(500)
    message = run("api_key", **NIGHTLY).message
    assert "whether one was made is not known. Look whether there is a new API key 'nightly reload'" in message
    assert "no later run can tell that nobody has its token" in message


def test_without_a_file_a_refusal_of_the_second_request_says_that_the_first_may_have_made_a_key(wire, run, bad):
    expect_my_keys(wire)
    bad()
    expect_listing(wire, **MINE)
    wire.expects("POST", KEYS, json=BODY).answers(409)
    message = run("api_key", **NIGHTLY).message
    assert "may still be carried out, or have been. Look whether there is a new API key 'nightly reload'" in message


def test_a_key_for_another_user_is_looked_for_among_that_users_keys(wire, run):
    theirs = {"sub": "u9", "status": "active"}
    expect_listing(wire, **theirs)
    wire.expects("POST", KEYS, json={**BODY, "sub": "u9"}).answers(503)
    expect_listing(wire, record("lost", sub="u9"), **theirs)
    wire.expects("GET", "/api/v1/users/me").answers(json=USER)
    expect_retirement(wire, "lost")
    wire.expects("POST", KEYS, json={**BODY, "sub": "u9"}).answers(
        201, json={**record("new", sub="u9"), "token": TOKEN}
    )
    assert steps(run("api_key", sub="u9", **NIGHTLY).results) == ["retire lost", "create new"]


@pytest.mark.parametrize("status", [500, 503, 408])
def test_a_renaming_in_doubt_is_looked_after_and_done_once(wire, run, status):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("key-1"), **MINE)
    patch = [{"op": "replace", "path": "/description", "value": "weekly"}]
    wire.expects("PATCH", f"{KEYS}/key-1", json=patch).answers(status)
    expect_record(wire, record("key-1"))
    expect_renaming(wire, "key-1", "weekly")
    assert steps(run("api_key", id="key-1", description="weekly").results) == ["update key-1"]


@pytest.mark.parametrize("status", [500, 503, 408])
def test_a_renaming_that_was_done_without_an_answer_is_not_done_twice(wire, run, status):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("key-1"), **MINE)
    patch = [{"op": "replace", "path": "/description", "value": "weekly"}]
    wire.expects("PATCH", f"{KEYS}/key-1", json=patch).answers(status)
    for _look in range(2):
        expect_record(wire, record("key-1", description="weekly"))
    assert steps(run("api_key", id="key-1", description="weekly").results) == ["update key-1"]


@pytest.mark.parametrize(
    ("answer", "left", "outcome"), [(500, None, "deleted"), (503, record("key-1", status="revoked"), "revoked")]
)
def test_a_retirement_in_doubt_is_looked_after(wire, run, answer, left, outcome):
    expect_my_keys(wire, record("key-1"))
    wire.expects("DELETE", f"{KEYS}/key-1").answers(answer)
    expect_record(wire, left) if left else wire.expects("GET", f"{KEYS}/key-1").answers(404)
    (retired,) = run("api_key", state="absent", **NIGHTLY).results["actions"]
    assert (retired["id"], retired["outcome"]) == ("key-1", outcome)
