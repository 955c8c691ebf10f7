# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes a token that is lost: a key is there or should be, and what is stored is not its token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import LostTokenError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import TrackedToken, WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text


def describe_loss(wanted: WantedKey, active: Sequence[ApiKey], token: TrackedToken, now: datetime) -> str:
    """Which key has no token, and what the stored token is instead, in words."""
    if active:
        is_active = f"{wanted} is active (id {active[0].id}), but"
    else:
        is_active = f"No {wanted} is active, and"
    if token.is_empty:
        nothing = "holds no token" if token.path and not token.is_id_only else "is empty"
        return f"{is_active} {token.place} {nothing}, and Qlik Cloud never shows a token again."
    return f"{is_active} {token.place} {_choose_verb(token)} {describe_stored(token, now)}."


def describe_remedy(wanted: WantedKey, active: Sequence[ApiKey], token: TrackedToken, now: datetime) -> str:
    """The ways out of a lost token, for the message of a run that stops because of it."""
    if not _is_replaceable(token, now):
        return f"Nothing was changed: {_describe_way_out(token, now)}."
    if wanted.id is not None:
        return "Put the right token there if somebody has it."
    if not active:
        return "Set on_lost_token: replace, which makes a new key and stores its token."
    return (
        "Put the right token there if somebody has it; otherwise set on_lost_token: replace, which makes a new key, "
        "stores its token and then retires the active keys of this name."
    )


def describe_surplus_keys(wanted: WantedKey, made: Iterable[ApiKey]) -> str:
    """The message for more new keys than were asked for, so that it is not known which of them is in use."""
    ids = ", ".join(key.id for key in made)
    return (
        f"There are more new keys that are {wanted} than a run asked for without getting a token ({ids}), so it is not known "
        "which of them nobody has. Retire those whose token nobody has, by their ids, and run again."
    )


def check_replaceable(token: TrackedToken, now: datetime) -> None:
    """Raise LostTokenError unless what is stored is of no use to anybody, so that a new token may take its place."""
    if not _is_replaceable(token, now):
        raise LostTokenError(
            f"{token.place} {_choose_verb(token)} {describe_stored(token, now)}. It was left as it is, and no key was made: "
            f"{_describe_way_out(token, now)}."
        )


def _is_replaceable(token: TrackedToken, now: datetime) -> bool:
    return token.is_empty or token.is_of_ended_key(now)


def _describe_way_out(token: TrackedToken, now: datetime) -> str:
    if token.is_id_only:
        return "give the id of the key whose token your store holds, or an empty text if it holds none"
    if token.path is None:
        return "give the token that belongs to this key, or none"
    if token.record is not None and token.record.is_active(now):
        # To remove the file would lose a token that works.
        return f"give another path; or, if that key is to be renamed, its id ({token.record.id}) beside the new description"
    return "give another path, or remove the file"


def _choose_verb(token: TrackedToken) -> str:
    return "names" if token.is_id_only else "holds" if token.path else "is"


def describe_stored(token: TrackedToken, now: datetime) -> str:
    """What is kept where the token should be, in words."""
    if token.key_id is None:
        return (
            "a token that does not say which API key it is of"
            if token.has_no_key_id
            else "something that is not a token"
        )
    what = f"the token of API key {token.key_id}"
    if token.record is not None and token.record.is_active(now):
        return f"{what}, which is active as {quote_text(token.record.description)} ({token.record.sub_type} {token.record.sub})"
    if token.record is not None:
        if not token.is_of_ended_key(now):
            return (
                f"{what}, which should have expired at {token.record.expiry}, yet the tenant does not say that it has"
            )
        return f"{what}, which is {'revoked' if token.record.status == 'revoked' else 'expired'}"
    if token.is_of_deleted_key:
        return f"{what}, which has been deleted"
    return f"{what}, of which this user and tenant know nothing"
