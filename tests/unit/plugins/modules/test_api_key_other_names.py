# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity provider named by what it is, and a stored token named by the id of its key."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, page, record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.set_up_calls import (
    ENTRA,
    PROVIDERS,
    entra_key,
    expect_providers,
    expect_scim_key,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_record,
    expect_requester,
    expect_retirement,
    steps,
)

OKTA = {**ENTRA, "id": "okta-1", "provider": "okta", "protocol": "SAML", "description": None}
ACTIVE = {"status": "active"}


@pytest.mark.parametrize(
    "kind",
    [
        {"provider": "azuread"},
        {"protocol": "oidc"},
        {"description": "ENTRA"},
        {"provider": "azureAD", "protocol": "OIDC", "description": "Entra"},
    ],
)
def test_a_key_is_for_the_only_provider_of_its_kind(run, wire, kind):
    expect_providers(wire, OKTA, ENTRA)
    expect_listing(wire, entra_key("other", sub="SCIM\\okta-1"), **ACTIVE)
    expect_scim_key(wire)
    result = run("api_key", description="Entra", idp=kind).results
    assert (steps(result), result["api_key"]["sub"]) == (["create scim-1"], f"SCIM\\{IDP_ID}")
    expect_providers(wire, OKTA, ENTRA)
    expect_listing(wire, entra_key(), **ACTIVE)
    assert run("api_key", description="Entra", idp=kind).results["changed"] is False


def test_providers_are_listed_once_for_a_whole_set_and_asked_for_before_its_keys(run, wire):
    wire.expects("GET", PROVIDERS).answers(json=page(OKTA, next={"href": f"{PROVIDERS}?next=2"}))
    wire.expects("GET", PROVIDERS, query={"next": "2"}).answers(json=page(ENTRA))
    expect_requester(wire)
    expect_listing(wire, entra_key(), entra_key("okta-key", sub="SCIM\\okta-1"), record(), **ACTIVE)
    keys = [
        {"description": "Entra", "idp": {"provider": "azureAD"}},
        {"description": "Entra", "idp": {"provider": "okta"}},
        NIGHTLY,
    ]
    result = run("api_keys", keys=keys).results
    assert ([key["id"] for key in result["api_keys"]], result["changed"]) == (["scim-1", "okta-key", "key-1"], False)


def test_all_that_fit_no_provider_are_told_at_once_before_a_key_is_asked_for(run, wire):
    expect_providers(wire, OKTA, ENTRA)
    keys = [{"description": "a", "idp": {"protocol": "jwt"}}, {"description": "b", "idp": {"provider": "adfs"}}]
    message = run("api_keys", keys=keys).message
    assert message.startswith("2 entries: keys[0].idp: no identity provider of the tenant fits protocol 'jwt'")
    assert "keys[1].idp: no identity provider of the tenant fits provider 'adfs'; exactly one must." in message


def test_whoever_may_not_see_providers_is_told_what_it_takes(run, wire):
    wire.expects("GET", PROVIDERS).answers(403)
    result = run("api_key", description="Entra", idp={"provider": "azureAD"})
    assert "this call needs a user who may see identity providers" in result.message


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"idp": {}}, "one of the following is required: provider, protocol, description"),
        ({"idp": {"provider": " "}}, "idp.provider: must not be empty."),
        ({"idp": {"provider": "a"}, "idp_id": "b"}, "mutually exclusive: idp_id|idp"),
        ({"idp": {"provider": "a"}, "sub": "b"}, "mutually exclusive: sub|idp"),
        ({"idp": {"provider": "a"}, "id": "b"}, "mutually exclusive: id|idp"),
        ({"key_id": "a", "token": "b"}, "mutually exclusive: token_file|token|key_id"),
        ({"key_id": "a", "token_file": "/b"}, "mutually exclusive: token_file|token|key_id"),
        ({"key_id": "a b"}, "key_id: 'a b' is not an id"),
        ({"key_id": " "}, "key_id: must not be empty."),
    ],
)
def test_what_cannot_be_said_is_refused_before_any_request(run, wire, options, expected):
    assert expected in run("api_key", **NIGHTLY, **options).message
    assert wire.sent == []


def test_the_key_that_a_store_names_is_kept(run, wire):
    expect_my_keys(wire, record("new", created="2026-11-23T09:15:00.000Z"), record("old"))
    result = run("api_key", key_id="old", **NIGHTLY)
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "old")
    assert [warning[:42] for warning in result.warnings] == ["API key new has the same name as old and i"]


def test_a_store_that_holds_none_has_its_key_made_and_its_token_returned(run, wire):
    expect_my_keys(wire)
    expect_new_key(wire, "new")
    result = run("api_key", key_id="", **NIGHTLY).results
    assert (steps(result), result["token"]) == (["create new"], token_of("new"))


@pytest.mark.parametrize(
    ("key_id", "found", "expected"),
    [
        ("", None, "is active (id key-1), but key_id is empty, and Qlik Cloud never shows a token again"),
        ("gone", 404, "but key_id names the token of API key gone, of which this user and tenant know nothing"),
        ("gone", 403, "but key_id names the token of API key gone, of which this user and tenant know nothing"),
        ("ended", record("ended", status="revoked"), "but key_id names the token of API key ended, which is revoked"),
        ("other", record("other", description="weekly"), "token of API key other, which is active as 'weekly'"),
    ],
)
def test_a_store_that_names_another_key_has_lost_the_token(run, wire, key_id, found, expected):
    expect_my_keys(wire, record())
    if isinstance(found, dict):
        expect_record(wire, found)
    elif found == 404:
        expect_no_record(wire, key_id)
    elif found:
        wire.expects("GET", f"{KEYS}/{key_id}").answers(found)
    result = run("api_key", key_id=key_id, **NIGHTLY)
    assert expected in result.message and "changed" not in result.results


def test_what_a_lost_tokens_key_was_is_replaced_where_it_is_of_no_use_to_anybody(run, wire):
    expect_my_keys(wire, record())
    expect_record(wire, record("ended", status="revoked"))
    expect_new_key(wire, "new")
    expect_retirement(wire, "key-1")
    result = run("api_key", key_id="ended", on_lost_token="replace", **NIGHTLY).results
    assert (steps(result), result["token"]) == (["create new", "retire key-1"], token_of("new"))


def test_a_key_that_lists_do_not_show_yet_is_looked_up_by_its_id(run, wire):
    expect_my_keys(wire)
    expect_record(wire, record("new"))
    result = run("api_key", key_id="new", **NIGHTLY).results
    assert (result["changed"], result["api_key"]["id"]) == (False, "new")


def test_a_renewal_retires_nothing_before_the_store_names_the_new_key(run, wire):
    due = {"expiry": "PT12H", "force_renew": True, "overlap": "PT0S"}
    expect_my_keys(wire, record("old"))
    expect_new_key_that_lives(wire, "new", "PT12H")
    assert steps(run("api_key", key_id="old", **due, **NIGHTLY).results) == ["create new"]
    expect_my_keys(wire, record("new"), record("old", created="2026-11-01T09:15:00.000Z"))
    expect_retirement(wire, "old")
    assert steps(run("api_key", key_id="new", overlap="PT0S", **NIGHTLY).results) == ["retire old"]


def expect_new_key_that_lives(wire, key_id: str, expiry: str) -> None:
    body = {**NIGHTLY, "subType": "user", "expiry": expiry}
    wire.expects("POST", KEYS, json=body).answers(201, json={**record(key_id), "token": token_of(key_id)})


def test_retiring_a_key_by_the_stores_word_is_not_held_up(run, wire):
    expect_requester(wire)
    expect_listing(wire, record(), **MINE)
    expect_retirement(wire, "key-1")
    assert steps(run("api_key", key_id="key-1", state="absent", **NIGHTLY).results) == ["retire key-1"]
