# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the age and the life of API keys with ISO 8601 durations that have been checked."""

from __future__ import annotations

from datetime import datetime, timedelta

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import (
    add_duration,
    parse_time,
    subtract_duration,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey

# A tenant may set the creation and the expiry of a new key at slightly different moments.
CREATION_TOLERANCE = timedelta(minutes=1)


def expires_within(key: ApiKey, duration: str, now: datetime) -> bool:
    """Whether the key still lives and ends inside the duration from now."""
    left = key.expires_in(now)
    until = add_duration(now, duration)
    if left is None or not key.is_active(now):
        return False
    return until is None or now + timedelta(seconds=left) <= until


def is_older_than(key: ApiKey, duration: str, now: datetime) -> bool:
    """Whether the key was made longer ago than the duration; False where the tenant does not tell when it was made."""
    created, since = parse_time(key.created), subtract_duration(now, duration)
    return created is not None and since is not None and created <= since


def lives_longer_than(key: ApiKey, duration: str) -> bool:
    """Whether the key was made to live longer than the duration; False where the tenant does not tell when it was made or ends."""
    created, expiry = parse_time(key.created), parse_time(key.expiry)
    end = created and add_duration(created, duration)
    return bool(expiry and end and expiry > end + CREATION_TOLERANCE)


def expired_within(key: ApiKey, duration: str, now: datetime) -> bool:
    """Whether the key ended by itself inside the duration before now."""
    expiry, since = parse_time(key.expiry), subtract_duration(now, duration)
    if key.status == "revoked" or expiry is None or expiry > now:
        return False
    return since is None or expiry >= since
