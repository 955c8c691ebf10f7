# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a key gets a successor, and when its predecessors are retired; judged by the tenant's records alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import (
    EARLIEST_TIME,
    add_duration,
    is_at_least_as_long,
    parse_time,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey

# Between a key's creation and the expiry the tenant computes for it may lie this much without anybody having meant it.
EXPIRY_TOLERANCE_SECONDS = 60.0


def find_older(keys: Iterable[ApiKey], kept: ApiKey) -> list[ApiKey]:
    """The predecessors of the kept key: those known to be made before it."""
    return [key for key in keys if _was_made_before(key, kept)]


def find_overdue_predecessors(
    wanted: WantedKey, kept: ApiKey, predecessors: Sequence[ApiKey], now: datetime
) -> tuple[tuple[ApiKey, ApiKey], ...]:
    """The predecessors to be retired, each with the key that took its place. ``predecessors``: newest first."""
    return tuple(
        (key, successor)
        for key, successor in zip(predecessors, (kept, *predecessors))
        if _is_overlap_over(wanted, successor, now)
    )


def _is_overlap_over(wanted: WantedKey, successor: ApiKey, now: datetime) -> bool:
    """False without ``overlap``: predecessors live until they expire then."""
    if has_no_overlap(wanted):
        # Not compared: the tenant's time is known to the second, the moment of creation more exactly.
        return True
    made = parse_time(successor.created)
    if wanted.overlap is None or made is None:
        return False
    until = add_duration(made, wanted.overlap)
    return until is not None and until <= now


def has_no_overlap(wanted: WantedKey) -> bool:
    """Whether a key is to be retired as soon as its successor's token is stored."""
    return wanted.overlap is not None and add_duration(EARLIEST_TIME, wanted.overlap) == EARLIEST_TIME


def find_renewal_reason(wanted: WantedKey, key: ApiKey, limit: str | None, now: datetime) -> str | None:
    """The reason to make a key's successor now, in words; None when there is none. ``limit`` as in ``is_successor_long_enough``."""
    if wanted.force_renew:
        return "force_renew"
    if not is_due(wanted, key, now):
        return None
    if is_always_due(wanted, key) and not is_successor_long_enough(wanted, limit) and not _is_in_second_half(key, now):
        return None
    return f"API key {key.id} expires at {key.expiry}, within {wanted.renew_before}"


def is_due(wanted: WantedKey, key: ApiKey, now: datetime) -> bool:
    """Whether the key expires within ``renew_before``."""
    expires = parse_time(key.expiry)
    if wanted.renew_before is None or expires is None:
        return False
    until = add_duration(now, wanted.renew_before)
    return until is None or expires <= until


def is_always_due(wanted: WantedKey, key: ApiKey) -> bool:
    """Whether the key's whole life is not longer than ``renew_before``."""
    created, expires = parse_time(key.created), parse_time(key.expiry)
    if wanted.renew_before is None or created is None or expires is None:
        return False
    until = add_duration(created, wanted.renew_before)
    return until is None or until >= expires


def is_successor_long_enough(wanted: WantedKey, limit: str | None) -> bool:
    """Whether a successor made now would live longer than ``renew_before``.

    ``limit``: the longest life that the tenant's configuration allows a key of this kind, which is also what it gives where
    no expiry is asked for; None if it is not known, and then this is not known either.
    """
    if wanted.renew_before is None or limit is None:
        return False
    life = limit if wanted.expiry is None or is_at_least_as_long(wanted.expiry, limit) else wanted.expiry
    return not is_at_least_as_long(wanted.renew_before, life)


def describe_short_life(wanted: WantedKey, key: ApiKey) -> str | None:
    """The warning that a key's life is too short for ``renew_before``; None when it is not."""
    if not is_always_due(wanted, key):
        return None
    return (
        f"renew_before: API key {key.id} lives from {key.created} to {key.expiry} only, not longer than "
        f"{wanted.renew_before}, so it is renewed in the second half of its life instead. Does the tenant's configuration "
        "limit the expiry?"
    )


def describe_expiry_mismatch(key: ApiKey, expiry: str | None) -> str | None:
    """The warning that the key does not live as long from its creation as ``expiry`` says; None when it does."""
    created, expires = parse_time(key.created), parse_time(key.expiry)
    if expiry is None or created is None or expires is None:
        return None
    meant = add_duration(created, expiry)
    if meant is not None and abs((expires - meant).total_seconds()) <= EXPIRY_TOLERANCE_SECONDS:
        return None
    return (
        f"expiry: API key {key.id} expires at {key.expiry}, which is not {expiry} after its creation at {key.created}. "
        "The expiry of a key is fixed when it is made and cannot be changed."
    )


def _was_made_before(one: ApiKey, other: ApiKey) -> bool:
    """False as well for keys of the same moment, or of an unknown one."""
    first, second = parse_time(one.created), parse_time(other.created)
    return first is not None and second is not None and first < second


def _is_in_second_half(key: ApiKey, now: datetime) -> bool:
    created, expires = parse_time(key.created), parse_time(key.expiry)
    return created is not None and expires is not None and (expires - now) * 2 <= expires - created
