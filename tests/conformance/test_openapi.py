# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seven api-keys calls against their published description, with generated requests (property-based).

The requests are generated, valid and invalid ones, from the description; the answers are judged by it. Ids that
exist cannot be guessed, so the description as used here offers names for kinds of ids, and each request gets an id
of that kind, made for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from emulator_process import EmbeddedTenant
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tenant_api import Api, config_path, grant_to_everyone, replace, running, scim

PUBLISHED = Path(__file__).with_name("api-keys.openapi.yml")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 30
SEED = 20260801

KINDS_OF_KEYS = ["own", "of-a-member", "revoked", "expired", "unknown"]
KINDS_OF_TENANTS = ["this-tenant", "another-tenant"]


def description() -> dict[str, Any]:
    """The published description, with the places where it contradicts what Qlik documents elsewhere put right."""
    document = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    paths, schemas = document["paths"], document["components"]["schemas"]
    # The request takes `externalClient`, and help pages show keys made so; only the answer's enum forgot it.
    schemas["ApiKeyWithToken"]["properties"]["subType"]["enum"].append("externalClient")
    # Published without 400; but help pages say that only active keys can be revoked, and the emulator's default is
    # to refuse the others so.
    key_calls, config_calls = paths["/api/v1/api-keys/{id}"], paths["/api/v1/api-keys/configs/{tenantId}"]
    key_calls["delete"]["responses"]["400"] = key_calls["patch"]["responses"]["400"]
    for calls, kinds in ((key_calls, KINDS_OF_KEYS), (config_calls, KINDS_OF_TENANTS)):
        for call in calls.values():
            call["parameters"][0]["schema"]["enum"] = kinds
            call["parameters"][0]["example"] = kinds[0]
    # Chance alone seldom finds a patch that is right in all its parts.
    good_patches = ((key_calls, replace("/description", "new")), (config_calls, replace("/max_keys_per_user", 7)))
    for calls, operation in good_patches:
        calls["patch"]["requestBody"]["content"]["application/json"]["example"] = [operation]
    return document


def configuration() -> SchemathesisConfig:
    """The same requests in every run: nothing is kept from one run to the next, nor learnt from random ids."""
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
            "phases": {
                "coverage": {"unexpected-methods": []},
                "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
            },
        }
    )


schema = schemathesis.openapi.from_dict(description(), config=configuration())


class Conformance:
    """A tenant under test: sends generated requests as its admin, and remembers which answers came."""

    def __init__(self, tenant: EmbeddedTenant) -> None:
        self._tenant = tenant
        self._admin = Api(tenant, tenant.ready["admin_token"])
        self._headers = {"Authorization": f"Bearer {tenant.ready['admin_token']}"}
        self._session = requests.Session()
        self.statuses: set[int] = set()
        limits = ("tier1_per_minute", "tier2_per_minute")
        tenant.control("PATCH", "settings", dict.fromkeys(limits, 0))

    def prepare(self) -> None:
        """Let keys be made, as many as the description's requests ask for."""
        self.statuses.clear()
        grant_to_everyone(self._admin)
        generous = [replace("/max_keys_per_user", 1000), replace("/max_api_key_expiry", "P100Y")]
        assert self._admin.patch(config_path(self._tenant), *generous).status_code == 204
        if "api_keys_enabled" in self._admin.get(config_path(self._tenant)).json():
            switch = replace("/api_keys_enabled", True)
            assert self._admin.patch(config_path(self._tenant), switch).status_code == 204

    def check(self, case: schemathesis.Case) -> None:
        for name, value in case.path_parameters.items():
            case.path_parameters[name] = self._real_id(value)
        answer = case.call_and_validate(
            base_url=self._tenant.url, session=self._session, headers=self._headers, checks=CHECKS
        )
        self.statuses.add(answer.status_code)

    def _real_id(self, kind: Any) -> Any:
        if kind == "this-tenant":
            return self._tenant.ready["tenant_id"]
        if kind not in KINDS_OF_KEYS or kind == "unknown":
            return kind
        order = {"count": 1, "expiry": "PT0.001S" if kind == "expired" else "PT1H"}
        if kind in ("of-a-member", "revoked"):
            order["sub"] = self._tenant.ready["member_user_id"]
        (key,) = self._tenant.control("POST", "keys", order)["keys"]
        if kind == "revoked":
            assert self._admin.delete(f"/api-keys/{key['id']}").status_code == 204
        return key["id"]


@pytest.fixture(scope="module", params=["permission", "switch"])
def conformance(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conformance]:
    for tenant in running(request.param, tmp_path_factory.mktemp("conformance")):
        yield Conformance(tenant)


@pytest.fixture
def prepared(conformance: Conformance) -> Iterator[Conformance]:
    """Fails a call that never succeeded, or never failed: then the generated requests would have shown little."""
    conformance.prepare()
    yield conformance
    assert {status // 100 for status in conformance.statuses} >= {2, 4}


@schema.parametrize()
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # one preparation serves all its examples
def test_answers_conform(case: schemathesis.Case, prepared: Conformance) -> None:
    prepared.check(case)


def test_answers_that_chance_does_not_meet_conform(tenant: EmbeddedTenant, admin: Api) -> None:
    calls = schema["/api/v1/api-keys"]
    made = admin.post("/api-keys", {"description": "k", **scim(tenant)})
    assert made.status_code == 201
    calls["POST"].validate_response(made)
    calls["GET"].validate_response(admin.get("/api-keys"))
    tenant.control("PATCH", "settings", {"tier1_per_minute": 1, "tier2_per_minute": 1})
    for method in ("GET", "POST"):
        refused = admin(method, "/api-keys", json={})
        assert refused.status_code == 429
        calls[method].validate_response(refused)
