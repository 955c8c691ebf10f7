# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens are returned one at a time and stored by the caller before the next key is made: ``handed_on``."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import everybody, expect_role_by_name
from ansible_collections.tenantops.qlik_cloud.tests.unit.permission_calls import expect_scope_given
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, result_of, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import (
    ACTIVE,
    HOST,
    WEEKLY,
    expect_beginning,
    expect_key,
    weekly_key,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.small_disk import no_space_left
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    MINE,
    expect_listing,
    expect_no_record,
    expect_record,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")

MONTHLY = {"description": "monthly"}
BY_FORCE = {"force_renew": True, "overlap": "PT0S"}


def handed_on(key_id: str, entry: str = "keys[0]", problem: str | None = None) -> dict:
    """What the caller did with the token that an earlier run returned."""
    entry_stored = {"entry": entry, "key": {"id": key_id}, "token": token_of(key_id)}
    return entry_stored if problem is None else {**entry_stored, "problem": problem}


@pytest.fixture
def monthly_file(tmp_path):
    return tmp_path / "monthly.token"


@pytest.fixture
def keys(path, monthly_file) -> list[dict]:
    """Two keys with token files beside the caller's store."""
    return [{**WEEKLY, "token_file": str(path)}, {**MONTHLY, "token_file": str(monthly_file)}]


@pytest.fixture
def hand_on(run, keys):
    """Runs the task for the two keys."""

    def runner(*so_far: dict, **options):
        return run("tenant", handed_on=list(so_far), **{"keys": keys, **options})

    return runner


def test_the_first_run_ends_with_the_first_key_whose_token_is_to_be_stored(hand_on, wire, path):
    expect_beginning(wire)
    expect_role_by_name(wire, "UserDefault", everybody())
    expect_listing(wire, **MINE)
    expect_scope_given(wire, everybody())
    expect_key(wire, "weekly")
    result = hand_on(api_keys_enabled=True, diff=True)
    made = {**result_of(weekly_key()), "token_file": str(path)}
    assert result.results["to_hand_on"] == {"entry": "keys[0]", "key": made, "token": token_of("weekly")}
    assert result.results["handed_on"] == []
    assert steps(result.results) == ["update role-0", "create weekly"]
    assert result.results["api_keys"][0] == made and result.results["api_keys"][1]["id"] is None
    assert not path.exists()
    assert result.text.count(token_of("weekly")) == 1


def test_the_next_run_puts_the_token_on_file_and_makes_the_next_key(hand_on, wire, path, monthly_file):
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    expect_key(wire, "monthly")
    before = [{"action": "create", "id": "weekly", "description": "weekly", "reason": "r"}]
    result = hand_on(handed_on("weekly"), done_before=before).results
    assert path.read_text() == token_of("weekly") + "\n"
    assert (path.stat().st_mode & 0o777, monthly_file.exists()) == (0o600, False)
    assert result["to_hand_on"]["entry"] == "keys[1]"
    # They are given back, since the next run is to be told of them as well.
    assert [entry_stored["token"] for entry_stored in result["handed_on"]] == [token_of("weekly")]
    assert steps(result) == ["create weekly", "create monthly"]
    assert result["summary"].startswith(f"{HOST}: made weekly (r), made monthly (no active API key 'monthly'")


def test_the_last_run_has_nothing_to_hand_on(hand_on, wire, path, monthly_file):
    path.write_text(token_of("weekly"))
    path.chmod(0o600)
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), record("monthly", **MONTHLY), **MINE)
    result = hand_on(handed_on("weekly"), handed_on("monthly", "keys[1]")).results
    assert monthly_file.read_text() == token_of("monthly") + "\n"
    assert "to_hand_on" not in result and "handed_on" not in result
    assert ([key["id"] for key in result["api_keys"]], result["actions"]) == (["weekly", "monthly"], [])


def test_a_key_that_lists_do_not_show_yet_is_looked_up_by_itself(hand_on, wire, path):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    expect_record(wire, weekly_key())
    result = hand_on(handed_on("weekly"), keys=[{**WEEKLY, "token_file": str(path)}]).results
    assert (result["api_keys"][0]["id"], path.read_text()) == ("weekly", token_of("weekly") + "\n")


def test_what_a_key_takes_the_place_of_goes_when_its_token_is_on_file(hand_on, wire, path):
    path.write_text(token_of("old"))
    path.chmod(0o600)
    entry = {**WEEKLY, "token_file": str(path), **BY_FORCE}
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), **MINE)
    expect_key(wire, "weekly", key_id="new")
    made = hand_on(keys=[entry]).results
    assert (steps(made), path.read_text()) == (["create new"], token_of("old"))
    expect_beginning(wire)
    new = weekly_key("new", created="2026-11-22T09:15:00.000Z")
    expect_listing(wire, new, weekly_key("old", created="2026-11-01T09:15:00.000Z"), **MINE)
    expect_retirement(wire, "old")
    done = hand_on(handed_on("new"), keys=[entry]).results
    assert (steps(done), path.read_text()) == (["retire old"], token_of("new") + "\n")


@pytest.fixture
def elsewhere() -> dict:
    """A key whose token is in a store that gives nothing back, and of which nothing is known there."""
    return {**WEEKLY, "key_id": "", "on_lost_token": "replace"}


def test_a_key_whose_token_nobody_has_goes_when_that_of_its_successor_is_stored(hand_on, wire, elsewhere):
    """It may be the one that the run signs in with, and the store may fail."""
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), **MINE)
    expect_key(wire, "weekly", key_id="new")
    made = hand_on(keys=[elsewhere]).results
    assert (steps(made), made["to_hand_on"]["replaced"]) == (["create new"], ["old"])

    new = weekly_key("new", created="2026-11-22T09:15:00.000Z")
    old = weekly_key("old", created="2026-11-01T09:15:00.000Z")
    expect_beginning(wire)
    expect_listing(wire, new, old, **MINE)
    expect_retirement(wire, "old")
    stored = {**handed_on("new"), "replaced": ["old"]}
    done = hand_on(stored, keys=[{**elsewhere, "key_id": "new"}]).results
    assert (steps(done), done["api_keys"][0]["id"]) == (["retire old"], "new")

    expect_beginning(wire)
    expect_listing(wire, new, old, **MINE)
    expect_retirement(wire, "new")
    failed = hand_on({**stored, "problem": "AWX is down."}, keys=[elsewhere])
    assert steps(failed.results) == ["retire new"]


def test_a_key_whose_token_was_not_stored_is_retired_again_and_the_run_fails_naming_it(hand_on, wire, path):
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    expect_retirement(wire, "weekly")
    expect_key(wire, "monthly")
    result = hand_on(handed_on("weekly", problem="the vault is sealed."))
    assert result.message.startswith(
        "keys[0]: the token of API key weekly was not handed on: the vault is sealed. The key was retired again"
    )
    assert steps(result.results) == ["retire weekly", "create monthly"]
    assert "not handed on: the vault is sealed" in result.results["actions"][0]["reason"]
    # The others go on.
    assert (result.results["api_keys"][0], result.results["to_hand_on"]["entry"]) == (None, "keys[1]")
    assert not path.exists()


@pytest.mark.parametrize("status", [None, "revoked"])
def test_one_that_was_retired_already_is_left_and_not_made_anew(hand_on, wire, path, status):
    """Each run of the chain is told of all tokens there were."""
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    if status is None:
        expect_no_record(wire, "weekly")
    else:
        expect_record(wire, weekly_key(status=status))
    result = hand_on(handed_on("weekly", problem="the vault is sealed."), keys=[{**WEEKLY, "token_file": str(path)}])
    assert "the vault is sealed" in result.message
    assert (result.results["changed"], result.results["actions"], result.results["api_keys"]) == (False, [], [None])


def test_a_problem_leaves_predecessors_and_what_is_on_file_as_they_are(hand_on, wire, path):
    path.write_text(token_of("old"))
    path.chmod(0o600)
    expect_beginning(wire)
    expect_listing(wire, weekly_key("new"), weekly_key("old"), **MINE)
    expect_retirement(wire, "new")
    result = hand_on(handed_on("new", problem="no"), keys=[{**WEEKLY, "token_file": str(path), **BY_FORCE}])
    assert (steps(result.results), path.read_text()) == (["retire new"], token_of("old"))


def test_nothing_is_purged_after_a_problem(hand_on, wire):
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), record("stray", description="stray"), **ACTIVE)
    expect_retirement(wire, "weekly")
    purge = {"purge": True, "purge_scope": {"sub_type": "user"}}
    result = hand_on(handed_on("weekly", problem="no"), keys=[WEEKLY], **purge)
    assert steps(result.results) == ["retire weekly"]


def test_nothing_is_purged_before_all_tokens_are_stored(hand_on, wire):
    purge = {"purge": True, "purge_scope": {"sub_type": "user"}}
    stray = record("stray", description="stray")
    expect_beginning(wire)
    expect_listing(wire, stray, **ACTIVE)
    expect_key(wire, "weekly")
    assert steps(hand_on(keys=[WEEKLY], **purge).results) == ["create weekly"]
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), stray, **ACTIVE)
    expect_retirement(wire, "stray")
    assert steps(hand_on(handed_on("weekly"), keys=[WEEKLY], **purge).results) == ["retire stray"]


@pytest.mark.parametrize("function", ["fsync", "link"])
def test_a_token_file_that_cannot_be_written_never_costs_a_key_whose_token_is_in_use(
    hand_on, wire, path, monkeypatch, function
):
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    with monkeypatch.context() as patch:
        patch.setattr(f"os.{function}", no_space_left)
        if function == "link":
            patch.setattr("os.replace", no_space_left)
        result = hand_on(handed_on("weekly"), keys=[{**WEEKLY, "token_file": str(path)}])
    assert result.message.startswith("keys[0]") and "token_file" in result.message
    assert not any("DELETE" in sent.request.method for sent in wire.sent)
    assert not path.exists()


def test_what_lies_at_the_token_file_meanwhile_costs_no_key_whose_token_is_in_use_either(hand_on, wire, path):
    """The run that made the key has left its marker, by which the next one would retire it."""
    entry = {**WEEKLY, "token_file": str(path)}
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    expect_key(wire, "weekly", key_id="weekly")
    hand_on(keys=[entry])
    assert [file.name for file in path.parent.iterdir()] == [f".{path.name}.qlik-pending"]
    path.mkdir()
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    result = hand_on(handed_on("weekly"), keys=[entry])
    assert result.message.startswith("keys[0]: token_file")
    path.rmdir()
    assert list(path.parent.iterdir()) == []
    assert not any("DELETE" in sent.request.method for sent in wire.sent)


def test_a_store_alone_is_told_by_its_key_id_and_predecessors_go_as_ever(hand_on, wire):
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), **MINE)
    expect_key(wire, "weekly", key_id="new")
    entry = {**WEEKLY, "key_id": "old", **BY_FORCE}
    assert steps(hand_on(keys=[entry]).results) == ["create new"]
    expect_beginning(wire)
    old = weekly_key("old", created="2026-11-01T09:15:00.000Z")
    expect_listing(wire, weekly_key("new"), old, **MINE)
    expect_retirement(wire, "old")
    assert steps(hand_on(handed_on("new"), keys=[entry]).results) == ["retire old"]


@pytest.mark.parametrize("check", [False, True])
def test_without_a_key_to_make_there_is_nothing_to_hand_on(hand_on, wire, check):
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    result = hand_on(check=check, keys=[WEEKLY]).results
    assert result["changed"] is False and "to_hand_on" not in result


def test_check_mode_tells_of_all_keys_and_hands_nothing_on(hand_on, wire):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    result = hand_on(check=True).results
    assert steps(result) == ["create", "create"] and "to_hand_on" not in result


def test_an_entry_that_there_is_not_is_refused(hand_on, wire):
    message = hand_on(handed_on("weekly", "keys[7]")).message
    assert message == "handed_on: there is no keys[7]."
    assert wire.sent == []


def test_a_refusal_after_a_stored_token_says_what_was_done_and_what_remains(hand_on, wire, path):
    path.write_text(token_of("weekly"))
    path.chmod(0o600)
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), weekly_key("old", created="2026-11-01T09:15:00.000Z"), **MINE)
    expect_retirement(wire, "old")
    wire.expects("POST", KEYS, json={**MONTHLY, "subType": "user"}).answers(403)
    keys = [{**WEEKLY, "token_file": str(path), **BY_FORCE}, MONTHLY]
    result = hand_on(handed_on("weekly"), keys=keys)
    assert (steps(result.results), steps(result.results, "remaining")) == (["retire old"], ["create"])
    assert token_of("weekly") not in result.text
