# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_keys``: the keys of one or more lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import KEY_OPTIONS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_options import EntryOptions
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_problems import EntryProblems
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_entry import KeyEntry
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_set import KeySet
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.option_defaults import get_defaults
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.purge_scope import parse_purge_scope
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import HandedOverToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import SetPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

KEY_DEFAULTS = get_defaults(KEY_OPTIONS)
"""Entries of ``scim_keys`` do not have all options of a key."""


class EnsureApiKeys:
    """``lists``: the names of the options that are lists of keys.

    ``handed_over``: the tokens that earlier runs have returned for the caller to store, by the places of their entries. With
    it, even if empty, a run ends with the first key whose token it returns.
    """

    def __init__(
        self,
        params: Mapping[str, Any],
        lists: Sequence[str] = ("keys",),
        *,
        handed_over: Mapping[str, HandedOverToken] | None = None,
        only_renew: bool = False,
    ):
        purge_scope = parse_purge_scope(params)
        self._hands_over = handed_over is not None
        self._entries = _parse_entries(params, lists, handed_over, only_renew=only_renew)
        self._set = KeySet(self._entries, purge_scope)
        for place in handed_over or ():
            if place not in self._entries:
                raise OptionError("handed_on", f"there is no {place}.")

    @property
    def wanted(self) -> list[WantedKey]:
        """The keys that shall be there."""
        return [entry.wanted for entry in self._entries.values() if entry.options.is_wanted]

    @property
    def listed(self) -> tuple[ApiKey, ...]:
        """The active keys that the plan was made by: all that the entries may be about."""
        return self._set.listed

    @property
    def missing(self) -> list[str]:
        """The descriptions of keys that are not there to be renewed."""
        return [entry.wanted.description or "" for entry in self._entries.values() if entry.result.is_missing]

    def get_wanted(self, place: str) -> WantedKey:
        return self._entries[place].wanted

    def plan(self, tenant: Tenant) -> SetPlan:
        self.resolve(tenant)
        return self.plan_listed(tenant)

    def resolve(self, tenant: Tenant) -> None:
        """Find out whom the keys are for. Raises OptionError where that cannot be said."""
        self._set.resolve(tenant)

    def plan_listed(self, tenant: Tenant) -> SetPlan:
        """The plan once it is known whom the keys are for."""
        return self._set.plan(tenant)

    def plan_unlisted(self, tenant: Tenant) -> SetPlan:
        """What is to be done as far as it can be told of a tenant that lists no keys yet."""
        return self._set.plan_unlisted(tenant)

    def apply(self, tenant: Tenant, plan: SetPlan, log: ActionLog) -> SetPlan:
        try:
            return self._set.apply(tenant, plan, log)
        finally:
            self._secure_tokens(log)

    def results(self, plan: SetPlan) -> dict[str, Any]:
        return {
            "api_keys": [self._build_result(place, plan) for place in self._entries],
            "has_leftovers": any(entry.has_leftovers for entry in self._entries.values()),
        }

    def find_key_to_hand_over(self, plan: SetPlan) -> dict[str, Any] | None:
        """The key that was made and whose token the caller is to store now: ``{entry, key, token, replaced}`` with the place of
        its entry, and with ``replaced`` only where it takes the place of others. None without one.
        """
        for place, entry in self._entries.items():
            if entry.result.is_to_be_handed_over:
                key_plan = plan.keys[place]
                key = entry.build_result(key_plan, with_token=False)
                replaced = {"replaced": list(key_plan.replaced)} if key_plan and key_plan.replaced else {}
                return {"entry": place, "key": key, **entry.result.token, **replaced}
        return None

    def group_by_list(self, keys: Sequence[Mapping[str, Any] | None]) -> dict[str, list[Mapping[str, Any] | None]]:
        """Results, one for each entry, by the option that lists it."""
        lists: dict[str, list[Mapping[str, Any] | None]] = {}
        for place, key in zip(self._entries, keys):
            lists.setdefault(place.partition("[")[0], []).append(key)
        return lists

    def _build_result(self, place: str, plan: SetPlan) -> dict[str, Any] | None:
        """None for a key that could not be done as planned, unless it has a new token, which no later run can return."""
        result = self._entries[place].build_result(plan.keys[place], with_token=not self._hands_over)
        if place in self._set.failed and result is not None and "token" not in result:
            return None
        return result

    def _secure_tokens(self, log: ActionLog) -> None:
        """Put new tokens into ``log``, in a list as long as that of the entries, so that they can be paired with those."""
        if any(entry.result.token for entry in self._entries.values()):
            log.secured["api_keys"] = [
                entry.build_result(self._set.carried_out[place]) if entry.result.token else None
                for place, entry in self._entries.items()
            ]


def _parse_entries(
    params: Mapping[str, Any],
    lists: Sequence[str],
    handed_over: Mapping[str, HandedOverToken] | None,
    *,
    only_renew: bool,
) -> dict[str, KeyEntry]:
    """By their places among the options, such as ``keys[0]``. Raises OptionError."""
    entries: dict[str, KeyEntry] = {}
    problems = EntryProblems()
    for name in lists:
        for number, options in enumerate(params[name] or []):
            given = {**KEY_DEFAULTS, **options}
            if given["return_token"] is None and params["return_tokens"] is not None:
                given["return_token"] = params["return_tokens"]
            place = f"{name}[{number}]"
            with problems.collect(place):
                entries[place] = KeyEntry(
                    EntryOptions.from_params(
                        given,
                        hands_over=handed_over is not None,
                        only_renew=only_renew,
                        handed_over=(handed_over or {}).get(place),
                    )
                )
    problems.raise_option_errors()
    return entries
