# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import document


@pytest.fixture(scope="session")
def large() -> dict[str, Any]:
    """Five tenants, two thousand keys and hostile texts; not to be changed."""
    return document(tenants=5, keys=2000, hostile=True)
