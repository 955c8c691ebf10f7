# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans who may manage API keys: a role with the scope, and who holds the role. Sends and reads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.role_holders import Group, RoleHolder, User
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.roles import Role

# The scope behind the permission Manage API keys, and the role that every user of a tenant has without being assigned it.
SCOPE = "api-keys"
DEFAULT_ROLE = "UserDefault"
# Lets users make keys on tenants that have the switch (admin page of Qlik Cloud: "To generate new API keys, you must have the
# Developer role").
DEVELOPER = "Developer"
# Tells a role that was made here from one that was there before, which is never deleted.
ROLE_DESCRIPTION = "Lets its holders manage API keys. Made by the Ansible collection tenantops.qlik_cloud."

_Holder = TypeVar("_Holder", bound=RoleHolder)


@dataclass(frozen=True)
class Members:
    """The users and groups that were named, each once."""

    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()

    def __iter__(self) -> Iterator[RoleHolder]:
        return iter((*self.users, *self.groups))

    def add_role(self, role: str) -> Members:
        return self._change_roles(lambda roles: roles if role in roles else (*roles, role))

    def remove_role(self, role: str) -> Members:
        return self._change_roles(lambda roles: tuple(other for other in roles if other != role))

    def update_from(self, holders: Iterable[RoleHolder]) -> Members:
        """The same members, with the newer records of some of them."""
        holders = list(holders)
        users = {holder.id: holder for holder in holders if isinstance(holder, User)}
        groups = {holder.id: holder for holder in holders if isinstance(holder, Group)}
        return Members(
            tuple(users.get(user.id, user) for user in self.users),
            tuple(groups.get(group.id, group) for group in self.groups),
        )

    def as_result(self) -> dict[str, list[dict[str, Any]]]:
        """``{users, groups}``, each a list of records as modules return them."""
        return {
            "users": [user.as_result() for user in self.users],
            "groups": [group.as_result() for group in self.groups],
        }

    def _change_roles(self, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Members:
        return Members(
            tuple(replace(user, roles=change(user.roles)) for user in self.users),
            tuple(replace(group, roles=change(group.roles)) for group in self.groups),
        )


@dataclass(frozen=True)
class Assignment:
    """``holder`` as it shall be: with the roles to be assigned."""

    holder: RoleHolder
    action: Action


@dataclass(frozen=True)
class PermissionPlan(Plan):
    """``role`` is as it shall be, None when there shall be none; ``members`` likewise.

    ``role_action`` comes before all ``assignments``: a role is assigned by its name, so it must be there. ``scope_removals``, which
    take the scope from other roles, come last. ``other_roles`` are those that keep it.
    """

    role: Role | None = None
    members: Members = Members()
    role_action: Action | None = None
    assignments: tuple[Assignment, ...] = ()
    scope_removals: tuple[Action, ...] = ()
    other_roles: tuple[Role, ...] = ()


def find_members(
    users: Mapping[str, Sequence[User]], groups: Mapping[str, Sequence[Group]], *, all_must_exist: bool
) -> Members:
    """The one user or group of each name, from all that have it.

    Raises TenantStateError that lists every name which several have, and with ``all_must_exist`` every name which nobody has.
    """
    problems = [
        *_find_name_problems("users", "user with the id, e-mail or subject", users, all_must_exist),
        *_find_name_problems("groups", "group with the id or name", groups, all_must_exist),
    ]
    if problems:
        raise TenantStateError(f"{' '.join(problems)} Nothing was changed.")
    return Members(_list_once(users), _list_once(groups))


def plan_present(name: str, role: Role | None, members: Members) -> PermissionPlan:
    """What to do so that the role has the scope and every member holds the role.

    Raises TenantStateError for a role whose scopes cannot be changed.
    """
    plan = _plan_assignments(name, role, members, members.add_role(name), f"gets the role {name}")
    if role is None:
        wanted = build_new_role(name)
        action = Action("create", None, name, f"there is no role of this name to give the scope {SCOPE} by")
    elif SCOPE not in role.scopes:
        _check_editable(role)
        wanted = replace(role, scopes=(*role.scopes, SCOPE))
        action = Action("update", role.id, name, f"gets the scope {SCOPE}")
    else:
        return plan
    return _add_role_change(plan, name, wanted, action)


def plan_other_roles(plan: PermissionPlan, others: Sequence[Role], *, exclusive: bool) -> PermissionPlan:
    """The same plan with what is to be done about ``others``, further roles that have the scope: a warning, or with
    ``exclusive`` that they lose it.

    Raises TenantStateError for one that shall not keep it and cannot be changed.
    """
    if not others:
        return plan
    if not exclusive:
        names = ", ".join(
            "everybody, by the role UserDefault" if role.name == DEFAULT_ROLE else role.name for role in others
        )
        warning = f"Who else may make API keys: {names}. To let nobody but those named, give exclusive: true."
        return replace(plan, warnings=(*plan.warnings, warning), other_roles=tuple(others))
    for role in others:
        _check_editable(role)
    scope_removals = tuple(build_scope_removal(role) for role in others)
    return replace(
        plan,
        before={**plan.before, "other_roles": [format_role(role.name, role) for role in others]},
        after={**plan.after, "other_roles": [format_role(role.name, remove_scope(role)) for role in others]},
        actions=(*plan.actions, *scope_removals),
        scope_removals=scope_removals,
    )


def plan_developer_role(role: Role | None, members: Members, *, present: bool) -> PermissionPlan:
    """What to do on a tenant with the switch, so that the members hold the role Developer, or do not.

    Raises TenantStateError where there is no such role.
    """
    if role is None:
        raise TenantStateError(
            f"role: this tenant has the switch for API keys, but no role {DEVELOPER}, by which users make keys there. "
            "Nothing was changed."
        )
    changed = members.add_role(DEVELOPER) if present else members.remove_role(DEVELOPER)
    verb = "gets" if present else "loses"
    return _plan_assignments(DEVELOPER, role, members, changed, f"{verb} the role {DEVELOPER}")


def plan_absent(name: str, role: Role | None, members: Members, *, anybody_named: bool) -> PermissionPlan:
    """What to do so that the members do not hold the role, or, with nobody named, so that the role lacks the scope.

    A role that was made here for nothing but the scope is deleted. Raises TenantStateError for a role whose scopes
    cannot be changed.
    """
    if anybody_named:
        return _plan_assignments(name, role, members, members.remove_role(name), f"loses the role {name}")
    plan = _plan_assignments(name, role, members, members)
    if role is None or SCOPE not in role.scopes:
        return plan
    _check_editable(role)
    if role.type == "custom" and role.description == ROLE_DESCRIPTION and role.scopes == (SCOPE,):
        action = Action("retire", role.id, name, "state is absent, and the role was made for nothing else")
        return _add_role_change(plan, name, None, action)
    return _add_role_change(plan, name, remove_scope(role), build_scope_removal(role))


def remove_scope(role: Role) -> Role:
    return replace(role, scopes=tuple(scope for scope in role.scopes if scope != SCOPE))


def build_scope_removal(role: Role) -> Action:
    return Action("update", role.id, role.name, f"loses the scope {SCOPE}")


def build_new_role(name: str) -> Role:
    """The role that does not exist yet, as far as it is known."""
    return Role(id=None, name=name, type="custom", description=ROLE_DESCRIPTION, scopes=(SCOPE,), can_edit=True)


def format_role(name: str, role: Role | None) -> dict[str, Any]:
    """``{id, name, type, scopes, exists}``: the role as the module returns it, whether there is one or not."""
    if role is None:
        return {"id": None, "name": name, "type": None, "scopes": [], "exists": False}
    return {"id": role.id, "name": name, "type": role.type, "scopes": list(role.scopes), "exists": True}


def _plan_assignments(
    name: str, role: Role | None, members: Members, wanted: Members, reason: str = ""
) -> PermissionPlan:
    """What to do so that ``members`` become ``wanted``; ``reason`` is why a member is changed. The role stays as it is."""
    assignments = tuple(
        Assignment(holder, Action("update", holder.id, holder.name, reason))
        for present, holder in zip(members, wanted)
        if present != holder
    )
    role_result = format_role(name, role)
    return PermissionPlan(
        before={"role": role_result, **members.as_result()},
        after={"role": role_result, **wanted.as_result()},
        actions=tuple(assignment.action for assignment in assignments),
        role=role,
        members=wanted,
        assignments=assignments,
    )


def _add_role_change(plan: PermissionPlan, name: str, role: Role | None, action: Action) -> PermissionPlan:
    """The same plan, and that the role becomes ``role``, None for none, before anything else."""
    return replace(
        plan,
        after={**plan.after, "role": format_role(name, role)},
        actions=(action, *plan.actions),
        role=role,
        role_action=action,
    )


def _check_editable(role: Role) -> None:
    if role.type == "default" and role.name != DEFAULT_ROLE and not role.can_edit:
        raise TenantStateError(
            f"role: {role.name} is one of Qlik Cloud's own roles, and the tenant does not let its scopes be changed. "
            f"Use {DEFAULT_ROLE}, which every user has, or a custom role. Nothing was changed."
        )


def _find_name_problems(
    option: str, kind: str, found: Mapping[str, Sequence[RoleHolder]], all_must_exist: bool
) -> list[str]:
    unknown = [repr(name) for name, holders in found.items() if not holders]
    problems = [f"{option}: there is no {kind} {', '.join(unknown)}."] if unknown and all_must_exist else []
    for name, holders in found.items():
        if len(holders) > 1:
            candidates = ", ".join(str(holder) for holder in holders)
            problems.append(f"{option}: {name!r} could be {candidates}; give the id of the one that is meant.")
    return problems


def _list_once(found: Mapping[str, Sequence[_Holder]]) -> tuple[_Holder, ...]:
    """In the order in which they were named; two names may be the same holder's."""
    return tuple({holder.id: holder for holders in found.values() for holder in holders}.values())
