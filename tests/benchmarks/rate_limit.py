# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``limit``: more keys than the tenant's rate limit lets be made in a minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .key_tenant import KeyTenant, key_tenant, keys_with_files
from .measuring import Cost, say
from .results import Result, Row
from .sizes import Sizes
from .workbench import Workbench

API_KEYS = "`api_keys`"
HINTED = "`api_keys`, the tenant sends `Ratelimit-*` headers"
SCRIPT = "a script with `requests` that obeys `Retry-After`"


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Once each: a run takes minutes, nearly all of it waiting, so that a busy machine hardly shows."""
    with key_tenant() as tenant:
        keys = keys_with_files(sizes.limited_keys, bench.tokens())
        variables = {**tenant.access, "wanted_keys": keys}
        # The first write opens a window; every further window's worth of keys has to wait for one more of them.
        floor = (sizes.limited_keys - 1) // sizes.writes_per_window * sizes.window_seconds

        def measured(name: str, run_it: Callable[[], Cost], *, hints: bool = False) -> Row:
            bench.tokens()
            tenant.empty()
            tenant.settings(
                tier2_per_minute=sizes.writes_per_window,
                ratelimit_window=sizes.window_seconds,
                ratelimit_headers=hints,
            )
            cost = run_it()
            say(name, cost)
            tenant.check(keys)
            return _row(name, cost, tenant, floor)

        rows = [
            measured(API_KEYS, lambda: bench.playbook("api_keys", variables)),
            measured(HINTED, lambda: bench.playbook("api_keys", variables), hints=True),
            measured(SCRIPT, lambda: bench.script("create_keys", variables)),
        ]
    figures = {
        "keys": sizes.limited_keys,
        "limit": sizes.writes_per_window,
        "window": sizes.window_seconds,
        "floor": floor,
    }
    return Result({"ways": rows}, figures)


def _row(name: str, cost: Cost, tenant: KeyTenant, floor: int) -> Row:
    writes = [request for request in tenant.requests() if request["method"] == "POST"]
    made = [datetime.fromisoformat(write["time"].replace("Z", "+00:00")) for write in writes if write["status"] == 201]
    span = (made[-1] - made[0]).total_seconds()
    return {
        "way": name,
        "whole run, s": cost.wall,
        "first to last key, s": span,
        "over the floor, %": 100 * (span - floor) / floor,
        "refused requests": sum(write["status"] == 429 for write in writes),
    }
