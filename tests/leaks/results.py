# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a run, one by one, as the callback plugin ``every_result`` has written them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks import COLLECTION, SHOWS

ENDS = ("ok", "failed", "item ok", "item failed")


@dataclass(frozen=True)
class Result:
    """``event`` is how it ended (ENDS, ``skipped``, ``diff`` …), ``action`` the module, ``returned`` what it returned."""

    event: str
    host: str
    task: str
    action: str
    check_mode: bool
    returned: dict[str, Any]

    @property
    def module(self) -> str | None:
        """The module, if it is one of the collection's."""
        namespace, _dot, name = self.action.rpartition(".")
        return name if namespace == COLLECTION else None

    @property
    def shows(self) -> bool:
        """Whether its task is one that documentedly shows a token."""
        return self.task.endswith(SHOWS)

    @property
    def failed(self) -> bool:
        return self.event in ("failed", "item failed")


def read_results(path: Path) -> list[Result]:
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Result(entry["event"], entry["host"], entry["task"], entry["action"], entry["check_mode"], entry["result"])
        for entry in entries
        if entry["event"] != "play"
    ]


def read_plays(path: Path) -> set[str]:
    """The names of the plays that were run."""
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {entry["play"] for entry in entries if entry["event"] == "play"}


def documented_tokens(returned: Any) -> Iterator[dict[str, Any]]:
    """The places in a result where a token may be, as the dicts that have it as their ``token``."""
    if not isinstance(returned, dict):
        return
    keys = returned.get("api_keys")
    for place in [returned, *(keys if isinstance(keys, list) else [])]:
        if isinstance(place, dict) and isinstance(place.get("token"), str):
            yield place
