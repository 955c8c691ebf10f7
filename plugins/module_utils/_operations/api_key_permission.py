# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_key_permission``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    RefusedError,
    TenantStateError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import parse_name
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    DEFAULT_ROLE,
    DEVELOPER,
    ROLE_DESCRIPTION,
    SCOPE,
    Assignment,
    Members,
    PermissionPlan,
    build_scope_removal,
    find_members,
    format_role,
    plan_absent,
    plan_developer_role,
    plan_other_roles,
    plan_present,
    remove_scope,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import (
    Group,
    RoleHolder,
    RoleHolders,
    User,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Role
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

# With these the service refuses to delete an assigned role; which of them it uses is not documented.
ASSIGNED_STATUSES = {400, 403, 409}
NAMED_WITH_EVERYBODY = (
    f"cannot be given with the role {DEFAULT_ROLE}, which every user of the tenant has by itself and nobody is assigned. Leave "
    "{option} out, or give the role that they shall hold; a custom role is made when missing."
)
NOBODY_NAMED = (
    f"this tenant has the switch for API keys, and there it is the role {DEVELOPER} that lets users make them. Name users or "
    "groups who shall have it, or no longer. The switch itself is api_keys_enabled of tenantops.qlik_cloud.api_key_config. "
    "Nothing was changed."
)


class ManagePermission:
    """Lets users make API keys, or no longer: by a role with the scope, or by the role that the tenant's generation has for it."""

    def __init__(self, params: Mapping[str, Any]):
        self._is_wanted: bool = params["state"] == "present"
        self._role_given = parse_name(params, "role")
        self._role = self._role_given or DEFAULT_ROLE
        self._users = [name.strip() for name in params["users"] or []]
        self._groups = [name.strip() for name in params["groups"] or []]
        self._exclusive: bool = params["exclusive"]
        self._role_found: Role | None = None
        self._role_left: Role | None = None
        """The role as it is after the run, None where there is none."""
        self._changed_holders: list[RoleHolder] = []
        if self._role != DEFAULT_ROLE and self._role.replace(" ", "").casefold() == DEFAULT_ROLE.casefold():
            raise OptionError(
                "role", f"{self._role!r} would be a custom role; the role of all users is {DEFAULT_ROLE}."
            )
        for option in ("users", "groups"):
            _check_names(params, option, self._role_given)
        if not self.names_anybody and self._role_given != DEFAULT_ROLE:
            _check_lists_not_empty(params, self._role_given, is_wanted=self._is_wanted)
        if self._exclusive and not self._is_wanted:
            raise OptionError("exclusive", "has no meaning with state: absent.")

    @property
    def names_anybody(self) -> bool:
        """Whether the options name users or groups."""
        return bool(self._users or self._groups)

    def plan(self, tenant: Tenant) -> PermissionPlan:
        """Raises OptionError for a role that this generation of tenant does not use, TenantStateError."""
        if tenant.config().has_switch:
            return self._plan_by_switch(tenant)
        if self._role == DEFAULT_ROLE and self.names_anybody:
            option = "users" if self._users else "groups"
            raise OptionError(option, NAMED_WITH_EVERYBODY.format(option=option))
        others: list[Role] = []
        if self._exclusive or self._role != DEFAULT_ROLE:
            roles = tenant.roles.all(needed=self._role)
            self._role_found = next((role for role in roles if role.name == self._role), None)
            others = [role for role in roles if SCOPE in role.scopes and role.name != self._role]
        else:
            self._role_found = tenant.roles.find(self._role)
        members = self._find_members(tenant)
        if self._is_wanted:
            plan = plan_other_roles(
                plan_present(self._role, self._role_found, members), others, exclusive=self._exclusive
            )
        else:
            plan = plan_absent(self._role, self._role_found, members, anybody_named=self.names_anybody)
        self._role_left = plan.role
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
        self._role_found = self._role_left = tenant.roles.find(DEVELOPER)
        return plan_developer_role(self._role_found, self._find_members(tenant), present=self._is_wanted)

    def _find_members(self, tenant: Tenant) -> Members:
        users = {name: tenant.users.find(name) for name in self._users}
        groups = {name: tenant.groups.find(name) for name in self._groups}
        return find_members(users, groups, all_must_exist=self._is_wanted)

    def apply(self, tenant: Tenant, plan: PermissionPlan, log: ActionLog) -> PermissionPlan:
        """The role first: it is assigned by its name, and must have the scope by the time somebody holds it."""
        if plan.role_action is not None:
            self._change_role(tenant, plan.role_action, log)
        for assignment in plan.assignments:
            self._assign(tenant, assignment)
            log.add(assignment.action)
        for action in plan.scope_removals:
            tenant.roles.remove_scope(require(action.id, "id"), SCOPE)
            log.add(action)
        return plan

    def results(self, plan: PermissionPlan) -> dict[str, Any]:
        members = plan.members.update_from(self._changed_holders)
        return {"role": format_role(self._role, self._role_left), **members.as_result()}

    def _change_role(self, tenant: Tenant, action: Action, log: ActionLog) -> None:
        if action.action == "create":
            self._create_role(tenant, action, log)
        elif action.action == "retire":
            self._delete_role(tenant, action, log)
        else:
            change = tenant.roles.add_scope if self._is_wanted else tenant.roles.remove_scope
            change(require(action.id, "id"), SCOPE)
            log.add(action)

    def _create_role(self, tenant: Tenant, action: Action, log: ActionLog) -> None:
        made = self._role_left = tenant.roles.create(self._role, ROLE_DESCRIPTION, [SCOPE])
        log.add(replace(action, id=made.id))
        if SCOPE not in made.scopes:
            tenant.roles.add_scope(require(made.id, "id"), SCOPE)

    def _delete_role(self, tenant: Tenant, action: Action, log: ActionLog) -> None:
        """Delete the role, or, when it may not be deleted because somebody holds it, take its scope at least."""
        role_id = require(action.id, "id")
        try:
            tenant.roles.delete(role_id)
        except RefusedError as error:
            if error.status not in ASSIGNED_STATUSES:
                raise
            tenant.roles.remove_scope(role_id, SCOPE)
            found = require(self._role_found, "role")
            log.add(build_scope_removal(found))
            self._role_left = remove_scope(found)
            log.warnings.append(
                f"role: {self._role} lost the scope {SCOPE}, but stays, since the tenant did not let it be deleted, as "
                f"it does while a role is assigned to anybody: {error}"
            )
        else:
            log.add(replace(action, outcome="deleted"))

    def _assign(self, tenant: Tenant, assignment: Assignment) -> None:
        """Give the role to a user or group, or take it away. Raises QlikCloudError."""
        holder = assignment.holder
        holders: RoleHolders[Group] | RoleHolders[User] = tenant.groups if isinstance(holder, Group) else tenant.users
        change = holders.assign_role if self._is_wanted else holders.remove_role
        try:
            self._changed_holders.append(change(holder.id, self._role))
        except RefusedError as error:
            verb = "given" if self._is_wanted else "relieved of"
            roles = ", ".join(holder.roles) or "none"
            raise error.add_advice(
                f"The {holder} was not {verb} the role {self._role}. What it should hold now: {roles}."
            ) from None


def _check_names(params: Mapping[str, Any], option: str, role: str | None) -> None:
    """Raises OptionError for names that say nothing, and for anybody named together with the role of everybody."""
    names = params[option] or []
    if not all(name.strip() for name in names):
        raise OptionError(option, "must not contain an empty name.")
    if not all(name.strip().isprintable() for name in names):
        raise OptionError(option, "has a name with characters that are not to be seen; give it without them, or an id.")
    if names and role == DEFAULT_ROLE:
        raise OptionError(option, NAMED_WITH_EVERYBODY.format(option=option))


def _check_lists_not_empty(params: Mapping[str, Any], role: str | None, *, is_wanted: bool) -> None:
    """Raises OptionError for lists that are there but empty, where without them everybody would be meant."""
    emptied = [option for option in ("users", "groups") if params[option] is not None]
    if not emptied or (is_wanted and role is not None):
        return
    if is_wanted:
        raise OptionError(
            emptied[0],
            "is empty, so there is nobody to let make API keys. Leave users and groups out to let everybody, or name a role.",
        )
    raise OptionError(
        emptied[0],
        "is empty, so there is nobody to take the role from. Leave users and groups out to take the permission from the role "
        "itself, and so from all who hold it.",
    )
