# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugin makes of the options of a task with ``no_log: true``, for modules that are run without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def as_of_a_private_task(main: Callable[[], None], options: dict[str, Any]) -> dict[str, Any]:
    """The options, with tokens returned where neither they nor a file say otherwise."""
    module = main.__module__.rpartition(".")[2]
    if module == "api_key":
        return _with_token(options)
    keys = options.get("keys")
    if module in ("api_keys", "tenant") and isinstance(keys, list) and options.get("return_tokens") is None:
        return {**options, "keys": [_with_token(key) if isinstance(key, dict) else key for key in keys]}
    return options


def _with_token(options: dict[str, Any]) -> dict[str, Any]:
    if options.get("token_file") is not None or options.get("return_token") is not None:
        return options
    return {**options, "return_token": True}
