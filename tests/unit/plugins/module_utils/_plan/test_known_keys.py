# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, ids, wanted
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import LONG_PAST, USER_ID, api_key

KNOWN = KnownKeys([api_key("b"), api_key("a", description="weekly"), api_key("c", sub="another")])
SCIM = {"description": "Entra", "sub_type": "externalClient"}


def test_all_are_there_in_the_order_of_the_listing():
    assert ids(KNOWN) == ["b", "a", "c"]


def test_a_key_that_two_pages_show_is_there_once():
    assert ids(KnownKeys([api_key("a"), api_key("b"), api_key("a")]).find_candidates(wanted())) == ["a", "b"]


@pytest.mark.parametrize(("key_id", "found"), [("a", "weekly"), ("z", None)])
def test_a_key_is_found_by_its_id(key_id, found):
    key = KNOWN.get(key_id)
    assert (key and key.description) == found


@pytest.mark.parametrize(
    ("meant", "candidates"),
    [
        (wanted(), ["b", "c"]),
        (WantedKey("weekly"), ["a"]),
        (WantedKey("monthly"), []),
        (WantedKey("weekly", id="b"), ["b"]),
        (WantedKey(None, id="z"), []),
    ],
)
def test_every_key_that_may_be_meant_is_a_candidate(meant, candidates):
    assert ids(KNOWN.find_candidates(meant)) == candidates


@pytest.mark.parametrize(
    ("renamed", "description", "taken_by"),
    [
        (api_key("a", description="weekly"), "nightly reload", "b"),
        (api_key("a", description="weekly"), "weekly", None),
        (api_key("a", description="weekly"), "monthly", None),
        (api_key("b"), "weekly", "a"),
        # Another owner, another kind.
        (api_key("z", description="daily", sub="another"), "weekly", None),
        (api_key("z", description="daily", sub="another"), "nightly reload", "c"),
        (api_key("z", description="daily", sub_type="externalClient"), "weekly", None),
    ],
)
def test_a_namesake_is_another_key_of_the_same_owner_and_kind(renamed, description, taken_by):
    found = KNOWN.find_namesake(renamed, description, NOW)
    assert (found and found.id) == taken_by


def test_the_namesake_of_a_scim_key_is_found_however_its_backslashes_are_stored():
    known = KnownKeys([api_key("e", sub="SCIM\\\\idp-1", **SCIM)])
    renamed = api_key("z", sub="SCIM\\idp-1", **{**SCIM, "description": "old"})
    assert known.find_namesake(renamed, "Entra", NOW).id == "e"


@pytest.mark.parametrize("ended", [{"status": "revoked"}, {"status": "expired"}, {"expiry": LONG_PAST}])
def test_a_key_that_has_ended_takes_no_name(ended):
    assert (
        KnownKeys([api_key("b", **ended)]).find_namesake(api_key("a", description="weekly"), "nightly reload", NOW)
        is None
    )


COMPOSED, DECOMPOSED = "Schl\u00fcssel", "Schlu\u0308ssel"


@pytest.mark.parametrize(
    ("listed", "meant", "found"),
    [
        ({"description": DECOMPOSED}, WantedKey(COMPOSED, sub=USER_ID), "a"),
        ({"description": COMPOSED}, WantedKey(DECOMPOSED, sub=USER_ID), "a"),
        ({"description": COMPOSED}, WantedKey(COMPOSED, sub=USER_ID), None),
        ({"description": "Schlussel"}, WantedKey(COMPOSED, sub=USER_ID), None),
        ({"description": DECOMPOSED, "sub": "another"}, WantedKey(COMPOSED, sub=USER_ID), None),
        ({"description": DECOMPOSED, "status": "revoked"}, WantedKey(COMPOSED, sub=USER_ID), None),
        ({"description": DECOMPOSED}, WantedKey(COMPOSED, id="b"), None),
    ],
)
def test_a_key_whose_description_looks_alike_is_found_where_it_is_active_and_of_the_same_owner(listed, meant, found):
    key = KnownKeys([api_key("a", **listed), api_key("b")]).find_lookalike(meant, NOW)
    assert (key and key.id) == found
