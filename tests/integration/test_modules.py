# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each module's playbook, against both generations of tenant. The playbooks hold the assertions."""

from __future__ import annotations

import pytest
from conftest import PLAYBOOKS, Playground


@pytest.mark.parametrize("module", sorted(path.stem for path in PLAYBOOKS.glob("*.yml")))
def test_the_playbook_of_the_module_passes(enabled: Playground, module: str) -> None:
    enabled.raise_limits(max_api_key_expiry="P1D", max_keys_per_user=500)
    enabled.forget_calls()
    run = enabled.play(PLAYBOOKS / f"{module}.yml")
    assert run.stats["failed"] == 0
    assert run.stats["ok"] > 0
