# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan for one tenant: those for its configuration, its permission and its keys, combined."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import PermissionPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import SetPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan


@dataclass(frozen=True)
class TenantPlan(Plan):
    """The parts in the order in which they are done, None for one that was not asked for.

    ``keys_are_listed``: whether the keys could be seen. Where not, ``keys`` is what seems to be due, and is planned anew when
    ``config`` and ``permission`` are done.
    """

    config: Plan | None = None
    permission: PermissionPlan | None = None
    keys: SetPlan | None = None
    keys_are_listed: bool = True

    @classmethod
    def combine(
        cls,
        config: Plan | None,
        permission: PermissionPlan | None,
        keys: SetPlan | None,
        *,
        keys_are_listed: bool = True,
    ) -> TenantPlan:
        parts = [part for part in (config, permission, keys) if part is not None]
        before: dict[str, object] = {}
        after: dict[str, object] = {}
        for name, part in (("config", config), ("permission", permission)):
            if part is not None:
                before[name], after[name] = part.before, part.after
        if keys is not None:
            before.update(keys.before)
            after.update(keys.after)
        return cls(
            before=before,
            after=after,
            actions=tuple(action for part in parts for action in part.actions),
            warnings=tuple(warning for part in parts for warning in part.warnings),
            problems=() if keys is None else keys.problems,
            config=config,
            permission=permission,
            keys=keys,
            keys_are_listed=keys_are_listed,
        )
