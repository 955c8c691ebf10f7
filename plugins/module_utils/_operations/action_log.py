# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operation has done so far, whatever becomes of the rest of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets


@dataclass
class ActionLog:
    """``planned`` and ``done`` are writes to the tenant; ``done_before`` are those of earlier runs that this one goes on with, as
    results tell them. ``warnings`` is what the user should know beside.

    ``secrets`` are the texts that no output may have. ``secured`` is returned by a failing run as well: the keys just made
    with their tokens, which would be lost otherwise.
    """

    planned: Sequence[Action] = ()
    done_before: Sequence[dict] = ()
    done: list[Action] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    secured: dict = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    progress: Progress = field(default_factory=Progress)

    def note(self, action: Action) -> None:
        """An action was done, just now."""
        self.done.append(action)
        self._tell()

    def plan(self, actions: Sequence[Action]) -> None:
        """This is what is going to be done."""
        self.planned = actions
        self._tell()

    def plan_otherwise(self, before: Sequence[Action], now: Sequence[Action]) -> None:
        """What was planned for one key has turned out to be something else."""
        left = list(self.planned)
        place = left.index(before[0]) if before else len(left)
        for action in before:
            left.remove(action)
        self.planned = [*left[:place], *now, *left[place:]]

    def retire(self, tenant: Tenant, action: Action) -> None:
        """Carry out a retirement, and note it."""
        self.note(replace(action, outcome=tenant.api_keys.retire(action.id)))

    def remaining(self) -> list[Action]:
        """The planned actions that were not done, or were undone: a key whose token could not be kept is retired again."""
        left = list(self.planned)
        retired = {action.id for action in self.done if action.action == "retire"}
        for done in self.done:
            if done.action == "create" and done.id in retired:
                continue
            planned = next((action for action in left if _is_the_same(action, done)), None)
            if planned is not None:
                left.remove(planned)
        return left

    def _tell(self) -> None:
        planned = max(len(self.planned), len(self.done))
        if planned:
            self.progress.update(f"{len(self.done)} of {planned} changes made")

    def as_failure(self) -> dict:
        """What a failure returns of it, beside the message."""
        if not self.done and not self.secured and not self.done_before:
            return {}
        return {
            "changed": bool(self.done or self.secured),
            "actions": [*self.done_before, *(action.as_result() for action in self.done)],
            "remaining": [action.as_result() for action in self.remaining()],
            **self.secured,
        }


def _is_the_same(planned: Action, done: Action) -> bool:
    """A planned creation has no id yet."""
    return (planned.action, planned.id or done.id, planned.description) == (done.action, done.id, done.description)
