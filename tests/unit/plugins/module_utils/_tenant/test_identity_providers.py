# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    RefusedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.identity_providers import (
    IdentityProvider,
    IdentityProviders,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, TENANT_ID, page

PATH = "/api/v1/identity-providers"
ENTRA = IdentityProvider(IDP_ID, "azureAD", "OIDC", True, True, "staff", (TENANT_ID,))


def provider_record(idp_id: str = IDP_ID, **differences: Any) -> dict:
    return {
        "id": idp_id,
        "provider": "azureAD",
        "protocol": "OIDC",
        "active": True,
        "interactive": True,
        "description": "staff",
        "tenantIds": [TENANT_ID],
        **differences,
    }


@pytest.fixture
def providers(calls) -> IdentityProviders:
    return IdentityProviders(calls)


@pytest.mark.parametrize(("active", "query"), [(None, {}), (True, {"active": "true"}), (False, {"active": "false"})])
def test_providers_are_listed_page_by_page_all_or_by_their_state(wire, providers, active, query):
    first = page(provider_record(), next={"href": f"{PATH}?n=2"})
    wire.expects("GET", PATH, query=query).answers(json=first)
    wire.expects("GET", PATH, query={"n": "2"}).answers(json=page(provider_record("2", provider="okta")))
    assert [(each.id, each.provider) for each in providers.list(active)] == [(IDP_ID, "azureAD"), ("2", "okta")]


def test_a_listed_provider_that_cannot_be_used_is_left_out(wire, providers):
    odd = [provider_record("a/b"), provider_record("3", tenantIds="all"), "text"]
    wire.expects("GET", PATH).answers(json=page(*odd, provider_record()))
    assert list(providers.list()) == [ENTRA]


def test_a_provider_is_read_by_its_id_and_may_tell_little(wire, providers):
    wire.expects("GET", f"{PATH}/{IDP_ID}").answers(json=provider_record())
    assert providers.get(IDP_ID) == ENTRA
    wire.expects("GET", f"{PATH}/2").answers(json={"id": "2"})
    assert providers.get("2") == IdentityProvider("2", None, None, False, False, None, ())


def test_a_provider_is_none_in_the_tenants_own_words_alone(wire, providers):
    wire.expects("GET", f"{PATH}/2").answers(404)
    assert providers.get("2") is None
    wire.expects("GET", f"{PATH}/2").answers(404, text="<html>no such page</html>")
    with pytest.raises(RefusedError, match="a gateway or proxy may have answered"):
        providers.get("2")


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (provider_record("3"), "with the record of another identity provider, 3"),
        (provider_record(None), "with a record, identity provider without a usable id, that has no usable 'id'"),
        (provider_record("2", tenantIds=[5]), "identity provider 2, that has no usable 'tenantIds'"),
    ],
)
def test_what_is_no_record_of_that_provider_cannot_be_used(wire, providers, found, message):
    wire.expects("GET", f"{PATH}/2").answers(json=found)
    with pytest.raises(UnusableAnswerError, match=message):
        providers.get("2")


@pytest.mark.parametrize(
    ("differences", "documented"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"interactive": None}, False),
        ({"provider": "okta"}, False),
        ({"provider": None}, False),
    ],
)
def test_scim_is_documented_for_active_interactive_entra_id_alone(wire, providers, differences, documented):
    wire.expects("GET", f"{PATH}/{IDP_ID}").answers(json=provider_record(**differences))
    assert providers.get(IDP_ID).scim_documented is documented


def test_results_have_the_subject_of_scim_keys():
    assert ENTRA.as_result() == {
        "id": IDP_ID,
        "provider": "azureAD",
        "protocol": "OIDC",
        "active": True,
        "interactive": True,
        "description": "staff",
        "tenant_ids": [TENANT_ID],
        "scim_sub": f"SCIM\\{IDP_ID}",
        "scim_documented": True,
    }


def test_a_403_says_who_may_see_providers(wire, providers):
    wire.expects("GET", PATH).answers(403)
    with pytest.raises(ForbiddenError, match="this call needs a user who may see identity providers"):
        list(providers.list())
