# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Part ``task``: what one task that only reads costs, beside the same request by ``ansible.builtin.uri``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .key_tenant import KeyTenant, key_tenant
from .measuring import Contender, Cost, median, take_turns
from .results import Result, Row
from .sizes import Sizes
from .workbench import Workbench

INFO = "`api_key_info`"
URI = "`ansible.builtin.uri`, the same request"
PING = "`ansible.builtin.ping`, no request"
DEBUG = "`ansible.builtin.debug`, which starts no process either"

# As many as a user may have by default.
KEYS = 5

Play = dict[str, Any]
Module = dict[str, Any]


def run(bench: Workbench, sizes: Sizes) -> Result:
    """Three ways to run each module: over and over in a loop, in tasks one after the other, and once by ``ansible``."""
    with key_tenant() as tenant:
        tenant.empty()
        tenant.seed(KEYS)
        modules = _modules(tenant)
        items = _cost_of_one_more(bench, modules, _in_a_loop, sizes)
        tasks = _cost_of_one_more(bench, modules, _in_tasks, sizes)
        _check_same_request(tenant)
        once = _ad_hoc(bench, modules, sizes)
    tables = {"items": _rows("one more item", items), "tasks": _rows("one more task", tasks)}
    floor = items[URI].cpu / items[DEBUG].cpu
    shares = {f"{name}_share": cost[URI].cpu / cost[INFO].cpu for name, cost in (("items", items), ("tasks", tasks))}
    return Result(
        {**tables, "once": once}, {**shares, "floor": floor, "more": 1 + sizes.tasks, "keys": KEYS, "many": sizes.items}
    )


def _modules(tenant: KeyTenant) -> dict[str, Module]:
    """Each way as Ansible writes a module with its options."""
    url, token = tenant.access["tenant_url"], tenant.access["access_token"]
    return {
        INFO: {"tenantops.qlik_cloud.api_key_info": tenant.access},
        URI: {
            "ansible.builtin.uri": {
                "url": f"{url}/api/v1/api-keys?sort=-created&limit=100",
                "headers": {"Authorization": f"Bearer {token}"},
            }
        },
        PING: {"ansible.builtin.ping": {}},
        DEBUG: {"ansible.builtin.debug": {"msg": "No work, so all of it is Ansible's."}},
    }


def _in_a_loop(module: Module, times: int) -> Play:
    return _play([{"name": "Again and again", **module, "loop": list(range(times))}])


def _in_tasks(module: Module, times: int) -> Play:
    return _play([{"name": f"Task {number}", **module} for number in range(1, 1 + times)])


def _play(tasks: list[Module]) -> Play:
    return {"name": "Measure a task", "hosts": "localhost", "gather_facts": False, "tasks": tasks}


def _cost_of_one_more(
    bench: Workbench, modules: dict[str, Module], written: Callable[[Module, int], Play], sizes: Sizes
) -> dict[str, Cost]:
    """What many cost and one does not, shared out: so without what starting and ending a playbook costs.

    In a loop, an item of this collection takes so little that a few of them are lost in what two runs differ by.
    """

    def contender(module: Module, times: int) -> Contender:
        return lambda: bench.play(written(module, times))

    more = {way: sizes.items if written is _in_a_loop and way in (INFO, DEBUG) else sizes.tasks for way in modules}
    contenders = {}
    for way, module in modules.items():
        contenders |= {f"{way}, {times}": contender(module, times) for times in (1, 1 + more[way])}
    costs = {name: median(taken) for name, taken in take_turns(contenders, sizes.rounds, sizes.quick_turns).items()}
    return {way: _shared_out(costs[f"{way}, {1 + more[way]}"], costs[f"{way}, 1"], more[way]) for way in modules}


def _shared_out(many: Cost, one: Cost, times: int) -> Cost:
    return Cost((many.wall - one.wall) / times, (many.cpu - one.cpu) / times, many.memory)


def _ad_hoc(bench: Workbench, modules: dict[str, Module], sizes: Sizes) -> list[Row]:
    def contender(name: str, options: Module) -> Contender:
        return lambda: bench.ad_hoc(name, options)

    contenders = {way: contender(*next(iter(module.items()))) for way, module in modules.items()}
    costs = {way: median(taken) for way, taken in take_turns(contenders, sizes.rounds, sizes.quick_turns).items()}
    return [{"module": way, "s": cost.wall, "CPU s": cost.cpu} for way, cost in costs.items()]


def _check_same_request(tenant: KeyTenant) -> None:
    """Raise RuntimeError unless every request since the tenant was emptied was the same."""
    asked = {(request["method"], request["path"], request["query"]) for request in tenant.requests()}
    if len(asked) != 1:
        raise RuntimeError(f"the tasks do not ask for the same: {sorted(asked)}")


def _rows(title: str, costs: dict[str, Cost]) -> list[Row]:
    return [
        {title: way, "s": cost.wall, "CPU s": cost.cpu, "CPU, of `uri`'s": cost.cpu / costs[URI].cpu}
        for way, cost in costs.items()
    ]
