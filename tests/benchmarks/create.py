# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``create``: many keys on a tenant that has none."""

from __future__ import annotations

from collections.abc import Callable

from .key_tenant import KeyTenant, key_tenant, keys_with_files
from .measuring import QUICK_SECONDS, Contender, Cost, median, take_turns
from .results import Result, Row
from .sizes import Sizes
from .workbench import Workbench

API_KEYS = "`api_keys`, one task"
API_KEY_LOOP = "`api_key` in a loop"
URI_LOOP = "`ansible.builtin.uri` in a loop, tokens not stored"
URI_AND_COPY = "`ansible.builtin.uri` and `copy` in loops"
SCRIPT = "a script with `requests`"
FLUSHING_SCRIPT = "a script with `requests` that loses nothing in a power cut"
EMPTY = "an empty playbook"

PLAYBOOKS = {
    API_KEYS: "api_keys",
    API_KEY_LOOP: "api_key_loop",
    URI_LOOP: "uri_loop",
    URI_AND_COPY: "uri_and_copy_loop",
}


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Each contender makes the same keys and, but for one, stores their tokens."""
    with key_tenant() as tenant:
        contenders = _contenders(bench, tenant, sizes.created_keys)
        costs = {name: median(taken) for name, taken in take_turns(contenders, sizes.rounds, sizes.quick_turns).items()}
    ours, start = costs[API_KEYS].wall, costs[EMPTY].wall
    rows: list[Row] = [
        {
            "way": name,
            "s": cost.wall,
            "beyond an empty playbook, s": "" if name in (SCRIPT, FLUSHING_SCRIPT, EMPTY) else cost.wall - start,
            "CPU s": cost.cpu,
            "times `api_keys`": cost.wall / ours,
        }
        for name, cost in sorted(costs.items(), key=lambda each: each[1].wall)
    ]
    figures = {
        "keys": sizes.created_keys,
        "rounds": sizes.rounds,
        "quick_turns": sizes.quick_turns,
        "quick_seconds": QUICK_SECONDS,
        "times_uri": costs[URI_LOOP].wall / ours,
        "times_uri_and_copy": costs[URI_AND_COPY].wall / ours,
        "times_api_key": costs[API_KEY_LOOP].wall / ours,
        "over_script": ours - costs[SCRIPT].wall,
        "over_both": ours - costs[FLUSHING_SCRIPT].wall - start,
        "empty": start,
    }
    return Result({"ways": rows}, figures)


def _contenders(bench: Workbench, tenant: KeyTenant, count: int) -> dict[str, Contender]:
    keys = keys_with_files(count, bench.tokens())
    variables = {**tenant.access, "wanted_keys": keys}

    def making(run_it: Callable[[], Cost], *, stored: bool = True) -> Contender:
        def from_nothing() -> Cost:
            bench.tokens()
            tenant.empty()
            cost = run_it()
            tenant.check(keys, stored=stored)
            return cost

        return from_nothing

    def playbook(name: str) -> Callable[[], Cost]:
        return lambda: bench.playbook(name, variables)

    makers = {way: making(playbook(name), stored=way != URI_LOOP) for way, name in PLAYBOOKS.items()}
    scripts = {
        SCRIPT: making(lambda: bench.script("create_keys", variables)),
        FLUSHING_SCRIPT: making(lambda: bench.script("create_keys", {**variables, "flush": True})),
    }
    return {**makers, **scripts, EMPTY: playbook("empty")}
