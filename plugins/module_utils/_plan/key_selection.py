# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the active keys of one identity stand to each other: which one counts, and what the others are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.lost_token import (
    describe_surplus_keys,
    describe_remedy,
    describe_loss,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import find_older
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken, WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey


@dataclass(frozen=True)
class KeySelection:
    """``kept`` fulfils what was asked for; None if no key does, and ``why_none`` says why not.

    ``was_given_up``: a run that was stopped has retired the one whose token is stored, to make room for its successor.
    ``predecessors`` are older than it. Of ``orphans`` and ``lost`` nobody holds the token: the former were made, as a marker
    proves, by a run that did not store it; the latter are those that a new key takes the place of.
    """

    kept: ApiKey | None = None
    predecessors: tuple[ApiKey, ...] = ()
    orphans: tuple[ApiKey, ...] = ()
    lost: tuple[ApiKey, ...] = ()
    why_none: str = ""
    was_given_up: bool = False
    warnings: tuple[str, ...] = ()


def select_key(
    wanted: WantedKey,
    active: list[ApiKey],
    token: TrackedToken | None,
    interrupted: InterruptedRun | None,
    requester_id: str,
    now: datetime,
) -> KeySelection:
    """``active``: the matches that can be used, newest first. ``interrupted``: what a run that was stopped has noted.

    Raises LostTokenError when the token is lost and ``on_lost_token`` is V(fail), or when it cannot be told which key a
    stopped run made.
    """
    if token is None:
        return _counting(active[0], active) if active else _none(wanted)
    orphans = tuple(interrupted.find_orphans(active, token.key_id, requester_id)) if interrupted else ()
    lost = tuple(_still_to_retire(active, token, interrupted))
    if interrupted and len(orphans) > interrupted.count_unstored_requests(token.key_id):
        raise LostTokenError(describe_surplus_keys(wanted, orphans))
    others = [key for key in active if key not in orphans]
    for held in others:
        if held.id == token.key_id:
            others = [key for key in others if key not in lost]
            return replace(_counting(held, others), orphans=orphans, lost=lost)
    was_given_up = not others and _was_given_up(wanted, token, interrupted, now)
    if was_given_up or (not others and token.is_empty):
        return replace(_none(wanted), orphans=orphans, was_given_up=was_given_up)
    return replace(_losing(wanted, others, token, now), orphans=orphans)


def _still_to_retire(active: list[ApiKey], token: TrackedToken, interrupted: InterruptedRun | None) -> Iterator[ApiKey]:
    """What the key of the token was made to take the place of, as a run that was stopped noted or the caller says."""
    noted = interrupted.find_replaced_keys(active, token.key_id) if interrupted else ()
    for key in active:
        if key in noted or (key.id in token.replaced and key.id != token.key_id):
            yield key


def _counting(kept: ApiKey, active: list[ApiKey]) -> KeySelection:
    return KeySelection(kept=kept, predecessors=tuple(find_older(active, kept)))


def _none(wanted: WantedKey) -> KeySelection:
    return KeySelection(why_none=f"no active {wanted}")


def _was_given_up(wanted: WantedKey, token: TrackedToken, interrupted: InterruptedRun | None, now: datetime) -> bool:
    """Whether an earlier run retired the key of the stored token to make room, and was stopped after that.

    Such a run leaves its marker beside a token file; of a store of the caller's own it can only be supposed.
    """
    is_noted = interrupted is not None and interrupted.stored == token.key_id
    return wanted.retire_first and token.is_of_ended_key(now) and (token.path is None or is_noted)


def _losing(wanted: WantedKey, active: list[ApiKey], token: TrackedToken, now: datetime) -> KeySelection:
    why = describe_loss(wanted, active, token, now)
    if wanted.on_lost_token == "replace":
        return KeySelection(lost=tuple(active), why_none=f"on_lost_token is replace: {why}")
    if wanted.on_lost_token == "ignore":
        told = (f"on_lost_token is ignore: {why}",)
        return replace(_counting(active[0], active) if active else _none(wanted), warnings=told)
    raise LostTokenError(f"{why} {describe_remedy(wanted, active, token, now)}")
