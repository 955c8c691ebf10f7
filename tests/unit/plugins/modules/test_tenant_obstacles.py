# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tenant will probably refuse is told before the first write, in check mode as well."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    expect_all_roles,
    expect_group,
    expect_user,
    group_record,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, USER_ID, record
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import (
    ACTIVE,
    ENTRA,
    PROVIDERS,
    SCIM,
    WEEKLY,
    entra_key,
    expect_beginning,
    expect_key,
    expect_provider,
    expect_providers,
    weekly_key,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    CONFIGS,
    MINE,
    expect_listing,
    expect_retirement,
    steps,
)

OWNERS = "API key owners"
NO_ENTRA = "Qlik documents SCIM for active, interactive providers of Microsoft Entra ID only."
PATCH_REFUSED = [{"op": "replace", "path": "/max_keys_per_user", "value": 9}]


@pytest.fixture
def warned(run):
    """The warnings of a run in check mode, whose keys are returned."""

    def warner(**options) -> list[str]:
        result = run("tenant", check=True, return_tokens=True, **options)
        assert "msg" not in result.results
        return result.warnings

    return warner


def test_a_warning_is_told_before_the_first_write(run, wire):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    wire.expects("PATCH", CONFIGS, json=PATCH_REFUSED).answers(403)
    keys = [{**WEEKLY, "expiry": "P90D"}]
    result = run("tenant", config={"max_keys_per_user": 9}, keys=keys, return_tokens=True)
    assert result.warnings == [
        "keys[0].expiry: P90D is longer than max_api_key_expiry, which is PT24H. The tenant may refuse the key, or let it "
        "live no longer than that."
    ]
    assert "changed" not in result.results


@pytest.mark.parametrize(
    ("options", "warnings"),
    [
        ({"keys": [{**WEEKLY, "expiry": "P1D"}]}, []),
        ({"keys": [{**WEEKLY, "expiry": "P90D"}], "config": {"max_api_key_expiry": "P90D"}}, []),
        (
            {"keys": [{**WEEKLY, "expiry": "PT24H"}], "config": {"max_api_key_expiry": "PT1H"}},
            ["keys[0].expiry: PT24H"],
        ),
    ],
)
def test_a_life_is_compared_with_the_limit_that_the_run_sets(warned, wire, options, warnings):
    expect_beginning(wire)
    expect_listing(wire, **MINE)
    assert [warning[: len("keys[0].expiry: PT24H")] for warning in warned(**options)] == warnings


def test_the_life_of_a_scim_key_has_a_limit_of_its_own(warned, wire):
    expect_beginning(wire, scim_externalClient_expiry="P30D")
    expect_listing(wire, **ACTIVE)
    expect_provider(wire, ENTRA)
    [warning] = warned(scim_keys=[{**SCIM, "expiry": "P31D"}])
    assert warning.startswith("scim_keys[0].expiry: P31D is longer than scim_external_client_expiry, which is P30D.")


def test_of_keys_that_are_there_nothing_is_told(warned, wire):
    expect_beginning(wire, max_keys_per_user=1)
    expect_listing(wire, weekly_key(), entra_key(), **ACTIVE)
    assert warned(scim_keys=[SCIM], keys=[{**WEEKLY, "renew_before": None}]) == []


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        (ENTRA, None),
        ({**ENTRA, "active": False}, f"identity provider {IDP_ID} is not active"),
        (
            {**ENTRA, "interactive": False},
            f"identity provider {IDP_ID} is no interactive Microsoft Entra ID (azureAD, OIDC)",
        ),
        (
            {**ENTRA, "provider": "okta"},
            f"identity provider {IDP_ID} is no interactive Microsoft Entra ID (okta, OIDC)",
        ),
    ],
)
@pytest.mark.parametrize("by_kind", [False, True])
def test_a_provider_for_which_scim_is_not_documented_is_told(warned, wire, provider, expected, by_kind):
    expect_beginning(wire)
    if by_kind:
        expect_providers(wire, provider)
    expect_listing(wire, **ACTIVE)
    if not by_kind:
        expect_provider(wire, provider)
    entry = {"description": "Entra", "idp": {"description": "ENTRA"}} if by_kind else SCIM
    assert warned(scim_keys=[entry]) == ([] if expected is None else [f"scim_keys[0]: {expected}. {NO_ENTRA}"])


def test_a_provider_that_there_is_not_is_told(warned, wire):
    expect_beginning(wire)
    expect_listing(wire, **ACTIVE)
    wire.expects("GET", f"{PROVIDERS}/{IDP_ID}").answers(404)
    assert warned(scim_keys=[SCIM]) == [f"scim_keys[0]: the tenant has no identity provider {IDP_ID}. {NO_ENTRA}"]


def test_whoever_may_not_see_providers_is_told_nothing_of_them(warned, wire):
    expect_beginning(wire)
    expect_listing(wire, **ACTIVE)
    wire.expects("GET", f"{PROVIDERS}/{IDP_ID}").answers(403)
    assert warned(scim_keys=[SCIM]) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"provider": "okta"}, "no identity provider of the tenant fits provider 'okta'; exactly one must."),
        (
            {"provider": "azuread", "protocol": "oidc"},
            f"2 identity providers fit provider 'azuread', protocol 'oidc': {IDP_ID}, second. Say more, or give idp_id.",
        ),
        ({"description": " "}, "description: must not be empty."),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_not_exactly_one_provider_is_refused_before_anything_else_is_asked(run, wire, kind, expected, check):
    if " " not in kind.values():
        expect_beginning(wire)
        expect_providers(wire, ENTRA, {**ENTRA, "id": "second", "description": None})
    result = run("tenant", check=check, scim_keys=[{"description": "Entra", "idp": kind}], return_tokens=True)
    assert result.message.startswith("scim_keys[0].idp") and expected in result.message
    assert "changed" not in result.results


def test_two_entries_that_turn_out_to_be_for_one_provider_are_refused(run, wire):
    expect_beginning(wire)
    expect_providers(wire, ENTRA)
    by_kind = {"description": "Entra", "idp": {"provider": "azureAD"}}
    result = run("tenant", scim_keys=[SCIM, by_kind], return_tokens=True)
    assert result.message.startswith("scim_keys[1]: names the same key as scim_keys[0]")


def test_more_keys_than_a_user_may_have_are_told(warned, wire):
    expect_beginning(wire, max_keys_per_user=2)
    expect_listing(wire, record("a", description="a"), record("b", description="b"), **MINE)
    assert warned(keys=[WEEKLY, {"description": "monthly"}]) == [
        f"User {USER_ID} would have 4 active API keys, and max_keys_per_user is 2. The tenant may refuse the last of them."
    ]


@pytest.mark.parametrize("retire_first", [False, True])
def test_a_key_that_is_retired_first_makes_room(warned, wire, retire_first):
    expect_beginning(wire, max_keys_per_user=1)
    expect_listing(wire, weekly_key(), **MINE)
    warning = warned(keys=[{**WEEKLY, "force_renew": True, "retire_first": retire_first}])
    assert len(warning) == (0 if retire_first else 1)


def expect_owners(wire, *others: dict, **user) -> None:
    expect_beginning(wire, user=user)
    expect_all_roles(wire, role_record(OWNERS, "api-keys"), *others)
    expect_user(wire, "user-1", user_record("user-1", OWNERS))
    expect_group(wire, "group-1", group_record("group-1", OWNERS))
    expect_listing(wire, **MINE)


PERMISSION = {"role": OWNERS, "users": ["user-1"], "groups": ["group-1"]}


def test_a_requester_who_does_not_seem_to_hold_the_permission_is_told(warned, wire):
    expect_owners(wire)
    assert warned(permission=PERMISSION, keys=[WEEKLY]) == [
        f"User {USER_ID}, who signs in, holds none of the roles that may make API keys ({OWNERS}). The tenant may refuse "
        "the keys; name this user in permission.users if it does."
    ]


def test_a_role_that_holds_the_permission_as_well_is_named(warned, wire):
    others = role_record("Others", "api-keys", id="role-2")
    expect_owners(wire, others)
    who_else, warning = warned(permission=PERMISSION, keys=[WEEKLY])
    assert who_else.startswith("Who else may make API keys: Others.")
    assert f"may make API keys ({OWNERS}, Others)" in warning


@pytest.mark.parametrize(
    "user",
    [
        {"assignedRoles": [{"name": OWNERS}]},
        {"id": "user-1"},
        {"assignedGroups": [{"id": "group-1", "name": "Owners"}]},
        {"assignedRoles": [{"name": "Others"}]},
    ],
)
def test_a_requester_who_holds_it_by_whatever_way_is_told_nothing(run, wire, user):
    others = role_record("Others", "api-keys", id="role-2")
    listed_for = {**MINE, "sub": user.get("id", USER_ID)}
    expect_beginning(wire, user=user)
    expect_all_roles(wire, others, role_record(OWNERS, "api-keys"))
    expect_user(wire, "user-1", user_record("user-1", OWNERS))
    expect_group(wire, "group-1", group_record("group-1", OWNERS))
    expect_listing(wire, **listed_for)
    result = run("tenant", check=True, permission=PERMISSION, keys=[WEEKLY], return_tokens=True)
    assert [warning.split(":")[0] for warning in result.warnings] == ["Who else may make API keys"]


def test_a_role_that_loses_the_permission_in_this_run_does_not_count(warned, wire):
    others = role_record("Others", "api-keys", id="role-2")
    expect_owners(wire, others, assignedRoles=[{"name": "Others"}])
    [warning] = warned(permission={**PERMISSION, "exclusive": True}, keys=[WEEKLY])
    assert f"holds none of the roles that may make API keys ({OWNERS})" in warning


def test_a_store_that_knows_a_keys_id_only_is_asked_for_nothing_more(run, wire):
    """``key_id``: the key that the store says it holds the token of is compared, and its successor made when due."""
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    keys = [{**WEEKLY, "key_id": "weekly"}]
    assert run("tenant", keys=keys).results["changed"] is False
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    result = run("tenant", keys=[{**WEEKLY, "key_id": ""}])
    assert result.message.startswith("keys[0]: API key 'weekly'") and "but key_id is empty" in result.message
    expect_beginning(wire)
    expect_listing(wire, weekly_key(), **MINE)
    expect_key(wire, "weekly", key_id="new")
    expect_retirement(wire, "weekly")
    keys = [{**WEEKLY, "key_id": "", "on_lost_token": "replace"}]
    result = run("tenant", keys=keys, return_tokens=True).results
    assert steps(result) == ["create new", "retire weekly"]
