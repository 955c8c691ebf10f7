# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users and groups that roles are assigned to: the records, and the calls that find them and set their roles."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, ClassVar, Generic, TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, quote_segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.filters import build_filter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record, read_usable_records

PAGE_SIZE = 100
NEEDS = "the role TenantAdmin"
# Each is shortened by chance. They are longer than another run takes between reading and writing the roles.
PAUSES_SECONDS = (0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0)

AnyRoleHolder = TypeVar("AnyRoleHolder", bound="RoleHolder")


@dataclass(frozen=True)
class RoleHolder:
    """A user or group. ``roles`` are the names of the roles assigned to it directly, in the tenant's order."""

    NOUN: ClassVar[str]
    PATH: ClassVar[str]
    LOOKUP_FIELDS: ClassVar[tuple[str, ...]]
    """The fields by which a user may name it."""

    id: str
    name: str
    roles: tuple[str, ...]

    @classmethod
    def is_named(cls, fields: Mapping[str, Any], name: str) -> bool:
        """Whether the name is the value of one of ``LOOKUP_FIELDS`` in a record."""
        return name in (fields.get(attribute) for attribute in cls.LOOKUP_FIELDS)

    @classmethod
    def from_record(cls: type[AnyRoleHolder], record: Record) -> AnyRoleHolder:
        """Raises UnusableAnswerError for a record without roles: roles that are not known would be lost when they are set.

        The service leaves them out for a caller who may not see them (API reference, schema AssignedRoles).
        """
        return cls(id=record.id(), name=record.text("name"), roles=record.names("assignedRoles"))

    def as_result(self) -> dict[str, Any]:
        """The record as modules return it, roles in alphabetical order."""
        return {**asdict(self), "roles": sorted(self.roles)}

    def __str__(self) -> str:
        return f"{self.NOUN} {self.name!r} ({self.id})"


@dataclass(frozen=True)
class Group(RoleHolder):
    """A group of the tenant. Names of groups are unique, and may differ in case alone."""

    NOUN = "group"
    PATH = "/groups"
    LOOKUP_FIELDS = ("id", "name")


@dataclass(frozen=True)
class User(RoleHolder):
    """A user of the tenant."""

    NOUN = "user"
    PATH = "/users"
    LOOKUP_FIELDS = ("id", "email", "subject")

    email: str | None
    subject: str | None

    @classmethod
    def from_record(cls, record: Record) -> User:
        return cls(
            id=record.id(),
            name=record.text("name"),
            roles=record.names("assignedRoles"),
            email=record.optional_text("email"),
            subject=record.optional_text("subject"),
        )

    @classmethod
    def is_named(cls, fields: Mapping[str, Any], name: str) -> bool:
        """As for any holder; case does not matter in e-mail addresses, and deleted users, which may be listed, have no name."""
        if fields.get("status") == "deleted":
            return False
        email = fields.get("email")
        has_email = isinstance(email, str) and name.casefold() == email.casefold()
        return has_email or super().is_named(fields, name)


class RoleHolders(Generic[AnyRoleHolder]):
    """The calls for users, or for groups."""

    def __init__(self, calls: Calls, holder_type: type[AnyRoleHolder]):
        self._calls = calls
        self._holder_type = holder_type

    def find(self, name: str) -> list[AnyRoleHolder]:
        """All holders with that name. There may be several: the subject of one user may be the e-mail address of another."""
        query: dict[str, str | int] = {
            "filter": build_filter(self._holder_type.LOOKUP_FIELDS, name),
            "limit": PAGE_SIZE,
        }
        pages = self._calls.pages(self._holder_type.PATH, query, needs=NEEDS)
        records = (Record(answer, value, self._holder_type.NOUN) for answer, value in pages)
        return [
            self._holder_type.from_record(each) for each in records if self._holder_type.is_named(each.fields, name)
        ]

    def all(self) -> Iterator[AnyRoleHolder]:
        """Every holder. A record that cannot be used is left out with a warning."""
        pages = self._calls.pages(self._holder_type.PATH, {"limit": PAGE_SIZE}, needs=NEEDS)
        yield from read_usable_records(
            pages, self._holder_type.NOUN, self._holder_type.from_record, is_needed=lambda fields: False
        )

    def get(self, holder_id: str) -> AnyRoleHolder:
        """One holder by its id.

        Raises NotFoundError when there is none, UnusableAnswerError for the record of another.
        """
        answer = self._calls.send("GET", self._build_path(holder_id), needs=NEEDS)
        found = self._holder_type.from_record(Record(answer, answer.document(), self._holder_type.NOUN))
        if found.id != holder_id:
            raise answer.build_error(f"with the record of another {self._holder_type.NOUN}, {found.id}")
        return found

    def assign_role(self, holder_id: str, role: str) -> AnyRoleHolder:
        """Assign the role beside those that the holder has; return the holder afterwards. Raises as ``remove_role``."""
        return self._change_role(holder_id, role, shall_hold=True)

    def remove_role(self, holder_id: str, role: str) -> AnyRoleHolder:
        """Take the role from the holder and leave it the others; return the holder afterwards.

        Raises RefusedError, also when the service assigns only some of the roles (207), and TenantStateError when the change
        does not last.
        """
        return self._change_role(holder_id, role, shall_hold=False)

    def _change_role(self, holder_id: str, role: str, *, shall_hold: bool) -> AnyRoleHolder:
        """Assign or remove the role, and read the holder back.

        The service takes whole lists only, so another run that writes at the same time may undo this change. So the holder is
        read right before, and again a moment after, and the change is repeated where it is gone.
        """
        for pause in PAUSES_SECONDS:
            holder = self.get(holder_id)
            if (role in holder.roles) == shall_hold:
                return holder
            others = [other for other in holder.roles if other != role]
            self._write_roles(holder_id, [*others, role] if shall_hold else others)
            time.sleep(pause * random.uniform(0.5, 1.0))
        holder = self.get(holder_id)
        if (role in holder.roles) == shall_hold:
            return holder
        raise TenantStateError(
            f"The tenant accepted the roles of {holder} {len(PAUSES_SECONDS)} times, and each time something changed them again. "
            f"It has these now: {', '.join(holder.roles) or 'none'}. Does another run or program assign roles to it?"
        )

    def _write_roles(self, holder_id: str, roles: list[str]) -> None:
        answer = self._calls.send(
            "PATCH",
            self._build_path(holder_id),
            needs=NEEDS,
            body=[{"op": "replace", "path": "/assignedRoles", "value": [{"name": role} for role in roles]}],
        )
        if answer.status == HTTPStatus.MULTI_STATUS:
            raise answer.build_partial_refusal()

    def _build_path(self, holder_id: str) -> str:
        return f"{self._holder_type.PATH}/{quote_segment(holder_id)}"
