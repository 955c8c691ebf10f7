# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module means to do, before it does it: the same object serves check mode, the diff and the run itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError, TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text


@dataclass(frozen=True)
class Action:
    """One write to the tenant.

    ``action`` is create, update or retire; ``id`` is None for what does not exist yet; ``outcome`` (deleted or revoked)
    is known only once a retirement was carried out.
    """

    action: str
    id: str | None
    description: str
    reason: str
    outcome: str | None = None

    def as_result(self) -> dict:
        result = asdict(self)
        if self.outcome is None:
            del result["outcome"]
        return result


@dataclass(frozen=True)
class Plan:
    """``before`` and ``after`` are pictures for the diff; they hold metadata only, never a token. ``problems`` are those of
    parts that are left out, while the rest is done.
    """

    before: dict
    after: dict
    actions: tuple[Action, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[QlikCloudError, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def diff(self) -> dict:
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
