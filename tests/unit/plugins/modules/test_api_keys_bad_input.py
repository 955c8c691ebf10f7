# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that contradict themselves, and scopes of a purge, are refused before anything is changed."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, USER_ID, record
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    MINE,
    NIGHTLY,
    expect_listing,
    expect_requester,
)

WEEKLY = {"description": "weekly"}
ENTRA = {"description": "Entra", "idp_id": IDP_ID}


@pytest.fixture
def files(tmp_path):
    """Two paths of one token file: one by its folder, one by a link to that."""
    (tmp_path / "link").symlink_to(tmp_path)
    return str(tmp_path / "t"), str(tmp_path / "link" / "t")


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([NIGHTLY, WEEKLY, NIGHTLY], "keys[2]: names the same key as keys[0], API key 'nightly reload'"),
        ([NIGHTLY, {**NIGHTLY, "state": "absent"}], "keys[1]: names the same key as keys[0]"),
        ([NIGHTLY, {**NIGHTLY, "expiry": "P30D"}], "keys[1]: names the same key as keys[0]"),
        (
            [{"id": "k"}, {"id": "k", **NIGHTLY}],
            "keys[1]: names the same key as keys[0], API key k: take one of them away, or give it another description or id.",
        ),
        (
            [ENTRA, {"description": "Entra", "sub_type": "externalClient", "sub": f"SCIM\\\\{IDP_ID}"}],
            "keys[1]: names the same key as keys[0]",
        ),
    ],
)
def test_two_entries_for_one_key_are_refused_before_any_request(run, wire, keys, expected, check):
    assert run("api_keys", check=check, keys=keys).message.startswith(expected)
    assert wire.sent == []


def test_two_entries_for_one_token_file_are_refused_before_any_request(run, wire, files):
    keys = [{**NIGHTLY, "token_file": files[0]}, {**WEEKLY, "token_file": files[1]}]
    message = run("api_keys", keys=keys).message
    assert message == f"keys[1].token_file: {files[1]} is that of keys[0] as well; each key needs its own."
    assert wire.sent == []


def test_the_requester_is_the_same_key_by_name_and_without(run, wire):
    expect_requester(wire)
    message = run("api_keys", keys=[NIGHTLY, {**NIGHTLY, "sub": USER_ID}]).message
    assert message.startswith("keys[1]: names the same key as keys[0]")


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_key_is_not_renamed_to_what_another_entry_is_about(run, wire, state):
    expect_requester(wire)
    expect_listing(wire, record("key-1", description="old name"), status="active")
    message = run("api_keys", keys=[{**NIGHTLY, "state": state}, {"id": "key-1", **NIGHTLY}]).message
    assert message.startswith(
        "keys[1].description: API key key-1 would get the name of keys[0], API key 'nightly reload'"
    )


def test_several_entries_with_options_that_cannot_be_used_are_told_at_once(run, wire):
    message = run("api_keys", keys=[{**NIGHTLY, "expiry": "soon"}, WEEKLY, {"description": ""}]).message
    assert message.startswith("2 entries: keys[0].expiry: 'soon'")
    assert "keys[2].description: " in message
    assert wire.sent == []


def test_a_key_by_its_id_and_by_what_it_is_are_one(run, wire):
    expect_requester(wire)
    expect_listing(wire, record("key-1"), status="active")
    message = run("api_keys", keys=[NIGHTLY, {"id": "key-1", "description": "weekly"}]).message
    assert message == "keys[1]: means API key key-1, as keys[0] does. Keep one of the two."


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"purge": True}, "purge_scope: needed with purge: give at least one of"),
        ({"purge": True, "purge_scope": {}}, "purge_scope: needed with purge"),
        ({"purge": True, "purge_scope": {"created_by_user": " "}}, "purge_scope.created_by_user: must not be empty."),
        (
            {"purge": True, "purge_scope": {"created_by_user": "u\u200b"}},
            "purge_scope.created_by_user: has characters that are not to be seen",
        ),
        ({"purge_scope": {"sub_type": "user"}}, "purge_scope: has no meaning without purge: true."),
        ({"purge": False, "purge_scope": {"created_by_user": "u"}}, "purge_scope: has no meaning without purge: true."),
    ],
)
def test_a_purge_without_a_scope_or_the_other_way_round_is_refused(run, wire, options, expected, check):
    assert run("api_keys", check=check, keys=[NIGHTLY], **options).message.startswith(expected)
    assert wire.sent == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "missing required arguments: keys"),
        ({"keys": [NIGHTLY], "purge": True, "purge_scope": {"sub_type": "robot"}}, "value of sub_type must be one of"),
        ({"keys": [{**NIGHTLY, "tokenfile": "/t"}]}, "keys.tokenfile"),
    ],
)
def test_what_ansible_checks_is_refused(run, wire, options, expected):
    assert expected in run("api_keys", **options).message
    assert wire.sent == []


def test_tokens_that_nobody_would_get_are_refused_and_a_file_of_their_own_is_enough(run, wire, tmp_path):
    keys = [{**NIGHTLY, "token_file": str(tmp_path / "t")}, WEEKLY]
    message = run("api_keys", keys=keys, return_tokens=False).message
    assert message.startswith("keys[1].return_token: false without token_file would make a key whose token nobody gets")
    expect_requester(wire)
    expect_listing(wire, **MINE)
    run("api_keys", check=True, keys=[keys[0], {**WEEKLY, "return_token": True}], return_tokens=False)


def test_an_empty_list_asks_for_nothing(run, wire):
    nothing = {"changed": False, "actions": [], "api_keys": [], "has_leftovers": False}
    assert run("api_keys", keys=[]).results == nothing
    assert wire.sent == []
