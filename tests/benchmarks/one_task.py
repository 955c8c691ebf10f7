# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``task``: what one task that only reads costs, beside the same request by ``ansible.builtin.uri``."""

from __future__ import annotations

from .key_tenant import KeyTenant, key_tenant
from .measuring import Contender, Cost, median, take_turns
from .results import Result, Row
from .sizes import Sizes
from .workbench import Workbench

INFO = "`api_key_info`"
URI = "`ansible.builtin.uri`, the same request"
PING = "`ansible.builtin.ping`, no request"

PLAYBOOKS = {INFO: "task_api_key_info", URI: "task_uri", PING: "task_ping"}


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Loops of one and of several: their difference leaves out what starting and ending a playbook costs."""
    with key_tenant() as tenant:
        tenant.empty()
        tenant.seed(sizes.looped_keys)

        def looping(name: str, times: int) -> Contender:
            return lambda: bench.playbook(name, {**tenant.access, "times": times})

        contenders = {}
        for way, name in PLAYBOOKS.items():
            contenders |= {f"{way}, {times}": looping(name, times) for times in (1, 1 + sizes.tasks)}
        costs = {name: median(taken) for name, taken in take_turns(contenders, sizes.rounds).items()}
        _check_same_request(tenant)
    each = {way: _difference(costs[f"{way}, {1 + sizes.tasks}"], costs[f"{way}, 1"], sizes.tasks) for way in PLAYBOOKS}
    rows: list[Row] = [
        {"task": way, "s": wall, "CPU s": cpu, "times `uri`": wall / each[URI][0]} for way, (wall, cpu) in each.items()
    ]
    return Result({"tasks": rows}, {"more": 1 + sizes.tasks, "keys": sizes.looped_keys})


def _check_same_request(tenant: KeyTenant) -> None:
    """Raise RuntimeError unless every request since the tenant was emptied was the same."""
    asked = {(request["method"], request["path"], request["query"]) for request in tenant.requests()}
    if len(asked) != 1:
        raise RuntimeError(f"the tasks do not ask for the same: {sorted(asked)}")


def _difference(many: Cost, one: Cost, tasks: int) -> tuple[float, float]:
    """Wall and CPU seconds of a task."""
    return (many.wall - one.wall) / tasks, (many.cpu - one.cpu) / tasks
