# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that a run has planned and done so far, and what it warns of; a run that fails returns them as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets


@dataclass
class ActionLog:
    """``planned`` and ``done`` are writes to the tenant; ``done_before`` are those of earlier runs that this one continues, in the
    form of results.

    ``secrets`` are the texts that no output may have. ``secured`` are results that a failing run returns as well: the keys just
    made with their tokens, which would be lost otherwise.
    """

    planned: Sequence[Action] = ()
    done_before: Sequence[Mapping[str, Any]] = ()
    done: list[Action] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    secured: dict[str, Any] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    progress: Progress = field(default_factory=Progress)

    def add(self, action: Action) -> None:
        """Log an action that was done just now."""
        self.done.append(action)
        self._update_progress()

    def set_planned(self, actions: Sequence[Action]) -> None:
        """Log what is going to be done."""
        self.planned = actions
        self._update_progress()

    def replace_planned(self, before: Sequence[Action], now: Sequence[Action]) -> None:
        """Log that ``now`` is going to be done instead of ``before``, a part of what was planned."""
        left = list(self.planned)
        place = left.index(before[0]) if before else len(left)
        for action in before:
            left.remove(action)
        self.planned = [*left[:place], *now, *left[place:]]

    def retire(self, tenant: Tenant, action: Action) -> None:
        """Retire an API key, and log it. Raises QlikCloudError."""
        self.add(replace(action, outcome=tenant.api_keys.retire(require(action.id, "id"))))

    def find_remaining(self) -> list[Action]:
        """The planned actions that were not done, or were undone: a key whose token could not be kept is retired again."""
        left = list(self.planned)
        retired = {action.id for action in self.done if action.action == "retire"}
        for done in self.done:
            if done.action == "create" and done.id in retired:
                continue
            planned = next((action for action in left if _is_same(action, done)), None)
            if planned is not None:
                left.remove(planned)
        return left

    def _update_progress(self) -> None:
        planned = max(len(self.planned), len(self.done))
        if planned:
            self.progress.update(f"{len(self.done)} of {planned} changes made")

    def build_failure(self) -> dict[str, Any]:
        """The results of a run that fails, beside its message; nothing where nothing was done."""
        if not self.done and not self.secured and not self.done_before:
            return {}
        return {
            "changed": bool(self.done or self.secured),
            "actions": [*self.done_before, *(action.as_result() for action in self.done)],
            "remaining": [action.as_result() for action in self.find_remaining()],
            **self.secured,
        }


def _is_same(planned: Action, done: Action) -> bool:
    """A planned creation has no id yet."""
    return (planned.action, planned.id or done.id, planned.description) == (done.action, done.id, done.description)
