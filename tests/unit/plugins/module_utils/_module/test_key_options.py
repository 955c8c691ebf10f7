# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.key_options import (
    check_id,
    check_not_blank,
    subject_of,
)


@pytest.mark.parametrize("value", [None, "a", " a "])
def test_an_option_may_be_left_out_or_say_something(value):
    assert check_not_blank({"a": value}, "a") is None


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
def test_an_option_that_says_nothing_is_refused_by_its_name(value):
    with pytest.raises(OptionError, match="^b: must not be empty"):
        check_not_blank({"a": "x", "b": value}, "a", "b")


@pytest.mark.parametrize("value", ["", " ", ".", ".."])
def test_an_id_that_cannot_be_part_of_a_path_is_refused_by_its_name(value):
    with pytest.raises(OptionError, match="^id: "):
        check_id({"id": value}, "id")
    assert check_id({"id": None}, "id") is None and check_id({"id": "a.b"}, "id") is None


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({"idp_id": None, "sub": None, "sub_type": "user"}, (None, "user")),
        ({"idp_id": None, "sub": "u", "sub_type": "externalClient"}, ("u", "externalClient")),
        ({"idp_id": "i", "sub": None, "sub_type": "user"}, ("SCIM\\i", "externalClient")),
    ],
)
def test_an_identity_provider_means_subject_and_type(given, subject):
    assert subject_of(given) == subject
