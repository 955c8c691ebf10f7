# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records that a run has listed, indexed for sets of thousands of entries."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property

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
            named = self.get(wanted.id)
            return [] if named is None else [named]
        return self._by_description.get(wanted.description or "", [])

    def find_lookalike(self, wanted: WantedKey, now: datetime) -> ApiKey | None:
        """An active key whose description looks like the wanted one and is another text, None when there is none.

        Unicode writes an accented letter as one character or as two, and people cannot see which.
        """
        if wanted.id is not None or wanted.description is None:
            return None
        for description in self._descriptions_by_look[_compose(wanted.description)]:
            if description != wanted.description:
                alike = replace(wanted, description=description)
                active = alike.find_active(self._by_description[description], now)
                if active:
                    return active[0]
        return None

    @cached_property
    def _descriptions_by_look(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for description in self._by_description:
            found[_compose(description)].append(description)
        return found

    def find_namesake(self, key: ApiKey, description: str, now: datetime) -> ApiKey | None:
        """Another active key of the same owner and kind that has the description, None when there is none."""
        wanted = WantedKey(description, sub=key.sub, sub_type=key.sub_type)
        return next(
            (other for other in wanted.find_active(self.find_candidates(wanted), now) if other.id != key.id), None
        )


def _compose(description: str) -> str:
    return unicodedata.normalize("NFC", description)
