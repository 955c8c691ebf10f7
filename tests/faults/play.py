# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays one schedule: the runs with their faults, then runs without until nothing is left to do, and the judgement."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.faults.judge import (
    Violation,
    judge_end,
    judge_moment,
    judge_run,
    returned_tokens,
)
from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import ModuleProcess, Run
from ansible_collections.tenantops.qlik_cloud.tests.faults.scene import Moment, Scene, key_id_of
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Schedule, Spoiled
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Call, Stage

MAX_FURTHER_RUNS = 3
POLL_SECONDS = 0.05
LOST_ADVICE = "on_lost_token: replace"
# What a run says that does not know what became of a request, and has no marker to leave.
DOUBT_ADVICE = "Look whether there is a new"


@dataclass
class Outcome:
    """``faults_met`` counts the faults that really befell a run, by kind; ``further`` runs it took until all was well."""

    schedule: Schedule
    violations: list[Violation] = field(default_factory=list)
    faults_met: Counter = field(default_factory=Counter)
    runs: int = 0
    further: int = 0


class Play:
    """``mutation``: called in the process of each run before it starts, to make the collection a worse one."""

    def __init__(self, stage: Stage, schedule: Schedule, folder: Path, mutation: Callable[[], None] | None = None):
        self._scene = Scene(stage, schedule, folder)
        self._stage = stage
        self._mutation = mutation
        self._now: Moment = self._scene.start
        self._outcome = Outcome(schedule)
        self._ids_before: set[str] = set()
        self._named_to_retire: set[str] = set()
        self._messages: list[str] = []
        self._may_be_lost = False

    def play(self) -> Outcome:
        for spoiled in self._scene.schedule.runs:
            self._run_spoiled(spoiled)
            if spoiled.not_stored or spoiled.kill:
                # Whoever was stopped comes back later than that; else, where the caller keeps the token, no run could know
                # of the key that was made.
                time.sleep(self._list_lag)
        self._wait_for_the_lists()
        run, calls = self._run_until_unchanged()
        if self._now.beside:
            self._scene.let_time_pass()
            run, calls = self._run_until_unchanged()
        if self._retire_by_hand():
            run, calls = self._run_unspoiled()
        self._note(judge_end(self._scene, self._now, run, calls))
        return self._outcome

    def _wait_for_the_lists(self) -> None:
        """Until they show what there is, from then on at once."""
        if self._list_lag:
            time.sleep(self._list_lag)
            self._stage.set(list_lag=0)

    @property
    def _list_lag(self) -> float:
        """Seconds by which the schedule's lists lag behind."""
        return self._scene.schedule.settings.get("list_lag", 0.0)

    def _run_until_unchanged(self) -> tuple[Run, list[Call]]:
        """Run without faults until a run changes nothing, and give that one; or the one after the most there may be."""
        while True:
            run, calls = self._run_unspoiled()
            if self._gives_up_lost(run):
                continue
            if not run.result or not run.result.get("changed") or self._outcome.further == MAX_FURTHER_RUNS:
                return run, calls
            self._outcome.further += 1

    def _run_spoiled(self, spoiled: Spoiled) -> None:
        if spoiled.renamed:
            self._scene.rename_a_rival()
        if spoiled.given_away:
            self._scene.give_away()
        if spoiled.renamed or spoiled.given_away:
            self._now = self._scene.look()
        self._stage.order(fault.order() for fault in spoiled.http)
        runs = self._execute(spoiled)
        is_late = any(fault.kind == "late" for fault in spoiled.http)
        while any(call.is_delayed and not call.is_over for call in self._stage.calls_so_far()):
            time.sleep(POLL_SECONDS)
        self._stage.end_faults()
        calls = self._stage.calls()
        faults_met = [call for call in calls if call.fault]
        self._outcome.faults_met.update(
            f"{'late' if is_late and call.is_delayed else call.fault}" for call in faults_met
        )
        self._outcome.faults_met["rival run"] += spoiled.rival
        self._outcome.faults_met["another key renamed"] += spoiled.renamed
        self._outcome.faults_met["given away"] += spoiled.given_away
        # With a short timeout a busy machine makes a good answer come too late as well.
        is_unclear = any(call.name == "POST" for call in (faults_met if spoiled.timeout is None else calls))
        for run in runs:
            self._outcome.faults_met["kill -9"] += run.was_killed
            self._outcome.faults_met.update(
                f"disk {step.partition(' ')[0]}" for step in run.steps if step.startswith("E")
            )
            self._may_be_lost = (
                self._may_be_lost or run.was_killed or spoiled.not_stored or (is_unclear and run.code != 0)
            )
            self._finish(run, stores=not spoiled.not_stored)

    def _run_unspoiled(self) -> tuple[Run, list[Call]]:
        [run] = self._execute(None)
        calls = self._stage.calls()
        self._finish(run, stores=True)
        return run, calls

    def _execute(self, spoiled: Spoiled | None) -> list[Run]:
        """The finished runs of the schedule's task: one, or two that started together."""
        first_runs = spoiled is not None
        self._ids_before = {row["id"] for row in self._now.state["api_keys"]}
        spoiled = spoiled or Spoiled()
        options = self._scene.options(first_runs=first_runs, timeout=spoiled.timeout)
        processes = [
            ModuleProcess(
                self._scene.schedule.module,
                options,
                self._scene.folder,
                kill=spoiled.kill,
                disk=spoiled.disk,
                mutation=self._mutation,
            )
            for turn in range(2 if spoiled.rival else 1)
        ]
        return [process.wait() for process in processes]

    def _finish(self, run: Run, *, stores: bool) -> None:
        """Store what the run returned, as its caller does, and look at what there is now."""
        self._outcome.runs += 1
        self._note(judge_run(run, self._stage.secrets))
        if run.result:
            self._messages += [json.dumps(run.result.get("warnings", [])), run.result.get("msg", "")]
            remaining = run.result.get("remaining", ())
            self._named_to_retire.update(action["id"] for action in remaining if action["action"] == "retire")
            self._store(run.result, stores=stores)
        before, self._now = self._now, self._scene.look()
        self._note(judge_moment(self._scene, before, self._now))

    def _store(self, result: dict[str, Any], *, stores: bool) -> None:
        tokens = returned_tokens(result)
        self._outcome.faults_met["caller killed"] += not stores and any(tokens)
        for subject, token in zip(self._scene.subjects, tokens):
            if token is None:
                continue
            if subject.case.store == "file" or key_id_of(token) in self._ids_before:
                self._note([Violation("leaked", f"{subject.case.flow}: a token was returned that should not be")])
            elif stores and subject.case.store == "caller":
                subject.keep(token)

    def _gives_up_lost(self, run: Run) -> bool:
        """Whether a run stopped because a token did not reach the caller, who keeps it, by no fault of the collection.

        What the message advises is done then, as the user would.
        """
        if not self._may_be_lost or run.code != 1 or LOST_ADVICE not in run.result["msg"]:
            return False
        losers = [
            subject
            for subject, held in zip(self._scene.subjects, self._now.held)
            if subject.case.store == "caller" and subject.flow.makes
            if held not in self._now.active and not subject.gives_up_lost
        ]
        for subject in losers:
            subject.gives_up_lost = True
        return bool(losers)

    def _retire_by_hand(self) -> bool:
        """Whether keys have been retired by hand, as runs had told the user.

        Where the caller keeps the token, no later run can prove that nobody uses a key; so it is named, and left.
        """
        messages = " ".join(self._messages)
        has_doubt = DOUBT_ADVICE in messages
        retired = []
        for subject, held in zip(self._scene.subjects, self._now.held):
            if subject.case.store != "caller":
                continue
            kept = {held, *subject.rivals, *(subject.past[index] for index in subject.flow.keeps)}
            for row in self._now.state["api_keys"]:
                is_left = row["id"] in self._now.active and row["id"] not in kept and subject.is_about(row)
                if is_left and (row["id"] in self._named_to_retire or row["id"] in messages or has_doubt):
                    retired.append(row["id"])
        for key_id in retired:
            options = {**self._scene.requester.options, "id": key_id, "state": "absent"}
            self._finish(ModuleProcess("api_key", options, self._scene.folder).wait(), stores=False)
        self._stage.calls()
        return bool(retired)

    def _note(self, violations: Iterable[Violation]) -> None:
        self._outcome.violations.extend(violations)


def play(stage: Stage, schedule: Schedule, mutation: Callable[[], None] | None = None) -> Outcome:
    """Play a schedule of modules, with token files in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="fault-campaign-") as folder:
        return Play(stage, schedule, Path(folder), mutation).play()
