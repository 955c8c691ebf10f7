# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The onboarding of a new tenant by module ``tenant``, killed before each of its steps, and what the next run makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.faults.judge import judge_run
from ansible_collections.tenantops.qlik_cloud.tests.faults.kill_table import count_rows, format_table
from ansible_collections.tenantops.qlik_cloud.tests.faults.module_process import ModuleProcess, Run
from ansible_collections.tenantops.qlik_cloud.tests.faults.scene import key_id_of, let_time_pass
from ansible_collections.tenantops.qlik_cloud.tests.faults.stage import NO_LIMITS, Stage
from ansible_collections.tenantops.qlik_cloud.tests.faults.steps import Kill

LIMITS = {"max_keys_per_user": 20, "max_api_key_expiry": "P30D"}
COLUMNS = ("Killed before step", "Limits", "Permission", "Active keys", "Token on file", "What the next run did")


@dataclass(frozen=True)
class Row:
    """What a run that was killed before ``step`` left, what the next one did, and what was not right in the end."""

    number: int
    step: str
    limits: str
    permission: str
    active: str
    held: str
    next_run: str
    wrong: tuple[str, ...]

    @property
    def outcome(self) -> tuple[str, ...]:
        return self.limits, self.permission, self.active, self.held, self.next_run


class Onboarding:
    """A tenant as new, and the options by which it is onboarded."""

    def __init__(self, stage: Stage, folder: Path):
        self._stage = stage
        self._folder = folder
        self._file = folder / "entra.token"
        stage.restore()
        stage.set(**NO_LIMITS)
        key = {
            "description": "Entra provisioning",
            "idp_id": stage.ready["idp_id"],
            "expiry": "P30D",
            "token_file": str(self._file),
        }
        self._options = {
            **stage.requester("client").options,
            "api_keys_enabled": True,
            "config": LIMITS,
            "scim_keys": [key],
            "retries": 0,
        }

    def steps(self) -> tuple[str, ...]:
        """The steps of a run that nobody disturbs."""
        return self._run(None).steps

    def row(self, number: int, step: str) -> Row:
        """Raises RuntimeError when the run was over before that step."""
        if not self._run(Kill(number)).was_killed:
            raise RuntimeError(f"the run ended before step {number}, {step}")
        left = self._limits(), self._permission(), f"{len(self._stage.active_ids())}", self._held()
        after = self._run(None)
        # A run right after this keeps the marker, since the request it is about may come late.
        let_time_pass(path for path in self._folder.iterdir() if path != self._file)
        did = "; ".join(f"{action['action']} {_what(action)}" for action in after.result.get("actions", ()))
        self._stage.calls()
        last = self._run(None)
        return Row(number, step, *left, did or "nothing to do", tuple(self._wrong(after, last)))

    def _wrong(self, after: Run, last: Run) -> Iterator[str]:
        """What is not as it should be when the run after the killed one, and one more, have ended."""
        writes = [call.name for call in self._stage.calls() if call.writes]
        if after.code or last.code:
            yield f"{(after.result or {}).get('msg')} {(last.result or {}).get('msg')}"
        if writes or (last.result or {}).get("changed"):
            yield f"the third run sent {writes}"
        state = self._limits(), self._permission(), len(self._stage.active_ids()), self._held()
        if state != ("set", "granted", 1, "of the key"):
            yield f"in the end there is {state}"
        beside = sorted(path.name for path in self._folder.iterdir() if path != self._file)
        if beside:
            yield f"{beside} is left"
        for run in (after, last):
            yield from map(str, judge_run(run, self._stage.secrets))

    def _run(self, kill: Kill | None) -> Run:
        return ModuleProcess("tenant", self._options, self._folder, kill=kill).wait()

    def _limits(self) -> str:
        config = self._stage.api("GET", f"/api-keys/configs/{self._stage.ready['tenant_id']}")
        return "set" if {name: config[name] for name in LIMITS} == LIMITS else "not set"

    def _permission(self) -> str:
        [role] = self._stage.api("GET", '/roles?filter=name eq "UserDefault"')["data"]
        return "granted" if "api-keys" in role.get("assignedScopes", ()) else "not granted"

    def _held(self) -> str:
        if not self._file.exists():
            return "none"
        return "of the key" if key_id_of(self._file.read_text().strip()) in self._stage.active_ids() else "of none"


def rows(stage: Stage) -> Iterator[Row]:
    """One row for each step of an onboarding, in order."""
    return count_rows(lambda folder: Onboarding(stage, folder))


def table(onboarding_rows: list[Row]) -> str:
    return format_table(COLUMNS, onboarding_rows)


def _what(action: dict[str, Any]) -> str:
    return {"API key configuration": "the limits", "UserDefault": "the permission"}.get(
        action["description"], "the key"
    )
