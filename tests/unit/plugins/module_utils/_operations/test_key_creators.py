# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may make and use keys; how that is read of a tenant is in the tests of module api_key_report_info."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creators import KeyCreators
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.owners import Owner


def owner(*roles: str, user_id: str = "u", scopes: tuple[str, ...] | None = None, subject: str = "s") -> Owner:
    return Owner(user_id, None, None, subject, "active", roles, None, scopes)


KEY_CREATORS = KeyCreators(False, ("Key Makers",), users=(owner(user_id="by-group"),))


@pytest.mark.parametrize(
    ("creators", "user", "may"),
    [
        (KEY_CREATORS, owner("Viewer", "Key Makers"), True),
        (KEY_CREATORS, owner(user_id="by-group"), True),
        (KEY_CREATORS, owner(scopes=("api-keys",)), True),
        (KEY_CREATORS, owner("Viewer"), False),
        (KEY_CREATORS, owner(), False),
        # What administrators and bots may is not documented, and what is not told is not known.
        (KEY_CREATORS, owner("TenantAdmin"), None),
        (KEY_CREATORS, owner(subject="qlikbot\\x"), None),
        (KEY_CREATORS, Owner("u", None, None, None, None, None, None, None), None),
        (KeyCreators(False, ("Key Makers",), is_complete=False), owner("Viewer"), None),
        (KeyCreators(True, ("UserDefault",)), owner(), True),
        (KeyCreators(False, ()), owner(), False),
        (KeyCreators(True, ("UserDefault",), is_enabled=False), owner("TenantAdmin"), False),
    ],
)
def test_whether_a_user_may_make_keys_is_known_or_left_open(creators, user, may):
    assert creators.includes(user) is may
