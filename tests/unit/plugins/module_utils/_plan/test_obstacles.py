# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.obstacles import (
    describe_excess_keys,
    describe_long_life,
    describe_missing_permission,
    describe_unusual_provider,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import key, wanted
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER_ID

SCIM = WantedKey("Entra", sub="SCIM\\idp-1", sub_type="externalClient", expiry="P90D")


@pytest.mark.parametrize(
    ("expiry", "limit", "is_reported"),
    [
        ("P90D", "P30D", True),
        ("P31D", "P30D", True),
        ("P30D", "P30D", False),
        ("PT24H", "P1D", False),
        ("PT23H", "P1D", False),
        ("PT25H", "P1D", True),
        (None, "P30D", False),
        ("P90D", None, False),
        # What the tenant says is no duration, so nothing is known.
        ("P90D", "a month", False),
    ],
)
def test_a_life_beyond_the_limit_is_told(expiry, limit, is_reported):
    message = describe_long_life("keys[1]", wanted(expiry=expiry), ApiKeyConfig(max_api_key_expiry=limit))
    assert (message is not None) is is_reported
    if message:
        assert message.startswith(f"keys[1].expiry: {expiry} is longer than max_api_key_expiry, which is {limit}.")


def test_the_life_of_a_scim_key_has_another_limit():
    config = ApiKeyConfig(max_api_key_expiry="P365D", scim_external_client_expiry="P30D")
    assert "longer than scim_external_client_expiry, which is P30D" in describe_long_life("scim_keys[0]", SCIM, config)
    assert describe_long_life("keys[0]", wanted(expiry="P90D"), config) is None


@pytest.mark.parametrize(
    ("new", "listed", "retired", "most", "count"),
    [
        (1, ["a", "b"], [], 3, None),
        (1, ["a", "b"], [], 2, 3),
        (1, ["a", "b"], ["a"], 2, None),
        (2, ["a", "b"], ["a"], 2, 3),
        (1, [], [], 0, 1),
        (0, ["a", "b", "c"], [], 1, None),
        (9, ["a"], [], None, None),
    ],
)
def test_more_keys_of_a_user_than_allowed_are_told(new, listed, retired, most, count):
    found = [*map(key, listed), key("scim", sub="SCIM\\idp-1", sub_type="externalClient"), key("theirs", sub="u2")]
    messages = describe_excess_keys([wanted()] * new + [SCIM], found, retired, ApiKeyConfig(max_keys_per_user=most))
    assert [text.partition(",")[0] for text in messages] == (
        [] if count is None else [f"User {USER_ID} would have {count} active API {'key' if count == 1 else 'keys'}"]
    )


def test_each_user_is_counted_by_itself():
    messages = describe_excess_keys(
        [wanted(), wanted(sub="u2")], [key("a"), key("b", sub="u2")], [], ApiKeyConfig(max_keys_per_user=1)
    )
    assert [text.split()[1] for text in messages] == [USER_ID, "u2"]


def test_a_provider_that_is_not_there_and_roles_that_are_none_are_told():
    assert describe_unusual_provider("keys[0]", None, "idp-1").startswith(
        "keys[0]: the tenant has no identity provider idp-1. Qlik documents SCIM for active, interactive providers"
    )
    assert "(none)" in describe_missing_permission("user-1", [], "permission.users")
    assert "(a, b)" in describe_missing_permission("user-1", ["a", "b"], "permission.users")
