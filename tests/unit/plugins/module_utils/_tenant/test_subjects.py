# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import build_scim_sub, is_same_sub


def test_a_scim_subject_is_sent_with_one_backslash():
    assert build_scim_sub("idp-1") == "SCIM\\idp-1"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("SCIM\\idp-1", "SCIM\\\\idp-1", True),
        ("SCIM\\idp-1", "SCIM\\idp-1", True),
        ("SCIM\\idp-1", "SCIM\\idp-2", False),
        ("SCIM\\idp-1", "SCIM\\\\\\idp-1", False),
        ("SCIM\\idp-1", "scim\\idp-1", False),
        ("SCIM\\idp-1", "xSCIM\\idp-1", False),
        ("SCIM\\", "SCIM\\\\", False),
        ("user-1", "user-1", True),
        ("user-1", "user-2", False),
        ("qlikbot\\c", "qlikbot\\\\c", False),
    ],
)
def test_scim_subjects_are_the_same_with_one_backslash_or_two(first, second, same):
    assert is_same_sub(first, second) is same
    assert is_same_sub(second, first) is same
