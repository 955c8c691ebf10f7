# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the active keys of one identity is kept, and what the others are to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.lost_token import (
    describe_loss,
    describe_remedy,
    describe_surplus_keys,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import find_older
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken, WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey


@dataclass(frozen=True)
class KeySelection:
    """``kept`` fulfils what was asked for; None if no key does, and ``why_none_kept`` says why not.

    ``predecessors`` are older than it. Nobody holds the tokens of ``orphans``, which a stopped run made and did not store, as
    its marker proves, nor of ``lost``, which a new key takes the place of. ``was_retired_first``: a stopped run has retired
    the key whose token is stored, to make room for its successor.
    """

    kept: ApiKey | None = None
    predecessors: tuple[ApiKey, ...] = ()
    orphans: tuple[ApiKey, ...] = ()
    lost: tuple[ApiKey, ...] = ()
    why_none_kept: str = ""
    was_retired_first: bool = False
    warnings: tuple[str, ...] = ()


def select_key(
    wanted: WantedKey,
    active: Sequence[ApiKey],
    token: TrackedToken | None,
    interrupted: InterruptedRun | None,
    requester_id: str,
    now: datetime,
) -> KeySelection:
    """``active``: the matches that can be used, newest first. ``interrupted``: what a run that was stopped has noted.

    Raises LostTokenError when the token is lost and ``on_lost_token`` is V(fail), or when it is not known which key a
    stopped run made.
    """
    if token is None:
        return _keep_newest(wanted, active)
    orphans = tuple(interrupted.find_orphans(active, token.key_id, requester_id)) if interrupted else ()
    if interrupted and len(orphans) > interrupted.count_unstored_requests(token.key_id):
        raise LostTokenError(describe_surplus_keys(wanted, orphans))
    others = [key for key in active if key not in orphans]
    stored_key = next((key for key in others if key.id == token.key_id), None)
    if stored_key is not None:
        lost = _find_lost(active, token, interrupted)
        return _keep(stored_key, (key for key in others if key not in lost), orphans, lost)
    was_retired_first = not others and _was_retired_first(wanted, token, interrupted, now)
    if was_retired_first or (not others and token.is_empty):
        return replace(_keep_none(wanted), orphans=orphans, was_retired_first=was_retired_first)
    return replace(_resolve_lost_token(wanted, others, token, now), orphans=orphans)


def _find_lost(active: Iterable[ApiKey], token: TrackedToken, interrupted: InterruptedRun | None) -> tuple[ApiKey, ...]:
    """The keys that the key of the token was made to take the place of, as a stopped run noted or the caller says."""
    noted = interrupted.find_replaced_keys(active, token.key_id) if interrupted else ()
    return tuple(key for key in active if key in noted or (key.id in token.replaced and key.id != token.key_id))


def _keep(
    kept: ApiKey, others: Iterable[ApiKey], orphans: tuple[ApiKey, ...] = (), lost: tuple[ApiKey, ...] = ()
) -> KeySelection:
    return KeySelection(kept, predecessors=tuple(find_older(others, kept)), orphans=orphans, lost=lost)


def _keep_newest(wanted: WantedKey, active: Sequence[ApiKey]) -> KeySelection:
    return _keep(active[0], active) if active else _keep_none(wanted)


def _keep_none(wanted: WantedKey) -> KeySelection:
    return KeySelection(why_none_kept=f"no active {wanted}")


def _was_retired_first(
    wanted: WantedKey, token: TrackedToken, interrupted: InterruptedRun | None, now: datetime
) -> bool:
    """Whether an earlier run retired the key of the stored token to make room, and was stopped after that.

    Such a run leaves its marker beside a token file; of a store of the caller's own it can only be supposed.
    """
    is_noted = interrupted is not None and interrupted.stored == token.key_id
    return wanted.retire_first and token.is_of_ended_key(now) and (token.path is None or is_noted)


def _resolve_lost_token(
    wanted: WantedKey, active: Sequence[ApiKey], token: TrackedToken, now: datetime
) -> KeySelection:
    """The selection by ``on_lost_token``. Raises LostTokenError where that is V(fail)."""
    reason = describe_loss(wanted, active, token, now)
    if wanted.on_lost_token == "replace":
        return KeySelection(lost=tuple(active), why_none_kept=f"on_lost_token is replace: {reason}")
    if wanted.on_lost_token == "ignore":
        return replace(_keep_newest(wanted, active), warnings=(f"on_lost_token is ignore: {reason}",))
    raise LostTokenError(f"{reason} {describe_remedy(wanted, active, token, now)}")
