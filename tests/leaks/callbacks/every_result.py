# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes each result as one line of JSON, as the callback plugins do that ship results to a log server."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: every_result
type: aggregate
short_description: One line of JSON for each result
description:
  - Appends every result, unabridged, to the file that the environment variable E(EVERY_RESULT_FILE) names.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "every_result"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_play_start(self, play) -> None:
        self._write(event="play", play=play.get_name())

    def v2_runner_on_ok(self, result) -> None:
        self._write_result("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors: bool = False) -> None:
        self._write_result("failed", result)

    def v2_runner_on_skipped(self, result) -> None:
        self._write_result("skipped", result)

    def v2_runner_on_unreachable(self, result) -> None:
        self._write_result("unreachable", result)

    def v2_runner_item_on_ok(self, result) -> None:
        self._write_result("item ok", result)

    def v2_runner_item_on_failed(self, result) -> None:
        self._write_result("item failed", result)

    def v2_runner_item_on_skipped(self, result) -> None:
        self._write_result("item skipped", result)

    def v2_on_file_diff(self, result) -> None:
        self._write_result("diff", result)

    def _write_result(self, event: str, result) -> None:
        task = result._task
        self._write(
            event=event,
            host=result._host.get_name(),
            task=task.get_name(),
            path=task.get_path(),
            action=task.action,
            check_mode=bool(task.check_mode),
            result=result._result,
        )

    def _write(self, **fields: Any) -> None:
        with open(os.environ["EVERY_RESULT_FILE"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps(fields, default=str) + "\n")
