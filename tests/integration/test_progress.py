# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of keys that takes long says how far it is, while it is at work.

That nothing is said before the interval is over is shown by the unit tests, whose clock does not depend on the machine.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ADMIN, Playground
from long_runs import is_logged, turn_taken

READING = "api_keys: [localhost] reading, waiting "
COUNTING = "api_keys: [localhost] 4 of 10 changes made, waiting for another run that works on "
MAX_SECONDS = 240.0


def play_of(playground: Playground, count: int) -> Path:
    keys = [{"description": f"key {number}", "token_file": f"{{{{ folder }}}}/{number}"} for number in range(count)]
    options = {**ADMIN, "timeout": MAX_SECONDS, "keys": keys}
    task = {"name": "Keep the keys", "tenantops.qlik_cloud.api_keys": options}
    playbook = playground.folder.parent / "set.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    return playbook


@pytest.mark.parametrize("generation", ["permission"])
def test_a_long_run_says_how_far_it_is(enabled: Playground) -> None:
    """It is held up twice until it has said so: by the rate limit, and by another run before the fifth key."""
    enabled.raise_limits(max_keys_per_user=20)
    limit = {"kind": "status", "when": "before", "status": 429, "headers": {"Retry-After": "20"}}
    enabled.tenant.control("POST", "faults", {"method": "GET", "path": "/api/v1/api-keys", **limit})
    playbook, log = play_of(enabled, 10), enabled.folder.parent / "log"
    with ThreadPoolExecutor() as beside, turn_taken(enabled.folder / "4"):
        running = beside.submit(enabled.play, playbook, environment={"ANSIBLE_LOG_PATH": str(log)})
        was_reading = is_logged(READING, log, running.done, MAX_SECONDS)
        was_counting = is_logged(COUNTING, log, running.done, MAX_SECONDS)
    lines = running.result().output.splitlines()
    reading = next(line for line in lines if line.startswith(READING))
    assert (was_reading, was_counting) == (True, True)
    assert reading.endswith(" s for the tenant's rate limit")
    assert lines.index(reading) < lines.index(next(line for line in lines if line.startswith(COUNTING)))
    assert len(enabled.tenant.control("GET", "keys")["keys"]) == 10
