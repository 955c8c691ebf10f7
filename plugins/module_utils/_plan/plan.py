# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module is going to do: one object for check mode, the diff and the run itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError, TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text

DiffState = Mapping[str, Any]
"""What there is before or after a run, as ``--diff`` shows it: metadata only, never a token. Each module has its own fields."""


@dataclass(frozen=True)
class Action:
    """One write to the tenant. ``id`` is None for what does not exist yet; ``outcome`` is known once a retirement was carried
    out.
    """

    action: Literal["create", "update", "retire"]
    id: str | None
    description: str
    reason: str
    outcome: Literal["deleted", "revoked"] | None = None

    def as_result(self) -> dict[str, str | None]:
        result: dict[str, str | None] = asdict(self)
        if self.outcome is None:
            del result["outcome"]
        return result


@dataclass(frozen=True)
class Plan:
    """``problems`` are those of parts that are left out, while the rest is done."""

    before: DiffState
    after: DiffState
    actions: tuple[Action, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[QlikCloudError, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> dict[str, DiffState]:
        return {"before": self.before, "after": self.after}


def check_own_key_lasts(actions: Sequence[Action], own_key_id: str | None) -> None:
    """Raise TenantStateError when the key that the run signs in with would be retired before everything is done."""
    for action in actions[:-1]:
        if action.action == "retire" and action.id == own_key_id:
            raise TenantStateError(
                f"This run signs in with API key {own_key_id} ({quote_text(action.description)}) and would retire it before the rest "
                "is done, which it then could not do. Nothing was changed. Sign in otherwise, or leave out what comes after "
                "it: other keys, or retire_first."
            )
