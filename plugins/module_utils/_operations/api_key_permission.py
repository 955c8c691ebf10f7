# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_key_permission``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    RefusedError,
    TenantStateError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_name
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    DEVELOPER,
    DEFAULT_ROLE,
    ROLE_DESCRIPTION,
    SCOPE,
    Assignment,
    Members,
    PermissionPlan,
    find_members,
    plan_absent,
    plan_developer_role,
    plan_other_roles,
    plan_present,
    format_role,
    build_scope_removal,
    remove_scope,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import Group, RoleHolder
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Role
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

# With these the service refuses to delete an assigned role; which of them it uses is not documented.
MAY_MEAN_ASSIGNED = {400, 403, 409}


NOT_WITH_EVERYBODY = (
    f"cannot be given with the role {DEFAULT_ROLE}, which every user of the tenant has by itself and nobody is assigned. Leave "
    "{option} out, or give the role that they shall hold; a custom role is made when missing."
)
NOBODY_NAMED = (
    f"this tenant has the switch for API keys, and there it is the role {DEVELOPER} that lets users make them. Name users or "
    "groups who shall have it, or no longer. The switch itself is api_keys_enabled of tenantops.qlik_cloud.api_key_config. "
    "Nothing was changed."
)


class ManagePermission:
    """``role``: that of ``params``, or the one that the tenant's generation has for it."""

    def __init__(self, params: Mapping):
        self._state: str = params["state"]
        self._role_given = parse_name(params, "role")
        self._role = self._role_given or DEFAULT_ROLE
        self._users = [name.strip() for name in params["users"] or []]
        self._groups = [name.strip() for name in params["groups"] or []]
        self._exclusive: bool = params["exclusive"]
        self._found: Role | None = None
        self._left: Role | None = None
        self._changed: list[RoleHolder] = []
        if self._role != DEFAULT_ROLE and self._role.replace(" ", "").casefold() == DEFAULT_ROLE.casefold():
            raise OptionError(
                "role", f"{self._role!r} would be a custom role; the role of all users is {DEFAULT_ROLE}."
            )
        for option in ("users", "groups"):
            _check_names(params, option, self._role_given)
        if not self.names_anybody and self._role_given != DEFAULT_ROLE:
            _check_not_emptied(params, self._state, self._role_given)
        if self._exclusive and self._state == "absent":
            raise OptionError("exclusive", "has no meaning with state: absent.")

    @property
    def names_anybody(self) -> bool:
        return bool(self._users or self._groups)

    def plan(self, tenant: Tenant) -> PermissionPlan:
        """Raises OptionError for a role that this generation of tenant does not use, TenantStateError."""
        if tenant.config().has_switch:
            return self._plan_by_switch(tenant)
        if self._role == DEFAULT_ROLE and self.names_anybody:
            option = "users" if self._users else "groups"
            raise OptionError(option, NOT_WITH_EVERYBODY.format(option=option))
        others: list[Role] = []
        if self._exclusive or self._role != DEFAULT_ROLE:
            roles = tenant.roles.all(needed=self._role)
            self._found = next((role for role in roles if role.name == self._role), None)
            others = [role for role in roles if SCOPE in role.scopes and role.name != self._role]
        else:
            self._found = tenant.roles.find(self._role)
        members = self._members(tenant)
        if self._state == "present":
            plan = plan_other_roles(plan_present(self._role, self._found, members), others, exclusive=self._exclusive)
        else:
            plan = plan_absent(self._role, self._found, members, anybody_named=self.names_anybody)
        self._left = plan.role
        return plan

    def _plan_by_switch(self, tenant: Tenant) -> PermissionPlan:
        if not self.names_anybody:
            raise TenantStateError(f"users: {NOBODY_NAMED}", begins_with_option=True)
        if self._role_given not in (None, DEVELOPER):
            raise OptionError(
                "role",
                f"{self._role_given!r} lets nobody make keys on this tenant, which has the switch: there it is {DEVELOPER}. "
                "Leave role out, or give that.",
            )
        if self._exclusive:
            raise OptionError("exclusive", f"cannot be kept on a tenant with the switch, where every {DEVELOPER} may.")
        self._role = DEVELOPER
        self._found = self._left = tenant.roles.find(DEVELOPER)
        return plan_developer_role(self._found, self._members(tenant), present=self._state == "present")

    def _members(self, tenant: Tenant) -> Members:
        users = {name: tenant.users.find(name) for name in self._users}
        groups = {name: tenant.groups.find(name) for name in self._groups}
        return find_members(users, groups, all_must_exist=self._state == "present")

    def apply(self, tenant: Tenant, plan: PermissionPlan, log: ActionLog) -> PermissionPlan:
        """The role first: it is assigned by its name, and must have the scope by the time somebody holds it."""
        if plan.role_action is not None:
            self._change_role(tenant, plan, log)
        for assignment in plan.assignments:
            self._assign(tenant, assignment)
            log.add(assignment.action)
        for action in plan.scope_removals:
            tenant.roles.remove_scope(action.id, SCOPE)
            log.add(action)
        return plan

    def results(self, plan: PermissionPlan) -> dict:
        members = plan.members.update_from(self._changed)
        return {"role": format_role(self._role, self._left), **members.as_result()}

    def _change_role(self, tenant: Tenant, plan: PermissionPlan, log: ActionLog) -> None:
        action = plan.role_action
        if action.action == "create":
            self._left = tenant.roles.create(self._role, ROLE_DESCRIPTION, [SCOPE])
            log.add(replace(action, id=self._left.id))
            if SCOPE not in self._left.scopes:
                tenant.roles.add_scope(self._left.id, SCOPE)
        elif action.action == "retire":
            self._retire_role(tenant, plan, log)
        elif self._state == "present":
            tenant.roles.add_scope(action.id, SCOPE)
            log.add(action)
        else:
            tenant.roles.remove_scope(action.id, SCOPE)
            log.add(action)

    def _retire_role(self, tenant: Tenant, plan: PermissionPlan, log: ActionLog) -> None:
        """Delete the role, or, when it may not be deleted because somebody holds it, take its scope at least."""
        action = plan.role_action
        try:
            tenant.roles.delete(action.id)
        except RefusedError as error:
            if error.status not in MAY_MEAN_ASSIGNED:
                raise
            tenant.roles.remove_scope(action.id, SCOPE)
            log.add(build_scope_removal(self._found))
            self._left = remove_scope(self._found)
            log.warnings.append(
                f"role: {self._role} lost the scope {SCOPE}, but stays, since the tenant did not let it be deleted, as "
                f"it does while a role is assigned to anybody: {error}"
            )
        else:
            log.add(replace(action, outcome="deleted"))

    def _assign(self, tenant: Tenant, assignment: Assignment) -> None:
        holder = assignment.holder
        holders = tenant.groups if isinstance(holder, Group) else tenant.users
        change = holders.assign_role if self._state == "present" else holders.remove_role
        try:
            self._changed.append(change(holder.id, self._role))
        except RefusedError as error:
            verb = "given" if self._state == "present" else "relieved of"
            roles = ", ".join(holder.roles) or "none"
            raise error.add_advice(
                f"The {holder} was not {verb} the role {self._role}. What it should hold now: {roles}."
            ) from None


def _check_names(params: Mapping, option: str, role: str | None) -> None:
    """Raises OptionError for names that say nothing, and for anybody named together with the role of everybody."""
    names = params[option] or []
    if not all(name.strip() for name in names):
        raise OptionError(option, "must not contain an empty name.")
    if not all(name.strip().isprintable() for name in names):
        raise OptionError(option, "has a name with characters that are not to be seen; give it without them, or an id.")
    if names and role == DEFAULT_ROLE:
        raise OptionError(option, NOT_WITH_EVERYBODY.format(option=option))


def _check_not_emptied(params: Mapping, state: str, role: str | None) -> None:
    """Raises OptionError for lists that are there but empty, where without them everybody would be meant."""
    emptied = [option for option in ("users", "groups") if params[option] is not None]
    if not emptied or (state == "present" and role is not None):
        return
    if state == "present":
        raise OptionError(
            emptied[0],
            "is empty, so there is nobody to let make API keys. Leave users and groups out to let everybody, or name a role.",
        )
    raise OptionError(
        emptied[0],
        "is empty, so there is nobody to take the role from. Leave users and groups out to take the permission from the role "
        "itself, and so from all who hold it.",
    )
