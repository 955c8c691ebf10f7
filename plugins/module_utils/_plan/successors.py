# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which key has taken the place of which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey, sort_newest_first
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import normalize_sub


def find_successors(keys: Iterable[ApiKey], now: datetime) -> Mapping[str, str]:
    """By the id of a key, that of the newest active one with the same subject, type and description, if that is a newer one.

    Of two made at the same moment, or at one that is not told, neither succeeds the other.
    """
    newest: dict[tuple, ApiKey] = {}
    found: dict[str, str] = {}
    ordered = sort_newest_first(keys)
    for key in ordered:
        if key.is_active(now):
            newest.setdefault(_name(key), key)
    for key in ordered:
        successor = newest.get(_name(key))
        made, later = parse_time(key.created), successor and parse_time(successor.created)
        if made and later and later > made:
            found[key.id] = successor.id
    return found


def _name(key: ApiKey) -> tuple[str, str, str]:
    return normalize_sub(key.sub), key.sub_type, key.description
