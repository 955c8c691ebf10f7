# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, REFUSAL, TENANT_ID, page

PROVIDERS = "/api/v1/identity-providers"
ENTRA = {
    "id": IDP_ID,
    "provider": "azureAD",
    "protocol": "OIDC",
    "active": True,
    "interactive": True,
    "description": "Entra",
    "tenantIds": [TENANT_ID],
}
OKTA = {**ENTRA, "id": "okta-1", "provider": "okta", "protocol": "SAML", "active": False, "description": "Okta"}
# Only the id is certain to be there.
BARE = {"id": "bare-1"}


def result(record: dict, scim_documented: bool) -> dict:
    return {
        "id": record["id"],
        "provider": record.get("provider"),
        "protocol": record.get("protocol"),
        "active": record.get("active", False),
        "interactive": record.get("interactive", False),
        "description": record.get("description"),
        "tenant_ids": record.get("tenantIds", []),
        "scim_sub": f"SCIM\\{record['id']}",
        "scim_documented": scim_documented,
    }


@pytest.mark.parametrize("check", [False, True])
def test_all_providers_of_all_pages_are_told_with_the_subject_of_a_scim_key(run, wire, check):
    wire.expects("GET", PROVIDERS).answers(json=page(ENTRA, next={"href": f"{PROVIDERS}?next=2"}))
    wire.expects("GET", PROVIDERS, query={"next": "2"}).answers(json=page(OKTA, BARE))
    assert run("identity_provider_info", check=check).results == {
        "changed": False,
        "identity_providers": [result(ENTRA, True), result(OKTA, False), result(BARE, False)],
    }


@pytest.mark.parametrize(
    ("options", "query", "found"),
    [
        ({"provider": "azuread"}, {}, [ENTRA]),
        ({"protocol": "saml"}, {}, [OKTA]),
        ({"description": "ENTRA"}, {}, [ENTRA]),
        ({"description": "Ent"}, {}, []),
        ({"active": True}, {"active": "true"}, [ENTRA]),
        ({"active": False}, {"active": "false"}, [OKTA, BARE]),
        ({"provider": "azureAD", "active": False}, {"active": "false"}, []),
    ],
)
def test_a_provider_must_fit_all_that_is_asked_for_whatever_the_service_filters(run, wire, options, query, found):
    wire.expects("GET", PROVIDERS, query=query).answers(json=page(ENTRA, OKTA, BARE))
    listed = run("identity_provider_info", **options).results["identity_providers"]
    assert [each["id"] for each in listed] == [each["id"] for each in found]


def test_an_id_is_looked_up_by_itself_and_still_compared_with_the_rest(run, wire):
    wire.expects("GET", f"{PROVIDERS}/{IDP_ID}").answers(json=ENTRA)
    assert run("identity_provider_info", id=IDP_ID).results["identity_providers"] == [result(ENTRA, True)]
    wire.expects("GET", f"{PROVIDERS}/{IDP_ID}").answers(json=ENTRA)
    assert run("identity_provider_info", id=IDP_ID, provider="okta").results["identity_providers"] == []
    wire.expects("GET", f"{PROVIDERS}/none").answers(404)
    assert run("identity_provider_info", id="none").results["identity_providers"] == []


@pytest.mark.parametrize("changes", [{"active": False}, {"interactive": False}, {"provider": "okta"}])
def test_scim_is_documented_for_active_interactive_entra_providers_alone(run, wire, changes):
    wire.expects("GET", PROVIDERS).answers(json=page({**ENTRA, **changes}))
    assert run("identity_provider_info").results["identity_providers"][0]["scim_documented"] is False


@pytest.mark.parametrize("option", ["id", "provider", "protocol", "description"])
def test_a_blank_option_is_refused_before_anything_is_sent(run, option):
    assert run("identity_provider_info", **{option: " "}).message.startswith(f"{option}: ")


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    path = "/api/v1/identity-providers"
    wire.expects("GET", path).answers(json=page({"id": "idp-1", "tenantIds": [TENANT_ID]}))
    found = run("identity_provider_info").results
    wire.expects("GET", path).answers(403, json=REFUSAL)
    return [found, run("identity_provider_info").results]
