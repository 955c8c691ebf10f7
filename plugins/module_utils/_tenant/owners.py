# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as the owners of API keys: who they are, and what decides whether they may make and use keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.filters import build_filter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record, read_usable_records
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import PAGE_SIZE, User

PATH = "/users"
NEEDS = "the role TenantAdmin, to look users up"
NOUN = "user"
# Not documented; with percent-encoding it stays far below the 8 KB that servers take for a line.
MAX_FILTER_CHARACTERS = 1500


@dataclass(frozen=True)
class Owner:
    """``status`` is active, invited, disabled or deleted. ``roles`` and ``scopes`` are names, ``groups`` are ids, each None where
    the tenant leaves them out.
    """

    id: str
    name: str | None
    email: str | None
    subject: str | None
    status: str | None
    roles: tuple[str, ...] | None
    groups: tuple[str, ...] | None
    scopes: tuple[str, ...] | None

    @classmethod
    def from_record(cls, record: Record) -> Owner:
        """Raises UnusableAnswerError for a record without an id."""
        fields = record.fields
        return cls(
            id=record.id(),
            name=record.optional_text("name"),
            email=record.optional_text("email") or None,
            subject=record.optional_text("subject"),
            status=record.optional_text("status"),
            roles=_collect_texts(fields.get("assignedRoles"), "name"),
            groups=_collect_texts(fields.get("assignedGroups"), "id"),
            scopes=_collect_texts(fields.get("assignedScopes"), "name"),
        )

    @property
    def is_bot(self) -> bool:
        """Whether it is the bot user of an OAuth client (qlik.dev, OAuth clients)."""
        return (self.subject or "").startswith("qlikbot\\")

    def __str__(self) -> str:
        return f"user {self.name!r} ({self.id})" if self.name else f"user {self.id}"


class Owners:
    """The calls that find users."""

    def __init__(self, calls: Calls):
        self._calls = calls
        self._by_id: dict[str, Owner | None] = {}

    def find_by_ids(self, ids: Iterable[str]) -> Mapping[str, Owner | None]:
        """The user of each id, None for one that the tenant does not have, in as few requests as the filter allows."""
        wanted = list(dict.fromkeys(ids))
        new = [user_id for user_id in wanted if user_id not in self._by_id]
        found = {owner.id: owner for _fields, owner in self._find(("id",), new)}
        self._by_id.update({user_id: found.get(user_id) for user_id in new})
        return {user_id: self._by_id[user_id] for user_id in wanted}

    def find_by_names(self, names: Iterable[str]) -> Mapping[str, list[Owner]]:
        """For each name the users with that id, e-mail address or subject, without deleted ones."""
        wanted = list(dict.fromkeys(names))
        found = list(self._find(User.LOOKUP_FIELDS, wanted))
        return {name: [owner for fields, owner in found if User.is_named(fields, name)] for name in wanted}

    def list_by_roles(self, roles: Iterable[str]) -> Iterator[Owner]:
        """The users to whom one of the roles is assigned, directly or by a group.

        Raises RefusedError where the tenant does not accept that filter.
        """
        conditions = [build_filter(("assignedRoles.name", "assignedGroupsAssignedRoles.name"), role) for role in roles]
        seen: set[str] = set()
        for batch in _split_into_batches(conditions):
            for _fields, owner in self._list_matching(" or ".join(batch)):
                if owner.id not in seen:
                    seen.add(owner.id)
                    yield owner

    def _find(self, attributes: tuple[str, ...], values: list[str]) -> Iterator[tuple[dict[str, Any], Owner]]:
        conditions = [build_filter(attributes, value) for value in values]
        for batch in _split_into_batches(conditions):
            yield from self._list_matching(" or ".join(batch))

    def _list_matching(self, condition: str) -> Iterator[tuple[dict[str, Any], Owner]]:
        query: dict[str, str | int] = {"filter": condition, "limit": PAGE_SIZE}
        pages = self._calls.pages(PATH, query, needs=NEEDS)
        yield from read_usable_records(
            pages, NOUN, lambda record: (record.fields, Owner.from_record(record)), is_needed=lambda fields: False
        )


def _split_into_batches(conditions: Iterable[str]) -> Iterator[list[str]]:
    """The conditions in groups that fit into one filter each."""
    batch: list[str] = []
    length = 0
    for condition in conditions:
        if batch and length + len(condition) > MAX_FILTER_CHARACTERS:
            yield batch
            batch, length = [], 0
        batch.append(condition)
        length += len(condition) + len(" or ")
    if batch:
        yield batch


def _collect_texts(entries: Any, name: str) -> tuple[str, ...] | None:
    """The texts in a list, or those that the objects in it have as ``name``; None for anything but a list."""
    if not isinstance(entries, list):
        return None
    texts = (entry.get(name) if isinstance(entry, dict) else entry for entry in entries)
    return tuple(text for text in texts if isinstance(text, str))
