# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's action plugin in this process, with Ansible's own objects, as a worker of Ansible does.

Not in a process that runs modules as well: with its controller side loaded, Ansible treats differently what they do.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import connection_loader, init_plugin_loader
from ansible.template import Templar
from module_main import CRASHED

from ansible_collections.tenantops.qlik_cloud import plugins

ACTIONS = "ansible_collections.tenantops.qlik_cloud.plugins.action"


def load() -> None:
    """Import all that runs need, and then have Ansible find its own plugins; once in a process, before any run.

    Ansible's finder refuses a collection of which something was imported before it came.
    """
    [folder] = map(Path, plugins.__path__)
    for layer in ("module_utils", "plugin_utils", "action"):
        for file in (folder / layer).rglob("*.py"):
            importlib.import_module(".".join((plugins.__name__, *file.relative_to(folder).with_suffix("").parts)))
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
