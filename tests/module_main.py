# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's ``main()`` in this process, as Ansible's own wrapper does, on every supported ansible-core."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

from ansible.module_utils import basic

from ansible_collections.tenantops.qlik_cloud.tests.private_task import as_of_a_private_task

MODULES = "ansible_collections.tenantops.qlik_cloud.plugins.modules"
CRASHED = 70
"""Exit code of a run that ended with an exception (EX_SOFTWARE); Ansible's own are 0 and 1."""


def main_of(module: str) -> Callable[[], None]:
    """The ``main`` of the module with that name."""
    return importlib.import_module(f"{MODULES}.{module}").main


def exit_code_of(main: Callable[[], None], options: dict[str, Any]) -> int:
    """What the process is to end with. Streams are flushed; the traceback of a crash goes to stderr."""
    arguments = {"ANSIBLE_MODULE_ARGS": {"_ansible_diff": True, **as_of_a_private_task(main, options)}}
    # The way in which Ansible's own wrapper hands them over; cores before 2.19 know no profile.
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = json.dumps(arguments).encode(), "legacy"
    try:
        main()
    except SystemExit as end:
        return end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return CRASHED
