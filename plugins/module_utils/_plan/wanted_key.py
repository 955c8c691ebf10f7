# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key as the user describes it, and what is known of the token that is kept for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey, sort_newest_first
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import is_same_sub, normalize_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text


@dataclass(frozen=True)
class WantedKey:
    """A key by its ``id``, or by ``sub``, ``sub_type`` and ``description`` together, and how it is to be kept.

    ``expiry``, ``renew_before`` and ``overlap`` are ISO 8601 durations: for a key that has to be made; how long before its
    end a key gets a successor; how long it stays active after that, None for until it expires by itself.
    ``retire_first``: end a key before its successor is made.
    """

    description: str | None
    id: str | None = None
    sub: str | None = None
    sub_type: str = "user"
    expiry: str | None = None
    on_lost_token: Literal["fail", "replace", "ignore"] = "fail"
    renew_before: str | None = None
    overlap: str | None = None
    force_renew: bool = False
    retire_first: bool = False

    @property
    def identity(self) -> tuple[str | None, ...]:
        """Equal for two that mean the same key. ``sub`` None is the requester, whoever that is."""
        if self.id is not None:
            return (self.id,)
        return self.sub_type, None if self.sub is None else normalize_sub(self.sub), self.description

    @property
    def listing_sub(self) -> str | None:
        """The subject to list keys by, None when the listing cannot be narrowed.

        How many backslashes a stored SCIM subject has is not known, so asking for one spelling could miss it.
        """
        return self.sub if self.sub_type == "user" else None

    def matches(self, key: ApiKey) -> bool:
        if self.id is not None:
            return key.id == self.id
        return (
            key.description == self.description
            and key.sub_type == self.sub_type
            and is_same_sub(key.sub, self.sub or "")
        )

    def renames(self, key: ApiKey) -> bool:
        """Whether the key, named by its id, is to get another description."""
        return self.id == key.id and self.description not in (None, key.description)

    def with_description(self, key: ApiKey) -> ApiKey:
        """The key with the description that it is to have."""
        return key if self.description is None or not self.renames(key) else replace(key, description=self.description)

    def may_match(self, fields: Mapping[str, object]) -> bool:
        """Whether a record that cannot be read may be of a key that is meant; by its fields as the tenant names them."""
        if self.id is not None:
            return fields.get("id") == self.id
        sub = fields.get("sub")
        return (
            fields.get("description") == self.description
            and (fields.get("subType") == self.sub_type or not isinstance(fields.get("subType"), str))
            and (not isinstance(sub, str) or self.sub is None or is_same_sub(sub, self.sub))
        )

    def find_active(self, keys: Iterable[ApiKey], now: datetime) -> list[ApiKey]:
        """The keys that are meant and can be used, newest first. Revoked and expired keys never match."""
        return sort_newest_first(key for key in keys if self.matches(key) and key.is_active(now))

    def __str__(self) -> str:
        if self.id is not None:
            return f"API key {self.id}"
        whose = f"{self.sub_type} {self.sub}" if self.sub else "of the user who signs in"
        return f"API key {quote_text(self.description)} ({whose})"


@dataclass(frozen=True)
class TrackedToken:
    """The token that is kept for a key, in a file or in a store of the caller's own.

    ``place`` names it for messages: ``token_file /etc/qlik/x.token``, or ``the given token``. ``path`` is None unless it is a
    file. ``key_id`` is the id of the key that the token names; None for text that is no token, and with ``has_no_key_id`` for
    a token that names none. ``is_id_only``: the store gives no token back, only the key's id.

    ``record`` is the tenant's record of that key, None where there is none; ``is_of_deleted_key``: the key was one of this
    tenant. ``ends_by_status_only``: the tenant's time is not known, so a key ends only by the status in its record, not by
    this machine's clock.

    ``exposed_mode``: the mode that the file will have, if others than its owner may read it then. ``replaced``: ids of the keys
    that the key was made to replace, whose tokens nobody holds.
    """

    place: str
    is_empty: bool
    path: str | None = None
    key_id: str | None = None
    has_no_key_id: bool = False
    is_id_only: bool = False
    record: ApiKey | None = None
    is_of_deleted_key: bool = False
    ends_by_status_only: bool = False
    exposed_mode: str | None = None
    replaced: tuple[str, ...] = ()

    def is_of_ended_key(self, now: datetime) -> bool:
        """Whether the key of the token is known to have ended, so that the token works no more."""
        if self.record is None:
            return self.is_of_deleted_key
        return self.record.has_ended or not (self.ends_by_status_only or self.record.is_active(now))
