# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operation of module ``api_keys``: a set of keys in one run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    LostTokenError,
    OptionError,
    QlikCloudError,
    SeveralErrors,
    TenantStateError,
    TokenFileError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_entry import KeyEntry
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import given_name
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.report import Report
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


class EnsureApiKeys:
    def __init__(self, params: Mapping):
        self._scope = _purge_scope(params)
        self._entries = _entries(params)
        _check_each_once(self._entries)

    def plan(self, tenant: Tenant) -> SetPlan:
        for entry in self._entries:
            entry.resolve(tenant)
        _check_each_once(self._entries)
        known = self._known(tenant)
        plans: list[KeyPlan] = []
        with _Problems() as problems:
            for number, entry in enumerate(self._entries):
                with problems.of(number):
                    plans.append(entry.plan(tenant, known))
        check_no_key_twice(plans)
        check_no_name_taken([entry.wanted for entry in self._entries], plans)
        plan = SetPlan.of(plans, self._plan_purge(tenant, known))
        check_outlasts(plan.actions, own_key_id(tenant))
        return plan

    def apply(self, tenant: Tenant, plan: SetPlan, report: Report) -> SetPlan:
        carried_out = list(plan.keys)
        try:
            for number, entry in enumerate(self._entries):
                with _at(f"keys[{number}]"):
                    carried_out[number] = entry.apply(tenant, plan.keys[number], report, lambda: self._known(tenant))
            with _at("purge"):
                for action in plan.purge.actions if plan.purge else ():
                    report.retire(tenant, action)
        finally:
            self._secure(carried_out, report)
        return SetPlan.of(carried_out, plan.purge)

    def results(self, plan: SetPlan) -> dict:
        return {
            "api_keys": [_result(entry, each) for entry, each in zip(self._entries, plan.keys)],
            "has_leftovers": any(entry.has_leftovers for entry in self._entries),
        }

    def _secure(self, carried_out: Sequence[KeyPlan], report: Report) -> None:
        """One for each entry, so that they can be paired with ``keys`` as after a run that did not fail."""
        if any(entry.returned_token for entry in self._entries):
            report.secured["api_keys"] = [
                _result(entry, plan) if entry.returned_token else None
                for entry, plan in zip(self._entries, carried_out)
            ]

    def _known(self, tenant: Tenant) -> KnownKeys:
        return known_for(self._entries, tenant, everything=self._scope is not None)

    def _plan_purge(self, tenant: Tenant, known: KnownKeys) -> Plan | None:
        if self._scope is None:
            return None
        named = [entry.wanted for entry in self._entries]
        return plan_purge(self._scope, named, known, own_key_id(tenant), tenant.now())


def own_key_id(tenant: Tenant) -> str | None:
    """The id of the API key that the run signs in with, None if it signs in otherwise."""
    claims = claims_of(tenant.signed_in_token())
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


def _entries(params: Mapping) -> list[KeyEntry]:
    entries: list[KeyEntry] = []
    with _Problems() as problems:
        for number, options in enumerate(params["keys"]):
            given = dict(options)
            if given["return_token"] is None and params["return_tokens"] is not None:
                given["return_token"] = params["return_tokens"]
            with problems.of(number):
                entries.append(KeyEntry(given))
    return entries


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Have an error say what it is about."""
    try:
        yield
    except QlikCloudError as error:
        raise error.at(place) from None


class _Problems:
    """Collects what is wrong with entries by themselves, so that one run tells of all; any other error ends it at once."""

    def __init__(self) -> None:
        self._found: list[QlikCloudError] = []

    def __enter__(self) -> _Problems:
        return self

    @contextmanager
    def of(self, number: int) -> Iterator[None]:
        try:
            with _at(f"keys[{number}]"):
                yield
        except (OptionError, LostTokenError, TenantStateError, TokenFileError) as error:
            self._found.append(error)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._found:
            raise self._found[0] if len(self._found) == 1 else SeveralErrors(self._found)


def _check_each_once(entries: Iterable[KeyEntry]) -> None:
    """Raise OptionError when two entries name one key, or keep their tokens in one file."""
    keys: dict[tuple, int] = {}
    files: dict[str, int] = {}
    for number, entry in enumerate(entries):
        first = keys.setdefault(entry.wanted.identity, number)
        if first != number:
            raise OptionError(f"keys[{number}]", f"names the same key as keys[{first}], {entry.wanted}.")
        if entry.file is None:
            continue
        first = files.setdefault(os.path.realpath(entry.file.path), number)
        if first != number:
            raise OptionError(
                f"keys[{number}].token_file",
                f"{entry.file.path} is that of keys[{first}] as well; each key needs its own.",
            )


def _purge_scope(params: Mapping) -> PurgeScope | None:
    given = params["purge_scope"] or {}
    with _at("purge_scope"):
        created_by_user = given_name({"created_by_user": given.get("created_by_user")}, "created_by_user")
    scope = PurgeScope(given.get("sub_type"), created_by_user)
    is_empty = scope == PurgeScope(None, None)
    if params["purge"] and is_empty:
        raise OptionError(
            "purge_scope", "needed with purge: give sub_type, created_by_user or both, so that no other key is retired."
        )
    if not params["purge"] and not is_empty:
        raise OptionError("purge_scope", "has no meaning without purge: true.")
    return scope if params["purge"] else None


def _result(entry: KeyEntry, plan: KeyPlan) -> dict | None:
    record = entry.record(plan)
    return None if record is None else {**record, **entry.token_file, **entry.returned_token}
