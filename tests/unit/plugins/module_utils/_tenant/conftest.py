# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer_token import BearerToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import Group, RoleHolders, User
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, BASE


@pytest.fixture
def calls() -> Calls:
    """Calls signed with the access token that the fake network expects; nothing is repeated."""
    http = HttpClient(BASE, retries=0)
    return Calls(http, BearerToken(http, AccessToken(ACCESS_TOKEN)))


@pytest.fixture
def users(calls) -> RoleHolders[User]:
    return RoleHolders(calls, User)


@pytest.fixture
def groups(calls) -> RoleHolders[Group]:
    return RoleHolders(calls, Group)
