# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_keys``: a set of keys in one run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    LostTokenError,
    OptionError,
    QlikCloudError,
    TenantStateError,
    TokenFileError,
    at_option,
    combine_errors,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_store import HandedOverToken
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_entry import KeyEntry
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    check_not_blank,
    given_duration,
    given_name,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.action_log import ActionLog
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
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Plan, check_outlasts
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import claims_of

# Options that an entry of a list may not have.
NOT_GIVEN = {name: None for name in ("id", "sub", "idp_id", "idp")} | {
    "state": "present",
    "sub_type": "user",
    "force_renew": False,
}
USERS_OF_SCOPE = ("sub", "created_by_user", "owner")
# What is the matter with one key alone: the others are done all the same.
OF_ONE_KEY = (LostTokenError, TenantStateError, TokenFileError)


class EnsureApiKeys:
    """``lists``: the names of the options that are lists of keys. ``handed_on``: what became of the tokens that earlier runs
    returned, by the place of the entry; with it, even if empty, a run ends with the first key whose token it returns.
    """

    def __init__(
        self,
        params: Mapping,
        lists: Sequence[str] = ("keys",),
        *,
        handed_on: Mapping[str, HandedOverToken] | None = None,
        only_renew: bool = False,
    ):
        self.listed: tuple[ApiKey, ...] = ()
        """The active keys that the plan was made by: all that the entries may be about."""
        self._scope = _purge_scope(params)
        self._hands_on = handed_on is not None
        self._failed: set[str] = set()
        self._entries = _entries(params, lists, handed_on, only_renew=only_renew)
        _check_each_once(self._entries)
        _check_files_differ(self._entries)
        for place in handed_on or ():
            if place not in self._entries:
                raise OptionError("handed_on", f"there is no {place}.")

    @property
    def wanted(self) -> list[WantedKey]:
        """The keys that shall be there."""
        return [entry.wanted for entry in self._entries.values() if entry.state == "present"]

    def wanted_at(self, place: str) -> WantedKey:
        return self._entries[place].wanted

    def resolve(self, tenant: Tenant) -> None:
        """Find out whom the keys are for. Raises OptionError where that cannot be said."""
        problems = _Problems()
        names = UserNames(tenant, [entry.user for entry in self._entries.values()])
        for place, entry in self._entries.items():
            with problems.of(place):
                entry.resolve(tenant, names)
        problems.raise_those_of_options()
        _check_each_once(self._entries)

    def plan(self, tenant: Tenant) -> SetPlan:
        self.resolve(tenant)
        return self.plan_listed(tenant)

    def plan_listed(self, tenant: Tenant) -> SetPlan:
        """The plan once it is known whom the keys are for."""
        known = self._known(tenant)
        self.listed = tuple(known)
        plans: dict[str, KeyPlan | None] = {}
        problems = _Problems()
        for place, entry in self._entries.items():
            plans[place] = None
            with problems.of(place):
                plans[place] = entry.plan(tenant, known)
        problems.raise_those_of_options()
        check_no_key_twice(plans)
        check_no_name_taken({place: entry.wanted for place, entry in self._entries.items()}, plans)
        purge = None if problems.found else self._plan_purge(tenant, known)
        plan = SetPlan.of(plans, purge, problems.found)
        check_outlasts(plan.actions, own_key_id(tenant))
        return plan

    def plan_unlisted(self, tenant: Tenant) -> SetPlan:
        """What is to be done as far as it can be told of a tenant that lists no keys yet."""
        plans = {place: entry.plan_unlisted(tenant) for place, entry in self._entries.items()}
        unknown = tuple(
            f"{place}: what is to be done about it can be seen only when API keys are enabled."
            for place, plan in plans.items()
            if plan is None
        )
        return SetPlan.of(plans, None, warnings=unknown)

    def apply(self, tenant: Tenant, plan: SetPlan, report: ActionLog) -> SetPlan:
        carried_out = dict(plan.keys)
        problems = list(plan.problems)
        try:
            for place, entry in self._entries.items():
                if carried_out[place] is None:
                    entry.keep_handed_on(report)
                    continue
                done_before = len(report.done)
                try:
                    with at_option(place):
                        carried_out[place] = entry.apply(
                            tenant, carried_out[place], report, lambda: self._known(tenant)
                        )
                except (*OF_ONE_KEY, OptionError) as error:
                    # Its token file cannot be written, as was seen only now.
                    problems.append(error)
                    self._failed.add(place)
                    if len(report.done) == done_before:
                        carried_out[place] = None
                if entry.is_to_be_handed_on:
                    break
            else:
                self._carry_out_purge(tenant, plan if not problems else None, report)
        finally:
            self._secure(carried_out, report)
        return SetPlan.of(carried_out, plan.purge if not problems else None, tuple(problems))

    def results(self, plan: SetPlan) -> dict:
        return {
            "api_keys": [
                (None if place in self._failed else _result(entry, plan.keys[place], with_token=not self._hands_on))
                for place, entry in self._entries.items()
            ],
            "has_leftovers": any(entry.has_leftovers for entry in self._entries.values()),
        }

    def to_hand_on(self, plan: SetPlan) -> dict | None:
        """The key that was made and whose token the caller is to keep now, with its place among the options; None without one."""
        for place, entry in self._entries.items():
            if entry.is_to_be_handed_on:
                made = plan.keys[place]
                key = _result(entry, made, with_token=False)
                replaced = {"replaced": list(made.replaced)} if made.replaced else {}
                return {"entry": place, "key": key, **entry.returned_token, **replaced}
        return None

    def by_list(self, told: Sequence[dict | None]) -> dict[str, list[dict | None]]:
        """What is told of each key, by the option that lists it."""
        lists: dict[str, list[dict | None]] = {}
        for place, one in zip(self._entries, told):
            lists.setdefault(place.partition("[")[0], []).append(one)
        return lists

    @property
    def missing(self) -> list[str]:
        """The descriptions of keys that are not there to be renewed."""
        return [entry.wanted.description or "" for entry in self._entries.values() if entry.is_missing]

    def _carry_out_purge(self, tenant: Tenant, plan: SetPlan | None, report: ActionLog) -> None:
        with at_option("purge"):
            for action in plan.purge.actions if plan and plan.purge else ():
                report.retire(tenant, action)

    def _secure(self, carried_out: Mapping[str, KeyPlan | None], report: ActionLog) -> None:
        """One for each entry, so that they can be paired with ``keys`` as after a run that did not fail."""
        if any(entry.returned_token for entry in self._entries.values()):
            report.secured["api_keys"] = [
                _result(entry, carried_out[place]) if entry.returned_token else None
                for place, entry in self._entries.items()
            ]

    def _known(self, tenant: Tenant) -> KnownKeys:
        return known_for(list(self._entries.values()), tenant, everything=self._scope is not None)

    def _plan_purge(self, tenant: Tenant, known: KnownKeys) -> Plan | None:
        if self._scope is None:
            return None
        named = [entry.wanted for entry in self._entries.values()]
        scope = _with_ids(self._scope, tenant, known)
        return plan_purge(scope, named, known, own_key_id(tenant), tenant.now())


def own_key_id(tenant: Tenant) -> str | None:
    """The id of the API key that the run signs in with, None if it signs in otherwise."""
    claims = claims_of(tenant.bearer_token())
    return claims.key_id if claims else None


def known_for(entries: Sequence[KeyEntry], tenant: Tenant, *, everything: bool = False) -> KnownKeys:
    """The records among which the keys of the entries are, in one listing; ``everything``: all active ones.

    A key named by its id that is not active is asked for by itself, to be able to say what became of it. Where one is to be
    renamed, its namesakes are among the records.
    """
    wanted = [entry.wanted for entry in entries]
    asked = {one.sub_to_ask_for for one in wanted if one.id is None}
    by_id = [one.id for one in wanted if one.id is not None]
    keys: list[ApiKey] = []
    is_listed = everything or bool(asked) or len(by_id) > 1
    if is_listed:
        only = asked.pop() if len(asked) == 1 and not by_id and not everything else None
        keys = _active_keys(tenant, wanted, only)
    listed = {key.id for key in keys}
    found = [tenant.api_keys.get(key_id) for key_id in by_id if key_id not in listed]
    keys += [key for key in found if key is not None]
    if not is_listed and any(one.renames(key) for one, key in zip(wanted, keys)):
        [renamed] = keys
        owner = renamed.sub if renamed.sub_type == "user" else None
        keys += [key for key in _active_keys(tenant, wanted, owner) if key.id != renamed.id]
    return KnownKeys(keys)


def _active_keys(tenant: Tenant, wanted: Sequence[WantedKey], sub: str | None) -> list[ApiKey]:
    """Raises UnusableAnswerError when a record that may be of a wanted key cannot be read."""
    return list(
        tenant.api_keys.list(
            is_needed=lambda fields: any(one.may_be(fields) for one in wanted), status="active", sub=sub
        )
    )


def _entries(
    params: Mapping, lists: Sequence[str], handed_on: Mapping[str, HandedOverToken] | None, *, only_renew: bool
) -> dict[str, KeyEntry]:
    """By their places among the options, such as ``keys[0]``. Raises OptionError."""
    entries: dict[str, KeyEntry] = {}
    problems = _Problems()
    for name in lists:
        for number, options in enumerate(params[name] or []):
            given = {**NOT_GIVEN, **options}
            if given["return_token"] is None and params["return_tokens"] is not None:
                given["return_token"] = params["return_tokens"]
            place = f"{name}[{number}]"
            with problems.of(place):
                entries[place] = KeyEntry(
                    given,
                    hands_on=handed_on is not None,
                    only_renew=only_renew,
                    handed_on=(handed_on or {}).get(place),
                )
    problems.raise_those_of_options()
    return entries


class _Problems:
    """Collects what is wrong with entries by themselves, so that one run tells of all; any other error ends it at once.

    ``found`` are those of one key alone.
    """

    def __init__(self) -> None:
        self.found: list[QlikCloudError] = []
        self._options: list[QlikCloudError] = []

    @contextmanager
    def of(self, place: str) -> Iterator[None]:
        try:
            with at_option(place):
                yield
        except OptionError as error:
            self._options.append(error)
        except OF_ONE_KEY as error:
            self.found.append(error)

    def raise_those_of_options(self) -> None:
        """Raise what is wrong with options, and with it all else that was found."""
        if self._options:
            raise combine_errors([*self._options, *self.found])


def _check_each_once(entries: Mapping[str, KeyEntry]) -> None:
    """Raise OptionError when two entries name one key, as far as that is known."""
    keys: dict[tuple, str] = {}
    for place, entry in entries.items():
        first = keys.setdefault(entry.identity, place)
        if first != place:
            raise OptionError(place, f"names the same key as {first}, {entry.wanted}.")


def _check_files_differ(entries: Mapping[str, KeyEntry]) -> None:
    """Raise OptionError when two entries keep their tokens in one file."""
    files: dict[str, str] = {}
    for place, entry in entries.items():
        if entry.file is None:
            continue
        first = files.setdefault(os.path.realpath(entry.file.path), place)
        if first != place:
            raise OptionError(
                f"{place}.token_file",
                f"{entry.file.path} is that of {first} as well; each key needs its own.",
            )


def _purge_scope(params: Mapping) -> PurgeScope | None:
    given = {**asdict(PurgeScope()), **(params["purge_scope"] or {})}
    with at_option("purge_scope"):
        users = {name: given_name(given, name) for name in USERS_OF_SCOPE}
        spans = {name: given_duration(given, name) for name in ("older_than", "lives_longer_than")}
        check_not_blank(given, "description_search")
    scope = PurgeScope(**{**given, **users, **spans})
    is_empty = scope == PurgeScope()
    if params["purge"] and is_empty:
        names = list(asdict(scope))
        raise OptionError(
            "purge_scope",
            f"needed with purge: give at least one of {', '.join(names[:-1])} and {names[-1]}, so that no other key is retired.",
        )
    if not params["purge"] and not is_empty:
        raise OptionError("purge_scope", "has no meaning without purge: true.")
    return scope if params["purge"] else None


def _with_ids(scope: PurgeScope, tenant: Tenant, known: KnownKeys) -> PurgeScope:
    """The scope with its users by id. Raises OptionError for one that the tenant does not have."""
    given = {name: getattr(scope, name) for name in USERS_OF_SCOPE if getattr(scope, name) is not None}

    def covered(ids: Mapping[str, str]) -> list[ApiKey]:
        return [key for key in known if replace(scope, **ids).is_of_users(key)]

    with at_option("purge_scope"):
        ids, _covered = UserNames(tenant, given.values()).read(given, covered)
    return replace(scope, **ids)


def _result(entry: KeyEntry, plan: KeyPlan | None, *, with_token: bool = True) -> dict | None:
    record = None if plan is None else entry.record(plan)
    if record is None:
        return None
    return {**record, **entry.token_file, **(entry.returned_token if with_token else {})}
