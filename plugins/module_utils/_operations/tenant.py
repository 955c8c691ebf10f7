# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``tenant``: the limits, who may make keys, and the keys of one tenant, as one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY_PERMISSION
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    OptionError,
    at_option,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_config import SetConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_key_permission import (
    ManagePermission,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.api_keys import EnsureApiKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.option_defaults import get_defaults
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.tenant_obstacles import (
    find_key_obstacles,
    find_permission_obstacles,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.tenant_plan import TenantPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import HandedOverToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key_permission import PermissionPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import SetPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.summary import format_summary
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import is_id
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant, TenantRecord

LISTS = ("scim_keys", "keys")
PERMISSION_DEFAULTS = get_defaults(API_KEY_PERMISSION.own_options)

Key = Mapping[str, Any]
"""The result of one key."""


class SetUpTenant:
    def __init__(self, params: Mapping[str, Any]):
        self._enabled: bool | None = params["api_keys_enabled"]
        self._limits = _drop_unset(params["config"])
        self._permission_options = _drop_unset(params["permission"])
        with at_option("config"):
            self._config = SetConfig({"tenant_id": None, **self._limits})
        with at_option("permission"):
            self._permission = ManagePermission({**PERMISSION_DEFAULTS, **self._permission_options})
        self._done_before: list[dict[str, Any]] = params["done_before"] or []
        self._only_renew: bool = params["only_renew"]
        self._prefix: str = params["variables_prefix"] or ""
        self._handed_over: list[dict[str, Any]] | None = params["handed_on"]
        self._keys = self._parse_keys(params)
        self._check_fits_together(params)
        self._record: TenantRecord | None = None
        self._config_found: ApiKeyConfig | None = None
        self._is_done = False

    def plan(self, tenant: Tenant) -> TenantPlan:
        """Everything that can stop the run is found here, but for what the tenant does not tell before it is asked."""
        self._record = tenant.record()
        found = self._config_found = tenant.config()
        if self._keys is not None:
            self._keys.resolve(tenant)
        config = self._plan_config(tenant, found, self._record.id)
        permission = self._plan_permission(tenant, found)
        keys, keys_are_listed = None, True
        if self._keys is not None:
            keys, keys_are_listed = self._plan_keys(tenant, self._keys, config, permission)
        plan = TenantPlan.combine(config, permission, keys, keys_are_listed=keys_are_listed)
        return replace(plan, warnings=(*plan.warnings, *self._find_obstacles(tenant, found, plan)))

    def apply(self, tenant: Tenant, plan: TenantPlan, log: ActionLog) -> TenantPlan:
        self._is_done = True
        log.done_before = self._done_before
        config, permission, keys = plan.config, plan.permission, plan.keys
        if config is not None:
            with at_option("config"):
                config = self._config.apply(tenant, config, log)
        if permission is not None:
            permission = self._permission.apply(tenant, permission, log)
        if self._keys is not None and keys is not None:
            if not plan.keys_are_listed:
                keys = self._plan_keys_anew(tenant, self._keys, keys, log)
            keys = self._apply_keys(tenant, self._keys, keys, log)
        self._done_before = [*self._done_before, *(action.as_result() for action in log.done)]
        return TenantPlan.combine(config, permission, keys)

    def results(self, plan: TenantPlan) -> dict[str, Any]:
        record = require(self._record, "tenant record")
        found = require(self._config_found, "configuration")
        keys: Mapping[str, Any] = {}
        missing: list[str] = []
        to_hand_over: dict[str, Any] = {}
        if self._keys is not None and plan.keys is not None:
            keys, missing = self._keys.results(plan.keys), self._keys.missing
            to_hand_over = self._build_hand_over(self._keys, plan.keys)
        lists = self._group_by_list(keys.get("api_keys", []))
        actions: Sequence[Mapping[str, Any]] = (
            self._done_before if self._is_done else [action.as_result() for action in plan.actions]
        )
        both = {
            "enabled_by": "switch" if found.has_switch else "permission",
            "config": found.as_result() if plan.config is None else self._config.results(plan.config)["config"],
            "missing": missing,
            "actions": actions,
            "summary": format_summary(record.hostname or record.id, actions, is_done=self._is_done, left_alone=missing),
        }
        return {
            **both,
            **lists,
            "tenant": {**asdict(record), "hostnames": list(record.hostnames)},
            "permission": None if plan.permission is None else self._permission.results(plan.permission),
            "has_leftovers": keys.get("has_leftovers", False),
            "fact": {
                **both,
                "tenant_id": record.id,
                "hostname": record.hostname,
                "scim_keys": _drop_tokens(lists["scim_keys"]),
                "keys": _drop_tokens(lists["api_keys"]),
            },
            **to_hand_over,
        }

    def _parse_keys(self, params: Mapping[str, Any]) -> EnsureApiKeys | None:
        """None where no list is given. Raises OptionError."""
        if any(params[name] is not None for name in LISTS):
            handed_over = None if self._handed_over is None else _parse_handed_over(self._handed_over)
            return EnsureApiKeys(
                _spread_force_renew(params), LISTS, handed_over=handed_over, only_renew=self._only_renew
            )
        for name in ("purge", "purge_scope", "handed_on"):
            if params[name]:
                raise OptionError(name, "has no meaning without keys or scim_keys, of which one may be an empty list.")
        return None

    def _check_fits_together(self, params: Mapping[str, Any]) -> None:
        if self._enabled is False and self._permission_options:
            raise OptionError("permission", "cannot be granted with api_keys_enabled: false; leave one of them out.")
        if self._enabled is False and self._keys is not None and self._keys.wanted:
            name = next(name for name in LISTS if params[name])
            raise OptionError(name, "keys cannot be used with api_keys_enabled: false; list none, or enable them.")
        if self._only_renew and (
            params["purge"] or self._enabled is not None or self._limits or self._permission_options
        ):
            raise OptionError("only_renew", "renews keys and does nothing else; leave out all but lists of keys.")

    def _plan_config(self, tenant: Tenant, found: ApiKeyConfig, tenant_id: str) -> Plan | None:
        wanted = dict(self._limits)
        # The switch is only named where the tenant has it, or where turning keys off has to fail.
        if self._enabled is not None and (found.has_switch or not self._enabled):
            wanted["api_keys_enabled"] = self._enabled
        if not wanted:
            return None
        self._config = SetConfig({"tenant_id": tenant_id, **wanted})
        return self._config.plan(tenant)

    def _plan_permission(self, tenant: Tenant, found: ApiKeyConfig) -> PermissionPlan | None:
        """Who may make keys, where that was said, or where nothing else enables them."""
        is_wanted = bool(self._permission_options) or (self._enabled is True and not found.has_switch)
        if not is_wanted or (found.has_switch and not self._permission.names_anybody):
            return None
        if found.has_switch:
            # A fleet may have tenants of both generations, and the role is that of the other.
            self._permission = ManagePermission(
                {**PERMISSION_DEFAULTS, **self._permission_options, "role": None, "exclusive": False}
            )
        with at_option("permission"):
            return self._permission.plan(tenant)

    def _plan_keys(
        self, tenant: Tenant, ensure: EnsureApiKeys, config: Plan | None, permission: PermissionPlan | None
    ) -> tuple[SetPlan, bool]:
        """The plan, and whether the tenant lists its keys; it may not before the run has enabled them."""
        try:
            return ensure.plan_listed(tenant), True
        except ForbiddenError:
            if not _enables_keys(config, permission):
                raise
            return ensure.plan_unlisted(tenant), False

    def _plan_keys_anew(self, tenant: Tenant, ensure: EnsureApiKeys, before: SetPlan, log: ActionLog) -> SetPlan:
        plan = ensure.plan_listed(tenant)
        log.replace_planned(before.actions, plan.actions)
        log.warnings.extend(warning for warning in plan.warnings if warning not in log.warnings)
        return plan

    def _apply_keys(self, tenant: Tenant, ensure: EnsureApiKeys, plan: SetPlan, log: ActionLog) -> SetPlan:
        carried_out = plan
        try:
            carried_out = ensure.apply(tenant, plan, log)
        finally:
            if "api_keys" in log.secured:
                log.secured = {
                    **self._group_by_list(log.secured["api_keys"]),
                    **self._build_hand_over(ensure, carried_out),
                }
        return carried_out

    def _find_obstacles(self, tenant: Tenant, found: ApiKeyConfig, plan: TenantPlan) -> list[str]:
        """Warnings about why the tenant may refuse the keys that are to be made."""
        if self._keys is None or plan.keys is None:
            return []
        new = {
            f"{self._prefix}{place}": self._keys.get_wanted(place)
            for place, key_plan in plan.keys.keys.items()
            if key_plan is not None and key_plan.creates
        }
        if not new:
            return []
        limits = found if plan.config is None else ApiKeyConfig(**plan.config.after)
        warnings = find_key_obstacles(tenant, new, self._keys.listed, plan.keys, limits)
        if plan.permission is not None and not found.has_switch:
            option = f"{self._prefix}permission.users"
            warnings += find_permission_obstacles(tenant.requester, plan.permission, option)
        return warnings

    def _group_by_list(self, keys: Sequence[Key | None]) -> dict[str, list[Key | None]]:
        """Results of keys by the list that they come from, each with ``token_file``."""
        with_file = [None if key is None else {"token_file": None, **key} for key in keys]
        lists = {} if self._keys is None else self._keys.group_by_list(with_file)
        return {"api_keys": lists.get("keys", []), "scim_keys": lists.get("scim_keys", [])}

    def _build_hand_over(self, ensure: EnsureApiKeys, keys: SetPlan) -> dict[str, Any]:
        """The key whose token is to be stored by the caller now, and what the caller has said of others; else nothing."""
        to_hand_over = ensure.find_key_to_hand_over(keys)
        if to_hand_over is None:
            return {}
        return {
            "to_hand_on": to_hand_over,
            "handed_on": [_drop_null(each) for each in self._handed_over or []],
        }


def _enables_keys(config: Plan | None, permission: PermissionPlan | None) -> bool:
    """Whether the plans let keys be made that cannot be made before."""
    if permission is not None and permission.actions:
        return True
    if config is None:
        return False
    return config.before["api_keys_enabled"] is False and config.after["api_keys_enabled"] is True


def _drop_unset(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """The options inside another one that were given: null and false are what Ansible fills in for the others."""
    return {name: value for name, value in (options or {}).items() if value is not None and value is not False}


def _drop_null(options: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is null because it was not given: to be given again, where a null would be refused."""
    return {name: value for name, value in options.items() if value is not None}


def _spread_force_renew(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options with ``force_renew``, which counts for each key, in the entries of the lists."""
    if not params["force_renew"]:
        return dict(params)
    return {
        **params,
        **{name: [{**entry, "force_renew": True} for entry in params[name] or []] for name in LISTS},
    }


def _parse_handed_over(handed_over: Sequence[Mapping[str, Any]]) -> dict[str, HandedOverToken]:
    """By the places of their entries. Raises OptionError for what no call can have returned."""
    by_entry: dict[str, HandedOverToken] = {}
    for number, each in enumerate(handed_over):
        key_id = each["key"].get("id")
        if not isinstance(key_id, str) or not is_id(key_id):
            raise OptionError(f"handed_on[{number}].key", "must be the record that was returned, with its id.")
        if each["entry"] in by_entry:
            raise OptionError(f"handed_on[{number}].entry", f"{each['entry']} is there twice.")
        by_entry[each["entry"]] = HandedOverToken(
            key_id, each["token"], (each["problem"] or "").strip(), tuple(each["replaced"] or ())
        )
    return by_entry


def _drop_tokens(keys: Sequence[Key | None]) -> list[Key | None]:
    return [key and {name: value for name, value in key.items() if name != "token"} for key in keys]
