# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``api_key_info``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import add_duration, check_duration
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    check_not_blank,
    given_id,
    given_name,
    subject_of,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey, newest_first
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import same_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant


class FindApiKeys:
    def __init__(self, params: Mapping):
        self._id = given_id(params, "id")
        self._created_by_user = given_name(params, "created_by_user")
        check_not_blank(params, "description")
        if params["idp_id"] is not None and params["sub_type"] == "user":
            raise OptionError("sub_type", "user contradicts idp_id, which only keys of type externalClient have.")
        if params["expires_within"] is not None:
            check_duration("expires_within", params["expires_within"])
        self._description: str | None = params["description"]
        self._sub, self._sub_type = subject_of(params)
        self._statuses: list[str] = params["status"] or []
        self._expires_within: str | None = params["expires_within"]

    def answer(self, tenant: Tenant) -> dict:
        candidates = self._candidates(tenant)
        now = tenant.now()
        found = newest_first(key for key in candidates if self._is_meant(key, now))
        return {"api_keys": [{**key.as_result(), "expires_in": key.expires_in(now)} for key in found]}

    def _candidates(self, tenant: Tenant) -> list[ApiKey]:
        """As few records as the service's own filters allow; it has none for description or type."""
        if self._id is not None:
            record = tenant.api_keys.get(self._id)
            return [record] if record else []
        return list(
            tenant.api_keys.list(
                createdByUser=self._created_by_user,
                status=self._statuses[0] if len(self._statuses) == 1 else None,
                # How many backslashes a stored SCIM subject has is not known, so those are compared here.
                sub=None if self._sub and "\\" in self._sub else self._sub,
            )
        )

    def _is_meant(self, key: ApiKey, now: datetime) -> bool:
        return (
            self._description in (None, key.description)
            and (self._sub is None or same_sub(self._sub, key.sub))
            and self._sub_type in (None, key.sub_type)
            and self._created_by_user in (None, key.created_by_user)
            and (not self._statuses or key.status in self._statuses)
            and (self._expires_within is None or _expires_within(key, self._expires_within, now))
        )


def _expires_within(key: ApiKey, span: str, now: datetime) -> bool:
    """Whether the key still lives and ends inside the span from now."""
    left = key.expires_in(now)
    until = add_duration(now, span)
    if left is None or not key.is_active(now):
        return False
    return until is None or now + timedelta(seconds=left) <= until
