# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's action plugin in this process, with Ansible's own objects, as a worker of Ansible does.

Not in a process that runs modules as well: with its controller side loaded, Ansible treats differently what they do.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import connection_loader, init_plugin_loader
from ansible.template import Templar

ACTIONS = "ansible_collections.tenantops.qlik_cloud.plugins.action"
CRASHED = 70
"""Exit code of a run that ended with an exception (EX_SOFTWARE), as that of a module's own process."""


def load() -> None:
    """Find Ansible's plugins; once in a process, before any run."""
    init_plugin_loader()


def exit_code_of(module: str, options: dict[str, Any]) -> int:
    """Run with ``no_log: true``, print what the task returns as a module would, and give the exit code it would have."""
    try:
        result = _plugin(module, options).run(task_vars={"inventory_hostname": "localhost"})
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return CRASHED
    print(json.dumps(result, default=str))
    sys.stdout.flush()
    return 1 if result.get("failed") else 0


def _plugin(module: str, options: dict[str, Any]) -> Any:
    task = Task()
    task.action, task.args = f"tenantops.qlik_cloud.{module}", options
    task.check_mode, task.diff, task.no_log = False, True, True
    loader, context = DataLoader(), PlayContext()
    connection = connection_loader.get("local", context)
    action = importlib.import_module(f"{ACTIONS}.{module}").ActionModule
    return action(task, connection, context, loader, Templar(loader, variables={}), None)
