# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans one API key from records, from what is known of the stored token, and from the time; sends and reads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.duration_warnings import warn_of_months
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.key_selection import KeySelection, select_key
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.lost_token import (
    check_replaceable,
    describe_stored,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, DiffState, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import (
    describe_expiry_mismatch,
    describe_short_life,
    find_overdue_predecessors,
    find_renewal_reason,
    has_no_overlap,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken, WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text

_T = TypeVar("_T")
DIFF_FIELDS = ("id", "description", "status", "sub", "sub_type", "expiry")


@dataclass(frozen=True)
class KeyPlan(Plan):
    """What to do about one key.

    ``matches`` are the ids of the active keys that are meant; ``kept`` is the one of them that fulfils what was asked for, None
    when one is made. Of a key that is made,
    ``existing`` are the ids of the active matches at that moment, ``replaced`` those whose token nobody holds.
    ``orphans`` are the ids of keys that a stopped run made, to be retired. ``leaves_a_gap``: keys in use are retired before the
    new one is made, by this run or by one that was stopped. ``removes_token_file``, ``changes_attributes`` and ``stores_token``
    say what becomes of the token file: it is removed, or gets another owner, group or mode, or the token that was handed over.
    ``discards_new_key``: the key was just made and its token not kept, so it is retired.
    """

    kept: ApiKey | None = None
    matches: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    leaves_a_gap: bool = False
    removes_token_file: bool = False
    changes_attributes: bool = False
    stores_token: bool = False
    discards_new_key: bool = False

    @property
    def creates(self) -> bool:
        return any(action.action == "create" for action in self.actions)


@dataclass(frozen=True)
class _Retirements:
    """The keys to be retired around the making of a new one: ``unused`` ones first, which would only be in the way; those that
    ``make_room`` right before it is made; those ``succeeded`` by it once its token is stored.
    """

    unused: tuple[Action, ...]
    make_room: tuple[Action, ...] = ()
    succeeded: tuple[Action, ...] = ()


def plan_present(
    wanted: WantedKey,
    keys: Sequence[ApiKey],
    token: TrackedToken | None,
    interrupted: InterruptedRun | None,
    requester_id: str,
    limit: str | None,
    now: datetime,
) -> KeyPlan:
    """What to do so that the key exists, lives long enough, and, when its token is tracked, that the token is its own.

    ``limit``: the longest life that the tenant allows (ISO 8601), where a renewal depends on it and it is known.
    Raises LostTokenError when the stored token is not that of an active match and nothing may be done about it,
    TenantStateError when a key named by its id does not exist or has ended.
    """
    active = wanted.find_active(keys, now)
    if wanted.id is not None and not active:
        raise TenantStateError(_describe_missing_key(wanted.id, keys))
    selection = select_key(wanted, active, token, interrupted, requester_id, now)
    kept = selection.kept
    if kept is None:
        reason = selection.why_none_kept
    else:
        renewal_reason = find_renewal_reason(wanted, kept, limit, now)
        if renewal_reason is None:
            return _plan_kept(wanted, active, selection, kept, token, now)
        reason = renewal_reason
    if token is not None and (kept is None or kept.id != token.key_id):
        check_replaceable(token, now)
    return _plan_new(wanted, active, selection, token, reason, now)


def plan_absent(wanted: WantedKey, keys: Sequence[ApiKey], token: TrackedToken | None, now: datetime) -> KeyPlan:
    """What to do so that no active match is left, nor a token on file that belonged to one.

    The token file is removed only when its token is known to be that of a key which has ended.
    """
    retired = wanted.find_active(keys, now)
    path = None if token is None else token.path
    removes_token_file = False
    warnings: tuple[str, ...] = ()
    if token is not None and path is not None:
        removes_token_file = token.key_id in {key.id for key in retired} or token.is_of_ended_key(now)
        if not removes_token_file and not token.is_empty:
            warnings = (
                f"{token.place} was left alone: it holds {describe_stored(token, now)}, and only the token of an ended key is "
                "removed.",
            )
    return KeyPlan(
        before=build_diff_state(retired, path if removes_token_file else None),
        after=build_diff_state([]),
        actions=_retire(_oldest_first(retired), "state is absent"),
        warnings=warnings,
        matches=_ids(retired),
        removes_token_file=removes_token_file,
    )


def add_attribute_change(
    plan: KeyPlan, path: str, change: tuple[Mapping[str, str], Mapping[str, str]] | None
) -> KeyPlan:
    """The same plan, and that the token file is brought from ``change[0]`` to ``change[1]``; None for no change."""
    if change is None:
        return plan
    before, after = ({"token_file": {"path": path, **attributes}} for attributes in change)
    return replace(plan, before={**plan.before, **before}, after={**plan.after, **after}, changes_attributes=True)


def add_token_change(plan: KeyPlan, path: str, key_ids: tuple[str | None, str]) -> KeyPlan:
    """The same plan, and that the token file gets another token: that of ``key_ids[1]`` in place of ``key_ids[0]``'s."""
    before, after = ({"token_file": {"path": path, "key_id": key_id}} for key_id in key_ids)
    return replace(
        plan,
        before={**plan.before, **before},
        after={**plan.after, **after},
        existing=plan.matches,
        stores_token=True,
    )


def plan_discard(made: ApiKey | None, problem: str) -> KeyPlan:
    """To retire a key that was just made, since its token was not kept: ``problem`` says why. ``made`` is None if the key is gone."""
    retired = [] if made is None or made.has_ended else [made]
    return KeyPlan(
        before=build_diff_state(retired),
        after=build_diff_state([]),
        actions=_retire(retired, f"its token was not handed on: {problem}"),
        matches=_ids(retired),
        discards_new_key=True,
    )


def plan_nothing(plan: KeyPlan) -> KeyPlan:
    """To do nothing about the key of ``plan``."""
    return KeyPlan(before=plan.before, after=plan.before, warnings=plan.warnings, matches=plan.matches)


def build_new_record(wanted: WantedKey) -> dict[str, str | None]:
    """The record of a key that does not exist yet, as results have it and as far as it is known."""
    return {
        **{field.name: None for field in fields(ApiKey)},
        "description": wanted.description,
        "status": "active",
        "sub": wanted.sub,
        "sub_type": wanted.sub_type,
    }


def build_diff_state(
    keys: Iterable[ApiKey], token_file: str | None = None, *, new_key: Mapping[str, str | None] | None = None
) -> DiffState:
    """Keys as the diff shows them, the new one first."""
    records = [*([] if new_key is None else [new_key]), *(key.as_result() for key in keys)]
    state: DiffState = {"api_keys": [{name: record[name] for name in DIFF_FIELDS} for record in records]}
    return state if token_file is None else {**state, "token_file": token_file}


def _plan_kept(
    wanted: WantedKey,
    active: Sequence[ApiKey],
    selection: KeySelection,
    kept: ApiKey,
    token: TrackedToken | None,
    now: datetime,
) -> KeyPlan:
    retired = (
        *_retire_orphans(selection),
        *_retire_lost(selection),
        *_retire_overdue(wanted, kept, selection.predecessors, now),
    )
    renamed = wanted.with_description(kept)
    update: tuple[Action, ...] = ()
    if renamed != kept:
        update = (Action("update", kept.id, renamed.description, f"description was {quote_text(kept.description)}"),)
    warnings = (
        *_warn_of_months(wanted),
        describe_expiry_mismatch(kept, wanted.expiry),
        describe_short_life(wanted, kept),
        _describe_exposed_file(token),
    )
    left = [renamed if key is kept else key for key in _without(active, retired)]
    before = build_diff_state(active)
    return KeyPlan(
        before=before,
        after=build_diff_state(left) if update or retired else before,
        actions=(*update, *retired),
        warnings=(*selection.warnings, *_describe_unclear(active, selection, kept), *filter(None, warnings)),
        matches=_ids(active),
        kept=kept,
        orphans=_ids(selection.orphans),
    )


def _plan_new(
    wanted: WantedKey,
    active: Sequence[ApiKey],
    selection: KeySelection,
    token: TrackedToken | None,
    reason: str,
    now: datetime,
) -> KeyPlan:
    kept = selection.kept
    retired = _plan_retirements(wanted, selection, token, now)
    create = Action("create", None, wanted.description or "", reason)
    actions = (*retired.unused, *retired.make_room, create, *retired.succeeded)
    expiry = f"{wanted.expiry} from its creation" if wanted.expiry else "as the tenant's configuration says"
    unclear = [] if kept is None else _describe_unclear(active, selection, kept)
    return KeyPlan(
        before=build_diff_state(active),
        after=build_diff_state(_without(active, actions), new_key={**build_new_record(wanted), "expiry": expiry}),
        actions=actions,
        warnings=(
            *selection.warnings,
            *unclear,
            *_warn_of_months(wanted),
            *filter(None, [_describe_exposed_file(token)]),
        ),
        matches=_ids(active),
        existing=_ids(_without(active, retired.unused)),
        replaced=_ids(selection.lost) if kept is None else (),
        orphans=_ids(selection.orphans),
        leaves_a_gap=bool(retired.make_room) or selection.was_retired_first,
    )


def _plan_retirements(
    wanted: WantedKey, selection: KeySelection, token: TrackedToken | None, now: datetime
) -> _Retirements:
    kept = selection.kept
    if kept is None:
        orphans, lost = _retire_orphans(selection), _retire_lost(selection)
        return _Retirements(orphans, make_room=lost) if wanted.retire_first else _Retirements(orphans, succeeded=lost)
    # Another key has taken the place of the lost ones already.
    unused = (*_retire_orphans(selection), *_retire_lost(selection))
    predecessors = (*_oldest_first(selection.predecessors), kept)
    if wanted.retire_first:
        reason = "retire_first: makes room for its successor"
        return _Retirements(unused, make_room=_retire(predecessors, reason))
    is_stored_here = token is not None and token.path is not None
    if is_stored_here and has_no_overlap(wanted):
        # Where the caller stores the token, the next run retires them: only then it is known to be stored.
        reason = f"its successor's token is stored, and the overlap is {wanted.overlap}"
        return _Retirements(unused, succeeded=_retire(predecessors, reason))
    return _Retirements((*unused, *_retire_overdue(wanted, kept, selection.predecessors, now)))


def _oldest_first(keys: Sequence[_T]) -> Sequence[_T]:
    """Retired in this order, the newest last: it may be the one that the run signs in with."""
    return keys[::-1]


def _retire_orphans(selection: KeySelection) -> tuple[Action, ...]:
    return _retire(selection.orphans, "a run that was stopped made it and did not store its token, so nobody has it")


def _retire_lost(selection: KeySelection) -> tuple[Action, ...]:
    return _retire(_oldest_first(selection.lost), "its token is lost, and another key has taken its place")


def _retire_overdue(
    wanted: WantedKey, kept: ApiKey, predecessors: Sequence[ApiKey], now: datetime
) -> tuple[Action, ...]:
    overdue = find_overdue_predecessors(wanted, kept, predecessors, now)
    return tuple(
        Action("retire", key.id, key.description, f"the overlap of {wanted.overlap} with {successor.id} is over")
        for key, successor in _oldest_first(overdue)
    )


def _retire(keys: Iterable[ApiKey], reason: str) -> tuple[Action, ...]:
    return tuple(Action("retire", key.id, key.description, reason) for key in keys)


def _ids(keys: Iterable[ApiKey]) -> tuple[str, ...]:
    return tuple(key.id for key in keys)


def _without(active: Iterable[ApiKey], retired: Iterable[Action]) -> list[ApiKey]:
    ids = {action.id for action in retired}
    return [key for key in active if key.id not in ids]


def _describe_unclear(active: Iterable[ApiKey], selection: KeySelection, kept: ApiKey) -> list[str]:
    """One warning for each key of the same name that is neither a predecessor of the kept one nor proven to be nobody's.

    It may be younger, and in use by somebody else; ``created`` is optional; two keys may be made at the same moment.
    """
    explained = (kept, *selection.predecessors, *selection.orphans, *selection.lost)
    return [
        f"API key {key.id} has the same name as {kept.id} and is not known to be older, nor to be left from a run "
        "that was stopped. Somebody may use it, so it was left alone. If nobody does, retire it by its id."
        for key in active
        if key not in explained
    ]


def _warn_of_months(wanted: WantedKey) -> list[str]:
    return warn_of_months({name: getattr(wanted, name) for name in ("expiry", "renew_before", "overlap")})


def _describe_exposed_file(token: TrackedToken | None) -> str | None:
    if token is None or token.exposed_mode is None:
        return None
    return (
        f"{token.place} has mode {token.exposed_mode}, so others than its owner may read the token; "
        "a token file should be 0600."
    )


def _describe_missing_key(key_id: str, keys: Iterable[ApiKey]) -> str:
    for key in keys:
        if key.id == key_id:
            state = "revoked" if key.status == "revoked" else "expired"
            return (
                f"id: API key {key_id} ({quote_text(key.description)}) is {state}; an ended key cannot be brought back."
            )
    return f"id: there is no API key {key_id} that this user may see. A key is made by its description, not by an id."
