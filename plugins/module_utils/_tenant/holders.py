# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Those that roles are assigned to, users and groups: the records, and the calls that find them and set their roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import ClassVar, Generic, TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.filters import any_is
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer

PAGE_SIZE = 100
NEEDS = "the role TenantAdmin"


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
    def is_meant(cls, record: dict, name: str) -> bool:
        """Whether the name is one of those in ``NAMED_BY``, of this very record."""
        return name in (record.get(attribute) for attribute in cls.NAMED_BY)

    @classmethod
    def from_answer(cls, answer: Answer, record: dict) -> Holder:
        """Raises UnusableAnswerError for a record without roles: what is not known cannot be kept when roles are set.

        The service leaves them out for a caller who may not see them (API reference, schema AssignedRoles).
        """
        return cls(
            id=answer.field(record, "id", str),
            name=answer.field(record, "name", str),
            roles=tuple(answer.field(role, "name", str) for role in answer.field(record, "assignedRoles", list)),
            **{attribute: record.get(attribute) for attribute in cls.MORE},
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
    def is_meant(cls, record: dict, name: str) -> bool:
        """E-mail addresses are compared without regard to case. Users that were deleted may still be listed."""
        if record.get("status") == "deleted":
            return False
        return super().is_meant(record, name) or name.casefold() == (record.get("email") or "").casefold()


Kind = TypeVar("Kind", bound=Holder)


class Holders(Generic[Kind]):
    def __init__(self, calls: Calls, kind: type[Kind]):
        self._calls = calls
        self._kind = kind

    def find(self, name: str) -> list[Kind]:
        """All who are called so: of several users one may have as its subject what is another's e-mail address."""
        query = {"filter": any_is(self._kind.NAMED_BY, name), "limit": PAGE_SIZE}
        return [
            self._kind.from_answer(answer, record)
            for answer, record in self._calls.pages(self._kind.PATH, query, needs=NEEDS)
            if answer.field(record, "id", str) and self._kind.is_meant(record, name)
        ]

    def assign(self, holder_id: str, roles: Iterable[str]) -> None:
        """Let the holder have exactly the roles with these names.

        Raises RefusedError also when the service assigned only some of them, which it answers 207.
        """
        answer = self._calls.send(
            "PATCH",
            f"{self._kind.PATH}/{segment(holder_id)}",
            needs=NEEDS,
            body=[{"op": "replace", "path": "/assignedRoles", "value": [{"name": role} for role in roles]}],
        )
        if answer.status == HTTPStatus.MULTI_STATUS:
            raise answer.refused_in_part()
