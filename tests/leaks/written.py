# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything a run has written, searched, but for tokens where they are to be."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

from results import documented_tokens, read_results
from search import Finding, Search
from stage import Stage
from tasks import SHOWS

ONE_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+\n?")
# In output for people, and once more escaped where that output is part of JSON.
SPELLED = ('"token": "{}"', '\\"token\\": \\"{}\\"')


def find_findings(stage: Stage) -> list[Finding]:
    """Every secret in any file below ``written``, and in the names of files."""
    search, shown = Search(stage.secrets()), shown_tokens(stage)
    found: list[Finding] = []
    for path in sorted(stage.written.rglob("*")):
        place = str(path.relative_to(stage.written))
        found += search.findings("the name of a file", place)
        if path.is_file() and not path.is_symlink() and not _is_token_file(stage, path):
            found += search.findings(place, _without_documented(path, shown))
    return found


def shown_tokens(stage: Stage) -> set[str]:
    """The tokens in the results of the tasks that documentedly show one."""
    results = [result for result in read_results(stage.written / "results.jsonl") if result.shows]
    return {place["token"] for result in results for place in documented_tokens(result.returned)}


def _is_token_file(stage: Stage, path: Path) -> bool:
    """Whether the file holds what it should: what was planted there, or one token, for its owner alone."""
    if path.parent != stage.tokens:
        return False
    content = path.read_text(encoding="utf-8")
    if stage.planted.get(path) == content:
        return True
    is_private = stat.S_IMODE(path.stat().st_mode) == 0o600
    return is_private and not path.name.startswith(".") and ONE_TOKEN.fullmatch(content) is not None


def _without_documented(path: Path, shown: set[str]) -> str:
    """The content, without the tokens that it documentedly shows, each taken out once where it may be."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.name == "results.jsonl":
        return "\n".join(json.dumps(_without_tokens(json.loads(line), "task", "result")) for line in text.splitlines())
    if path.parent.name == "job_events":
        event = json.loads(text)
        event["event_data"] = _without_tokens(event.get("event_data", {}), "task", "res")
        text = json.dumps(event)
    for token in shown:
        for spelled in SPELLED:
            text = text.replace(spelled.format(token), "", 1)
    return text


def _without_tokens(event: dict[str, Any], task: str, result: str) -> dict[str, Any]:
    if str(event.get(task, "")).endswith(SHOWS):
        for place in list(documented_tokens(event.get(result))):
            place["token"] = "(as documented)"
    return event
