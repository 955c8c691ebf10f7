# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``nothing``: every key exists already, with its token on file."""

from __future__ import annotations

from collections.abc import Callable

from .key_tenant import key_tenant, keys_with_files
from .measuring import Contender, Cost, median, take_turns
from .results import Result, Row
from .sizes import Sizes
from .workbench import Workbench

API_KEYS = "`api_keys`, one task"
API_KEY_LOOP = "`api_key` in a loop, some of the keys"
URI_LISTING = "`ansible.builtin.uri` page by page, tokens not looked at"
SCRIPT = "a script with `requests`"
SET_FACT = "`ansible.builtin.set_fact` with the same keys, one task"
EMPTY = "an empty playbook"


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Each contender finds out that nothing is to be done."""
    keys = keys_with_files(sizes.kept_keys, bench.tokens())
    some = keys[: sizes.looped_keys]
    asked: dict[str, int] = {}
    with key_tenant() as tenant:
        tenant.empty()
        everything, part = ({**tenant.access, "wanted_keys": wanted} for wanted in (keys, some))
        bench.playbook("api_keys", everything)
        tenant.check(keys)

        def counted(name: str, run_it: Callable[[], Cost]) -> Contender:
            def contender() -> Cost:
                tenant.forget_requests()
                cost = run_it()
                asked[name] = _reads(tenant.requests())
                return cost

            return contender

        ways = {
            API_KEYS: lambda: bench.playbook("api_keys", everything),
            API_KEY_LOOP: lambda: bench.playbook("api_key_loop", part),
            URI_LISTING: lambda: bench.playbook("uri_listing", everything),
            SCRIPT: lambda: bench.script("compare_keys", everything),
            SET_FACT: lambda: bench.playbook("set_fact", everything),
            EMPTY: lambda: bench.playbook("empty", everything),
        }
        contenders = {name: counted(name, way) for name, way in ways.items()}
        costs = {name: median(taken) for name, taken in take_turns(contenders, sizes.rounds, sizes.quick_turns).items()}
    rows: list[Row] = [
        {
            "way": name,
            "keys": {API_KEY_LOOP: len(some), EMPTY: ""}.get(name, len(keys)),
            "s": cost.wall,
            "CPU s": cost.cpu,
            "requests": asked[name],
        }
        for name, cost in sorted(costs.items(), key=lambda each: each[1].wall)
    ]
    figures = {"keys": len(keys), "requests": asked[API_KEYS], "seconds": costs[API_KEYS].wall}
    figures |= {
        "over_empty": costs[API_KEYS].wall - costs[EMPTY].wall,
        "over_set_fact": costs[API_KEYS].wall - costs[SET_FACT].wall,
    }
    return Result({"ways": rows}, figures)


def _reads(requests: list[dict]) -> int:
    """How many requests there were. Raises RuntimeError if one of them was not a read: there was nothing to do."""
    if any(request["method"] != "GET" for request in requests):
        raise RuntimeError("something was written though there was nothing to do")
    return len(requests)
