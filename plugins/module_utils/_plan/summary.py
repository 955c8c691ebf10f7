# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done to a tenant, or would be, in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import one_line

DONE = {"create": "made", "update": "changed", "retire": "retired"}
TO_BE_DONE = {"create": "would make", "update": "would change", "retire": "would retire"}
MOST_TOLD = 6
LONGEST_REASON = 120


def summary(hostname: str, actions: Sequence[Mapping], *, is_done: bool, left_alone: Sequence[str] = ()) -> str:
    """``actions`` as a module returns them; ``left_alone`` are descriptions of keys that could not be renewed."""
    verbs = DONE if is_done else TO_BE_DONE
    told = [_told(verbs, action) for action in actions[:MOST_TOLD]]
    if len(actions) > MOST_TOLD:
        told.append(f"and {len(actions) - MOST_TOLD} more")
    parts = [", ".join(told) or "nothing to do"]
    if left_alone:
        parts.append(f"not there to be renewed, so left to onboard: {', '.join(left_alone)}")
    return one_line(f"{hostname}: {'; '.join(parts)}", 2000)


def _told(verbs: Mapping[str, str], action: Mapping) -> str:
    return f"{verbs[action['action']]} {action['description']} ({one_line(action['reason'], LONGEST_REASON)})"
