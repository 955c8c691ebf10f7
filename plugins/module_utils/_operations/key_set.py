# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of one run, however many: one listing, one plan, and then each in its turn."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, at_option
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.entry_problems import (
    SINGLE_KEY_ERRORS,
    EntryProblems,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_entry import KeyEntry
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_listing import (
    find_own_key_id,
    read_known_keys,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.purge_scope import resolve_users
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.user_names import UserNames
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_keys import (
    PurgeScope,
    SetPlan,
    check_no_key_twice,
    check_no_name_taken,
    plan_purge,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan, check_own_key_lasts
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant


class KeySet:
    """``entries`` by their places among the options, such as ``keys[0]``; the place of a module's own options is empty.

    ``listed``, after a plan: the active keys that it was made by, all that the entries may be about.
    """

    def __init__(self, entries: Mapping[str, KeyEntry], purge_scope: PurgeScope | None = None):
        """Raises OptionError when two entries name one key or one token file."""
        self.entries = entries
        self.listed: tuple[ApiKey, ...] = ()
        self.failed: set[str] = set()
        """The places of entries that could not be done as planned."""
        self.carried_out: dict[str, KeyPlan | None] = {}
        """The plans of the entries, those already applied as they were carried out; also of a run that fails."""
        self._purge_scope = purge_scope
        self._check_keys_differ()
        self._check_files_differ()

    def resolve(self, tenant: Tenant) -> None:
        """Find out whom the keys are for. Raises OptionError where that cannot be said."""
        problems = EntryProblems()
        for place, entry in self.entries.items():
            with problems.collect(place):
                entry.hide_stored_token(tenant)
        user_names = UserNames(tenant, [entry.subject.user for entry in self.entries.values()])
        for place, entry in self.entries.items():
            with problems.collect(place):
                entry.subject.resolve(tenant, user_names)
        problems.raise_option_errors()
        self._check_keys_differ()

    def plan(self, tenant: Tenant) -> SetPlan:
        """The plan once it is known whom the keys are for. Raises QlikCloudError."""
        known = self._read_known_keys(tenant)
        self.listed = tuple(known)
        plans: dict[str, KeyPlan | None] = {}
        problems = EntryProblems()
        for place, entry in self.entries.items():
            plans[place] = None
            with problems.collect(place):
                plans[place] = entry.plan(tenant, known)
        problems.raise_option_errors()
        check_no_key_twice(plans)
        check_no_name_taken({place: entry.wanted for place, entry in self.entries.items()}, plans)
        purge = None if problems.found else self._plan_purge(tenant, known)
        plan = SetPlan.combine(plans, purge, problems.found)
        check_own_key_lasts(plan.actions, find_own_key_id(tenant))
        return plan

    def plan_unlisted(self, tenant: Tenant) -> SetPlan:
        """What is to be done as far as it can be told of a tenant that lists no keys yet."""
        plans = {place: entry.plan_unlisted(tenant) for place, entry in self.entries.items()}
        unknown = tuple(
            f"{place}: what is to be done about it can be seen only when API keys are enabled."
            for place, plan in plans.items()
            if plan is None
        )
        return SetPlan.combine(plans, None, warnings=unknown)

    def apply(self, tenant: Tenant, plan: SetPlan, log: ActionLog) -> SetPlan:
        """Carry out the plans of the entries, then purge; return what was carried out.

        Errors about one key alone are ``problems`` of that plan. Raises any other QlikCloudError.
        """
        self.carried_out = dict(plan.keys)
        problems = list(plan.problems)
        is_complete = True
        for place, entry in self.entries.items():
            key_plan = self.carried_out[place]
            if key_plan is None:
                entry.release_handed_over(log)
                continue
            done_before = len(log.done)
            try:
                with at_option(place):
                    self.carried_out[place] = entry.apply(tenant, key_plan, log, lambda: self._read_known_keys(tenant))
            except (*SINGLE_KEY_ERRORS, OptionError) as error:
                # An OptionError: its token file cannot be written, as was seen only now.
                problems.append(error)
                self.failed.add(place)
                if len(log.done) == done_before:
                    self.carried_out[place] = None
            if entry.result.is_to_be_handed_over:
                is_complete = False
                break
        if is_complete and not problems:
            self._purge(tenant, plan.purge, log)
        return SetPlan.combine(self.carried_out, plan.purge if not problems else None, tuple(problems))

    def _purge(self, tenant: Tenant, purge: Plan | None, log: ActionLog) -> None:
        with at_option("purge"):
            for action in purge.actions if purge is not None else ():
                log.retire(tenant, action)

    def _read_known_keys(self, tenant: Tenant) -> KnownKeys:
        wanted = [entry.wanted for entry in self.entries.values()]
        return read_known_keys(tenant, wanted, everything=self._purge_scope is not None)

    def _plan_purge(self, tenant: Tenant, known: KnownKeys) -> Plan | None:
        if self._purge_scope is None:
            return None
        named = [entry.wanted for entry in self.entries.values()]
        scope = resolve_users(self._purge_scope, tenant, known)
        return plan_purge(scope, named, known, find_own_key_id(tenant), tenant.now())

    def _check_keys_differ(self) -> None:
        """Raise OptionError when two entries name one key, as far as that is known."""
        places: dict[tuple[object, ...], str] = {}
        for place, entry in self.entries.items():
            first = places.setdefault(entry.subject.identity, place)
            if first != place:
                raise OptionError(
                    place,
                    f"names the same key as {first}, {entry.wanted}: take one of them away, or give it another description or id.",
                )

    def _check_files_differ(self) -> None:
        """Raise OptionError when two entries keep their tokens in one file."""
        places: dict[tuple[str, str], str] = {}
        find_real_folder = lru_cache(os.path.realpath)
        for place, entry in self.entries.items():
            file = entry.options.store.file
            if file is None:
                continue
            # A file that is a link itself has been refused.
            first = places.setdefault((find_real_folder(file.folder), file.name), place)
            if first != place:
                raise OptionError(
                    f"{place}.token_file", f"{file.path} is that of {first} as well; each key needs its own."
                )
