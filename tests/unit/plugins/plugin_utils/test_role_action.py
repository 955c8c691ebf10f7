# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages for a user of the role name its variables, and change no other word."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import TENANT
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._role_action import name_further_variables


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("means API key a, as keys[0] does.", "means API key a, as onboarding_keys[0] does."),
        ("/a/b is that of scim_keys[12] as well.", "/a/b is that of onboarding_scim_keys[12] as well."),
    ],
)
def test_an_option_is_named_as_the_user_wrote_it(message, named):
    assert name_further_variables(message, TENANT, "onboarding_") == named


@pytest.mark.parametrize(
    "message",
    [
        "POST /api/v1/api-keys was refused with 400: not found in keys of another tenant.",
        "API key 'as keys[x]' is active.",
    ],
)
def test_the_words_of_a_tenant_stay_as_they_are(message):
    assert name_further_variables(message, TENANT, "onboarding_") == message
