# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a set of API keys: each by itself, and what is to go because the set does not name it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TenantStateError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan, picture
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey


@dataclass(frozen=True)
class PurgeScope:
    """Which keys may be purged; what is None does not matter, but not both are."""

    sub_type: str | None
    created_by_user: str | None

    def covers(self, key: ApiKey) -> bool:
        return self.sub_type in (None, key.sub_type) and self.created_by_user in (None, key.created_by_user)


@dataclass(frozen=True)
class SetPlan(Plan):
    """``keys`` are the plans of the entries, in the order of the list; ``purge`` comes after them all."""

    keys: tuple[KeyPlan, ...] = ()
    purge: Plan | None = None

    @classmethod
    def of(cls, keys: Sequence[KeyPlan], purge: Plan | None) -> SetPlan:
        parts = [*keys, *([purge] if purge else [])]
        return cls(
            before=_joined(part.before for part in parts),
            after=_joined(part.after for part in parts),
            actions=tuple(action for part in parts for action in part.actions),
            warnings=tuple(warning for part in parts for warning in part.warnings),
            keys=tuple(keys),
            purge=purge,
        )


def plan_purge(
    scope: PurgeScope,
    named: Iterable[WantedKey],
    known: KnownKeys,
    own_key_id: str | None,
    now: datetime,
) -> Plan:
    """What to do so that no active key inside the scope is left but those that are named.

    ``own_key_id``: the key that the run signs in with, if it is one. Raises TenantStateError when that would be retired.
    """
    spared = {key.id for one in named for key in known.candidates(one) if one.matches(key)}
    retired = [key for key in known if scope.covers(key) and key.is_active(now) and key.id not in spared]
    if own_key_id in {key.id for key in retired}:
        raise TenantStateError(
            f"purge: it would retire API key {own_key_id}, which this run signs in with. Name that key in keys, narrow "
            "purge_scope, or sign in otherwise. Nothing was changed."
        )
    return Plan(
        before=picture(retired, None),
        after=picture([], None),
        actions=tuple(Action("retire", key.id, key.description, "purge: keys does not name it") for key in retired),
    )


def check_no_key_twice(plans: Sequence[KeyPlan]) -> None:
    """Raise OptionError when two entries are about one and the same key, by its id and by what it is."""
    seen: dict[str, int] = {}
    for number, plan in enumerate(plans):
        for key_id in {key["id"] for key in plan.before["api_keys"]}:
            if seen.setdefault(key_id, number) != number:
                raise OptionError(f"keys[{number}]", f"is about API key {key_id}, as keys[{seen[key_id]}] is.")


def check_no_name_taken(wanted: Sequence[WantedKey], plans: Sequence[KeyPlan]) -> None:
    """Raise OptionError when an entry renames its key to what another entry is about; they would be one key then."""
    names = {
        number: replace(one, id=None, sub=plan.counted.sub, sub_type=plan.counted.sub_type)
        for number, (one, plan) in enumerate(zip(wanted, plans))
        if one.id is not None and one.description is not None and plan.counted is not None
    }
    for number, name in names.items():
        for other, one in enumerate(wanted):
            if other != number and names.get(other, one).identity == name.identity:
                raise OptionError(
                    f"keys[{number}].description",
                    f"API key {wanted[number].id} would be renamed to what keys[{other}] is about, {name}. "
                    "Keep one of the two.",
                )


def _joined(pictures: Iterable[dict]) -> dict:
    """One picture of several; the token files of all of them, where any has one."""
    pictures = list(pictures)
    files = [shot["token_file"] for shot in pictures if "token_file" in shot]
    keys = [key for shot in pictures for key in shot["api_keys"]]
    return {"api_keys": keys, **({"token_files": files} if files else {})}
