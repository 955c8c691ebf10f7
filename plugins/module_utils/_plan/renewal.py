# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a key beside its successor and predecessors, told from nothing but the tenant's records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import add_duration, moment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import LONG_AGO, ApiKey

# Between a key's creation and the expiry the tenant computes for it may lie this much without anybody having meant it.
EXPIRY_TOLERANCE = 60.0


def older(keys: list[ApiKey], counted: ApiKey) -> list[ApiKey]:
    """Those made before the key that counts: its predecessors."""
    return [key for key in keys if _was_made_before(key, counted)]


def younger(keys: list[ApiKey], counted: ApiKey) -> list[ApiKey]:
    """Those made after the key that counts; when that is the one whose token is stored, theirs were not."""
    return [key for key in keys if _was_made_before(counted, key)]


def whose_overlap_is_over(
    wanted: WantedKey, counted: ApiKey, predecessors: Sequence[ApiKey], now: datetime
) -> tuple[tuple[ApiKey, ApiKey], ...]:
    """The predecessors to be retired, each with the key that took its place. ``predecessors``: newest first."""
    return tuple(
        (key, successor)
        for key, successor in zip(predecessors, (counted, *predecessors))
        if _overlap_is_over(wanted, successor, now)
    )


def _overlap_is_over(wanted: WantedKey, successor: ApiKey, now: datetime) -> bool:
    """Never, when predecessors may live until they expire."""
    if has_no_overlap(wanted):
        # Not compared: the tenant's time is known to the second, the moment of creation more exactly.
        return True
    made = moment(successor.created)
    if wanted.overlap is None or made is None:
        return False
    until = add_duration(made, wanted.overlap)
    return until is not None and until <= now


def has_no_overlap(wanted: WantedKey) -> bool:
    """Whether a key is to be retired as soon as its successor's token is stored."""
    return wanted.overlap is not None and add_duration(LONG_AGO, wanted.overlap) == LONG_AGO


def why_renew(wanted: WantedKey, key: ApiKey, now: datetime) -> str | None:
    """The reason to make a key's successor now, in words; None when there is none."""
    if wanted.force_renew:
        return "force_renew"
    left = key.expires_in(now)
    if wanted.renew_before is None or left is None:
        return None
    until = add_duration(now, wanted.renew_before)
    if until is not None and left > (until - now).total_seconds():
        return None
    if is_always_due(wanted, key) and not _is_in_second_half(key, left):
        return None
    return f"API key {key.id} expires at {key.expiry}, within {wanted.renew_before}"


def is_always_due(wanted: WantedKey, key: ApiKey) -> bool:
    """Whether the key's whole life is not longer than ``renew_before``, so that every run would make a successor."""
    created, expires = moment(key.created), moment(key.expiry)
    if wanted.renew_before is None or created is None or expires is None:
        return False
    until = add_duration(created, wanted.renew_before)
    return until is None or until >= expires


def short_life_warning(wanted: WantedKey, key: ApiKey) -> str | None:
    """In words, that a key's life is too short for ``renew_before``; None when it is not."""
    if not is_always_due(wanted, key):
        return None
    return (
        f"renew_before: API key {key.id} lives from {key.created} to {key.expiry} only, not longer than "
        f"{wanted.renew_before}, so it is renewed in the second half of its life instead. Does the tenant's configuration "
        "limit the expiry?"
    )


def expiry_warning(key: ApiKey, expiry: str | None) -> str | None:
    """In words, that the key does not live as long from its creation as ``expiry`` says; None when it does."""
    created, expires = moment(key.created), moment(key.expiry)
    if expiry is None or created is None or expires is None:
        return None
    meant = add_duration(created, expiry)
    if meant is not None and abs((expires - meant).total_seconds()) <= EXPIRY_TOLERANCE:
        return None
    return (
        f"expiry: API key {key.id} expires at {key.expiry}, which is not {expiry} after its creation at {key.created}. "
        "The expiry of a key is fixed when it is made and cannot be changed."
    )


def _was_made_before(one: ApiKey, other: ApiKey) -> bool:
    """False as well when it cannot be told: at the same moment, or at an unknown one."""
    first, second = moment(one.created), moment(other.created)
    return first is not None and second is not None and first < second


def _is_in_second_half(key: ApiKey, left: float) -> bool:
    return left * 2 <= (moment(key.expiry) - moment(key.created)).total_seconds()
