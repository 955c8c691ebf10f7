# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys for users who are named by e-mail address or subject."""

from __future__ import annotations

import json

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import USERS, expect_user, user_record
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import page, record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    NIGHTLY,
    expect_creation,
    expect_listing,
    expect_retirement,
    steps,
)

ANA, BEN = "66f0c7d2a1b2c3d4e5f6000a", "66f0c7d2a1b2c3d4e5f6000b"
E_MAIL = f"{ANA}@example.com"


@pytest.mark.parametrize("name", [E_MAIL, f"auth0|{ANA}"])
def test_a_key_is_made_for_the_user_who_is_called_so(run, wire, tmp_path, name):
    expect_user(wire, name, user_record(ANA))
    expect_listing(wire, status="active", sub=ANA)
    expect_creation(wire, {**BODY, "sub": ANA}, record("key-1", sub=ANA), token_of("key-1"))
    result = run("api_key", **NIGHTLY, sub=name, token_file=str(tmp_path / "t")).results
    assert result["api_key"]["sub"] == ANA


def test_a_key_is_retired_of_the_user_who_is_called_so(run, wire):
    expect_user(wire, E_MAIL, user_record(ANA))
    expect_listing(wire, record("key-1", sub=ANA), status="active", sub=ANA)
    expect_retirement(wire, "key-1")
    assert steps(run("api_key", **NIGHTLY, sub=E_MAIL, state="absent").results) == ["retire key-1"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_user_that_is_unknown_is_an_error_before_any_key_is_read(run, wire, state):
    expect_user(wire, "gone@example.com")
    message = run("api_key", **NIGHTLY, sub="gone@example.com", state=state).message
    assert message == "sub: no user of the tenant has 'gone@example.com' for an id, e-mail address or subject."


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), "sub: no user of the tenant has 'jdoe' for an id, e-mail address or subject."),
        ((user_record(ANA, subject="jdoe"),), f"sub: 'jdoe' is the subject of user {ANA}; give that id."),
    ],
)
def test_that_nothing_is_there_to_be_retired_does_not_come_of_a_wrong_name(run, wire, found, expected):
    expect_listing(wire, status="active", sub="jdoe")
    expect_user(wire, "jdoe", *found)
    assert run("api_key", **NIGHTLY, sub="jdoe", state="absent").message == expected


def test_users_of_several_entries_are_looked_up_together(run, wire):
    names = [E_MAIL, f"{BEN}@example.com"]
    ored = " or ".join(f"{field} eq {json.dumps(name)}" for name in names for field in ("id", "email", "subject"))
    users = page(user_record(ANA), user_record(BEN))
    wire.expects("GET", USERS, query={"filter": ored, "limit": "100"}).answers(json=users)
    expect_listing(wire, record("key-1", sub=ANA), record("key-2", sub=BEN), status="active")
    result = run("api_keys", keys=[{**NIGHTLY, "sub": name} for name in names]).results
    assert [key["sub"] for key in result["api_keys"]] == [ANA, BEN]


def test_two_names_of_one_user_name_one_key_twice(run, wire):
    expect = json.dumps(f"auth0|{ANA}")
    ored = " or ".join(
        f"{field} eq {name}" for name in (json.dumps(E_MAIL), expect) for field in ("id", "email", "subject")
    )
    wire.expects("GET", USERS, query={"filter": ored, "limit": "100"}).answers(json=page(user_record(ANA)))
    keys = [{**NIGHTLY, "sub": E_MAIL}, {**NIGHTLY, "sub": f"auth0|{ANA}"}]
    assert "keys[1]: names the same key as keys[0]" in run("api_keys", keys=keys).message
