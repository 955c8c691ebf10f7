# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``api_key_info``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, UnknownUserError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_creators import find_key_creators
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    check_not_blank,
    parse_duration,
    parse_id,
    parse_name,
    parse_subject,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_owners import KeyOwners
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.user_names import (
    UserNames,
    check_sees_keys_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.ages import (
    expires_within,
    is_older_than,
    lives_longer_than,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.successors import find_successors
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey, sort_newest_first
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import is_same_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant

SORT_FIELDS = {"created_by_user": "createdByUser"}
"""The names of fields in the service's ``sort``, where they differ from those of the results."""
DURATION_OPTIONS = ("expires_within", "older_than", "lives_longer_than")


class FindApiKeys:
    def __init__(self, params: Mapping[str, Any]):
        self._id = parse_id(params, "id")
        check_not_blank(params, "description", "description_search")
        if params["idp_id"] is not None and params["sub_type"] == "user":
            raise OptionError("sub_type", "user contradicts idp_id, which only keys of type externalClient have.")
        self._expires_within, self._older_than, self._lives_longer_than = (
            parse_duration(params, name) for name in DURATION_OPTIONS
        )
        if params["limit"] is not None and params["limit"] < 1:
            raise OptionError("limit", f"must be at least 1, not {params['limit']}.")
        self._description: str | None = params["description"]
        self._search = (params["description_search"] or "").casefold()
        sub, self._sub_type = parse_subject(params)
        names = {
            "sub": sub,
            "created_by_user": parse_name(params, "created_by_user"),
            "owner": parse_name(params, "owner"),
        }
        self._users = {option: name for option, name in names.items() if name is not None}
        self._accepts_unknown_owner = params["unknown_owner"] == "pass"
        self._statuses: list[str] = params["status"] or []
        self._with_owner: bool = params["with_owner"]
        self._sort: str = params["sort"]
        self._limit: int | None = params["limit"]

    def answer(self, tenant: Tenant) -> dict[str, Any]:
        names = UserNames(tenant, self._users.values())
        try:
            ids, listing = names.resolve_and_read(self._users, lambda users: self._list_keys(tenant, users))
        except UnknownUserError as error:
            if error.option != "owner" or not self._accepts_unknown_owner:
                raise
            check_sees_keys_of(tenant, {"owner": None})
            return {"api_keys": [], "owner_id": None}
        if not listing.read:
            check_sees_keys_of(tenant, ids)
        now = tenant.now()
        owners = (
            KeyOwners(tenant, listing.found, find_key_creators(tenant)) if self._with_owner and listing.found else None
        )
        successor_of = find_successors(listing.read, now) if self._sees_successors else None
        return {
            "api_keys": [
                {
                    **key.as_result(),
                    "expires_in": key.expires_in(now),
                    **({} if successor_of is None else {"successor": successor_of.get(key.id or "")}),
                    **({} if owners is None else {"owner": owners.describe(key)}),
                }
                for key in listing.found
            ],
            **({"owner_id": ids["owner"]} if "owner" in ids else {}),
        }

    @property
    def _sees_successors(self) -> bool:
        """Whether the successors of all keys that are found are among the keys that are read."""
        is_narrowed = self._id is not None or self._limit is not None or self._users.keys() - {"sub"}
        return not is_narrowed and (not self._statuses or "active" in self._statuses)

    def _list_keys(self, tenant: Tenant, users: Mapping[str, str]) -> Listing:
        """``users``: ids, by the options that named them."""
        if self._id is not None:
            record = tenant.api_keys.get(self._id)
            lists: list[Iterator[ApiKey]] = [iter([record] if record else [])]
        elif "owner" in users:
            # A key is somebody's who is its subject, or who made it for a provider.
            asked = [{"sub": users["owner"]}, {"created_by_user": users["owner"]}]
            lists = [self._list_candidates(tenant, {**users, **one}) for one in asked if self._can_match(users, one)]
        else:
            lists = [self._list_candidates(tenant, users)]
        read: dict[str | None, ApiKey] = {}
        now = tenant.now()

        def find_fitting(candidates: Iterator[ApiKey]) -> Iterator[ApiKey]:
            for key in candidates:
                is_new = read.setdefault(key.id, key) is key
                if is_new and self._fits(key, users, now):
                    yield key

        found = [key for candidates in lists for key in islice(find_fitting(candidates), self._limit)]
        return Listing(_sort_keys(found, self._sort)[: self._limit], list(read.values()))

    def _can_match(self, users: Mapping[str, str], asked: Mapping[str, str]) -> bool:
        """Whether a list narrowed so can hold what the other options mean."""
        return all(users.get(option, user_id) == user_id for option, user_id in asked.items())

    def _list_candidates(self, tenant: Tenant, users: Mapping[str, str]) -> Iterator[ApiKey]:
        """As few records as the service's own filters allow; it has none for description or type."""
        sub, field = users.get("sub"), self._sort.removeprefix("-")
        return tenant.api_keys.list(
            createdByUser=users.get("created_by_user"),
            status=self._statuses[0] if len(self._statuses) == 1 else None,
            # How many backslashes a stored SCIM subject has is not known, so those are compared here.
            sub=None if sub and "\\" in sub else sub,
            sort=f"{'-' if self._sort.startswith('-') else '+'}{SORT_FIELDS.get(field, field)}",
        )

    def _fits(self, key: ApiKey, users: Mapping[str, str], now: datetime) -> bool:
        return (
            self._description in (None, key.description)
            and self._search in key.description.casefold()
            and ("sub" not in users or is_same_sub(users["sub"], key.sub))
            and self._sub_type in (None, key.sub_type)
            and users.get("created_by_user", key.created_by_user) == key.created_by_user
            and users.get("owner", key.owner_id) == key.owner_id
            and (not self._statuses or key.status in self._statuses)
            and (self._expires_within is None or expires_within(key, self._expires_within, now))
            and (self._older_than is None or is_older_than(key, self._older_than, now))
            and (self._lives_longer_than is None or lives_longer_than(key, self._lives_longer_than))
        )


@dataclass(frozen=True)
class Listing:
    """``read``: all that was read; ``found``: those of them that fit. False where there is nothing to fit."""

    found: list[ApiKey]
    read: list[ApiKey]

    def __bool__(self) -> bool:
        return bool(self.read)


def _sort_keys(keys: Iterable[ApiKey], sort: str) -> list[ApiKey]:
    """As the service sorts each of its lists."""
    field = sort.removeprefix("-")
    if field == "created":
        ordered = sort_newest_first(keys)
        return ordered if sort.startswith("-") else ordered[::-1]
    return sorted(keys, key=lambda key: getattr(key, field) or "", reverse=sort.startswith("-"))
