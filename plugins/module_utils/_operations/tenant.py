# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What module ``tenant`` does: the limits, who may make keys, and the keys of one tenant, as one plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    OptionError,
    RequestError,
    at_option,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_config import SetConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_permission import (
    ManagePermission,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_keys import EnsureApiKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import HandedOverToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import (
    EVERYBODY,
    PermissionPlan,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import SetPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.obstacles import (
    lives_too_long,
    may_not_make_keys,
    too_many,
    unusual_provider,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.summary import summary
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import is_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import parse_idp_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import (
    Requester,
    Tenant,
    TenantRecord,
)

LISTS = ("scim_keys", "keys")
NO_PERMISSION = {"state": "present", "role": None, "users": None, "groups": None, "exclusive": False}


@dataclass(frozen=True)
class TenantPlan(Plan):
    """The parts in the order in which they are done, None for one that was not asked for.

    ``keys_are_listed``: whether the keys could be seen. Where not, ``keys`` is what seems to be due, and is planned anew when
    ``config`` and ``permission`` are done.
    """

    config: Plan | None = None
    permission: PermissionPlan | None = None
    keys: SetPlan | None = None
    keys_are_listed: bool = True

    @classmethod
    def of(
        cls,
        config: Plan | None,
        permission: PermissionPlan | None,
        keys: SetPlan | None,
        *,
        keys_are_listed: bool = True,
        warnings: Sequence[str] = (),
    ) -> TenantPlan:
        parts = {"config": config, "permission": permission}
        told = [part for part in (*parts.values(), keys) if part is not None]
        before, after = (
            {
                **{name: getattr(part, side) for name, part in parts.items() if part is not None},
                **(getattr(keys, side) if keys is not None else {}),
            }
            for side in ("before", "after")
        )
        return cls(
            before=before,
            after=after,
            actions=tuple(action for part in told for action in part.actions),
            warnings=(*(warning for part in told for warning in part.warnings), *warnings),
            problems=() if keys is None else keys.problems,
            config=config,
            permission=permission,
            keys=keys,
            keys_are_listed=keys_are_listed,
        )


class SetUpTenant:
    def __init__(self, params: Mapping):
        self._enabled: bool | None = params["api_keys_enabled"]
        self._limits = _said(params["config"])
        self._permission_given = _said(params["permission"])
        with at_option("config"):
            self._config = SetConfig({"tenant_id": None, **self._limits})
        with at_option("permission"):
            self._permission = ManagePermission({**NO_PERMISSION, **self._permission_given})
        self._done_before: list[dict] = params["done_before"] or []
        self._only_renew: bool = params["only_renew"]
        self._prefix: str = params["variables_prefix"] or ""
        self._handed_on: list[dict] | None = params["handed_on"]
        self._keys: EnsureApiKeys | None = None
        if any(params[name] is not None for name in LISTS):
            self._keys = EnsureApiKeys(
                _with_renewal(params),
                LISTS,
                handed_over=None if self._handed_on is None else _by_entry(self._handed_on),
                only_renew=self._only_renew,
            )
        else:
            for name in ("purge", "purge_scope", "handed_on"):
                if params[name]:
                    raise OptionError(
                        name, "has no meaning without keys or scim_keys, of which one may be an empty list."
                    )
        self._check_fits_together(params)
        self._record: TenantRecord | None = None
        self._config_found: ApiKeyConfig | None = None
        self._is_done = False

    def plan(self, tenant: Tenant) -> TenantPlan:
        """Everything that can stop the run is found here, but for what the tenant does not tell before it is asked."""
        self._record = tenant.record()
        self._config_found = tenant.config()
        if self._keys is not None:
            self._keys.resolve(tenant)
        config, permission = self._plan_config(tenant), self._plan_permission(tenant)
        keys, are_listed = self._plan_keys(tenant, config, permission)
        return TenantPlan.of(
            config,
            permission,
            keys,
            keys_are_listed=are_listed,
            warnings=self._obstacles(tenant, config, permission, keys),
        )

    def apply(self, tenant: Tenant, plan: TenantPlan, log: ActionLog) -> TenantPlan:
        self._is_done = True
        log.done_before = self._done_before
        config, permission, keys = plan.config, plan.permission, plan.keys
        if config is not None:
            with at_option("config"):
                config = self._config.apply(tenant, config, log)
        if permission is not None:
            permission = self._permission.apply(tenant, permission, log)
        if keys is not None:
            if not plan.keys_are_listed:
                seemed, keys = keys, self._keys.plan_listed(tenant)
                log.replace_planned(seemed.actions, keys.actions)
                log.warnings.extend(warning for warning in keys.warnings if warning not in log.warnings)
            try:
                keys = self._keys.apply(tenant, keys, log)
            finally:
                if "api_keys" in log.secured:
                    log.secured = {**self._lists(log.secured["api_keys"]), **self._to_hand_on(keys)}
        self._done_before = [*self._done_before, *(action.as_result() for action in log.done)]
        return TenantPlan.of(config, permission, keys)

    def results(self, plan: TenantPlan) -> dict:
        told = {} if plan.keys is None else self._keys.results(plan.keys)
        lists = self._lists(told.get("api_keys", []))
        left_alone = self._keys.missing if self._keys is not None else []
        actions = self._done_before if self._is_done else [action.as_result() for action in plan.actions]
        hands_on = {} if plan.keys is None else self._to_hand_on(plan.keys)
        enabled_by = "switch" if self._config_found.has_switch else "permission"
        config = self._config_found.as_result() if plan.config is None else self._config.results(plan.config)["config"]
        line = summary(self._record.hostname or self._record.id, actions, is_done=self._is_done, left_alone=left_alone)
        return {
            "tenant": {**asdict(self._record), "hostnames": list(self._record.hostnames)},
            "enabled_by": enabled_by,
            "config": config,
            "permission": None if plan.permission is None else self._permission.results(plan.permission),
            **lists,
            "missing": left_alone,
            "has_leftovers": told.get("has_leftovers", False),
            "actions": actions,
            "summary": line,
            "fact": {
                "tenant_id": self._record.id,
                "hostname": self._record.hostname,
                "enabled_by": enabled_by,
                "config": config,
                "scim_keys": _without_tokens(lists["scim_keys"]),
                "keys": _without_tokens(lists["api_keys"]),
                "missing": left_alone,
                "actions": actions,
                "summary": line,
            },
            **hands_on,
        }

    def _lists(self, told: Sequence[dict | None]) -> dict[str, list[dict | None]]:
        """What is told of each key, by the list that it comes from."""
        lists = {} if self._keys is None else self._keys.group_by_list([_with_file(key) for key in told])
        return {"api_keys": lists.get("keys", []), "scim_keys": lists.get("scim_keys", [])}

    def _to_hand_on(self, keys: SetPlan) -> dict:
        """The key whose token is to be kept by the caller now, and what the caller has said of others."""
        told = self._keys.find_key_to_hand_over(keys)
        return {} if told is None else {"to_hand_on": told, "handed_on": [_given(each) for each in self._handed_on]}

    def _check_fits_together(self, params: Mapping) -> None:
        if self._enabled is False and self._permission_given:
            raise OptionError("permission", "cannot be granted with api_keys_enabled: false; leave one of them out.")
        if self._enabled is False and self._keys is not None and self._keys.wanted:
            name = next(name for name in LISTS if params[name])
            raise OptionError(name, "keys cannot be used with api_keys_enabled: false; list none, or enable them.")
        if self._only_renew and (
            params["purge"] or self._enabled is not None or self._limits or self._permission_given
        ):
            raise OptionError("only_renew", "renews keys and does nothing else; leave out all but lists of keys.")

    def _plan_config(self, tenant: Tenant) -> Plan | None:
        wanted = dict(self._limits)
        # The switch is only named where the tenant has it, or where turning keys off has to fail.
        if self._enabled is not None and (self._config_found.has_switch or not self._enabled):
            wanted["api_keys_enabled"] = self._enabled
        if not wanted:
            return None
        self._config = SetConfig({"tenant_id": self._record.id, **wanted})
        return self._config.plan(tenant)

    def _plan_permission(self, tenant: Tenant) -> PermissionPlan | None:
        """Who may make keys, where that was said, or where nothing else enables them."""
        has_switch = self._config_found.has_switch
        is_wanted = bool(self._permission_given) or (self._enabled is True and not has_switch)
        if not is_wanted or (has_switch and not self._permission.names_anybody):
            return None
        if has_switch:
            # A fleet may have tenants of both generations, and the role is that of the other.
            self._permission = ManagePermission(
                {**NO_PERMISSION, **self._permission_given, "role": None, "exclusive": False}
            )
        with at_option("permission"):
            return self._permission.plan(tenant)

    def _plan_keys(
        self, tenant: Tenant, config: Plan | None, permission: PermissionPlan | None
    ) -> tuple[SetPlan | None, bool]:
        if self._keys is None:
            return None, True
        enables = bool(permission is not None and permission.actions) or (
            config is not None
            and config.before["api_keys_enabled"] is False
            and config.after["api_keys_enabled"] is True
        )
        try:
            return self._keys.plan_listed(tenant), True
        except ForbiddenError:
            if not enables:
                raise
            return self._keys.plan_unlisted(tenant), False

    def _obstacles(
        self, tenant: Tenant, config: Plan | None, permission: PermissionPlan | None, keys: SetPlan | None
    ) -> list[str]:
        new = [] if keys is None else list(self._to_be_made(keys))
        if not new:
            return []
        limits = self._config_found if config is None else ApiKeyConfig(**config.after)
        warnings = [lives_too_long(place, wanted, limits) for place, wanted in new]
        for place, wanted in new:
            idp_id = parse_idp_id(wanted.sub or "") if wanted.sub_type == "externalClient" else None
            if idp_id is not None:
                warnings.append(self._unusual_provider(tenant, place, idp_id))
        warnings += too_many([wanted for _place, wanted in new], self._keys.listed, _retired_first(keys), limits)
        if permission is not None and not self._config_found.has_switch:
            warnings.append(_not_permitted(tenant.requester, permission, f"{self._prefix}permission.users"))
        return [warning for warning in warnings if warning is not None]

    def _to_be_made(self, keys: SetPlan) -> Iterator[tuple[str, WantedKey]]:
        for place, plan in keys.keys.items():
            if plan is not None and plan.creates:
                yield f"{self._prefix}{place}", self._keys.get_wanted(place)

    def _unusual_provider(self, tenant: Tenant, place: str, idp_id: str) -> str | None:
        """An id is good enough by itself: whoever may not read identity providers can still make a key for one."""
        try:
            return unusual_provider(place, tenant.identity_providers.get_cached(idp_id), idp_id)
        except RequestError:
            return None


def _said(options: Mapping | None) -> dict:
    """What an option says that has others in it: an empty one says nothing, though defaults were filled in."""
    return {name: value for name, value in (options or {}).items() if value is not None and value is not False}


def _given(options: Mapping) -> dict:
    """Without what is null because it was not given: to be given again, where a null would be refused."""
    return {name: value for name, value in options.items() if value is not None}


def _retired_first(keys: SetPlan) -> Iterator[str]:
    """The ids of the keys that make room before one is made in their place."""
    for plan in keys.keys.values():
        for action in plan.actions if plan is not None else ():
            if action.action == "create":
                break
            if action.id is not None:
                yield action.id


def _not_permitted(requester: Requester, permission: PermissionPlan, option: str) -> str | None:
    """That the requester does not seem to hold the permission once it is granted; None if it does, or nothing is known."""
    role = permission.role
    if role is None or role.name == EVERYBODY or role.name in requester.roles:
        return None
    groups = {group.id for group in permission.members.groups}
    if requester.id in {user.id for user in permission.members.users} or groups.intersection(requester.groups or ()):
        return None
    others = [other.name for other in permission.others]
    if EVERYBODY in others or set(others).intersection(requester.roles):
        return None
    return may_not_make_keys(requester.id, [role.name, *others], option)


def _with_renewal(params: Mapping) -> dict:
    """The options with ``force_renew``, which counts for each key, where the entries say it."""
    if not params["force_renew"]:
        return dict(params)
    return {
        **params,
        **{name: [{**entry, "force_renew": True} for entry in params[name] or []] for name in LISTS},
    }


def _by_entry(handed_on: Sequence[Mapping]) -> dict[str, HandedOverToken]:
    """Raises OptionError for what no call can have returned."""
    by_entry: dict[str, HandedOverToken] = {}
    for number, each in enumerate(handed_on):
        key_id = each["key"].get("id")
        if not isinstance(key_id, str) or not is_id(key_id):
            raise OptionError(f"handed_on[{number}].key", "must be the record that was returned, with its id.")
        if each["entry"] in by_entry:
            raise OptionError(f"handed_on[{number}].entry", f"{each['entry']} is there twice.")
        by_entry[each["entry"]] = HandedOverToken(
            key_id, each["token"], (each["problem"] or "").strip(), tuple(each["replaced"] or ())
        )
    return by_entry


def _without_tokens(keys: Sequence[dict | None]) -> list[dict | None]:
    return [key and {name: value for name, value in key.items() if name != "token"} for key in keys]


def _with_file(key: dict | None) -> dict | None:
    return None if key is None else {"token_file": None, **key}
