# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs module ``api_keys`` and, when that takes long, says how far it is. Documented with the module."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._module.progress import (
    VARIABLE,
    FollowedFile,
    follow,
)

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
        # Ansible's way from a worker to the process that displays, unset anywhere else.
        queue = getattr(display, "_final_q", None)
        elsewhere = self._connection.transport != "local" or self._play_context.become or self._task.async_val
        if queue is None or elsewhere:
            yield
            return
        try:
            file = FollowedFile()
        except OSError:
            # Not worth failing for.
            yield
            return
        given = self._task.environment
        self._task.environment = [*(given or []), {VARIABLE: file.word}]
        host = task_vars["inventory_hostname"]
        ended = threading.Event()

        def say(how_far: str) -> None:
            # Not by display.display(): a callback may have made that write to the worker's own stderr (ansible-runner
            # before 2.4.2 does), whose lock the worker's first thread holds from the fork to its end. A traceback
            # would go there as well, so no error may get out.
            with suppress(Exception):
                # To stderr, beside what a callback writes for a program to read, such as JSON.
                queue.send_display("display", f"api_keys: [{host}] {how_far}", stderr=True)

        follower = threading.Thread(target=follow, args=(file, INTERVAL, ended, say), daemon=True)
        follower.start()
        try:
            yield
        finally:
            ended.set()
            follower.join()
            self._task.environment = given
            file.remove()


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
