# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the set adds to planning its keys one by one."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import plan_absent
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import (
    PurgeScope,
    SetPlan,
    check_no_key_twice,
    check_no_name_taken,
    plan_purge,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, ids, on_file, present, steps, wanted
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import LONG_PAST, USER_ID, api_key

SCIM = {"sub": "SCIM\\idp-1", "sub_type": "externalClient"}
KEYS = KnownKeys(
    [
        api_key("mine"),
        api_key("weekly", description="weekly"),
        api_key("entra", description="Entra", **SCIM),
        api_key("colleague's", created_by_user="u2", sub="u2"),
        api_key("for colleague", sub="u2"),
        api_key("expired", expiry=LONG_PAST),
        api_key("revoked", status="revoked"),
        api_key("of nobody", created_by_user=None),
    ]
)
EVERY_USER_KEY = PurgeScope("user", None)
MINE = PurgeScope(None, USER_ID)


def purged(scope: PurgeScope, *named: WantedKey, own: str | None = None) -> list[str]:
    return steps(plan_purge(scope, named, KEYS, own, NOW))


@pytest.mark.parametrize(
    ("scope", "retired"),
    [
        (EVERY_USER_KEY, ["mine", "weekly", "colleague's", "for colleague", "of nobody"]),
        (MINE, ["mine", "weekly", "entra", "for colleague"]),
        (PurgeScope("externalClient", None), ["entra"]),
        (PurgeScope("user", "u2"), ["colleague's"]),
        (PurgeScope("externalClient", "u2"), []),
        (PurgeScope(None, "nobody"), []),
        (PurgeScope(sub="u2"), ["colleague's", "for colleague"]),
        (PurgeScope(sub="SCIM\\\\idp-1"), ["entra"]),
        (PurgeScope(description_search="WEEK"), ["weekly"]),
        (PurgeScope("user", description_search="nightly", sub="u2"), ["colleague's", "for colleague"]),
    ],
)
def test_every_active_key_inside_the_scope_is_retired_and_none_outside(scope, retired):
    assert purged(scope) == [f"retire {key_id}" for key_id in retired]


@pytest.mark.parametrize(
    ("named", "retired"),
    [
        ([wanted()], ["weekly", "entra", "for colleague"]),
        ([WantedKey("Entra", sub="SCIM\\\\idp-1", sub_type="externalClient")], ["mine", "weekly", "for colleague"]),
        ([WantedKey("new name", id="mine"), wanted(sub="u2")], ["weekly", "entra"]),
        ([WantedKey("Weekly", sub=USER_ID)], ["mine", "weekly", "entra", "for colleague"]),
    ],
)
def test_keys_that_the_list_names_are_spared(named, retired):
    assert purged(MINE, *named) == [f"retire {key_id}" for key_id in retired]


def test_a_purged_key_is_shown_and_told_with_the_reason():
    plan = plan_purge(PurgeScope("externalClient", None), [], KEYS, None, NOW)
    assert plan.actions == (Action("retire", "entra", "Entra", "purge: keys does not name it"),)
    assert ([key["id"] for key in plan.before["api_keys"]], plan.after) == (["entra"], {"api_keys": []})


@pytest.mark.parametrize(
    ("scope", "named", "refused"),
    [(MINE, [], True), (MINE, [wanted()], False), (PurgeScope("externalClient", None), [], False)],
)
def test_the_key_that_the_run_signs_in_with_is_never_purged(scope, named, refused):
    if refused:
        with pytest.raises(
            TenantStateError, match="^purge: it would retire API key mine, which this run signs in with"
        ):
            purged(scope, *named, own="mine")
    else:
        assert "retire mine" not in purged(scope, *named, own="mine")


def test_two_entries_about_one_key_are_refused():
    plans = {
        "keys[0]": present(WantedKey("weekly", sub=USER_ID), [api_key("key-2", description="weekly")]),
        "keys[1]": present(wanted(), [api_key("key-1")]),
    }
    assert check_no_key_twice(plans) is None
    plans["keys[2]"] = plan_absent(WantedKey(None, id="key-1"), [api_key("key-1")], None, NOW)
    with pytest.raises(
        OptionError, match=r"^keys\[2\]: means API key key-1, as keys\[1\] does\. Keep one of the two\.$"
    ):
        check_no_key_twice(plans)


def by_place(*each: object) -> dict:
    return {f"keys[{number}]": one for number, one in enumerate(each)}


def planned_names(*wanted_keys: WantedKey) -> None:
    """Raises what is wrong with the names that two keys, "mine" and "weekly", and SCIM ones are to have."""
    named = by_place(*wanted_keys)
    check_no_name_taken(named, {place: present(one, KEYS.find_candidates(one)) for place, one in named.items()})


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            wanted(),
            WantedKey("nightly reload", id="weekly"),
            "API key weekly would get the name of keys[0]",
        ),
        (
            WantedKey("monthly", id="mine"),
            WantedKey("monthly", id="weekly"),
            "API key mine would get the name of keys[1]",
        ),
        (
            WantedKey("both", id="entra"),
            WantedKey("both", sub="SCIM\\\\idp-1", sub_type="externalClient"),
            "API key entra would get the name of keys[1]",
        ),
        (WantedKey("monthly", id="mine"), WantedKey("monthly", id="for colleague"), None),
        (WantedKey("monthly", id="mine"), WantedKey("monthly", id="entra"), None),
        (WantedKey("monthly", id="mine"), WantedKey("monthly", sub="u2"), None),
        (WantedKey("nightly reload", id="mine"), WantedKey(None, id="weekly"), None),
        (WantedKey(None, id="mine"), WantedKey(None, id="weekly"), None),
    ],
)
def test_two_entries_do_not_give_two_keys_one_name(first, second, message):
    if message is None:
        assert planned_names(first, second) is None
        return
    with pytest.raises(OptionError) as refused:
        planned_names(first, second)
    assert f".description: {message}" in str(refused.value) and str(refused.value).endswith("Keep one of the two.")


def test_the_plan_of_a_set_is_that_of_its_entries_in_their_order_and_the_purge_last():
    kept = present(wanted(), [api_key("key-1")], on_file("key-1", exposed_mode="0644"))
    made = present(WantedKey("weekly", sub=USER_ID), [])
    gone = plan_absent(wanted(sub="u2"), [api_key("key-3", sub="u2")], on_file("key-3"), NOW)
    purge = plan_purge(PurgeScope("externalClient", None), [], KEYS, None, NOW)
    plan = SetPlan.combine(by_place(kept, made, None, gone), purge)
    assert steps(plan) == ["create", "retire key-3", "retire entra"]
    assert (plan.keys, plan.purge, plan.warnings) == (by_place(kept, made, None, gone), purge, kept.warnings)
    assert [key["id"] for key in plan.before["api_keys"]] == ["key-1", "key-3", "entra"]
    assert [key["id"] for key in plan.after["api_keys"]] == ["key-1", None]
    assert (plan.before["token_files"], "token_files" in plan.after, plan.changed) == (["/t"], False, True)


@pytest.mark.parametrize("purge", [None, plan_purge(PurgeScope(None, "nobody"), [], KEYS, None, NOW)])
def test_nothing_to_do_is_no_change(purge):
    plan = SetPlan.combine(by_place(present(wanted(), [api_key()])), purge)
    assert (plan.changed, plan.actions, ids(each.kept for each in plan.keys.values())) == (False, (), ["key-1"])
