# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys whose token the caller keeps, and gives as ``token``."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, result_of, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    NIGHTLY,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_record,
    expect_retirement,
    steps,
)

OLD = record("old", created=after(days=-80), expiry=after(days=10))
NEW = record("new", created=after(), expiry=after(days=90))
DUE = {"renew_before": "P14D"}

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def keep(run):
    """Runs api_key for the key "nightly reload" with the token of a key; "" is an empty store."""

    def keeper(key_id: str, **options):
        return run("api_key", **{**NIGHTLY, "token": key_id and token_of(key_id), **options})

    return keeper


def test_an_empty_store_gets_the_token_of_a_new_key(wire, keep):
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    result = keep("")
    assert (result.results["token"], result.results["api_key"]) == (token_of("new"), result_of(record("new")))
    assert result.text.count(token_of("new")) == 1


@pytest.mark.parametrize("check", [False, True])
def test_the_token_given_is_compared_and_never_sent_or_shown(wire, keep, check):
    expect_my_keys(wire, OLD)
    result = keep("old", check=check, diff=True, verbosity=3)
    assert (result.results["changed"], result.results["actions"], "token" in result.results) == (False, [], False)
    assert token_of("old") not in result.text
    assert [
        sent.request.headers["Authorization"] for sent in wire.sent if token_of("old") in str(sent.request.headers)
    ] == []


def test_the_key_of_the_token_counts_though_a_newer_one_is_active_which_is_named_and_left(wire, keep):
    """Its token may be kept elsewhere: by another host, or in a store whose older state was given."""
    expect_my_keys(wire, NEW, OLD)
    result = keep("old", overlap="PT0S")
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "old")
    assert [warning[:42] for warning in result.warnings] == ["API key new has the same name as old and i"]


@pytest.mark.parametrize("overlap", [None, "PT0S", "P2D"])
def test_what_a_new_key_takes_the_place_of_lives_until_a_run_is_given_the_new_token(wire, keep, overlap):
    expect_my_keys(wire, OLD)
    expect_new_key(wire, "new")
    made = keep("old", overlap=overlap, **DUE)
    assert (steps(made.results), made.results["token"]) == (["create new"], token_of("new"))
    expect_my_keys(wire, NEW, OLD)
    if overlap == "PT0S":
        expect_retirement(wire, "old")
    assert steps(keep("new", overlap=overlap, **DUE).results) == (["retire old"] if overlap == "PT0S" else [])


def test_a_key_whose_token_the_caller_did_not_come_to_store_is_named_when_another_is_made(wire, keep):
    expect_my_keys(wire, NEW, OLD)
    expect_new_key(wire, "newer")
    result = keep("old", **DUE)
    assert steps(result.results) == ["create newer"]
    assert [warning[:42] for warning in result.warnings] == ["API key new has the same name as old and i"]


@pytest.mark.parametrize(
    ("key_id", "found", "expected"),
    [
        ("", None, "but the given token is empty, and Qlik Cloud never shows a token again"),
        ("gone", 404, "but the given token is the token of API key gone, which has been deleted"),
        ("revoked", record("revoked", status="revoked"), "token of API key revoked, which is revoked"),
        ("other", record("other", description="weekly"), "API key other, which is active as 'weekly'"),
    ],
)
def test_a_lost_token_is_told(wire, keep, key_id, found, expected):
    expect_my_keys(wire, OLD)
    if isinstance(found, dict):
        expect_record(wire, found)
    elif found:
        expect_no_record(wire, key_id)
    result = keep(key_id)
    assert expected in result.message and "changed" not in result.results


def test_replacing_a_lost_token_returns_that_of_the_new_key(wire, keep):
    expect_my_keys(wire, OLD)
    expect_new_key(wire, "new")
    expect_retirement(wire, "old")
    result = keep("", on_lost_token="replace")
    assert (steps(result.results), result.results["token"]) == (["create new", "retire old"], token_of("new"))


def test_a_failure_after_the_creation_returns_the_token_all_the_same(wire, keep):
    expect_my_keys(wire, OLD)
    expect_new_key(wire, "new")
    wire.expects("DELETE", f"{KEYS}/old").answers(403)
    result = keep("", on_lost_token="replace")
    assert (result.results["token"], result.results["api_key"]["id"]) == (token_of("new"), "new")
    assert (steps(result.results), steps(result.results, "remaining")) == (["create new"], ["retire old"])
    assert token_of("new") not in result.message


def test_absent_retires_the_key_and_leaves_the_store_to_the_caller(wire, keep):
    expect_my_keys(wire, OLD)
    expect_retirement(wire, "old")
    result = keep("old", state="absent")
    assert (steps(result.results), result.warnings) == (["retire old"], [])
