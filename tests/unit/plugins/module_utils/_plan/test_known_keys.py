# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from unit.planning import ids, wanted
from unit.samples import api_key

KNOWN = KnownKeys([api_key("b"), api_key("a", description="weekly"), api_key("c", sub="another")])


def test_all_are_there_in_the_order_of_the_listing():
    assert ids(KNOWN) == ["b", "a", "c"]


def test_a_key_that_two_pages_show_is_there_once():
    assert ids(KnownKeys([api_key("a"), api_key("b"), api_key("a")]).candidates(wanted())) == ["a", "b"]


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
    assert ids(KNOWN.candidates(meant)) == candidates
