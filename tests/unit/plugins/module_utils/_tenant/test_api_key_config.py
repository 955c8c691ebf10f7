# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import ForbiddenError, UnusableAnswerError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import (
    ApiKeyConfig,
    ApiKeyConfigs,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import CONFIG

PATH = "/api/v1/api-keys/configs/t%2F1"


@pytest.mark.parametrize(
    ("answered", "read", "has_switch"),
    [
        (CONFIG, ApiKeyConfig(None, 5, "PT24H", "P365D"), False),
        ({**CONFIG, "api_keys_enabled": False, "new": 1}, ApiKeyConfig(False, 5, "PT24H", "P365D"), True),
        ({}, ApiKeyConfig(), False),
    ],
)
def test_the_configuration_is_read_with_or_without_the_switch(wire, calls, answered, read, has_switch):
    wire.expects("GET", PATH).answers(json=answered)
    config = ApiKeyConfigs(calls).get("t/1")
    assert (config, config.has_switch) == (read, has_switch)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("api_keys_enabled", 1, "'api_keys_enabled' is no true or false"),
        ("api_keys_enabled", "true", "'api_keys_enabled' is no true or false"),
        ("max_keys_per_user", True, "'max_keys_per_user' is no whole number"),
        ("max_keys_per_user", 5.0, "'max_keys_per_user' is no whole number"),
        ("max_api_key_expiry", 24, "'max_api_key_expiry' is no text"),
        ("scim_externalClient_expiry", ["P1D"], "'scim_externalClient_expiry' is no text"),
    ],
)
def test_a_setting_of_another_kind_cannot_be_used(wire, calls, name, value, message):
    wire.expects("GET", PATH).answers(json={**CONFIG, name: value})
    with pytest.raises(UnusableAnswerError, match=f"with a configuration whose {message}"):
        ApiKeyConfigs(calls).get("t/1")


def test_results_are_in_snake_case():
    assert ApiKeyConfig(True, 5, "PT24H", "P365D").as_result() == {
        "api_keys_enabled": True,
        "max_keys_per_user": 5,
        "max_api_key_expiry": "PT24H",
        "scim_external_client_expiry": "P365D",
    }


def test_changes_are_sent_as_one_json_patch_with_the_services_names(wire, calls):
    patch = [
        {"op": "replace", "path": "/api_keys_enabled", "value": True},
        {"op": "replace", "path": "/scim_externalClient_expiry", "value": "P30D"},
    ]
    wire.expects("PATCH", PATH, json=patch).answers(204)
    ApiKeyConfigs(calls).update("t/1", {"api_keys_enabled": True, "scim_external_client_expiry": "P30D"})


@pytest.mark.parametrize(("method", "needs"), [("GET", "a user of that tenant"), ("PATCH", "the role TenantAdmin")])
def test_a_403_names_the_missing_right(wire, calls, method, needs):
    configs = ApiKeyConfigs(calls)
    wire.expects(method, PATH, json=[] if method == "PATCH" else None).answers(403)
    with pytest.raises(ForbiddenError, match=f"this call needs {needs}"):
        configs.get("t/1") if method == "GET" else configs.update("t/1", {})
