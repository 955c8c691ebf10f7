# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may make and use keys; how that is read of a tenant is in the tests of module api_key_report_info."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creators import KeyCreators
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.owners import Owner


def owner(*roles: str, user_id: str = "u", scopes: tuple[str, ...] | None = None, subject: str = "s") -> Owner:
    return Owner(user_id, None, None, subject, "active", roles, None, scopes)


KEY_MAKERS = KeyCreators(False, ("Key Makers",), users=(owner(user_id="by-group"),))


@pytest.mark.parametrize(
    ("makers", "who", "may"),
    [
        (KEY_MAKERS, owner("Viewer", "Key Makers"), True),
        (KEY_MAKERS, owner(user_id="by-group"), True),
        (KEY_MAKERS, owner(scopes=("api-keys",)), True),
        (KEY_MAKERS, owner("Viewer"), False),
        (KEY_MAKERS, owner(), False),
        # What administrators and bots may is not documented, and what is not told is not known.
        (KEY_MAKERS, owner("TenantAdmin"), None),
        (KEY_MAKERS, owner(subject="qlikbot\\x"), None),
        (KEY_MAKERS, Owner("u", None, None, None, None, None, None, None), None),
        (KeyCreators(False, ("Key Makers",), is_complete=False), owner("Viewer"), None),
        (KeyCreators(True, ("UserDefault",)), owner(), True),
        (KeyCreators(False, ()), owner(), False),
        (KeyCreators(True, ("UserDefault",), is_enabled=False), owner("TenantAdmin"), False),
    ],
)
def test_whether_a_user_may_make_keys_is_known_or_left_open(makers, who, may):
    assert makers.includes(who) is may
