# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records read in one run, to be looked through by thousands of entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey


class KnownKeys:
    """``keys`` in the order of the listing; iterating gives them all."""

    def __init__(self, keys: Iterable[ApiKey]):
        self._by_id = {key.id: key for key in keys}
        self._by_description: dict[str, list[ApiKey]] = defaultdict(list)
        for key in self:
            self._by_description[key.description].append(key)

    def __iter__(self) -> Iterator[ApiKey]:
        return iter(self._by_id.values())

    def get(self, key_id: str) -> ApiKey | None:
        return self._by_id.get(key_id)

    def find_candidates(self, wanted: WantedKey) -> list[ApiKey]:
        """Few enough to be compared one by one, the ones that are meant among them."""
        if wanted.id is not None:
            return [key for key in (self.get(wanted.id),) if key is not None]
        return self._by_description.get(wanted.description, [])

    def find_namesake(self, key: ApiKey, description: str, now: datetime) -> ApiKey | None:
        """Another active key of the same owner and kind that has the description, None when there is none."""
        wanted = WantedKey(description, sub=key.sub, sub_type=key.sub_type)
        return next(
            (other for other in wanted.find_active(self.find_candidates(wanted), now) if other.id != key.id), None
        )
