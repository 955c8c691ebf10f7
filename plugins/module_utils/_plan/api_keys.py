# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a set of API keys: each by itself, and the retirement of those that the set does not name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    OptionError,
    QlikCloudError,
    TenantStateError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.ages import is_older_than, lives_longer_than
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.api_key import KeyPlan, build_diff_state
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.plan import Action, DiffState, Plan
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.wanted_key import WantedKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import is_same_sub


@dataclass(frozen=True)
class PurgeScope:
    """Which keys may be purged; what is None does not matter. Users are ids, ``older_than`` and ``lives_longer_than`` durations,
    and ``description_search`` is a part of the description, in any case.
    """

    sub_type: str | None = None
    created_by_user: str | None = None
    sub: str | None = None
    owner: str | None = None
    description_search: str | None = None
    older_than: str | None = None
    lives_longer_than: str | None = None

    def covers(self, key: ApiKey, now: datetime) -> bool:
        return (
            self.sub_type in (None, key.sub_type)
            and self.matches_users(key)
            and (self.description_search is None or self.description_search.casefold() in key.description.casefold())
            and (self.older_than is None or is_older_than(key, self.older_than, now))
            and (self.lives_longer_than is None or lives_longer_than(key, self.lives_longer_than))
        )

    def matches_users(self, key: ApiKey) -> bool:
        """Whether the key is of the users that are named."""
        return (
            self.created_by_user in (None, key.created_by_user)
            and self.owner in (None, key.owner_id)
            and (self.sub is None or is_same_sub(key.sub, self.sub))
        )


@dataclass(frozen=True)
class SetPlan(Plan):
    """``keys``: the plans of the entries in their order, by their places such as ``keys[0]``, None for one that cannot be
    planned; ``purge`` comes after them all.
    """

    keys: Mapping[str, KeyPlan | None] = field(default_factory=dict)
    purge: Plan | None = None

    @classmethod
    def combine(
        cls,
        keys: Mapping[str, KeyPlan | None],
        purge: Plan | None,
        problems: Sequence[QlikCloudError] = (),
        warnings: Sequence[str] = (),
    ) -> SetPlan:
        """``problems`` are of entries that cannot be planned; ``warnings`` of the set as a whole."""
        parts: list[Plan] = [part for part in (*keys.values(), purge) if part is not None]
        return cls(
            before=_join_states(part.before for part in parts),
            after=_join_states(part.after for part in parts),
            actions=tuple(action for part in parts for action in part.actions),
            warnings=(*(warning for part in parts for warning in part.warnings), *warnings),
            problems=tuple(problems),
            keys=dict(keys),
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
    spared = {key.id for wanted in named for key in known.find_candidates(wanted) if wanted.matches(key)}
    retired = [key for key in known if scope.covers(key, now) and key.is_active(now) and key.id not in spared]
    if own_key_id in {key.id for key in retired}:
        raise TenantStateError(
            f"purge: it would retire API key {own_key_id}, which this run signs in with. Name that key in keys, narrow "
            "purge_scope, or sign in otherwise. Nothing was changed.",
            begins_with_option=True,
        )
    return Plan(
        before=build_diff_state(retired),
        after=build_diff_state([]),
        actions=tuple(Action("retire", key.id, key.description, "purge: keys does not name it") for key in retired),
    )


def check_no_key_twice(plans: Mapping[str, KeyPlan | None]) -> None:
    """Raise OptionError when two entries mean one key, such as one by its id and another by its description."""
    seen: dict[str, str] = {}
    for place, plan in _list_planned(plans):
        for key_id in plan.matches:
            if seen.setdefault(key_id, place) != place:
                raise OptionError(place, f"means API key {key_id}, as {seen[key_id]} does. Keep one of the two.")


def check_no_name_taken(wanted: Mapping[str, WantedKey], plans: Mapping[str, KeyPlan | None]) -> None:
    """Raise OptionError when an entry would give its key the name of another entry's key."""
    names = {
        place: replace(wanted[place], id=None, sub=plan.kept.sub, sub_type=plan.kept.sub_type)
        for place, plan in _list_planned(plans)
        if wanted[place].id is not None and wanted[place].description is not None and plan.kept is not None
    }
    for place, name in names.items():
        for other, other_wanted in wanted.items():
            if other != place and names.get(other, other_wanted).identity == name.identity:
                raise OptionError(
                    f"{place}.description",
                    f"API key {wanted[place].id} would get the name of {other}, {name}. Keep one of the two.",
                )


def _list_planned(plans: Mapping[str, KeyPlan | None]) -> list[tuple[str, KeyPlan]]:
    return [(place, plan) for place, plan in plans.items() if plan is not None]


def _join_states(states: Iterable[DiffState]) -> DiffState:
    """One state of several; ``token_files`` are those of all of them, where any has one."""
    states = list(states)
    keys = [key for state in states for key in state["api_keys"]]
    files = [state["token_file"] for state in states if "token_file" in state]
    return {"api_keys": keys, **({"token_files": files} if files else {})}
