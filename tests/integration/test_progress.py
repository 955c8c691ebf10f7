# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of keys that takes long says how far it is, while it is at work; a short one says nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import ADMIN, Playground

pytestmark = pytest.mark.parametrize("generation", ["permission"])

HOW_FAR = re.compile(r"^api_keys: \[localhost\] (\d+) of (\d+) changes made$", re.MULTILINE)


def play_of(playground: Playground, count: int) -> Path:
    keys = [{"description": f"key {number}", "token_file": f"{{{{ folder }}}}/{number}"} for number in range(count)]
    task = {"name": "Keep the keys", "tenantops.qlik_cloud.api_keys": {**ADMIN, "keys": keys}}
    playbook = playground.folder.parent / "set.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    return playbook


def test_a_long_run_says_how_far_it_is(enabled: Playground) -> None:
    enabled.raise_limits(max_keys_per_user=20)
    enabled.tenant.control("PATCH", "settings", {"tier2_per_minute": 7, "ratelimit_window": 10})
    run = enabled.play(play_of(enabled, 10))
    told = [tuple(map(int, pair)) for pair in HOW_FAR.findall(run.output)]
    assert told
    assert all(0 < done < planned == 10 for done, planned in told)
    assert len(enabled.tenant.control("GET", "keys")["keys"]) == 10


def test_a_short_run_is_quiet(enabled: Playground) -> None:
    run = enabled.play(play_of(enabled, 2))
    assert "changes made" not in run.output
    assert "reading the keys" not in run.output
