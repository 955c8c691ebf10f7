# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``kill -9`` before every single step of a run, and what the next run makes of it; printed as Markdown tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from emulator_process import EmbeddedTenant

from ansible_collections.tenantops.qlik_cloud.tests.faults import large_set, onboarding_kills
from ansible_collections.tenantops.qlik_cloud.tests.faults.flows import FLOWS as SITUATIONS
from ansible_collections.tenantops.qlik_cloud.tests.faults.judge import Violation, judge_end, judge_moment, judge_run
from ansible_collections.tenantops.qlik_cloud.tests.faults.kill_table import count_rows, format_table
from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import SHELLS, ModuleProcess, Run, use
from ansible_collections.tenantops.qlik_cloud.tests.faults.scene import Moment, Scene
from ansible_collections.tenantops.qlik_cloud.tests.faults.schedules import Case, Schedule
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import Stage
from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import Kill

FLOWS = {
    "create": "First creation",
    "renew": "Renewal, the old key retired at once (`overlap: PT0S`)",
    "renew with overlap": "Renewal, the old key left for a week (`overlap: P7D`)",
    "replace": "A lost token is replaced (`on_lost_token: replace`)",
    "retire first": "Renewal on a tenant that takes no second key (`retire_first: true`)",
    "absent": "The end (`state: absent`) of a key and its predecessor",
}
"""Each with its title."""
COLUMNS = ("Killed before step", "Active keys", "Token on file", "Beside it", "What the next run did", "In the end")


@dataclass(frozen=True)
class Row:
    """What a run that was killed before ``step`` left, and what came of it; keys are called key 1, key 2, by age."""

    number: int
    step: str
    active: str
    held: str
    beside: str
    next_run: str
    end: str
    violations: tuple[Violation, ...]

    @property
    def outcome(self) -> tuple[str, ...]:
        return self.active, self.held, self.beside, self.next_run, self.end


class Exercise:
    """One flow on stage: a run, perhaps killed, then the next one, and minutes later one that must find nothing to do."""

    def __init__(self, stage: Stage, flow: str, folder: Path):
        case = Case(flow, "file", "externalClient", "Entra provisioning")
        self._scene = Scene(stage, Schedule(0, "api_key", (case,), (), settings=SITUATIONS[flow].settings), folder)
        self._stage = stage
        self._names: dict[str, str] = {}
        self._violations: list[Violation] = []
        self._now = self._scene.start

    def steps(self) -> tuple[str, ...]:
        """The steps of a run that nobody disturbs."""
        return self._run(None).steps

    def row(self, number: int, step: str) -> Row:
        """Raises RuntimeError when the run was over before that step: then it was not the one that was listed."""
        self._get_name(self._now)
        if not self._run(Kill(number)).was_killed:
            raise RuntimeError(f"the run ended before step {number}, {step}")
        left = self._now
        left_behind = self._active(left), self._held(left), self._scene.described(left)
        after = self._run(None)
        # A run right after this keeps the marker, since the request it is about may come late.
        self._scene.let_time_pass()
        self._stage.calls()
        last = self._run(None)
        self._violations.extend(judge_end(self._scene, self._now, last, self._stage.calls()))
        did = "; ".join(
            f"{action['action']} {self._find_calls(action['id'])}" for action in after.result.get("actions", ())
        )
        end = f"{self._active(self._now)} active, the token of {self._held(self._now)} on file"
        return Row(
            number, step, *left_behind, after.result.get("msg") or did or "nothing to do", end, tuple(self._violations)
        )

    def _run(self, kill: Kill | None) -> Run:
        run = ModuleProcess("api_key", self._scene.options(first_runs=True), self._scene.folder, kill=kill).wait()
        self._violations.extend(judge_run(run, self._stage.secrets))
        before, self._now = self._now, self._scene.look()
        self._violations.extend(judge_moment(self._scene, before, self._now))
        return run

    def _get_name(self, moment: Moment) -> None:
        for row in moment.state["api_keys"]:
            if row["id"] in moment.active and self._scene.subjects[0].is_about(row):
                self._find_calls(row["id"])

    def _find_calls(self, key_id: str) -> str:
        return self._names.setdefault(key_id, f"key {len(self._names) + 1}")

    def _active(self, moment: Moment) -> str:
        self._get_name(moment)
        return ", ".join(name for key_id, name in self._names.items() if key_id in moment.active) or "none"

    def _held(self, moment: Moment) -> str:
        [held] = moment.held
        return "none" if held is None else self._find_calls(held)


def rows(stage: Stage, flow: str) -> Iterator[Row]:
    """One row for each step of the flow, in order."""
    return count_rows(lambda folder: Exercise(stage, flow, folder))


def table(flow_rows: list[Row]) -> str:
    return format_table(COLUMNS, flow_rows)


def main() -> int:
    """Print the tables; 1 when a row did not come out right, with what was wrong on stderr."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--shell", choices=SHELLS, default=SHELLS[0], help="what runs the modules; default: %(default)s"
    )
    parser.add_argument("--flow", action="append", choices=FLOWS, help="that one, and no large set; default: all")
    options = parser.parse_args()
    use(options.shell)
    wrong = 0
    with EmbeddedTenant() as tenant:
        stage = Stage(tenant)
        for flow in options.flow or FLOWS:
            title = FLOWS[flow]
            flow_rows = list(rows(stage, flow))
            print(f"### {title}\n\n{table(flow_rows)}\n", flush=True)
            for row in flow_rows:
                wrong += bool(row.violations)
                for violation in row.violations:
                    print(f"{flow}, killed before step {row.number}, {row.step}: {violation}", file=sys.stderr)
        if options.flow:
            return 1 if wrong else 0
        onboarding = list(onboarding_kills.rows(stage))
        print(f"### A new tenant, by module `tenant`\n\n{onboarding_kills.table(onboarding)}\n", flush=True)
        for row in onboarding:
            wrong += bool(row.wrong)
            for what in row.wrong:
                print(f"a new tenant, killed before step {row.number}, {row.step}: {what}", file=sys.stderr)
        stops, violations = large_set.stopped_in_the_middle(stage, large_set.KEYS)
        print(f"### A set of {large_set.KEYS} keys, killed in the middle\n\n{large_set.table(stops)}")
        for violation in violations:
            print(f"a set of {large_set.KEYS} keys: {violation}", file=sys.stderr)
    return 1 if wrong or violations else 0


if __name__ == "__main__":
    sys.exit(main())
