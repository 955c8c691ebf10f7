# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which keys are made and retired when one takes the place of others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import (
    NO_TOKEN,
    NONE_GIVEN,
    after,
    given,
    interrupted,
    key,
    on_file,
    present,
    steps,
    wanted,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import api_key

DUE = {"renew_before": "P10D"}
HELD = key("held", 24, expiry=after(days=10))
OLDER = key("older", 48, expiry=after(days=5))
ORPHAN = key("orphan", 1)
YOUNGER = key("younger", 1)
NOTED = interrupted("held", "older", stored="held")
GARBAGE = on_file(None)
ENDED = on_file("z", record=api_key("z", status="revoked"))


def planned(meant, keys, token, noted=None) -> list[str]:
    return steps(present(meant, keys, token, noted))


@pytest.mark.parametrize("place", [on_file, given])
@pytest.mark.parametrize(
    ("how", "keys", "actions"),
    [
        # Before the window, and in it.
        ({"renew_before": "P9D"}, [HELD], []),
        (DUE, [HELD], ["create"]),
        ({"force_renew": True}, [HELD], ["create"]),
        # The overlap of "held" with what it took the place of a day ago: not given, running, over.
        ({}, [HELD, OLDER], []),
        ({"overlap": "P2D"}, [HELD, OLDER], []),
        ({"overlap": "P1D"}, [HELD, OLDER], ["retire older"]),
        ({"overlap": "PT0S"}, [HELD, OLDER], ["retire older"]),
        # Predecessors whose overlap is over go at once; before a creation, they would only take up room.
        ({**DUE, "overlap": "P1D"}, [HELD, OLDER], ["retire older", "create"]),
        ({**DUE, "overlap": "P2D"}, [HELD, OLDER], ["create"]),
        # Nothing proves of a younger key that nobody has its token.
        ({}, [YOUNGER, HELD], []),
        ({"overlap": "P1D"}, [YOUNGER, HELD, OLDER], ["retire older"]),
        ({**DUE, "overlap": "P1D"}, [YOUNGER, HELD, OLDER], ["retire older", "create"]),
        ({**DUE, "retire_first": True}, [YOUNGER, HELD], ["retire held", "create"]),
        # A successor made before the overlap is over does not make it begin anew.
        ({"overlap": "P2D"}, [HELD, key("older", 40), key("oldest", 96)], []),
        ({"overlap": "P2D"}, [HELD, key("older", 50), key("oldest", 96)], ["retire oldest"]),
        # Room is made for the successor only when there is to be one.
        ({"retire_first": True}, [HELD, OLDER], []),
        ({**DUE, "retire_first": True}, [HELD, OLDER], ["retire older", "retire held", "create"]),
    ],
)
def test_a_tracked_key_is_renewed_in_its_window_and_its_predecessors_end_with_the_overlap(place, how, keys, actions):
    assert planned(wanted(**how), keys, place("held")) == actions


@pytest.mark.parametrize(
    ("token", "actions"),
    [
        (on_file("held"), ["create", "retire older", "retire held"]),
        # The new token is only known to be stored when the next run is given it. That of "held" is.
        (given("held"), ["retire older", "create"]),
        (None, ["retire older", "create"]),
    ],
)
def test_without_an_overlap_the_predecessors_end_as_soon_as_the_new_token_is_stored(token, actions):
    assert planned(wanted(**DUE, overlap="PT0S"), [HELD, OLDER], token) == actions


@pytest.mark.parametrize("token", [on_file("short"), given("short"), None])
@pytest.mark.parametrize(("limit", "actions"), [("P90D", ["create"]), ("P10D", []), (None, [])])
def test_a_key_made_for_less_than_the_window_gets_a_successor_only_if_that_will_live_longer(token, limit, actions):
    short = key("short", 24, expiry=after(days=9))
    plan = present(wanted(expiry="P30D", renew_before="P20D"), [short], token, limit=limit)
    assert steps(plan) == actions


@pytest.mark.parametrize(
    ("how", "actions"),
    [
        ({"overlap": "PT0S"}, ["retire oldest", "retire older"]),
        ({**DUE, "overlap": "PT0S"}, ["create", "retire oldest", "retire older", "retire held"]),
        ({**DUE, "retire_first": True}, ["retire oldest", "retire older", "retire held", "create"]),
    ],
)
def test_predecessors_are_retired_the_oldest_first_since_the_newest_may_be_what_the_run_signs_in_with(how, actions):
    oldest = key("oldest", 72, expiry=after(days=1))
    assert planned(wanted(**how), [HELD, OLDER, oldest], on_file("held")) == actions


@pytest.mark.parametrize(
    ("how", "actions"),
    [({}, []), (DUE, ["create"]), ({"overlap": "P1D"}, ["retire older"]), ({"force_renew": True}, ["create"])],
)
def test_of_keys_that_are_not_tracked_the_newest_is_renewed(how, actions):
    assert planned(wanted(**how), [OLDER, HELD], None) == actions


@pytest.mark.parametrize("how", [{}, {"renew_before": "P9D"}, {"force_renew": True}])
@pytest.mark.parametrize("token", [NO_TOKEN, NONE_GIVEN, ENDED])
def test_replacing_makes_a_key_and_then_retires_those_whose_tokens_are_lost(token, how):
    plan = present(wanted(on_lost_token="replace", **how), [HELD, OLDER], token)
    assert steps(plan) == ["create", "retire older", "retire held"]
    assert (plan.existing, plan.replaced) == (("held", "older"), ("held", "older"))
    assert plan.actions[0].reason.startswith("on_lost_token is replace: ")
    assert plan.actions[1].reason == "its token is lost, and another key has taken its place"


def test_replacing_can_make_room_first():
    assert planned(wanted(on_lost_token="replace", retire_first=True), [HELD], NO_TOKEN) == ["retire held", "create"]


@pytest.mark.parametrize("policy", ["replace", "ignore"])
@pytest.mark.parametrize("keys", [[], [HELD]])
@pytest.mark.parametrize("token", [GARBAGE, on_file("z"), on_file("z", record=api_key("z", description="weekly"))])
def test_a_token_that_may_be_of_use_to_somebody_is_never_overwritten(policy, keys, token):
    meant = wanted(on_lost_token=policy, force_renew=True)
    with pytest.raises(LostTokenError, match="It was left as it is, and no key was made"):
        present(meant, keys, token)


@pytest.mark.parametrize(
    ("how", "actions"),
    [
        ({}, []),
        ({"overlap": "P1D"}, ["retire older"]),
        (DUE, ["create"]),
        ({**DUE, "overlap": "PT0S"}, ["create", "retire older", "retire held"]),
    ],
)
def test_ignoring_goes_on_with_a_warning_as_if_no_token_were_tracked(how, actions):
    plan = present(wanted(on_lost_token="ignore", **how), [HELD, OLDER], NO_TOKEN)
    assert steps(plan) == actions
    assert plan.warnings[0].startswith("on_lost_token is ignore: API key 'nightly reload'")


@pytest.mark.parametrize(
    ("noted", "keys", "token", "how", "actions"),
    [
        (interrupted(), [ORPHAN], NO_TOKEN, {}, ["retire orphan", "create"]),
        (NOTED, [ORPHAN, HELD], on_file("held"), {}, ["retire orphan"]),
        (NOTED, [ORPHAN, HELD], on_file("held"), DUE, ["retire orphan", "create"]),
        # Orphans and predecessors whose overlap is over go at once; before a creation, they would only take up room.
        (NOTED, [ORPHAN, HELD, OLDER], on_file("held"), {"overlap": "P1D"}, ["retire orphan", "retire older"]),
        (
            NOTED,
            [ORPHAN, HELD, OLDER],
            on_file("held"),
            {**DUE, "overlap": "P1D"},
            ["retire orphan", "retire older", "create"],
        ),
        (
            NOTED,
            [ORPHAN, HELD],
            on_file("held"),
            {**DUE, "retire_first": True},
            ["retire orphan", "retire held", "create"],
        ),
        (interrupted("older", replaced=("older",)), [HELD, OLDER], on_file("held"), {}, ["retire older"]),
        (
            interrupted("older", replaced=("older",)),
            [HELD, OLDER],
            NO_TOKEN,
            {"on_lost_token": "replace"},
            ["retire held", "create", "retire older"],
        ),
        (interrupted("z", stored="z"), [], ENDED, {"retire_first": True}, ["create"]),
        (interrupted("z", stored="z"), [ORPHAN], ENDED, {"retire_first": True}, ["retire orphan", "create"]),
    ],
)
def test_an_interrupted_run_is_completed_in_order(noted, keys, token, how, actions):
    plan = present(wanted(**how), keys, token, noted)
    assert steps(plan) == actions
    assert plan.orphans == (("orphan",) if ORPHAN in keys else ("held",) if token.is_empty else ())


def test_keys_that_were_replaced_already_are_not_kept_waiting_for_yet_another_key():
    """They are known to be of no use; after a further interruption they would pass for predecessors, which live on."""
    noted = interrupted("older", replaced=("older",))
    actions = planned(wanted(force_renew=True), [HELD, OLDER], on_file("held"), noted)
    assert actions == ["retire older", "create"]


@pytest.mark.parametrize(
    ("how", "keys", "token", "gap"),
    [
        ({**DUE, "retire_first": True}, [HELD], on_file("held"), True),
        ({"on_lost_token": "replace", "retire_first": True}, [HELD], NO_TOKEN, True),
        ({"retire_first": True}, [HELD], on_file("held"), False),
        ({"retire_first": True}, [], NO_TOKEN, False),
        ({**DUE, "overlap": "PT0S"}, [YOUNGER, HELD], on_file("held"), False),
        ({"overlap": "PT0S"}, [YOUNGER, HELD, OLDER], on_file("held"), False),
    ],
)
def test_a_plan_tells_whether_there_will_be_a_moment_without_a_key(how, keys, token, gap):
    assert present(wanted(**how), keys, token).leaves_a_gap is gap


def test_what_is_noted_before_a_key_is_made_leaves_out_the_orphans_that_are_still_to_go():
    plan = present(wanted(**DUE), [ORPHAN, HELD, OLDER], on_file("held"), NOTED)
    assert (plan.existing, plan.replaced) == (("held", "older"), ())


def test_what_is_noted_has_younger_keys_so_that_they_will_not_be_taken_for_the_one_to_be_made():
    plan = present(wanted(**DUE), [YOUNGER, HELD, OLDER], on_file("held"))
    assert plan.existing == ("younger", "held", "older")


def test_the_pictures_show_the_active_keys_before_and_after():
    meant = wanted(**DUE, overlap="PT0S")
    plan = present(
        meant, [ORPHAN, YOUNGER, HELD, OLDER], on_file("held"), replace(NOTED, existing=("younger", "held", "older"))
    )
    assert [key["id"] for key in plan.before["api_keys"]] == ["orphan", "younger", "held", "older"]
    assert [key["id"] for key in plan.after["api_keys"]] == [None, "younger"]
    assert plan.kept is None
