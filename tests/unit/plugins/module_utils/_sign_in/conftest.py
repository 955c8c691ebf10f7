# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import choose_sign_in
from ansible_collections.tenantops.qlik_cloud.tests.unit.plugins.module_utils._sign_in.sources import FILE


@pytest.fixture
def choose(tmp_path):
    """Chooses among options and environment, with the contexts of ``FILE`` where qlik-cli keeps them."""
    (tmp_path / ".qlik").mkdir()
    (tmp_path / ".qlik" / "contexts.yml").write_text(FILE)
    home = {"QLIK_CLI_USER_HOME_DIR": str(tmp_path)}
    return lambda options, environment: choose_sign_in(options, {**home, **environment})
