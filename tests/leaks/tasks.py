# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the tasks of the playbook are written: ``{name, module: options, …keywords}``, never stopping the run."""

from __future__ import annotations

from typing import Any

COLLECTION = "tenantops.qlik_cloud"
# The mark of a task, in its name, whose result documentedly holds a token, and which does without no_log.
SHOWS = "(its token is shown)"

Task = dict[str, Any]
Options = dict[str, Any]


def task(module: str, name: str, options: Options, **keywords: Any) -> Task:
    return {"name": name, f"{COLLECTION}.{module}": options, "ignore_errors": True, **keywords}


def check(module: str, name: str, options: Options) -> Task:
    """The same task, in check mode."""
    return task(module, f"{name}, in check mode", options, check_mode=True)


def hidden(module: str, name: str, options: Options, register: str) -> Task:
    """A task whose result, with a token, is kept as it should be."""
    return task(module, name, options, no_log=True, register=register)


def by_ways(module: str, name: str, options: Options, ways: list[str], **keywords: Any) -> Task:
    """The task once for each way through the gateway; ``{{ item }}`` is the way. What is slow is not waited for."""
    timeout = "{{ 1 if item is match('slow') else 60 }}"
    spoiled = {"timeout": timeout, **options, "tenant_url": "{{ gateway }}/{{ item }}"}
    return task(module, name, spoiled, loop=ways, **keywords)
