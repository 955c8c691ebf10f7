# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles of a tenant: the record, and the calls that find, make, change and delete them."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import NotFoundError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.filters import any_is
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer

PATH = "/roles"
PAGE_SIZE = 100

# Reading as well: qlik.dev changelog 89, since April 2024.
NEEDS = "the role TenantAdmin"


@dataclass(frozen=True)
class Role:
    """``type`` is default or custom. ``scopes`` are those given to the role on this tenant, in the tenant's order."""

    id: str | None
    name: str
    type: str
    description: str
    scopes: tuple[str, ...]
    can_edit: bool

    @classmethod
    def from_answer(cls, answer: Answer, record: object) -> Role:
        """Raises UnusableAnswerError when a field that decides something is missing. Default roles may have no scopes."""
        name = answer.field(record, "name", str)
        return cls(
            id=answer.field(record, "id", str),
            name=name,
            type=answer.field(record, "type", str),
            description=record.get("description") or "",
            scopes=tuple(record.get("assignedScopes") or ()),
            can_edit=record.get("canEdit") is True,
        )


class Roles:
    def __init__(self, calls: Calls):
        self._calls = calls

    def find(self, name: str) -> Role | None:
        """The role with exactly that name; names are unique on a tenant."""
        query = {"filter": any_is(["name"], name), "limit": PAGE_SIZE}
        for answer, record in self._calls.pages(PATH, query, needs=NEEDS):
            role = Role.from_answer(answer, record)
            if role.name == name:
                return role
        return None

    def create(self, name: str, description: str, scopes: list[str]) -> Role:
        """Make a custom role. Raises RefusedError when the name is taken or the tenant has 500 of them."""
        body = {"name": name, "description": description, "assignedScopes": scopes}
        answer = self._calls.send("POST", PATH, needs=NEEDS, body=body)
        return Role.from_answer(answer, answer.document())

    def add_scope(self, role_id: str, scope: str) -> None:
        """Other scopes stay, also those that somebody else adds at the same time."""
        self._patch(role_id, {"op": "add", "path": "/assignedScopes/-", "value": scope})

    def remove_scope(self, role_id: str, scope: str) -> None:
        self._patch(role_id, {"op": "remove-value", "path": "/assignedScopes", "value": scope})

    def delete(self, role_id: str) -> None:
        """Delete a custom role, if it is still there. Raises RefusedError for one that is assigned to anybody."""
        try:
            self._calls.send("DELETE", f"{PATH}/{segment(role_id)}", needs=NEEDS)
        except NotFoundError:
            return

    def _patch(self, role_id: str, operation: dict) -> None:
        self._calls.send("PATCH", f"{PATH}/{segment(role_id)}", needs=NEEDS, body=[operation])
