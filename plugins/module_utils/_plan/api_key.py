# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning one API key. Pure: records, what is known of the stored token and the time come in, a plan goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.interrupted_run import InterruptedRun
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.lost_token import (
    check_replaceable,
    describe_stored,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.renewal import (
    describe_expiry_mismatch,
    has_no_overlap,
    describe_short_life,
    find_overdue_predecessors,
    find_renewal_reason,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.key_selection import KeySelection, select_key
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken, WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text


@dataclass(frozen=True)
class KeyPlan(Plan):
    """What to do about one key.

    ``kept`` is the existing key that fulfils what was asked for, None when one is made. Of a key that is made,
    ``existing`` are the ids of the active matches at that moment, ``replaced`` those whose token nobody holds.
    ``orphans`` are the ids of keys that a stopped run made, to be retired. ``leaves_a_gap`` tells that keys in use are
    retired before that, by this run or by one that was stopped. ``removes_token_file`` says to remove the token file,
    ``changes_attributes`` that its owner, group or mode is not as asked for, ``stores_token`` that it is to get the token that was
    handed on. ``discards_new_key``: the key was made for nobody, and is retired.
    """

    kept: ApiKey | None = None
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

    ``limit``: the longest life that the tenant allows, where a renewal depends on it and it is known.
    Raises LostTokenError when the stored token is not that of an active match and nothing may be done about it,
    TenantStateError when a key named by its id does not exist or has ended.
    """
    active = wanted.find_active(keys, now)
    if wanted.id is not None and not active:
        raise TenantStateError(_no_such_key(wanted.id, keys))
    selection = select_key(wanted, active, token, interrupted, requester_id, now)
    why_made = find_renewal_reason(wanted, selection.kept, limit, now) if selection.kept else selection.why_none
    if why_made is None:
        return _plan_kept(wanted, active, selection, token, now)
    if token is not None and (selection.kept is None or selection.kept.id != token.key_id):
        check_replaceable(token, now)
    return _plan_made(wanted, active, selection, token, why_made, now)


def plan_absent(wanted: WantedKey, keys: Sequence[ApiKey], token: TrackedToken | None, now: datetime) -> KeyPlan:
    """What to do so that no active match is left, nor a token on file that belonged to one.

    The token file is removed only when its token is known to be that of a key which has ended.
    """
    retired = wanted.find_active(keys, now)
    file = token if token is not None and token.path is not None else None
    removes_token_file = file is not None and (file.key_id in {key.id for key in retired} or file.is_of_ended_key(now))
    warnings = ()
    if file is not None and not file.is_empty and not removes_token_file:
        held = describe_stored(file, now)
        warnings = (f"{file.place} was left alone: it holds {held}, and only the token of an ended key is removed.",)
    return KeyPlan(
        before=build_diff_state(retired, file.path if removes_token_file else None),
        after=build_diff_state([], None),
        actions=_retired(_oldest_first(retired), "state is absent"),
        warnings=warnings,
        removes_token_file=removes_token_file,
    )


def add_attribute_change(plan: KeyPlan, path: str, change: tuple[dict, dict] | None) -> KeyPlan:
    """The same plan, and that the token file is brought from ``change[0]`` to ``change[1]``; None for no change."""
    if change is None:
        return plan
    before, after = ({"token_file": {"path": path, **told}} for told in change)
    return replace(plan, before={**plan.before, **before}, after={**plan.after, **after}, changes_attributes=True)


def add_token_change(plan: KeyPlan, path: str, key_ids: tuple[str | None, str]) -> KeyPlan:
    """The same plan, and that the token file gets another token: that of ``key_ids[1]`` in place of ``key_ids[0]``'s."""
    before, after = ({"token_file": {"path": path, "key_id": key_id}} for key_id in key_ids)
    existing = tuple(key["id"] for key in plan.before["api_keys"])
    return replace(
        plan,
        before={**plan.before, **before},
        after={**plan.after, **after},
        existing=existing,
        stores_token=True,
    )


def plan_discard(made: ApiKey | None, problem: str) -> KeyPlan:
    """To retire a key that was just made, since its token was not kept: ``problem`` says why. None if there is none any more."""
    is_left = made is not None and not made.has_ended
    retired = [made] if is_left else []
    return KeyPlan(
        before=build_diff_state(retired, None),
        after=build_diff_state([], None),
        actions=_retired(retired, f"its token was not handed on: {problem}"),
        discards_new_key=True,
    )


def plan_nothing(plan: KeyPlan) -> KeyPlan:
    """To do nothing about what ``plan`` is about."""
    return KeyPlan(before=plan.before, after=plan.before, warnings=plan.warnings)


def build_new_record(wanted: WantedKey) -> ApiKey:
    """The record of a key that does not exist yet, as far as it is known."""
    return ApiKey(
        id=None,
        description=wanted.description,
        status="active",
        sub=wanted.sub,
        sub_type=wanted.sub_type,
        expiry=None,
        created=None,
        last_updated=None,
        created_by_user=None,
        tenant_id=None,
    )


def build_diff_state(keys: Iterable[ApiKey], token_file: str | None) -> dict:
    """Keys as the diff shows them."""
    shown = ("id", "description", "status", "sub", "sub_type", "expiry")
    shot: dict = {"api_keys": [{name: getattr(key, name) for name in shown} for key in keys]}
    if token_file is not None:
        shot["token_file"] = token_file
    return shot


def _plan_kept(
    wanted: WantedKey, active: list[ApiKey], selection: KeySelection, token: TrackedToken | None, now: datetime
) -> KeyPlan:
    kept = selection.kept
    retired = _orphans(selection) + _lost(selection) + _outlived(wanted, selection, now)
    renamed = kept if wanted.description is None else replace(kept, description=wanted.description)
    update = ()
    if renamed != kept:
        update = (Action("update", kept.id, renamed.description, f"description was {quote_text(kept.description)}"),)
    warnings = (
        describe_expiry_mismatch(kept, wanted.expiry),
        describe_short_life(wanted, kept),
        _open_file_warning(token),
    )
    return KeyPlan(
        before=build_diff_state(active, None),
        after=build_diff_state((renamed if key is kept else key for key in _left(active, retired)), None),
        actions=(*update, *retired),
        warnings=(*selection.warnings, *_unclear(active, selection), *filter(None, warnings)),
        kept=kept,
        orphans=_ids(selection.orphans),
    )


def _plan_made(
    wanted: WantedKey,
    active: list[ApiKey],
    selection: KeySelection,
    token: TrackedToken | None,
    why: str,
    now: datetime,
) -> KeyPlan:
    """The order is: what would only be in the way; the new key; what it takes the place of."""
    is_stored_here = token is not None and token.path is not None
    in_vain, last = _orphans(selection), _lost(selection)
    succeeded: tuple[ApiKey, ...] = ()
    if selection.kept is not None:
        # Another key has taken the place of the lost ones already.
        in_vain, last = in_vain + last, ()
        succeeded = (*_oldest_first(selection.predecessors), selection.kept)
    make_room: tuple[Action, ...] = ()
    if wanted.retire_first:
        make_room, last = (*_retired(succeeded, "retire_first: makes room for its successor"), *last), ()
    elif is_stored_here and has_no_overlap(wanted):
        # Where the caller stores the token, the next run retires them: only then it is known to be stored.
        last += _retired(succeeded, f"its successor's token is stored, and the overlap is {wanted.overlap}")
    elif selection.kept is not None:
        in_vain += _outlived(wanted, selection, now)
    create = Action("create", None, wanted.description, why)
    actions = (*in_vain, *make_room, create, *last)
    unclear = _unclear(active, selection) if selection.kept else ()
    expiry = f"{wanted.expiry} from its creation" if wanted.expiry else "as the tenant's configuration says"
    return KeyPlan(
        before=build_diff_state(active, None),
        after=build_diff_state([replace(build_new_record(wanted), expiry=expiry), *_left(active, actions)], None),
        actions=actions,
        warnings=(*selection.warnings, *unclear, *filter(None, [_open_file_warning(token)])),
        existing=_ids(_left(active, in_vain)),
        replaced=_ids(selection.lost) if selection.kept is None else (),
        orphans=_ids(selection.orphans),
        leaves_a_gap=bool(make_room) or selection.was_given_up,
    )


def _oldest_first(keys: Sequence[ApiKey]) -> Sequence[ApiKey]:
    """Retired in this order, the newest last: it may be the one that the run signs in with."""
    return keys[::-1]


def _orphans(selection: KeySelection) -> tuple[Action, ...]:
    return _retired(selection.orphans, "a run that was stopped made it and did not store its token, so nobody has it")


def _lost(selection: KeySelection) -> tuple[Action, ...]:
    return _retired(_oldest_first(selection.lost), "its token is lost, and another key has taken its place")


def _outlived(wanted: WantedKey, selection: KeySelection, now: datetime) -> tuple[Action, ...]:
    over = find_overdue_predecessors(wanted, selection.kept, selection.predecessors, now)
    return tuple(
        Action("retire", key.id, key.description, f"the overlap of {wanted.overlap} with {successor.id} is over")
        for key, successor in _oldest_first(over)
    )


def _retired(keys: Iterable[ApiKey], reason: str) -> tuple[Action, ...]:
    return tuple(Action("retire", key.id, key.description, reason) for key in keys)


def _ids(keys: Iterable[ApiKey]) -> tuple[str, ...]:
    return tuple(key.id for key in keys)


def _left(active: list[ApiKey], retired: tuple[Action, ...]) -> list[ApiKey]:
    gone = {action.id for action in retired}
    return [key for key in active if key.id not in gone]


def _unclear(active: list[ApiKey], selection: KeySelection) -> list[str]:
    """Of each key with the same name that is neither the kept one's predecessor nor proven to be nobody's.

    It may be younger, and in use by somebody else; ``created`` is optional; two keys may be made at the same moment.
    """
    known = (selection.kept, *selection.predecessors, *selection.orphans, *selection.lost)
    return [
        f"API key {key.id} has the same name as {selection.kept.id} and is not known to be older, nor to be left from a run "
        "that was stopped. Somebody may use it, so it was left alone. If nobody does, retire it by its id."
        for key in active
        if key not in known
    ]


def _open_file_warning(token: TrackedToken | None) -> str | None:
    if token is None or token.exposed_mode is None:
        return None
    return (
        f"{token.place} has mode {token.exposed_mode}, so others than its owner may read the token; "
        "a token file should be 0600."
    )


def _no_such_key(key_id: str, keys: Sequence[ApiKey]) -> str:
    for key in keys:
        if key.id == key_id:
            state = "revoked" if key.status == "revoked" else "expired"
            return (
                f"id: API key {key_id} ({quote_text(key.description)}) is {state}; an ended key cannot be brought back."
            )
    return f"id: there is no API key {key_id} that this user may see. A key is made by its description, not by an id."
