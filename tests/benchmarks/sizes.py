# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much each part measures: what the documentation shows, and the least that runs every line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """``rounds``: how often each contender runs, in turn with the others, where a run takes seconds rather than minutes;
    ``quick_turns``: how often in each round if it takes less than ``measuring.QUICK_SECONDS``.

    ``tasks``: how many more tasks, or items of a loop, are measured to learn what one costs; ``items`` where one costs little.

    ``fleets``: how many tenants each has that is onboarded. The same size before and after a larger one shows how much the
    speed of the machine changes meanwhile.

    ``many``: tenants of one more fleet, to see how runs that find nothing to do grow.

    ``silent_tenant``: whether the dead tenant takes connections and never answers, which takes time to find out, rather than
    refusing them.
    """

    rounds: int
    quick_turns: int
    created_keys: int
    kept_keys: int
    looped_keys: int
    tasks: int
    items: int
    limited_keys: int
    writes_per_window: int
    window_seconds: int
    fleets: tuple[int, ...]
    forks: tuple[int, ...]
    usual_forks: int
    many: int
    silent_tenant: bool


FULL = Sizes(
    rounds=3,
    quick_turns=3,
    created_keys=100,
    kept_keys=1000,
    looped_keys=20,
    tasks=20,
    items=200,
    limited_keys=250,
    writes_per_window=100,
    window_seconds=60,
    fleets=(50, 200, 50),
    forks=(1, 2, 4, 8, 16),
    usual_forks=8,
    many=800,
    silent_tenant=True,
)

TINY = Sizes(
    rounds=1,
    quick_turns=1,
    created_keys=2,
    kept_keys=3,
    looped_keys=2,
    tasks=1,
    items=2,
    limited_keys=3,
    writes_per_window=2,
    window_seconds=1,
    fleets=(1,),
    forks=(2,),
    usual_forks=2,
    many=2,
    silent_tenant=False,
)
