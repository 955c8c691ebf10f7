# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which key has taken the place of which."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.successors import find_successors
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after, key
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID


def of(*keys: ApiKey) -> dict[str, str]:
    return dict(find_successors(keys, NOW))


def test_of_several_the_newest_succeeds_all_others_in_whatever_order_they_come():
    keys = [key("old", 48), key("new", 1), key("middle", 24)]
    assert of(*keys) == of(*reversed(keys)) == {"old": "new", "middle": "new"}


@pytest.mark.parametrize(
    "other",
    [
        {"description": "Nightly reload"},
        {"sub": "somebody else"},
        {"sub_type": "externalClient"},
        {"status": "revoked"},
        {"status": "expired"},
        {"expiry": after(hours=-1)},
    ],
)
def test_a_newer_key_of_another_name_or_owner_or_one_that_has_ended_succeeds_none(other):
    assert of(key("old", 48), key("new", 1, **other)) == {}


def test_a_key_that_has_ended_may_have_a_successor():
    assert of(key("old", 48, status="expired"), key("new", 1)) == {"old": "new"}


@pytest.mark.parametrize("ages", [(1, 1), (None, None), (None, 1), (1, None)])
def test_of_two_of_the_same_or_of_unknown_age_neither_succeeds(ages):
    assert of(key("one", ages[0]), key("two", ages[1])) == {}


def test_nothing_succeeds_itself_and_none_of_no_keys():
    assert of(key("only")) == of() == {}


def test_a_scim_subject_is_the_same_with_one_backslash_and_with_two():
    subs = (f"SCIM\\{IDP_ID}", f"SCIM\\\\{IDP_ID}")
    old, new = (key(name, age, sub=sub, sub_type="externalClient") for name, age, sub in zip("on", (9, 1), subs))
    assert of(old, new) == {"o": "n"}
