# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.filters import build_filter


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Key Makers", '"Key Makers"'),
        ('the "good" ones', r'"the \"good\" ones"'),
        ("auth0|a\\b", r'"auth0|a\\b"'),
        ("a\nb", r'"a\nb"'),
        ("Schlüssel", '"Schlüssel"'),
        ('" or id pr or name eq "', r'"\" or id pr or name eq \""'),
    ],
)
def test_a_value_is_a_json_string_and_cannot_end_early(value, written):
    assert build_filter(["name"], value) == f"name eq {written}"


def test_several_attributes_are_alternatives():
    assert build_filter(["id", "name"], "x") == 'id eq "x" or name eq "x"'
