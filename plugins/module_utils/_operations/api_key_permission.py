# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_key_permission``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import given_name
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.report import Report
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    EVERYBODY,
    MADE_HERE,
    SCOPE,
    Assignment,
    PermissionPlan,
    members_named,
    plan_absent,
    plan_present,
    role_result,
    scope_taken,
    without_scope,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.holders import Group, Holder
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Role
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

# With these the service refuses to delete an assigned role; which of them it uses is not documented.
MAY_MEAN_ASSIGNED = {400, 403, 409}


class GrantPermission:
    def __init__(self, params: Mapping):
        self._state: str = params["state"]
        self._role = given_name(params, "role")
        self._users = [name.strip() for name in params["users"] or []]
        self._groups = [name.strip() for name in params["groups"] or []]
        self._found: Role | None = None
        self._left: Role | None = None
        self._changed: list[Holder] = []
        if self._role != EVERYBODY and self._role.replace(" ", "").casefold() == EVERYBODY.casefold():
            raise OptionError("role", f"{self._role!r} would be a custom role; the role of all users is {EVERYBODY}.")
        for option in ("users", "groups"):
            _check_names(params, option, self._role)
        if self._state == "absent" and self._role != EVERYBODY and not self._users and not self._groups:
            _check_not_emptied(params)

    def plan(self, tenant: Tenant) -> PermissionPlan:
        self._found = tenant.roles.find(self._role)
        users = {name: tenant.users.find(name) for name in self._users}
        groups = {name: tenant.groups.find(name) for name in self._groups}
        members = members_named(users, groups, all_must_exist=self._state == "present")
        if self._state == "present":
            plan = plan_present(self._role, self._found, members)
        else:
            plan = plan_absent(self._role, self._found, members, anybody_named=bool(users or groups))
        self._left = plan.role
        return plan

    def apply(self, tenant: Tenant, plan: PermissionPlan, report: Report) -> PermissionPlan:
        """The role first: it is assigned by its name, and must have the scope by the time somebody holds it."""
        if plan.role_action is not None:
            self._change_role(tenant, plan, report)
        for assignment in plan.assignments:
            self._assign(tenant, assignment)
            report.note(assignment.action)
        return plan

    def results(self, plan: PermissionPlan) -> dict:
        members = plan.members.as_found(self._changed)
        return {"role": role_result(self._role, self._left), **members.as_result()}

    def _change_role(self, tenant: Tenant, plan: PermissionPlan, report: Report) -> None:
        action = plan.role_action
        if action.action == "create":
            self._left = tenant.roles.create(self._role, MADE_HERE, [SCOPE])
            report.note(replace(action, id=self._left.id))
            if SCOPE not in self._left.scopes:
                tenant.roles.add_scope(self._left.id, SCOPE)
        elif action.action == "retire":
            self._retire_role(tenant, plan, report)
        elif self._state == "present":
            tenant.roles.add_scope(action.id, SCOPE)
            report.note(action)
        else:
            tenant.roles.remove_scope(action.id, SCOPE)
            report.note(action)

    def _retire_role(self, tenant: Tenant, plan: PermissionPlan, report: Report) -> None:
        """Delete the role, or, when it may not be deleted because somebody holds it, take its scope at least."""
        action = plan.role_action
        try:
            tenant.roles.delete(action.id)
        except RefusedError as error:
            if error.status not in MAY_MEAN_ASSIGNED:
                raise
            tenant.roles.remove_scope(action.id, SCOPE)
            report.note(scope_taken(self._found))
            self._left = without_scope(self._found)
            report.warnings.append(
                f"role: {self._role} lost the scope {SCOPE}, but stays, since the tenant did not let it be deleted, as "
                f"it does while a role is assigned to anybody: {error}"
            )
        else:
            report.note(replace(action, outcome="deleted"))

    def _assign(self, tenant: Tenant, assignment: Assignment) -> None:
        holder = assignment.holder
        holders = tenant.groups if isinstance(holder, Group) else tenant.users
        change = holders.give if self._state == "present" else holders.take
        try:
            self._changed.append(change(holder.id, self._role))
        except RefusedError as error:
            verb = "given" if self._state == "present" else "relieved of"
            roles = ", ".join(holder.roles) or "none"
            raise error.advised(
                f"The {holder} was not {verb} the role {self._role}. What it should hold now: {roles}."
            ) from None


def _check_names(params: Mapping, option: str, role: str) -> None:
    """Raises OptionError for names that say nothing, and for anybody named together with the role of everybody."""
    names = params[option] or []
    if not all(name.strip() for name in names):
        raise OptionError(option, "must not contain an empty name.")
    if not all(name.strip().isprintable() for name in names):
        raise OptionError(option, "has a name with characters that are not to be seen; give it without them, or an id.")
    if names and role == EVERYBODY:
        raise OptionError(
            option,
            f"cannot be given with the role {EVERYBODY}, which every user of the tenant has by itself and nobody is "
            f"assigned. Leave {option} out, or give the role that they shall hold; a custom role is made when missing.",
        )


def _check_not_emptied(params: Mapping) -> None:
    """Raises OptionError for lists that are there but empty: a list that came out empty must not mean everybody."""
    emptied = [option for option in ("users", "groups") if params[option] is not None]
    if emptied:
        raise OptionError(
            emptied[0],
            "is empty, so there is nobody to take the role from. Leave users and groups out to take the permission "
            "from the role itself, and so from all who hold it.",
        )
