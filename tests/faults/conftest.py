# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One embedded tenant for all tests here; each schedule makes it ready anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from emulator_process import EmbeddedTenant

from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    with EmbeddedTenant() as tenant:
        yield Stage(tenant)
        assert tenant.stderr == ""
