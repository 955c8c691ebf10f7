# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys are meant, and what is known of a stored token."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NO_TOKEN, NOW, given, ids, key, on_file, wanted
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import LONG_PAST, USER_ID, api_key, record

SCIM = {"sub": "SCIM\\idp-1", "sub_type": "externalClient"}
SCIM_TWICE = {"sub": "SCIM\\\\idp-1", "sub_type": "externalClient"}


@pytest.mark.parametrize(
    ("meant", "key", "matches"),
    [
        (wanted(), api_key(), True),
        (wanted(), api_key(description="nightly"), False),
        (wanted(), api_key(description="Nightly reload"), False),
        (wanted(), api_key(sub="another"), False),
        (wanted(), api_key(sub_type="externalClient"), False),
        (wanted(), api_key(created_by_user="another"), True),
        (wanted(), api_key(status="revoked"), False),
        (wanted(), api_key(status="expired"), False),
        (wanted(), api_key(expiry=LONG_PAST), False),
        (wanted(), api_key(expiry=None), True),
        (wanted(**SCIM), api_key(**SCIM), True),
        (wanted(**SCIM), api_key(**SCIM_TWICE), True),
        (wanted(**SCIM_TWICE), api_key(**SCIM), True),
        (wanted(**SCIM), api_key(), False),
        (WantedKey("other", id="key-1"), api_key(**SCIM), True),
        (wanted(id="key-2"), api_key(), False),
        (WantedKey(None, id="key-1"), api_key(status="revoked"), False),
    ],
)
def test_a_key_is_meant_by_subject_type_and_description_or_by_id_alone_and_only_while_active(meant, key, matches):
    assert meant.find_active([key], NOW) == ([key] if matches else [])


@pytest.mark.parametrize("ages", [(1, 2, 3), (0.001, 0.002, 1), (2, None, None)])
def test_active_matches_come_newest_first_and_those_of_unknown_age_last(ages):
    newest, middle, oldest = (key(f"key-{number}", age) for number, age in enumerate(ages))
    assert ids(wanted().find_active([middle, oldest, newest], NOW)) == ["key-0", "key-1", "key-2"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (wanted(), wanted(renew_before="P1D", on_lost_token="replace", force_renew=True), True),
        (wanted(), wanted(sub="another"), False),
        (wanted(), wanted(sub=None), False),
        (wanted(sub=None), wanted(sub=None), True),
        (wanted(), WantedKey("weekly", sub=USER_ID), False),
        (wanted(**SCIM), wanted(**SCIM_TWICE), True),
        (wanted(**SCIM), wanted(sub="SCIM\\idp-1"), False),
        (WantedKey("a", id="key-1"), WantedKey("b", id="key-1"), True),
        (WantedKey(None, id="key-1"), WantedKey(None, id="key-2"), False),
    ],
)
def test_two_descriptions_of_one_key_have_one_identity(one, other, same):
    assert (one.identity == other.identity) is same


@pytest.mark.parametrize(("meant", "sub"), [(wanted(), USER_ID), (wanted(sub=None), None), (wanted(**SCIM), None)])
def test_the_listing_is_not_narrowed_to_one_spelling_of_a_scim_subject(meant, sub):
    assert meant.listing_sub == sub


@pytest.mark.parametrize(
    ("meant", "key", "renames"),
    [
        (WantedKey("weekly", id="key-1"), api_key(), True),
        (WantedKey("nightly reload", id="key-1"), api_key(), False),
        (WantedKey(None, id="key-1"), api_key(), False),
        (WantedKey("weekly", id="key-2"), api_key(), False),
        (WantedKey("weekly", sub=USER_ID), api_key(), False),
    ],
)
def test_only_a_key_named_by_its_id_is_renamed_and_only_to_another_description(meant, key, renames):
    assert meant.renames(key) is renames


@pytest.mark.parametrize(
    ("meant", "differences", "may_match"),
    [
        # "status" is what cannot be read of it.
        (wanted(), {}, True),
        (wanted(), {"id": None}, True),
        (wanted(), {"sub": None}, True),
        (wanted(), {"sub": ["a"]}, True),
        (wanted(), {"subType": 5}, True),
        (wanted(sub=None), {"sub": "another"}, True),
        (wanted(), {"sub": "another"}, False),
        (wanted(), {"subType": "externalClient"}, False),
        (wanted(), {"description": "weekly"}, False),
        (wanted(), {"description": None}, False),
        (wanted(**SCIM), {"sub": "SCIM\\\\idp-1", "subType": "externalClient"}, True),
        (WantedKey("weekly", id="key-1"), {"description": 5}, True),
        (WantedKey("weekly", id="key-1"), {"id": "key-2"}, False),
    ],
)
def test_a_record_that_cannot_be_read_may_be_of_a_key_that_is_meant(meant, differences, may_match):
    assert meant.may_match({**record("key-1", status=5), **differences}) is may_match


@pytest.mark.parametrize(
    ("meant", "text"),
    [
        (wanted(), f"API key 'nightly reload' (user {USER_ID})"),
        (wanted(**SCIM), "API key 'nightly reload' (externalClient SCIM\\idp-1)"),
        (wanted(sub=None), "API key 'nightly reload' (of the user who signs in)"),
        (WantedKey("weekly", id="key-1"), "API key key-1"),
    ],
)
def test_a_key_is_called_by_what_identifies_it(meant, text):
    assert str(meant) == text


@pytest.mark.parametrize(
    ("token", "has_ended"),
    [
        (NO_TOKEN, False),
        (on_file(None), False),
        (on_file("key-1"), False),
        (on_file("key-1", record=api_key()), False),
        (on_file("key-1", record=api_key(status="revoked")), True),
        (on_file("key-1", record=api_key(expiry=LONG_PAST)), True),
        (on_file("key-1", is_of_deleted_key=True), True),
        (given("key-1", is_of_deleted_key=True), True),
    ],
)
def test_a_token_is_of_no_use_only_when_its_key_is_known_to_have_ended(token, has_ended):
    assert token.is_of_ended_key(NOW) is has_ended
