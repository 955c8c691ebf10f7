# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold, whatever struck: of each run's output, between any two runs, and at the end."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.faults.flows import LOST_OPTION
from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import Run
from ansible_collections.tenantops.qlik_cloud.tests.faults.scene import JSON_WEB_TOKEN, Moment, Scene, Subject
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Call

MAX_SHOWN_CHARACTERS = 1000
KINDS = ("lost", "doubled", "leaked", "touched", "left over", "unsettled", "broken")


@dataclass(frozen=True)
class Violation:
    """``kind`` is one of KINDS."""

    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


def judge_run(run: Run, secrets: Iterable[str]) -> Iterator[Violation]:
    """A run ends in one of the documented ways, and tells no secret but the documented ``token``."""
    if run.complained:
        yield Violation("broken", f"it wrote to stderr: {run.complained[-MAX_SHOWN_CHARACTERS:]}")
    yield from (
        Violation("broken", f"past the list of steps: {step}") for step in run.steps if step.startswith("unseen")
    )
    if run.was_killed:
        return
    result = run.result
    if result is None:
        yield Violation("broken", f"it ended with {run.code}: {run.printed[-MAX_SHOWN_CHARACTERS:]}")
        return
    if (run.code == 1) != bool(result.get("failed")) or (run.code == 1 and not result.get("msg")):
        yield Violation("broken", f"exit code {run.code} with {result}")
    if "is a defect in" in result.get("msg", ""):
        yield Violation("broken", result["msg"])
    text = run.printed
    for token in returned_tokens(result):
        if token is not None:
            text = text.replace(token, "", 1)
    if JSON_WEB_TOKEN.search(text) or any(secret in text for secret in secrets):
        yield Violation("leaked", f"in a result with the keys {sorted(result)}")


def returned_tokens(result: dict[str, Any]) -> list[str | None]:
    """The documented tokens of a result, one for each key of the task; fewer when a failed run did not get to all."""
    if "api_keys" in result:
        return [(entry or {}).get("token") for entry in result["api_keys"]]
    return [result.get("token")]


def judge_moment(scene: Scene, before: Moment, after: Moment) -> Iterator[Violation]:
    """Between two runs: whose token is kept, works; nobody else's key is touched; no file tells a token."""
    for number, subject in enumerate(scene.subjects):
        if subject.flow.drops or subject.flow.gap:
            continue
        if before.held[number] in before.active and after.held[number] not in after.active:
            yield Violation(
                "lost", f"{_describe_subject(subject)}: the kept token was in use, now it is of {after.held[number]}"
            )
        for key_id in [*(subject.past[index] for index in subject.flow.keeps), *subject.rivals]:
            if key_id not in after.active:
                yield Violation("lost", f"{_describe_subject(subject)}: key {key_id} has ended, which somebody uses")
    if _judge_other_keys(scene, scene.start) != _judge_other_keys(scene, after):
        yield Violation("touched", "something else than the keys of the task is not as it was")
    for name, (mode, content) in after.beside.items():
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Violation("leaked", f"{name} has mode {mode:o}")
        if not name.endswith(".qlik-new") and JSON_WEB_TOKEN.search(content):
            yield Violation("leaked", f"a token in {name}")


def judge_end(scene: Scene, end: Moment, last: Run, calls: Iterable[Call]) -> Iterator[Violation]:
    """After the faults are over and the runs after them: what was asked for, nothing else, and no more to do."""
    written = [call.name for call in calls if call.writes]
    failing = next((subject.flow.fails for subject in scene.subjects if subject.flow.fails), None)
    if failing and not (last.code == 1 and failing in last.result["msg"]):
        yield Violation("unsettled", f"a failure that names {failing} was expected: {_describe_result(last)}")
    elif failing == LOST_OPTION and written:
        yield Violation("touched", f"a run that only says that a token is lost sent {written}")
    elif not failing and (last.code or last.result["changed"] or written):
        yield Violation("unsettled", f"the last run sent {written} and said: {_describe_result(last)}")
    if end.beside and not any(subject.flow.foreign for subject in scene.subjects):
        yield Violation("left over", ", ".join(end.beside))
    warnings = json.dumps((last.result or {}).get("warnings", []))
    for number, subject in enumerate(scene.subjects):
        yield from _judge_subject(scene, subject, end, end.held[number])
        for key_id in [*(subject.past[index] for index in subject.flow.named), *subject.rivals]:
            if not failing and subject.case.store != "none" and key_id not in warnings:
                yield Violation(
                    "unsettled", f"{_describe_subject(subject)}: key {key_id}, which was left alone, is not named"
                )
    if scene.strays & set(end.active):
        yield Violation("unsettled", "keys inside the purge scope are active still")


def _judge_subject(scene: Scene, subject: Subject, end: Moment, held: str | None) -> Iterator[Violation]:
    flow, rows = subject.flow, [row for row in end.state["api_keys"] if subject.is_about(row)]
    active = {row["id"] for row in rows if row["id"] in end.active}
    kept = {subject.past[index] for index in flow.keeps} | set(subject.rivals)
    known = {*subject.past, *subject.rivals}
    new = active - known
    is_made = flow.makes and not (flow.once and not new)
    if flow.once and not is_made:
        kept.add(subject.past[flow.stored])
    if active & known != kept or len(new) != is_made:
        kind = "doubled" if len(active) > len(kept) + is_made else "lost"
        yield Violation(
            kind,
            f"{_describe_subject(subject)}: {len(kept)} old and {int(is_made)} new expected, there are {len(active)}",
        )
    if subject.case.store == "none":
        return
    if flow.foreign:
        is_right = held is not None
    else:
        is_right = held in new if is_made else held == _judge_held_keys(subject)
    if not is_right:
        yield Violation("lost", f"{_describe_subject(subject)}: the kept token is that of {held}")
    if subject.case.store == "file" and held is not None and subject.path.stat().st_mode & 0o777 != 0o600:
        yield Violation("leaked", f"the token file has mode {subject.path.stat().st_mode & 0o777:o}")
    if flow.renames and {row["description"] for row in rows if row["id"] in kept} != {subject.end_description}:
        yield Violation("unsettled", f"{_describe_subject(subject)}: it was not renamed")


def _judge_held_keys(subject: Subject) -> str | None:
    """The key whose token is kept where no new one is made; of an absent key only a file is removed."""
    if subject.flow.stored is None or (subject.flow.drops and subject.case.store == "file"):
        return None
    return subject.past[subject.flow.stored]


def _judge_other_keys(scene: Scene, moment: Moment) -> dict[str, list[dict[str, Any]]]:
    """All that the task is not about: every row but those of its keys that were active at the start, or are new."""
    known = {row["id"] for row in scene.start.state["api_keys"]}
    was_active = set(scene.start.active)
    rivals = {key_id for subject in scene.subjects for key_id in subject.rivals}

    def is_other(row: dict[str, Any]) -> bool:
        if row["id"] in rivals:
            return False
        is_free = row["id"] in was_active or row["id"] not in known
        return not (is_free and (row["id"] in scene.strays or any(each.is_about(row) for each in scene.subjects)))

    return {**moment.state, "api_keys": [row for row in moment.state["api_keys"] if is_other(row)]}


def _describe_result(run: Run) -> str:
    result = run.result or {}
    return (result.get("msg") or f"changed {result.get('changed')}")[:MAX_SHOWN_CHARACTERS]


def _describe_subject(subject: Subject) -> str:
    return f"{subject.case.flow} ({subject.case.store})"
