# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renewing the keys of a tenant and doing nothing else: ``only_renew`` and ``force_renew``."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import (
    ACTIVE,
    ENTRA,
    HOST,
    SCIM,
    WEEKLY,
    entra_key,
    expect_beginning,
    expect_key,
    expect_provider,
    expect_scim_key,
    weekly_key,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    MINE,
    expect_listing,
    expect_no_record,
    expect_record,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")

DUE = {"created": after(days=-80), "expiry": after(days=10)}
RENEWED = {"expiry": "P90D", "renew_before": "P14D"}
MONTHLY = {"description": "monthly"}


@pytest.fixture
def renew(run):
    """Renews keys whose tokens are returned."""

    def renewer(**options):
        return run("tenant", only_renew=True, return_tokens=True, **options)

    return renewer


@pytest.fixture
def kept(tmp_path):
    """The options of a key with its token on file, that of ``key_id`` if there is one."""

    def keeper(entry: dict, key_id: str | None, **more) -> dict:
        path = tmp_path / f"{entry['description']}.token"
        if key_id is not None:
            path.write_text(token_of(key_id))
            path.chmod(0o600)
        return {**entry, "token_file": str(path), **more}

    return keeper


def test_a_key_that_is_due_is_renewed_and_its_predecessor_stays(renew, wire, kept, tmp_path):
    expect_beginning(wire, max_api_key_expiry="P90D")
    expect_listing(wire, weekly_key("old", **DUE), **MINE)
    expect_key(wire, "weekly", key_id="new", expiry="P90D")
    result = renew(keys=[kept(WEEKLY, "old", **RENEWED)])
    assert (steps(result.results), result.results["missing"]) == (["create new"], [])
    assert (tmp_path / "weekly.token").read_text() == token_of("new") + "\n"


def test_one_that_is_not_due_is_left(renew, wire, kept):
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), **MINE)
    result = renew(keys=[kept(WEEKLY, "old", **RENEWED)]).results
    assert (result["changed"], result["missing"], result["summary"]) == (False, [], f"{HOST}: nothing to do")
    assert result["api_keys"][0]["id"] == "old"


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("force", [False, True])
def test_a_key_that_is_not_there_is_named_and_not_made(renew, wire, kept, tmp_path, check, force):
    expect_beginning(wire)
    expect_listing(wire, **ACTIVE)
    result = renew(check=check, force_renew=force, scim_keys=[SCIM], keys=[kept(WEEKLY, None), MONTHLY]).results
    assert (result["changed"], result["actions"]) == (False, [])
    assert result["missing"] == ["Entra", "weekly", "monthly"]
    assert (result["scim_keys"], result["api_keys"]) == ([None], [None, None])
    left = "not there to be renewed, so left to onboard: Entra, weekly, monthly"
    assert result["summary"] == f"{HOST}: nothing to do; {left}"
    assert list(tmp_path.iterdir()) == []


def test_of_a_key_that_is_not_there_no_token_has_to_be_returned(run, wire):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    assert run("tenant", only_renew=True, keys=[WEEKLY]).results["missing"] == ["weekly"]


def test_one_whose_token_is_lost_and_may_be_replaced_is_named_as_missing(renew, wire, kept):
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), **MINE)
    result = renew(keys=[kept(WEEKLY, None, on_lost_token="replace")]).results
    assert (result["changed"], result["missing"], result["api_keys"]) == (False, ["weekly"], [None])


@pytest.mark.parametrize("check", [False, True])
def test_one_whose_token_is_lost_is_a_failure_that_names_it_and_holds_up_no_other(renew, wire, kept, check):
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), entra_key("due", **DUE), **ACTIVE)
    expect_provider(wire, ENTRA)
    if not check:
        expect_scim_key(wire, key_id="new")
    scim = kept(SCIM, "due", renew_before="P14D")
    result = renew(check=check, scim_keys=[scim], keys=[kept(WEEKLY, None)])
    assert result.message.startswith("keys[0]: API key 'weekly' (user ") and "holds no token" in result.message
    assert steps(result.results) == (["create"] if check else ["create new"])
    assert (result.results["missing"], result.results["api_keys"]) == ([], [None])
    assert [key["description"] for key in result.results["scim_keys"]] == ["Entra"]


def test_what_a_renewal_makes_superfluous_is_retired_as_ever(renew, wire, kept):
    expect_beginning(wire)
    old, new = weekly_key("old", created=after(days=-9)), weekly_key("new", created=after(days=-3))
    expect_listing(wire, new, old, **MINE)
    expect_retirement(wire, "old")
    assert steps(renew(keys=[kept(WEEKLY, "new", overlap="P2D", **RENEWED)]).results) == ["retire old"]


@pytest.mark.parametrize("only_renew", [False, True])
def test_every_key_of_both_lists_gets_a_successor_by_force(run, wire, kept, only_renew):
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), entra_key("scim-old"), **ACTIVE)
    expect_provider(wire, ENTRA)
    expect_scim_key(wire, key_id="scim-new")
    expect_key(wire, "weekly", key_id="new")
    lists = {"scim_keys": [kept(SCIM, "scim-old")], "keys": [kept(WEEKLY, "old")]}
    result = run("tenant", force_renew=True, only_renew=only_renew, **lists).results
    assert steps(result) == ["create scim-new", "create new"]
    assert "force_renew" in result["actions"][0]["reason"]


@pytest.mark.parametrize(
    ("key_id", "expected"),
    [
        ("old", None),
        ("", "but key_id is empty, and Qlik Cloud"),
        ("gone", "but key_id names the token of API key gone"),
    ],
)
def test_a_store_that_gives_no_token_back_says_the_keys_id(renew, wire, key_id, expected):
    expect_beginning(wire, user={"roles": ["TenantAdmin"]})
    expect_listing(wire, weekly_key("old", **DUE), **MINE)
    if key_id == "gone":
        expect_no_record(wire, "gone")
    if expected is None:
        expect_key(wire, "weekly", key_id="new")
    result = renew(keys=[{**WEEKLY, "key_id": key_id, "renew_before": "P14D"}])
    if expected is None:
        assert steps(result.results) == ["create new"]
    else:
        assert expected in result.message and result.results["actions"] == []


@pytest.mark.parametrize("is_admin", [False, True])
def test_what_a_key_id_is_of_that_is_not_to_be_seen_is_known_to_an_admin_only(renew, wire, is_admin):
    """Another key may be made in its place only where it is sure that it has gone."""
    expect_beginning(wire, user={"roles": ["TenantAdmin"]} if is_admin else None)
    expect_listing(wire, **MINE)
    expect_no_record(wire, "gone")
    keys = [{**WEEKLY, "key_id": "gone", "on_lost_token": "replace"}]
    result = renew(keys=keys)
    if is_admin:
        assert result.results["missing"] == ["weekly"]
    else:
        assert "give the id of the key whose token your store holds, or an empty text" in result.message


def test_a_key_id_of_another_key_that_is_active_is_told_with_what_it_is(renew, wire):
    expect_beginning(wire)
    expect_listing(wire, weekly_key("old"), **MINE)
    expect_record(wire, weekly_key("other", description="nightly"))
    message = renew(keys=[{**WEEKLY, "key_id": "other"}]).message
    assert "but key_id names the token of API key other, which is active as 'nightly'" in message
