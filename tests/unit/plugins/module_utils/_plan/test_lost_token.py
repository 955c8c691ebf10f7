# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a stored token that is not the active key's, and whether another may take its place."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.lost_token import (
    check_replaceable,
    describe_loss,
    describe_remedy,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import (
    NO_TOKEN,
    NONE_GIVEN,
    NOW,
    given,
    on_file,
    wanted,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import LONG_PAST, USER_ID, api_key

OTHER = api_key("key-9", description="weekly")
STATES = {
    "empty": (NO_TOKEN, "token_file /t holds no token, and Qlik Cloud never shows a token again"),
    "empty option": (NONE_GIVEN, "the given token is empty, and Qlik Cloud never shows a token again"),
    "garbage": (on_file(None), "token_file /t holds something that is not a token"),
    "of no named key": (on_file(None, has_no_key_id=True), "holds a token that does not say which API key it is of"),
    "of another active key": (
        on_file("key-9", record=OTHER),
        f"holds the token of API key key-9, which is active as 'weekly' (user {USER_ID})",
    ),
    "of a revoked key": (
        on_file("key-9", record=api_key("key-9", status="revoked")),
        "holds the token of API key key-9, which is revoked",
    ),
    "of an expired key": (on_file("key-9", record=api_key("key-9", expiry=LONG_PAST)), "key-9, which is expired"),
    "of a gone key": (
        given("key-9", is_of_deleted_key=True),
        "the given token is the token of API key key-9, which has been deleted",
    ),
    "of another tenant": (on_file("key-9"), "API key key-9, of which this user and tenant know nothing"),
}
REPLACEABLE = {"empty", "empty option", "of a revoked key", "of an expired key", "of a gone key"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("active", "start"),
    [
        ([api_key()], f"API key 'nightly reload' (user {USER_ID}) is active (id key-1), but t"),
        ([], f"No API key 'nightly reload' (user {USER_ID}) is active, and t"),
    ],
)
def test_it_is_said_which_key_is_meant_and_what_is_stored_instead(state, active, start):
    token, message = STATES[state]
    why = describe_loss(wanted(), active, token, NOW)
    assert why.startswith(start) and message in why and why.endswith(".")


@pytest.mark.parametrize("state", STATES)
def test_only_what_is_of_no_use_to_anybody_may_be_replaced(state):
    token, message = STATES[state]
    if state in REPLACEABLE:
        assert check_replaceable(token, NOW) is None
        return
    with pytest.raises(LostTokenError) as kept:
        check_replaceable(token, NOW)
    assert message in str(kept.value) and "It was left as it is, and no key was made" in str(kept.value)


@pytest.mark.parametrize(
    ("token", "way_out"),
    [
        (on_file(None), "give another path, or remove the file"),
        (given(None), "give the token that belongs to this key"),
        (
            on_file("key-9", record=api_key("key-9")),
            r"give another path; or, if that key is to be renamed, its id \(key-9\)",
        ),
    ],
)
def test_the_way_out_fits_the_place(token, way_out):
    with pytest.raises(LostTokenError, match=way_out):
        check_replaceable(token, NOW)


@pytest.mark.parametrize(
    ("meant", "active", "token", "way_out"),
    [
        (
            wanted(),
            [api_key()],
            NO_TOKEN,
            "Put the right token there if somebody has it; otherwise set on_lost_token: replace",
        ),
        (
            wanted(),
            [api_key()],
            STATES["of a revoked key"][0],
            "Put the right token there if somebody has it; otherwise",
        ),
        (wanted(), [], STATES["of a revoked key"][0], "Set on_lost_token: replace, which makes a new key"),
        (wanted(), [api_key()], on_file(None), "Nothing was changed: give another path, or remove the file."),
        (wanted(), [], given("key-9"), "Nothing was changed: give the token that belongs to this key, or none."),
        (WantedKey(None, id="key-1"), [api_key()], NO_TOKEN, "Put the right token there if somebody has it."),
    ],
)
def test_the_way_out_is_one_that_is_open(meant, active, token, way_out):
    assert describe_remedy(meant, active, token, NOW).startswith(way_out)
