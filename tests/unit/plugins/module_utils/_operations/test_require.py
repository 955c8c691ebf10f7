# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require


def test_a_value_that_is_there_is_given_back():
    assert require("", "text") == ""


def test_a_value_that_is_not_there_is_a_defect_that_names_it():
    with pytest.raises(RuntimeError, match="no token file"):
        require(None, "token file")
