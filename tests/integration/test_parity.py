# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that runs inside Ansible's worker and one that is an ordinary module return the same, byte for byte.

Ids, times, tokens and folders differ from run to run, so they are left out of the comparison.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ADMIN, ANY_TOKEN, PLAYBOOKS, Playground, Run
from test_bad_input import CASES

CALLBACKS = Path(__file__).parents[1] / "leaks" / "callbacks"
SHELLS = {"worker": True, "module": False}
MODULE_FILE = "Using module file"
DIFFERING = [
    (ANY_TOKEN, "TOKEN"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "TRACE"),
    (re.compile(r"\b[0-9a-f]{24}\b"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "TIME"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "TIME"),
    (re.compile(r'"expires_in": -?\d+'), '"expires_in": SECONDS'),
    # How many digits differ of what is counted in seconds, in a text.
    (re.compile(r"\b\d+ s\b"), "SECONDS"),
    (re.compile(r"\bexpires? in \d+ \w+"), "expires in SPAN"),
    # What failed_when makes of a process that failed.
    (re.compile(r'"failed_when_suppressed_exception": "[^"]*", '), ""),
    # Ansible lists them in an order that differs from process to process.
    (re.compile(r"Valid booleans include: [^\"]*"), "Valid booleans include: BOOLEANS"),
]
# Interpreter discovery adds facts to the first result of an ordinary module.
ANSIBLES_OWN = ("ansible_facts", "_ansible_no_log", "_ansible_parsed", "_ansible_verbose_override")


def comparable(event: dict) -> str:
    """One recorded result without what differs from run to run."""
    kept = {name: value for name, value in event["result"].items() if name not in ANSIBLES_OWN}
    text = json.dumps([event["event"], event["task"], kept], sort_keys=True)
    for pattern, word in DIFFERING:
        text = pattern.sub(word, text)
    return text


def recorded(playground: Playground, shell: str, play: Callable[..., Any]) -> list[str]:
    """What the modules of a play returned, when they ran in that shell on a tenant as new."""
    playground.tenant.control("POST", "reset")
    playground.allow_keys()
    playground.raise_limits(max_api_key_expiry="P1D", max_keys_per_user=500)
    playground.forget_calls()
    for path in playground.folder.iterdir():
        path.unlink()
    results = playground.folder.parent / f"{shell}.jsonl"
    results.touch()
    environment = {
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "every_result",
        "EVERY_RESULT_FILE": str(results),
    }
    run: Run = play(environment=environment, qlik_cloud_in_process=SHELLS[shell])
    assert (MODULE_FILE in modules_of(run.output)) == (shell == "module")
    events = map(json.loads, results.read_text().splitlines())
    return [comparable(each) for each in events if each.get("action", "").startswith("tenantops.qlik_cloud.")]


def modules_of(output: str) -> str:
    """The lines of the output by which Ansible says that it runs a module of this collection."""
    return "\n".join(line for line in output.splitlines() if MODULE_FILE in line and "qlik_cloud" in line)


def check_same(in_worker: list[str], as_module: list[str]) -> None:
    assert in_worker
    assert len(in_worker) == len(as_module)
    differing = [(one, other) for one, other in zip(in_worker, as_module) if one != other]
    assert differing == []


# Those that play a module: an action without one has but one way to run.
PLAYED = sorted(path.stem for path in PLAYBOOKS.glob("*.yml") if path.stem != "awx_plan")


@pytest.mark.parametrize("module", PLAYED)
def test_a_playbook_of_a_module_gets_the_same_results_both_ways(playground: Playground, module: str) -> None:
    def play(**how: Any) -> Run:
        return playground.play(PLAYBOOKS / f"{module}.yml", **how)

    check_same(*(recorded(playground, shell, play) for shell in SHELLS))


@pytest.mark.parametrize("module", sorted(CASES))
def test_bad_input_is_refused_in_the_same_words_both_ways(playground: Playground, module: str) -> None:
    def play(**how: Any) -> Run:
        return playground.play(playbook_of(playground, module), **how)

    check_same(*(recorded(playground, shell, play) for shell in SHELLS))


def playbook_of(playground: Playground, module: str) -> Path:
    tasks = [
        {"name": f"Case {number}", f"tenantops.qlik_cloud.{module}": options, "ignore_errors": True}
        for number, (_name, options) in enumerate(CASES[module])
    ]
    path = playground.folder.parent / "tasks.yml"
    defaults = {"group/tenantops.qlik_cloud.tenant": ADMIN}
    path.write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}])
    )
    return path
