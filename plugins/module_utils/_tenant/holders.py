# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Those that roles are assigned to, users and groups: the records, and the calls that find them and set their roles."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, ClassVar, Generic, TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.filters import any_is
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record, usable_records

PAGE_SIZE = 100
NEEDS = "the role TenantAdmin"
# Seconds, each halved or not by chance: longer than another run takes between its reading of the roles and its writing.
PAUSES = (0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0)


@dataclass(frozen=True)
class Holder:
    """``roles`` are the names of the roles assigned to the holder itself, in the tenant's order."""

    NOUN: ClassVar[str]
    PATH: ClassVar[str]
    NAMED_BY: ClassVar[tuple[str, ...]]
    MORE: ClassVar[tuple[str, ...]] = ()

    id: str
    name: str
    roles: tuple[str, ...]

    @classmethod
    def is_meant(cls, fields: Mapping[str, Any], name: str) -> bool:
        """Whether the name is one of those in ``NAMED_BY``, of this very record."""
        return name in (fields.get(attribute) for attribute in cls.NAMED_BY)

    @classmethod
    def from_record(cls, record: Record) -> Holder:
        """Raises UnusableAnswerError for a record without roles: what is not known cannot be kept when roles are set.

        The service leaves them out for a caller who may not see them (API reference, schema AssignedRoles).
        """
        return cls(
            id=record.id(),
            name=record.text("name"),
            roles=record.names("assignedRoles"),
            **{attribute: record.text_if_any(attribute) for attribute in cls.MORE},
        )

    def as_result(self) -> dict:
        """The record as modules return it, roles in alphabetical order."""
        return {**asdict(self), "roles": sorted(self.roles)}

    def __str__(self) -> str:
        return f"{self.NOUN} {self.name!r} ({self.id})"


@dataclass(frozen=True)
class Group(Holder):
    """Names of groups are unique, and differ in case as well."""

    NOUN = "group"
    PATH = "/groups"
    NAMED_BY = ("id", "name")


@dataclass(frozen=True)
class User(Holder):
    NOUN = "user"
    PATH = "/users"
    NAMED_BY = ("id", "email", "subject")
    MORE = ("email", "subject")

    email: str | None
    subject: str | None

    @classmethod
    def is_meant(cls, fields: Mapping[str, Any], name: str) -> bool:
        """E-mail addresses are compared without regard to case. Users that were deleted may still be listed."""
        if fields.get("status") == "deleted":
            return False
        email = fields.get("email")
        has_email = isinstance(email, str) and name.casefold() == email.casefold()
        return has_email or super().is_meant(fields, name)


Kind = TypeVar("Kind", bound=Holder)


class Holders(Generic[Kind]):
    def __init__(self, calls: Calls, kind: type[Kind]):
        self._calls = calls
        self._kind = kind

    def find(self, name: str) -> list[Kind]:
        """All who are called so: of several users one may have as its subject what is another's e-mail address."""
        query: dict[str, str | int] = {"filter": any_is(self._kind.NAMED_BY, name), "limit": PAGE_SIZE}
        pages = self._calls.pages(self._kind.PATH, query, needs=NEEDS)
        records = (Record(answer, value, self._kind.NOUN) for answer, value in pages)
        return [self._kind.from_record(each) for each in records if self._kind.is_meant(each.fields, name)]

    def all(self) -> Iterator[Kind]:
        """Everyone, those that cannot be read left out with a warning."""
        pages = self._calls.pages(self._kind.PATH, {"limit": PAGE_SIZE}, needs=NEEDS)
        yield from usable_records(pages, self._kind.NOUN, self._kind.from_record, is_needed=lambda fields: False)

    def get(self, holder_id: str) -> Kind:
        """Raises NotFoundError when there is none, UnusableAnswerError for the record of another: its roles are not to be
        set here."""
        answer = self._calls.send("GET", self._path(holder_id), needs=NEEDS)
        found = self._kind.from_record(Record(answer, answer.document(), self._kind.NOUN))
        if found.id != holder_id:
            raise answer.unusable(f"with the record of another {self._kind.NOUN}, {found.id}")
        return found

    def give(self, holder_id: str, role: str) -> Kind:
        """Let the holder have the role beside what it has; return the holder as it is then. Raises as ``take``."""
        return self._change(holder_id, role, shall_hold=True)

    def take(self, holder_id: str, role: str) -> Kind:
        """Take the role from the holder and leave it the others; return the holder as it is then.

        Raises RefusedError also when the service assigned only some of them, which it answers 207, and TenantStateError
        when the change does not last.
        """
        return self._change(holder_id, role, shall_hold=False)

    def _change(self, holder_id: str, role: str, *, shall_hold: bool) -> Kind:
        """The service takes whole lists only. So what another run writes at the same moment is lost, or takes this change
        back; hence the holder is read right before, and again a moment after, and the change repeated where it is gone.
        """
        for pause in PAUSES:
            holder = self.get(holder_id)
            if (role in holder.roles) == shall_hold:
                return holder
            others = [other for other in holder.roles if other != role]
            self._assign(holder_id, [*others, role] if shall_hold else others)
            time.sleep(pause * random.uniform(0.5, 1.0))
        holder = self.get(holder_id)
        if (role in holder.roles) == shall_hold:
            return holder
        raise TenantStateError(
            f"The tenant accepted the roles of {holder} {len(PAUSES)} times, and each time something changed them again. "
            f"It has these now: {', '.join(holder.roles) or 'none'}. Does another run or program assign roles to it?"
        )

    def _assign(self, holder_id: str, roles: list[str]) -> None:
        answer = self._calls.send(
            "PATCH",
            self._path(holder_id),
            needs=NEEDS,
            body=[{"op": "replace", "path": "/assignedRoles", "value": [{"name": role} for role in roles]}],
        )
        if answer.status == HTTPStatus.MULTI_STATUS:
            raise answer.refused_in_part()

    def _path(self, holder_id: str) -> str:
        return f"{self._kind.PATH}/{segment(holder_id)}"
