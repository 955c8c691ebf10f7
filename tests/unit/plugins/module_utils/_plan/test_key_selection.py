# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which active key counts, and what the others are to it. Of the keys here, "c" is newer than "b", and "b" than "a"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.key_selection import KeySelection, select_key
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import (
    NO_TOKEN,
    NONE_GIVEN,
    NOW,
    given,
    ids,
    interrupted,
    key,
    on_file,
    wanted,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER_ID, api_key

KEYS = {"c": key("c", 1), "b": key("b", 2), "a": key("a", 3), "?": key("?", None)}


def active(names: str) -> list:
    return [KEYS[name] for name in names]


def found_selection(meant, names: str, token, noted=None) -> KeySelection:
    return select_key(meant, active(names), token, noted, USER_ID, NOW)


def describe(selection: KeySelection) -> str:
    """The selection in one line: ``b | predecessors | orphans | lost``."""
    others = ("".join(ids(keys)) for keys in (selection.predecessors, selection.orphans, selection.lost))
    return " | ".join((selection.kept.id if selection.kept else "-", *(name or "-" for name in others)))


@pytest.mark.parametrize(
    ("names", "selection"),
    [("", "- | - | - | -"), ("a", "a | - | - | -"), ("cba", "c | ba | - | -"), ("c?", "c | - | - | -")],
)
def test_without_a_stored_token_the_newest_counts(names, selection):
    assert describe(found_selection(wanted(), names, None)) == selection


@pytest.mark.parametrize("place", [on_file, given])
@pytest.mark.parametrize(
    ("names", "stored", "selection"),
    [
        ("a", "a", "a | - | - | -"),
        ("cba", "c", "c | ba | - | -"),
        ("cba", "b", "b | a | - | -"),
        ("cba", "a", "a | - | - | -"),
        ("cb?", "b", "b | - | - | -"),
        ("cb?", "?", "? | - | - | -"),
    ],
)
def test_the_stored_tokens_key_counts_and_younger_ones_are_not_said_to_be_anything(place, names, stored, selection):
    """Somebody may use them: a key made by hand, renamed to this name, or kept in a file of another host's."""
    assert describe(found_selection(wanted(), names, place(stored))) == selection


@pytest.mark.parametrize("token", [NO_TOKEN, NONE_GIVEN])
def test_without_a_key_and_without_a_token_nothing_is_lost(token):
    selection = found_selection(wanted(), "", token)
    assert (describe(selection), selection.why_none_kept) == ("- | - | - | -", f"no active {wanted()}")


LOST = {
    "nothing stored": NO_TOKEN,
    "nothing given": NONE_GIVEN,
    "garbage": on_file(None),
    "of another active key": on_file("z", record=api_key("z", description="other")),
    "of a revoked key": on_file("z", record=api_key("z", status="revoked")),
    "of a gone key": given("z", is_of_deleted_key=True),
    "unknown here": on_file("z"),
}


@pytest.mark.parametrize("token", LOST.values(), ids=LOST)
@pytest.mark.parametrize(
    ("policy", "selection"), [("fail", None), ("replace", "- | - | - | cba"), ("ignore", "c | ba | - | -")]
)
def test_a_token_that_is_not_an_active_matchs_is_lost_and_the_policy_decides(token, policy, selection):
    if selection is None:
        with pytest.raises(LostTokenError, match=r"\(id c\), but t.*\. (Put|Nothing was changed)"):
            found_selection(wanted(on_lost_token=policy), "cba", token)
        return
    found = found_selection(wanted(on_lost_token=policy), "cba", token)
    assert describe(found) == selection
    said = found.why_none_kept if policy == "replace" else found.warnings[0]
    assert said.startswith(f"on_lost_token is {policy}: API key 'nightly reload'")


@pytest.mark.parametrize("token", [token for token in LOST.values() if not token.is_empty])
@pytest.mark.parametrize("policy", ["fail", "replace", "ignore"])
def test_it_is_lost_as_well_when_no_key_is_active(token, policy):
    if policy == "fail":
        with pytest.raises(LostTokenError, match="^No API key 'nightly reload' .* is active, and t"):
            found_selection(wanted(), "", token)
        return
    assert describe(found_selection(wanted(on_lost_token=policy), "", token)) == "- | - | - | -"


@pytest.mark.parametrize(
    ("token", "names", "noted", "is_lost"),
    [
        (on_file("z", record=api_key("z", status="revoked")), "", interrupted("z", stored="z"), False),
        (on_file("z", is_of_deleted_key=True), "", interrupted("z", stored="z"), False),
        # Nobody was stopped: the key was revoked by somebody who meant it.
        (on_file("z", is_of_deleted_key=True), "", None, True),
        (on_file("z", is_of_deleted_key=True), "a", interrupted("z", "a", stored="z"), True),
        (on_file("z"), "", interrupted("z", stored="z"), True),
        (on_file(None), "", interrupted(), True),
        # Beside a store of the caller's own there is no note.
        (given("z", is_of_deleted_key=True), "", None, False),
        (given("z"), "", None, True),
    ],
)
def test_a_run_that_makes_room_first_may_have_been_stopped_after_that(token, names, noted, is_lost):
    if is_lost:
        with pytest.raises(LostTokenError):
            found_selection(wanted(retire_first=True), names, token, noted)
    else:
        assert describe(found_selection(wanted(retire_first=True), names, token, noted)) == "- | - | - | -"


@pytest.mark.parametrize(
    ("noted", "names", "token", "policy", "selection"),
    [
        # First creation: stopped after the answer, or after the storing.
        (interrupted(), "a", NO_TOKEN, "fail", "- | - | a | -"),
        (interrupted(), "a", on_file("a"), "fail", "a | - | - | -"),
        # Renewal of "b".
        (interrupted("b", stored="b"), "cb", on_file("b"), "fail", "b | - | c | -"),
        (interrupted("b", stored="b"), "cb", on_file("c"), "fail", "c | b | - | -"),
        # The tenant tells no age, and the note does.
        (interrupted("b", stored="b"), "?b", on_file("b"), "fail", "b | - | ? | -"),
        # Replacement of "a" and "b", whose tokens are lost.
        (interrupted("b", "a", replaced=("b", "a")), "cba", NO_TOKEN, "replace", "- | - | c | ba"),
        (interrupted("b", "a", replaced=("b", "a")), "cba", NO_TOKEN, "ignore", "b | a | c | -"),
        (interrupted("b", "a", replaced=("b", "a")), "cba", on_file("c"), "replace", "c | - | - | ba"),
        (interrupted("b", "a", replaced=("b", "a")), "cba", on_file("c"), "fail", "c | - | - | ba"),
        (interrupted("b", "a", replaced=("b", "a")), "ca", on_file("c"), "fail", "c | - | - | a"),
        # Room was made for the successor of "a", or not yet.
        (interrupted("a", stored="a"), "b", LOST["of a revoked key"], "replace", "- | - | - | b"),
        (interrupted("z", stored="z"), "b", LOST["of a revoked key"], "replace", "- | - | b | -"),
    ],
)
def test_an_interrupted_run_is_completed(noted, names, token, policy, selection):
    assert describe(found_selection(wanted(on_lost_token=policy), names, token, noted)) == selection


def test_a_key_that_somebody_uses_is_told_from_the_orphan_of_a_first_creation():
    noted = interrupted("a")
    with pytest.raises(LostTokenError, match=r"\(id a\), but token_file /t holds no token"):
        found_selection(wanted(), "ba", NO_TOKEN, noted)
    assert describe(found_selection(wanted(on_lost_token="ignore"), "ba", NO_TOKEN, noted)) == "a | - | b | -"


@pytest.mark.parametrize(("stored", "noted"), [(NO_TOKEN, interrupted()), (on_file("a"), interrupted("a", stored="a"))])
def test_of_more_new_keys_than_were_asked_for_none_is_taken_for_an_orphan(stored, noted):
    names = "cba" if stored.key_id else "cb"
    with pytest.raises(
        LostTokenError, match=r"^There are more new keys .* \(c, b\), so .*Retire those whose token nobody has"
    ):
        found_selection(wanted(on_lost_token="replace"), names, stored, noted)
    orphans = found_selection(wanted(), names, stored, replace(noted, requests=2)).orphans
    assert ids(orphans) == ["c", "b"]


@pytest.mark.parametrize("maker", ["another", None])
@pytest.mark.parametrize("noted", [None, interrupted("a", stored="a")])
def test_a_younger_key_that_is_not_known_to_be_made_by_this_user_is_no_orphan(maker, noted):
    theirs = key("theirs", 1, created_by_user=maker)
    selection = select_key(wanted(), [theirs, KEYS["a"]], on_file("a"), noted, USER_ID, NOW)
    assert describe(selection) == "a | - | - | -"
