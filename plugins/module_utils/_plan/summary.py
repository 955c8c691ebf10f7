# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions on a tenant in one line, for the end of a playbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

DONE_VERBS = {"create": "made", "update": "changed", "retire": "retired"}
PLANNED_VERBS = {"create": "would make", "update": "would change", "retire": "would retire"}
MAX_SHOWN_ACTIONS = 6
MAX_REASON_LENGTH = 120


def format_summary(
    hostname: str, actions: Sequence[Mapping[str, str]], *, is_done: bool, left_alone: Sequence[str] = ()
) -> str:
    """``actions`` as a module returns them; ``left_alone`` are descriptions of keys that could not be renewed."""
    verbs = DONE_VERBS if is_done else PLANNED_VERBS
    shown = [_format_action(verbs, action) for action in actions[:MAX_SHOWN_ACTIONS]]
    if len(actions) > MAX_SHOWN_ACTIONS:
        shown.append(f"and {len(actions) - MAX_SHOWN_ACTIONS} more")
    parts = [", ".join(shown) or "nothing to do"]
    if left_alone:
        parts.append(f"not there to be renewed, so left to onboard: {', '.join(left_alone)}")
    return format_one_line(f"{hostname}: {'; '.join(parts)}", 2000)


def _format_action(verbs: Mapping[str, str], action: Mapping[str, str]) -> str:
    return f"{verbs[action['action']]} {action['description']} ({format_one_line(action['reason'], MAX_REASON_LENGTH)})"
