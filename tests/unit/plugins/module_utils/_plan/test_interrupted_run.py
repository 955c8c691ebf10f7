# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from the note of a run that was stopped. In the tables, "new" is the key it may have made."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import after, ids, interrupted, key
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER_ID
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

SCIM = InterruptedRun(BASE, "Entra", "SCIM\\idp-1", "externalClient")


@pytest.mark.parametrize(
    ("noted", "now", "is_about"),
    [
        (interrupted(), (BASE, "nightly reload", USER_ID, "user"), True),
        (interrupted(), ("https://other.example.com", "nightly reload", USER_ID, "user"), False),
        (interrupted(), (BASE, "weekly", USER_ID, "user"), False),
        (interrupted(), (BASE, "nightly reload", "another", "user"), False),
        (interrupted(), (BASE, "nightly reload", None, "user"), False),
        (interrupted(), (BASE, "nightly reload", USER_ID, "externalClient"), False),
        (SCIM, (BASE, "Entra", "SCIM\\\\idp-1", "externalClient"), True),
        (SCIM, (BASE, "Entra", "SCIM\\idp-2", "externalClient"), False),
    ],
)
def test_a_note_is_about_one_key_of_one_tenant(noted, now, is_about):
    assert noted.is_about(*now) is is_about


@pytest.mark.parametrize(
    ("noted", "active", "stored", "orphans"),
    [
        # Stopped before the request, or while the tenant refused it.
        (interrupted(), [], None, []),
        (interrupted("old", stored="old"), ["old"], "old", []),
        # Stopped between the answer and the token's storing.
        (interrupted(), ["new"], None, ["new"]),
        (interrupted("old", stored="old"), ["new", "old"], "old", ["new"]),
        (interrupted("old"), ["new", "old"], None, ["new"]),
        (interrupted("old", stored="ended"), ["new", "old"], "ended", ["new"]),
        # Stopped after the token was stored.
        (interrupted(), ["new"], "new", []),
        (interrupted("old", stored="old"), ["new", "old"], "new", []),
        # The token of one that was not there before is stored: that is the one that was asked for, and the other is not.
        (interrupted(), ["new", "other"], "other", []),
        (interrupted("old", stored="old"), ["new", "other", "old"], "other", []),
        # Two were asked for, and one was stored; or none.
        (interrupted(requests=2), ["new", "other"], "other", ["new"]),
        (interrupted(requests=2), ["new", "other"], None, ["new", "other"]),
        # Stored, but the token names another id than its key's: nothing is known.
        (interrupted(), ["new"], "odd", []),
        (interrupted("old", stored="old"), ["new", "old"], "odd", []),
        (interrupted("old", stored="old"), ["new", "old"], None, []),
    ],
)
def test_a_key_that_was_not_there_before_and_whose_token_is_not_stored_is_an_orphan(noted, active, stored, orphans):
    assert ids(noted.find_orphans([key(key_id) for key_id in active], stored, USER_ID)) == orphans


@pytest.mark.parametrize(("maker", "is_orphan"), [("admin", True), (None, False), (USER_ID, False), ("another", False)])
def test_what_is_not_known_to_be_made_by_the_requester_is_no_orphan_of_the_run(maker, is_orphan):
    """Not even what the subject made: it may be in use. Nor where the tenant does not tell."""
    made = key("new", created_by_user=maker)
    assert interrupted().find_orphans([made], None, "admin") == ([made] if is_orphan else [])


@pytest.mark.parametrize(
    ("asked", "age", "is_orphan"),
    [
        (after(), 0, True),
        (after(), -1, True),
        (after(), -1.001, False),
        (after(), -1000, False),
        # Clocks differ a little.
        (after(), 1, True),
        # A key that somebody renamed to this name since then.
        (after(), 1.001, False),
        (after(), 1000, False),
        # One of the times is not known.
        (after(), None, True),
        (None, 1000, True),
        ("soon", -1000, True),
    ],
)
def test_what_was_made_long_before_the_note_or_long_after_it_is_no_orphan(asked, age, is_orphan):
    made = key("new", age)
    assert interrupted(asked=asked).find_orphans([made], None, USER_ID) == ([made] if is_orphan else [])


@pytest.mark.parametrize(("age", "is_orphan"), [(0, True), (3600, True), (3601, False)])
@pytest.mark.parametrize(("asked", "created"), [(after(), None), (None, 1000), (None, None)])
def test_where_a_time_is_not_told_what_is_there_long_after_the_note_is_no_orphan(age, is_orphan, asked, created):
    made = key("new", created)
    assert interrupted(asked=asked, age=age).find_orphans([made], None, USER_ID) == ([made] if is_orphan else [])


@pytest.mark.parametrize(
    ("noted", "stored", "left"),
    [
        (interrupted(), None, 1),
        (interrupted(), "new", 0),
        (interrupted("old", stored="old"), "old", 1),
        (interrupted("old", "older", stored="old"), "older", 1),
        (interrupted("old", stored="old"), "new", 0),
        (interrupted("old", stored="old"), None, 1),
        (interrupted(requests=3), "new", 2),
    ],
)
def test_of_what_was_asked_for_that_is_left_whose_token_is_not_stored(noted, stored, left):
    assert noted.count_unstored_requests(stored) == left


@pytest.mark.parametrize(("age", "in_doubt"), [(0, True), (119, True), (120, False), (100_000, False)])
def test_for_two_minutes_a_request_may_still_be_carried_out(age, in_doubt):
    assert interrupted(age=age, requests=2).count_pending_requests(None, found=0) == (2 if in_doubt else 0)


@pytest.mark.parametrize(
    ("requests", "stored", "found", "pending"),
    [
        (1, None, 0, 1),
        (1, None, 1, 0),
        (1, "new", 0, 0),
        (2, "new", 0, 1),
        (2, "new", 1, 0),
        (2, None, 1, 1),
        (1, None, 2, 0),
    ],
)
def test_one_whose_token_is_stored_or_whose_key_was_found_is_not_waited_for(requests, stored, found, pending):
    assert interrupted(requests=requests).count_pending_requests(stored, found) == pending


@pytest.mark.parametrize(
    ("noted", "active", "stored", "left"),
    [
        (interrupted("lost", replaced=("lost",)), ["lost"], None, []),
        (interrupted("lost", replaced=("lost",)), ["new", "lost"], None, []),
        (interrupted("lost", replaced=("lost",)), ["new", "lost"], "new", ["lost"]),
        (interrupted("lost", replaced=("lost",)), ["new"], "new", []),
        (interrupted("lost", "kept", replaced=("lost",)), ["new", "lost", "kept"], "new", ["lost"]),
        (interrupted("lost", replaced=("lost",), stored="ended"), ["new", "lost"], "ended", []),
        (interrupted("lost", replaced=("lost",), stored="ended"), ["new", "lost"], "new", ["lost"]),
        # Somebody found the token again and put it back.
        (interrupted("lost", replaced=("lost",)), ["lost"], "lost", []),
    ],
)
def test_keys_that_were_to_be_replaced_are_retired_once_the_new_token_is_stored(noted, active, stored, left):
    assert ids(noted.find_replaced_keys([key(key_id) for key_id in active], stored)) == left
