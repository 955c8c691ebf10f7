# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API keys of a tenant: the record, and the calls that list, make, rename and retire keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timezone

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NotFoundError,
    QlikCloudError,
    RefusedError,
    RequestError,
    TenantStateError,
    UnauthorizedError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import moment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import is_sendable
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, segment
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer

PATH = "/api-keys"
# The most a page may hold (API reference, parameter "limit").
PAGE_SIZE = 100
# How a tenant may refuse to end a key that has ended already: only active ones can be revoked (documentation).
NOT_AS_IT_IS = {400, 409, 410, 422}
LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)

NEEDS_READ = "the Manage API keys permission for one's own keys, or the role TenantAdmin for those of others"
NEEDS_CREATE = (
    "the Manage API keys permission (on tenants that still have the switch: API keys enabled, and the role Developer). "
    "A key for another user is made by signing in as that user, by impersonation (impersonate_user_id or "
    "impersonate_subject, with an OAuth client) or with a token of theirs; a SCIM key "
    "needs the role TenantAdmin as well"
)
# Which status a limit is refused with is not documented; 400 is that of a body the tenant does not take.
LIMITS = (
    "If it is a limit of the tenant that is in the way, max_keys_per_user, max_api_key_expiry and, for SCIM keys, "
    "scim_external_client_expiry are options of tenantops.qlik_cloud.api_key_config."
)
NEEDS_CHANGE = "the Manage API keys permission for one's own keys, or the role TenantAdmin for those of others"


@dataclass(frozen=True)
class ApiKey:
    """One key as the tenant describes it; times are RFC 3339 text in UTC. The token is not part of it."""

    id: str | None
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
    def from_answer(cls, answer: Answer, record: object) -> ApiKey:
        """Raises UnusableAnswerError when a field that decides something is missing. Unknown fields are ignored."""
        return cls(
            id=answer.field(record, "id", str),
            description=answer.field(record, "description", str),
            status=answer.field(record, "status", str),
            sub=answer.field(record, "sub", str),
            sub_type=answer.field(record, "subType", str),
            expiry=record.get("expiry"),
            created=record.get("created"),
            last_updated=record.get("lastUpdated"),
            created_by_user=record.get("createdByUser"),
            tenant_id=record.get("tenantId"),
        )

    def as_result(self) -> dict:
        """The record as modules return it, in snake_case."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def expires_in(self, now: datetime) -> int | None:
        """Seconds until the key expires, negative when past; None when the tenant gave no readable expiry."""
        expiry = moment(self.expiry)
        return None if expiry is None else int((expiry - now).total_seconds())

    def is_active(self, now: datetime) -> bool:
        """Whether the key can be used: not revoked, and not past its expiry even if the tenant has not noticed yet."""
        left = self.expires_in(now)
        return self.status == "active" and (left is None or left > 0)


def newest_first(keys: Iterable[ApiKey]) -> list[ApiKey]:
    """In the order of creation, the newest first; keys of unknown age last."""
    return sorted(keys, key=lambda key: moment(key.created) or LONG_AGO, reverse=True)


class ApiKeys:
    def __init__(self, calls: Calls):
        self._calls = calls

    def list(self, **filters: str | None) -> Iterator[ApiKey]:
        """Keys, newest first. Filters as the service has them: ``createdByUser``, ``status``, ``sub``."""
        query = {name: value for name, value in filters.items() if value is not None}
        query.update(sort="-created", limit=PAGE_SIZE)
        for answer, record in self._calls.pages(PATH, query, needs=NEEDS_READ):
            yield ApiKey.from_answer(answer, record)

    def get(self, key_id: str) -> ApiKey | None:
        """One key by its id, None when the tenant has no record of it."""
        try:
            answer = self._calls.send("GET", f"{PATH}/{segment(key_id)}", needs=NEEDS_READ)
        except NotFoundError:
            return None
        return ApiKey.from_answer(answer, answer.document())

    def create(self, description: str, sub: str | None, sub_type: str, expiry: str | None) -> tuple[ApiKey, str | None]:
        """Make a key; return its record and its token, which no later call will ever give again.

        ``expiry`` is an ISO 8601 duration; the record's expiry is the moment that follows from it. The token is None
        if the tenant made a key and, against its documentation, gave none that could ever be used.
        """
        body = {"description": description, "subType": sub_type, "sub": sub, "expiry": expiry}
        given = {name: value for name, value in body.items() if value is not None}
        try:
            answer = self._calls.send("POST", PATH, needs=NEEDS_CREATE, body=given)
        except RefusedError as error:
            if error.status != 400:
                raise
            raise error.advised(LIMITS) from None
        document = answer.document()
        token = document.get("token")
        return ApiKey.from_answer(answer, document), token if isinstance(token, str) and is_sendable(token) else None

    def rename(self, key_id: str, description: str) -> None:
        """Give a key another description; if it is not known whether that was done, look, and do it once more."""
        try:
            self._patch_description(key_id, description)
        except RequestError as error:
            if not error.may_have_been_done:
                raise
            left = self._look_after(error, key_id)
            if left is None or left.description != description:
                self._patch_description(key_id, description)

    def retire(self, key_id: str) -> str:
        """End a key; return ``deleted`` when its record is known to be gone, else ``revoked``.

        If it is not known whether that was done, look, and do it once more. Raises TenantStateError when the key is
        still active after a deletion that the tenant accepted.
        """
        try:
            return self._retire_once(key_id)
        except RequestError as error:
            if not error.may_have_been_done and getattr(error, "status", None) not in NOT_AS_IT_IS:
                raise
            left = self._look_after(error, key_id)
            if left is None or left.status != "active":
                return _outcome(left)
            if not error.may_have_been_done:
                raise
            return self._retire_once(key_id)

    def _retire_once(self, key_id: str) -> str:
        """The service deletes or revokes, depending on who asks, and answers 204 to both; so the record is read back."""
        try:
            self._calls.send("DELETE", f"{PATH}/{segment(key_id)}", needs=NEEDS_CHANGE)
        except NotFoundError:
            return "deleted"
        try:
            left = self.get(key_id)
        except (UnauthorizedError, ForbiddenError):
            # The run signed in with the key itself, or may see no record but those of its own keys: an owner deletes.
            return "deleted"
        except RequestError:
            # It was accepted all the same; whether there is a record left is not known.
            return "revoked"
        if left is not None and left.status == "active":
            raise TenantStateError(f"The tenant accepted the deletion of API key {key_id}, yet it is still active.")
        return _outcome(left)

    def _look_after(self, error: RequestError, key_id: str) -> ApiKey | None:
        """The record after a write whose outcome is unknown. Raises ``error`` if that cannot be had either."""
        try:
            return self.get(key_id)
        except UnauthorizedError:
            return None
        except QlikCloudError:
            raise error from None

    def _patch_description(self, key_id: str, description: str) -> None:
        self._calls.send(
            "PATCH",
            f"{PATH}/{segment(key_id)}",
            needs=NEEDS_CHANGE,
            body=[{"op": "replace", "path": "/description", "value": description}],
        )


def _outcome(left: ApiKey | None) -> str:
    return "deleted" if left is None else "revoked"
