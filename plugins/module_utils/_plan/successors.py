# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the key that has taken the place of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey, sort_newest_first
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import normalize_sub


def find_successors(keys: Iterable[ApiKey], now: datetime) -> Mapping[str, str]:
    """The id of a key's successor by the key's own id: the newest active one of the same subject, type and description.

    A key that is not known to be older than that one has no successor.
    """
    newest: dict[tuple[str, str, str], ApiKey] = {}
    found: dict[str, str] = {}
    ordered = sort_newest_first(keys)
    for key in ordered:
        if key.is_active(now):
            newest.setdefault(_identify(key), key)
    for key in ordered:
        successor = newest.get(_identify(key))
        if successor is None:
            continue
        created, successor_created = parse_time(key.created), parse_time(successor.created)
        if created and successor_created and successor_created > created:
            found[key.id] = successor.id
    return found


def _identify(key: ApiKey) -> tuple[str, str, str]:
    return normalize_sub(key.sub), key.sub_type, key.description
