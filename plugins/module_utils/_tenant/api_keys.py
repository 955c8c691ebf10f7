# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API keys of a tenant: the record, and the calls that list, create, rename and retire keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NotFoundError,
    QlikCloudError,
    RefusedError,
    RequestError,
    TenantStateError,
    UnauthorizedError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import EARLIEST_TIME, parse_time
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._json_web_token import parse_token
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, quote_segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import Record, read_usable_records
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text

PATH = "/api-keys"
# The maximum of a page (API reference, parameter "limit").
PAGE_SIZE = 100
# A tenant may refuse so to end a key that has ended already: only active ones can be revoked (qlik.dev, API keys).
MAY_HAVE_ENDED_STATUSES = {400, 409, 410, 422}
ENDED_STATUSES = {"expired", "revoked"}
# With another status it is not known whether the key works, and so whether its token may be overwritten.
KEY_STATUSES = {"active", *ENDED_STATUSES}
# Before each reading of a record that was changed: a change may take a moment to be seen.
READ_BACK_PAUSES_SECONDS = (0.0, 1.0, 2.0, 4.0)
MAX_DELETIONS = 2
NOUN = "API key"

NEEDS_READ = "the Manage API keys permission for one's own keys, or the role TenantAdmin for those of others"
NEEDS_CREATE = (
    "the Manage API keys permission (on tenants that still have the switch: API keys enabled, and the role Developer)"
)
GRANT_ADVICE = (
    "tenantops.qlik_cloud.api_key_permission gives that permission or role, and tenantops.qlik_cloud.api_key_config turns "
    "the switch on."
)
SCIM_ADVICE = "A SCIM key needs the role TenantAdmin as well."
OTHER_USER_ADVICE = (
    "A key for another user is made by signing in as that user: by impersonation (impersonate_user_id or "
    "impersonate_subject, with an OAuth client), or with a token of theirs."
)
NEEDS_CHANGE = "the Manage API keys permission for one's own keys, or the role TenantAdmin for those of others"


RetirementOutcome = Literal["deleted", "revoked"]


@dataclass(frozen=True)
class ApiKey:
    """One key as the tenant describes it; times are RFC 3339 text in UTC. The token is not part of it."""

    id: str
    description: str
    status: str
    sub: str
    sub_type: str
    expiry: str | None
    created: str | None
    last_updated: str | None
    created_by_user: str | None
    tenant_id: str | None

    @classmethod
    def from_record(cls, record: Record) -> ApiKey:
        """Raises UnusableAnswerError when a field that decides something is unusable. Unknown fields are ignored."""
        return cls(
            id=record.id(),
            description=record.text("description"),
            status=record.one_of("status", KEY_STATUSES),
            sub=record.text("sub"),
            sub_type=record.text("subType"),
            expiry=record.optional_time("expiry"),
            created=record.optional_time("created"),
            last_updated=record.optional_text("lastUpdated"),
            created_by_user=record.optional_text("createdByUser"),
            tenant_id=record.optional_text("tenantId"),
        )

    @property
    def owner_id(self) -> str | None:
        """The user whose key it is. That is who made it for a SCIM key, whose subject is an identity provider."""
        return self.sub if self.sub_type == "user" else self.created_by_user

    def as_result(self) -> dict[str, Any]:
        """The record as modules return it, by the names of its fields."""
        return {**vars(self)}

    def expires_in(self, now: datetime) -> int | None:
        """Seconds until the key expires, negative when past; None without an expiry that is a time."""
        expiry = parse_time(self.expiry)
        return None if expiry is None else int((expiry - now).total_seconds())

    def is_active(self, now: datetime) -> bool:
        """Whether the key can be used: it is active by its status, and not past its expiry."""
        seconds_left = self.expires_in(now)
        return self.status == "active" and (seconds_left is None or seconds_left > 0)

    @property
    def has_ended(self) -> bool:
        """Whether the key has ended by its status."""
        return self.status in ENDED_STATUSES


def sort_newest_first(keys: Iterable[ApiKey]) -> list[ApiKey]:
    """By the time of creation, the newest first; keys without one last."""
    return sorted(keys, key=lambda key: parse_time(key.created) or EARLIEST_TIME, reverse=True)


class ApiKeys:
    """The calls for API keys."""

    def __init__(self, calls: Calls):
        self._calls = calls

    def list(
        self,
        *,
        is_needed: Callable[[dict[str, Any]], bool] = lambda fields: False,
        sort: str = "-created",
        **filters: str | None,
    ) -> Iterator[ApiKey]:
        """The keys, newest first unless sorted otherwise. A page is read when its first key is needed.

        ``filters``: ``createdByUser``, ``status``, ``sub``. ``sort``: one of these, ``description`` or ``created``, after
        ``-`` for the other direction.

        A record that cannot be used is left out with a warning. If ``is_needed`` is true of its fields, UnusableAnswerError
        is raised instead.
        """
        query: dict[str, str | int] = {name: value for name, value in filters.items() if value is not None}
        query.update(sort=sort, limit=PAGE_SIZE)
        yield from read_usable_records(
            self._calls.pages(PATH, query, needs=NEEDS_READ), NOUN, ApiKey.from_record, is_needed
        )

    def get(self, key_id: str) -> ApiKey | None:
        """One key by its id, None when the tenant itself says that it has no record of it."""
        try:
            answer = self._calls.send("GET", f"{PATH}/{quote_segment(key_id)}", needs=NEEDS_READ)
        except NotFoundError:
            return None
        found = ApiKey.from_record(Record(answer, answer.document(), NOUN))
        if found.id != key_id:
            raise answer.build_error(f"with the record of another API key, {found.id}")
        return found

    def create(self, description: str, sub: str | None, sub_type: str, expiry: str | None) -> tuple[ApiKey, str | None]:
        """Create a key; return its record and its token, which no later call gives again.

        ``expiry`` is an ISO 8601 duration; the record's expiry is the time that follows from it. ``sub`` None makes a key of
        the requester. The token is None if the tenant made a key and, against its documentation, gave no usable token.
        """
        body = {"description": description, "subType": sub_type, "sub": sub, "expiry": expiry}
        given = {name: value for name, value in body.items() if value is not None}
        try:
            answer = self._calls.send("POST", PATH, needs=NEEDS_CREATE, body=given)
        except ForbiddenError as error:
            raise error.add_advice(_advise_on_right(sub, sub_type)) from None
        made = ApiKey.from_record(Record(answer, answer.document(), NOUN))
        token = parse_token(answer.tokens.get("token", ""))
        return made, None if token is None else token.text

    def rename(self, key_id: str, description: str) -> None:
        """Give a key another description, and read it back.

        If it is not known whether that was done, it is done once more unless the key has the description. Raises
        TenantStateError when the tenant accepts the description and the key does not get it.
        """
        try:
            self._patch_description(key_id, description)
        except RequestError as error:
            if not error.may_have_been_done:
                raise
            key = self._read_after_error(error, key_id)
            if key is None or key.description != description:
                self._patch_description(key_id, description)
        for key in self._read_repeatedly(key_id):
            if key is not None and key.description == description:
                return
        state = "has no record any more" if key is None else f"is called {quote_text(key.description)}"
        raise TenantStateError(f"The tenant accepted the new description of API key {key_id}, yet the key {state}.")

    def retire(self, key_id: str) -> RetirementOutcome:
        """End a key; return ``deleted`` when its record is gone, ``revoked`` when the record says that it has ended.

        If it is not known whether that was done, it is done once more unless the key has ended. Raises TenantStateError when
        the key is still active after a deletion that the tenant accepted, or when its record cannot be read any more.
        """
        for attempt in range(1, MAX_DELETIONS + 1):
            try:
                self._calls.send("DELETE", f"{PATH}/{quote_segment(key_id)}", needs=NEEDS_CHANGE)
                break
            except NotFoundError:
                return "deleted"
            except RequestError as error:
                if not error.may_have_been_done and not _may_have_ended(error):
                    raise
                key = self._read_after_error(error, key_id)
                if key is None or key.has_ended:
                    return _name_outcome(key)
                if attempt == MAX_DELETIONS or not error.may_have_been_done:
                    raise
        # The service deletes or revokes, depending on who asks, and answers 204 to both; so the record is read back.
        return self._confirm_deletion(key_id)

    def _confirm_deletion(self, key_id: str) -> RetirementOutcome:
        """The outcome of a deletion that the tenant accepted. Raises TenantStateError as ``retire``."""
        try:
            for key in self._read_repeatedly(key_id):
                if key is None or key.has_ended:
                    return _name_outcome(key)
        except UnauthorizedError as error:
            if self._is_signed_in_with(key_id):
                # Nothing can be read with a key that has ended; and one's own key is deleted, not revoked.
                return "deleted"
            return self._confirm_by_listing(key_id, error)
        except RequestError as error:
            return self._confirm_by_listing(key_id, error)
        raise TenantStateError(f"The tenant accepted the deletion of API key {key_id}, yet it is still active.")

    def _confirm_by_listing(self, key_id: str, error: RequestError) -> RetirementOutcome:
        """The outcome by the list of all keys, after the ``error`` of reading the record. Raises TenantStateError as ``retire``."""
        try:
            listed = [key for key in self.list(is_needed=lambda fields: True) if key.id == key_id]
        except RequestError:
            listed = None
        if listed is None or any(not key.has_ended for key in listed):
            raise TenantStateError(
                f"The tenant accepted the deletion of API key {key_id}, but that it has ended could not be seen. {error} "
                "Run again."
            ) from None
        return _name_outcome(listed[0] if listed else None)

    def _read_repeatedly(self, key_id: str) -> Iterator[ApiKey | None]:
        """The record of a key, None without one, as often as a change may take to be seen."""
        for pause in READ_BACK_PAUSES_SECONDS:
            if pause:
                time.sleep(pause)
            yield self.get(key_id)

    def _read_after_error(self, error: RequestError, key_id: str) -> ApiKey | None:
        """The record after a write that failed, None without one. Raises that ``error`` when the record cannot be read."""
        try:
            return self.get(key_id)
        except UnauthorizedError as refused:
            if refused.is_from_tenant and self._is_signed_in_with(key_id):
                return None
            raise error from None
        except QlikCloudError:
            raise error from None

    def _is_signed_in_with(self, key_id: str) -> bool:
        """Whether the token that signs the calls is that of the key."""
        token = parse_token(self._calls.bearer_token())
        return token is not None and token.payload.get("jti") == key_id

    def _patch_description(self, key_id: str, description: str) -> None:
        self._calls.send(
            "PATCH",
            f"{PATH}/{quote_segment(key_id)}",
            needs=NEEDS_CHANGE,
            body=[{"op": "replace", "path": "/description", "value": description}],
        )


def _name_outcome(key: ApiKey | None) -> RetirementOutcome:
    return "deleted" if key is None else "revoked"


def _may_have_ended(error: RequestError) -> bool:
    """Whether a refusal to end a key may mean that it has ended already."""
    return isinstance(error, RefusedError) and error.status in MAY_HAVE_ENDED_STATUSES


def _advise_on_right(sub: str | None, sub_type: str) -> str:
    """What to do when the tenant does not let the requester create a key for that subject."""
    if sub_type == "externalClient":
        return f"{GRANT_ADVICE} {SCIM_ADVICE}"
    return GRANT_ADVICE if sub is None else f"{GRANT_ADVICE} {OTHER_USER_ADVICE}"
