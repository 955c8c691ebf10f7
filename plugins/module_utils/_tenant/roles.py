# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles of a tenant: the record, and the calls that find, create, change and delete them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    NotFoundError,
    TenantStateError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, quote_segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.filters import build_filter
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record, read_usable_records

PATH = "/roles"
PAGE_SIZE = 100
NOUN = "role"

# For reading as well since April 2024 (qlik.dev, changelog 89).
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
    def from_record(cls, record: Record) -> Role:
        """Raises UnusableAnswerError when a field that decides something is unusable. Default roles may have no scopes."""
        return cls(
            id=record.id(),
            name=record.text("name"),
            type=record.text("type"),
            description=record.optional_text("description") or "",
            scopes=record.texts("assignedScopes"),
            can_edit=record.flag("canEdit"),
        )


class Roles:
    """The calls for roles."""

    def __init__(self, calls: Calls):
        self._calls = calls

    def all(self, needed: str | None = None) -> tuple[Role, ...]:
        """Every role of the tenant. A record that cannot be used is left out with a warning.

        Raises UnusableAnswerError when that is the role with the name ``needed``.
        """
        pages = self._calls.pages(PATH, {"limit": PAGE_SIZE}, needs=NEEDS)
        return tuple(read_usable_records(pages, NOUN, Role.from_record, is_needed=_match_name(needed)))

    def find(self, name: str) -> Role | None:
        """The role with exactly that name, None without one; names are unique on a tenant."""
        query: dict[str, str | int] = {"filter": build_filter(["name"], name), "limit": PAGE_SIZE}
        pages = self._calls.pages(PATH, query, needs=NEEDS)
        roles = read_usable_records(pages, NOUN, Role.from_record, is_needed=_match_name(name))
        return next((role for role in roles if role.name == name), None)

    def get(self, role_id: str) -> Role | None:
        """One role by its id, None when the tenant itself says that it has none."""
        try:
            answer = self._calls.send("GET", f"{PATH}/{quote_segment(role_id)}", needs=NEEDS)
        except NotFoundError:
            return None
        found = Role.from_record(Record(answer, answer.document(), NOUN))
        if found.id != role_id:
            raise answer.build_error(f"with the record of another role, {found.id}")
        return found

    def create(self, name: str, description: str, scopes: list[str]) -> Role:
        """Create a custom role. Raises RefusedError when the name is taken or the tenant has 500 of them."""
        body = {"name": name, "description": description, "assignedScopes": scopes}
        answer = self._calls.send("POST", PATH, needs=NEEDS, body=body)
        return Role.from_record(Record(answer, answer.document(), NOUN))

    def add_scope(self, role_id: str, scope: str) -> None:
        """Add a scope; the others stay, also those that somebody else adds at the same time.

        Raises TenantStateError if the role lacks it afterwards.
        """
        self._patch(role_id, {"op": "add", "path": "/assignedScopes/-", "value": scope})
        role = self.get(role_id)
        if role is None or scope not in role.scopes:
            raise TenantStateError(f"The tenant accepted the scope {scope} for role {role_id}, yet the role lacks it.")

    def remove_scope(self, role_id: str, scope: str) -> None:
        """Remove a scope; the others stay. Raises TenantStateError if the role still has it afterwards."""
        self._patch(role_id, {"op": "remove-value", "path": "/assignedScopes", "value": scope})
        role = self.get(role_id)
        if role is not None and scope in role.scopes:
            raise TenantStateError(
                f"The tenant accepted to take the scope {scope} from role {role_id}, yet it has it still."
            )

    def delete(self, role_id: str) -> None:
        """Delete a custom role, if it is still there.

        Raises RefusedError for one that is assigned to anybody, TenantStateError if the role is there afterwards.
        """
        try:
            self._calls.send("DELETE", f"{PATH}/{quote_segment(role_id)}", needs=NEEDS)
        except NotFoundError:
            return
        if self.get(role_id) is not None:
            raise TenantStateError(f"The tenant accepted the deletion of role {role_id}, yet it is still there.")

    def _patch(self, role_id: str, operation: Mapping[str, object]) -> None:
        self._calls.send("PATCH", f"{PATH}/{quote_segment(role_id)}", needs=NEEDS, body=[operation])


def _match_name(name: str | None) -> Callable[[dict[str, Any]], bool]:
    """A function that says whether the fields are those of the role with the name."""
    return lambda fields: name is not None and fields.get("name") == name
