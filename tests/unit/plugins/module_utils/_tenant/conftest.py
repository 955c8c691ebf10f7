# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.bearer import Bearer
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.holders import Group, Holders, User
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import Http
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import ACCESS_TOKEN, BASE


@pytest.fixture
def calls() -> Calls:
    """Calls signed with the access token that the fake network expects; nothing is repeated."""
    http = Http(BASE, retries=0)
    return Calls(http, Bearer(http, AccessToken(ACCESS_TOKEN)))


@pytest.fixture
def users(calls) -> Holders[User]:
    return Holders(calls, User)


@pytest.fixture
def groups(calls) -> Holders[Group]:
    return Holders(calls, Group)
