# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs module ``api_keys`` and, when that takes long, says how far it is. Documented with the module."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.progress import VARIABLE, progress_in

# Seconds between two lines, and before the first, so that a short run says nothing.
INTERVAL = 8.0

display = Display()


class ActionModule(ActionBase):
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        problem = _not_as_structured(self._task.args)
        if problem:
            return {**result, "failed": True, "msg": problem}
        with self._followed(task_vars):
            result.update(self._execute_module(task_vars=task_vars, wrap_async=bool(self._task.async_val)))
        return result

    @contextmanager
    def _followed(self, task_vars) -> Iterator[None]:
        """Follow the module as long as it runs, if it can write to a file of this machine and user."""
        if self._connection.transport != "local" or self._play_context.become or self._task.async_val:
            yield
            return
        try:
            descriptor, path = tempfile.mkstemp(prefix="qlik-progress-")
        except OSError:
            # Not worth failing for.
            yield
            return
        os.close(descriptor)
        given = self._task.environment
        self._task.environment = [*(given or []), {VARIABLE: path}]
        ended = threading.Event()
        follower = threading.Thread(target=_follow, args=(path, task_vars["inventory_hostname"], ended), daemon=True)
        follower.start()
        try:
            yield
        finally:
            ended.set()
            follower.join()
            self._task.environment = given
            with suppress(OSError):
                os.unlink(path)


def _not_as_structured(options: dict) -> str | None:
    """In words, what of the nested options is no structure at all.

    The module would say so as well, but Ansible stops it before it has taken note of which options are secrets.
    """
    keys, scope = options.get("keys"), options.get("purge_scope")
    if keys is not None and not (isinstance(keys, list) and all(isinstance(key, dict) for key in keys)):
        return "keys: must be a list of dictionaries, one for each key."
    if scope is not None and not isinstance(scope, dict):
        return "purge_scope: must be a dictionary with sub_type, created_by_user or both."
    return None


def _follow(path: str, host: str, ended: threading.Event) -> None:
    while not ended.wait(INTERVAL):
        progress = progress_in(path)
        how_far = "reading the keys" if progress is None else f"{progress[0]} of {progress[1]} changes made"
        # Beside what a callback writes for a program to read, such as JSON.
        display.display(f"api_keys: [{host}] {how_far}", stderr=True)
