# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report reads of one tenant: keys and their owners, limits, who may make keys, and stored tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line

MAX_NAME_LENGTH = 100


@dataclass(frozen=True)
class KeySnapshot:
    """``owner``: ``{id, name, email, subject, status, may_make_keys}``, None where it is not known. ``identity_provider``:
    ``{id, provider, active}`` of a SCIM key, ``active`` None for a provider that the tenant does not have. ``successor``: the id of
    the key that has taken its place, None for none.
    """

    record: ApiKey
    owner: Mapping[str, Any] | None
    identity_provider: Mapping[str, Any] | None
    successor: str | None

    @property
    def whose(self) -> str | None:
        """Name and e-mail of the owner, as far as known; None without an owner."""
        if self.owner is None:
            return None
        name, email = self.owner["name"], self.owner["email"]
        described = f"{name} <{email}>" if name and email else name or email or self.owner["subject"]
        return format_one_line(described or f"user {self.owner['id']}", MAX_NAME_LENGTH)

    def as_result(self, now: datetime) -> dict[str, Any]:
        return {
            **self.record.as_result(),
            "expires_in": self.record.expires_in(now),
            "successor": self.successor,
            "owner": self.owner,
            "identity_provider": self.identity_provider,
        }


@dataclass(frozen=True)
class StoredTokenSnapshot:
    """A token that is kept for a key. ``valid`` is None where that is not known; ``reason`` says why it is or is not valid.

    ``is_due``: no token is stored, and there is no key whose token could be.
    """

    description: str
    token_file: str | None
    key_id: str | None
    valid: bool | None
    reason: str
    is_due: bool = False

    def as_result(self) -> dict[str, Any]:
        result = asdict(self)
        del result["is_due"]
        return result


@dataclass(frozen=True)
class KeyCreatorsSnapshot:
    """Who may make keys. ``users`` are ``{id, name, email}``, ``groups`` ``{id, name}``; both are empty where everybody may.
    ``complete``: whether all of them could be read.
    """

    everybody: bool
    roles: tuple[str, ...]
    users: tuple[Mapping[str, Any], ...]
    groups: tuple[Mapping[str, Any], ...]
    complete: bool

    def as_result(self) -> dict[str, Any]:
        return {**asdict(self), "roles": list(self.roles), "users": list(self.users), "groups": list(self.groups)}


@dataclass(frozen=True)
class TenantSnapshot:
    """``keys``: the active ones, and those that expired lately. ``sees_all``: whether they are those of everybody.

    ``requester``: the name of who signs in. ``config`` and ``key_creators`` are None where the requester may not see them.
    """

    requester: str
    sees_all: bool
    config: ApiKeyConfig | None
    key_creators: KeyCreatorsSnapshot | None
    keys: Sequence[KeySnapshot]
    stored_tokens: Sequence[StoredTokenSnapshot]
