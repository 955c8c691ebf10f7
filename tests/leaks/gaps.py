# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run should have met and did not: modules, their states, playbooks, entry points of the role, failures."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from module_tasks import MODULES, tasks_of
from results import Result
from tasks import COLLECTION

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils import _errors

ROOT = Path(__file__).resolve().parents[2]
READING = "_info"
# One of the contexts in the file that the inventory plugin reads.
CONTEXT = "by-key"
# A failing answer by its status, and one that nobody can use.
BAD_STATUSES = {200, 401, 500}
# The options whose every choice is another way through a module.
WAYS = ("state", "on_lost_token")


def _has_message(pattern: str) -> Callable[[dict], bool]:
    return lambda returned: re.search(pattern, str(returned.get("msg"))) is not None


def _has_status(status: int) -> Callable[[dict], bool]:
    return lambda returned: returned.get("failure", {}).get("status") == status and "title" in returned["failure"]


FAILURES: dict[str, Callable[[dict], bool]] = {
    "OptionError": _has_message(r"^headers: must not contain Authorization"),
    "UnknownUserError": _has_message(r"^owner: no user of the tenant has 'nobody@"),
    "SeveralErrors": _has_message(r"^2 entries: keys\[0\]"),
    "MissingLibraryError": _has_message("^Failed to import the required Python library"),
    "TokenFileError": _has_message("^token_file: .* is where an interrupted run notes what it was doing"),
    "LostTokenError": _has_message("Qlik Cloud never shows a token again"),
    "OrphanedKeyError": _has_message("^API key .* is active and nobody holds its token"),
    "TenantStateError": _has_message("its answer holds no token"),
    "NotSentError": _has_message("Nothing was sent"),
    "NoAnswerError": _has_message(" got no answer: "),
    "UnusableAnswerError": _has_message("where a JSON object was expected"),
    "RefusedError": _has_status(500),
    "UnauthorizedError": _has_status(401),
    "ForbiddenError": _has_status(403),
    "NotFoundError": _has_status(404),
    "RateLimitedError": _has_status(429),
}
"""How a result tells each type of failure of the collection."""
NEVER_RAISED = {"QlikCloudError", "RequestError"}


def find_gaps(results: list[Result], plays: set[str]) -> list[str]:
    """In words, what was not met."""
    return [
        *(gap for module in MODULES for gap in _find_module_gaps(module, results)),
        *(gap for module in MODULES for gap in _find_missing_choices(module, results)),
        *(f"the playbooks: {play}" for play in _plays_to_run() if play not in plays),
        *(f"the role {role}: {name}" for role, name in _role_tasks() if not _has_run(role, name, results)),
        *([] if any(result.host == CONTEXT for result in results) else ["a host of the inventory plugin contexts"]),
        *(f"a failure of type {name}" for name in _failure_types() if not _has_occurred(name, results)),
    ]


def _find_module_gaps(module: str, results: list[Result]) -> Iterator[str]:
    own = [result for result in results if result.module == module]
    if not any(result.event == "ok" and not result.check_mode for result in own):
        yield f"{module}: a success"
    if not any(result.event == "ok" and result.check_mode for result in own):
        yield f"{module}: a success in check mode"
    if not module.endswith(READING) and not any(result.returned.get("changed") for result in own if not result.failed):
        yield f"{module}: a change"
    statuses = {result.returned.get("failure", {}).get("status") for result in own if result.failed}
    yield from (f"{module}: an answer of {status}" for status in sorted(BAD_STATUSES - statuses))


def _find_missing_choices(module: str, results: list[Result]) -> Iterator[str]:
    """The choices of WAYS that no task gave to the module, neither its own nor one of its list of keys."""
    ran = {result.task for result in results if result.host == module}
    [block] = tasks_of(module)
    given = {pair for task in block["block"] if task["name"] in ran for pair in _pairs(task)}
    yield from (
        f"{module}: {name}={choice}" for name, choice in _choices(_documented(module)) if (name, choice) not in given
    )


def _documented(module: str) -> dict[str, Any]:
    """The options, with those of the fragments that are the collection's own."""
    source = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{module}")
    documentation = yaml.safe_load(source.DOCUMENTATION)
    options = dict(documentation.get("options", {}))
    for name in documentation["extends_documentation_fragment"]:
        _namespace, _collection, fragment, *part = name.split(".")
        file = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.doc_fragments.{fragment}")
        text = getattr(file.ModuleDocFragment, part[0].upper() if part else "DOCUMENTATION")
        options |= yaml.safe_load(text)["options"]
    return options


def _choices(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every choice but the default, which is taken where nothing is given."""
    for name, option in options.items():
        others = [choice for choice in option.get("choices", ()) if choice != option.get("default")]
        yield from ((name, choice) for choice in others if name in WAYS)
        yield from _choices(option.get("suboptions", {}))


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    """Every option in a task, however deep, whose value is text."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, str):
            yield str(name), inner
        elif isinstance(inner, (dict, list)):
            yield from _pairs(inner)


def _plays_to_run() -> Iterator[str]:
    """Those that the playbooks share; that each was run shows by the tasks of the role."""
    for path in sorted((ROOT / "playbooks" / "plays").glob("*.yml")):
        yield from (play["name"] for play in yaml.safe_load(path.read_text(encoding="utf-8")))


def _role_tasks() -> Iterator[tuple[str, str]]:
    """The tasks of each role by their names, but for those that only include others."""
    for path in sorted((ROOT / "roles").glob("*/tasks/*.yml")):
        for task in _flat(yaml.safe_load(path.read_text(encoding="utf-8"))):
            if "ansible.builtin.include_tasks" not in task:
                yield path.parents[1].name, task["name"]


def _flat(tasks: list[dict]) -> Iterator[dict]:
    for task in tasks:
        if "block" not in task:
            yield task
        for part in ("block", "rescue", "always"):
            yield from _flat(task.get(part, []))


def _has_run(role: str, name: str, results: list[Result]) -> bool:
    return any(result.task == f"{COLLECTION}.{role} : {name}" and result.event != "skipped" for result in results)


def _failure_types() -> list[str]:
    kinds = [kind for kind in vars(_errors).values() if isinstance(kind, type)]
    return [
        kind.__name__
        for kind in kinds
        if issubclass(kind, _errors.QlikCloudError) and kind.__name__ not in NEVER_RAISED
    ]


def _has_occurred(failure: str, results: list[Result]) -> bool:
    tells = FAILURES.get(failure)
    return tells is not None and any(tells(result.returned) for result in results if result.failed)
