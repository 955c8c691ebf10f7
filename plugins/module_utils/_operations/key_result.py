# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run returns of one key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_options import EntryOptions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan, build_new_record
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey


@dataclass(frozen=True)
class NewKey:
    """A key that this run has made, and its token, which no later call gives again."""

    record: ApiKey
    token: str = field(repr=False)


class KeyResult:
    """``new_key``: the key that this run has made and not retired again. ``is_missing``: there is no key that could be renewed,
    where no other is made.
    """

    def __init__(self, options: EntryOptions):
        self._options = options
        self.new_key: NewKey | None = None
        self.is_missing = False

    @property
    def is_to_be_handed_over(self) -> bool:
        """Whether this run has made the key, and its token is not stored yet."""
        return self._options.hands_over and self.new_key is not None

    @property
    def token(self) -> dict[str, str]:
        """``{"token": …}`` if one was made and is to be returned, else nothing."""
        if self.new_key is None or not self._options.returns_token:
            return {}
        return {"token": self.new_key.token}

    @property
    def token_file(self) -> dict[str, str]:
        """``{"token_file": path}`` if the token is kept in one, else nothing."""
        file = self._options.store.file
        return {} if file is None else {"token_file": file.path}

    def build_record(self, wanted: WantedKey, plan: KeyPlan) -> dict[str, Any] | None:
        """The key as it is after ``plan``; None where it shall not be there, or nothing is known of it."""
        if not self._options.is_wanted or plan.discards_new_key or self.is_missing:
            return None
        if self.new_key is not None:
            return self.new_key.record.as_result()
        if plan.kept is None:
            return build_new_record(wanted)
        return wanted.with_description(plan.kept).as_result()
