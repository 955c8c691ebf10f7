# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What GET /users can filter by, and the scopes that count as assigned to a user.

The attributes and their operators are those of Qlik's reference of GET /v1/users (https://qlik.dev/apis/rest/users),
with its rule that conditions on the status are grouped and hold for the whole filter.
"""

from __future__ import annotations

from .callers import EVERYONE_ROLE
from .calls import Call
from .pages import Condition
from .scim_filter import Attribute, conditions, exact, text
from .tenant import Tenant

# Queries for ids of roles, about the row of `users` in the query around them.
_OF_THE_USER = "SELECT role_id FROM assigned_roles WHERE holder_id = users.id"
_OF_THEIR_GROUPS = """SELECT role_id FROM assigned_roles JOIN group_members ON group_id = holder_id
                      WHERE user_id = users.id"""
_OF_EVERYBODY = f"""SELECT everybody.id FROM roles AS everybody
                    WHERE everybody.tenant_id = users.tenant_id AND everybody.name = '{EVERYONE_ROLE}'"""
_COUNTED = {
    "direct": (_OF_THE_USER,),
    "direct_and_groups": (_OF_THE_USER, _OF_THEIR_GROUPS),
    "direct_and_default": (_OF_THE_USER, _OF_EVERYBODY),
    "all": (_OF_THE_USER, _OF_THEIR_GROUPS, _OF_EVERYBODY),
}

_ATTRIBUTES = {
    "id": exact("id"),
    "subject": text("subject"),
    "name": text("name"),
    "email": text("email"),
    "status": exact("status"),
    "clientId": exact("client_id"),
    "assignedRoles.id": Attribute(eq=f"EXISTS ({_OF_THE_USER} AND role_id = ? COLLATE NOCASE)"),
    "assignedRoles.name": Attribute(
        eq=f"EXISTS (SELECT 1 FROM roles WHERE roles.id IN ({_OF_THE_USER}) AND roles.name = ? COLLATE NOCASE)"
    ),
    "assignedGroups.id": Attribute(
        eq="EXISTS (SELECT 1 FROM group_members WHERE user_id = users.id AND group_id = ? COLLATE NOCASE)"
    ),
    "assignedGroupsAssignedRoles.name": Attribute(
        eq=f"EXISTS (SELECT 1 FROM roles WHERE roles.id IN ({_OF_THEIR_GROUPS}) AND roles.name = ? COLLATE NOCASE)"
    ),
}


def requested(call: Call) -> list[Condition]:
    """The filter of the request as SQL. Raises Refusal (400)."""
    scopes = f"SELECT 1 FROM {_scopes(call.tenant)} AND scope.value = ? COLLATE NOCASE"
    attributes = {**_ATTRIBUTES, "assignedScopes": Attribute(eq=f"EXISTS ({scopes})")}
    return conditions(call, attributes, grouped="status")


def assigned_scopes(tenant: Tenant, user_id: str) -> list[str]:
    """The scopes that a user's record shows, and by which the filter `assignedScopes` finds it."""
    rows = tenant.store.all(
        f"""SELECT DISTINCT value FROM (
                SELECT scope.value FROM users, {_scopes(tenant)} AND users.id = ? ORDER BY roles.seq, scope.key)""",
        user_id,
    )
    return [row["value"] for row in rows]


def _scopes(tenant: Tenant) -> str:
    """Tables and condition of the scopes that the row of `users` counts as having."""
    counted = " UNION ".join(_COUNTED[tenant.settings.assigned_scopes])
    return f"roles, json_each(roles.assigned_scopes) AS scope WHERE roles.id IN ({counted})"
