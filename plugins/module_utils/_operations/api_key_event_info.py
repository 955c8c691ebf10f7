# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``api_key_event_info``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import (
    EARLIEST_TIME,
    is_duration,
    parse_time,
    subtract_duration,
    suggest_duration,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import (
    MAX_SHOWN_LENGTH,
    check_not_blank,
    parse_id,
    parse_name,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.require import require
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.user_names import UserNames
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.audit_events import (
    CONFIG_UPDATED,
    EVENT_TYPES,
    AuditEvent,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.audit_log import Period
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.subjects import build_scim_sub, is_same_sub
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import quote_text

# This machine's clock may be behind the tenant's, and events of a moment ago are found all the same.
MAX_CLOCK_DIFFERENCE = timedelta(days=1)


@dataclass(frozen=True)
class TimeOption:
    """A time as an option gives it, ``text``: RFC 3339, or a duration before now, for which ``time`` is None."""

    text: str
    time: datetime | None

    @classmethod
    def parse(cls, params: Mapping[str, Any], option: str) -> TimeOption | None:
        """None when the option is not given. Raises OptionError."""
        check_not_blank(params, option)
        if params[option] is None:
            return None
        text = params[option].strip()
        time = parse_time(text)
        if time is None and not is_duration(text):
            meant = suggest_duration(text)
            advice = "" if meant is None else f" Write {meant}."
            raise OptionError(
                option,
                f"{quote_text(text, MAX_SHOWN_LENGTH)} is neither a time such as 2026-11-22T09:15:00Z (RFC 3339) nor a duration "
                f"before now such as PT12H or P7D (ISO 8601, longer than zero).{advice}",
            )
        return cls(text, time)

    def resolve(self, now: datetime) -> datetime:
        """The time itself; the earliest one for a duration that goes back further."""
        return self.time or subtract_duration(now, self.text) or EARLIEST_TIME


class FindEvents:
    def __init__(self, params: Mapping[str, Any]):
        self._since = require(TimeOption.parse(params, "since"), "since")
        self._until = TimeOption.parse(params, "until")
        self._id = parse_id(params, "id")
        self._sub = parse_name(params, "sub")
        self._user_id = parse_name(params, "user_id")
        idp_id = parse_id(params, "idp_id")
        if idp_id is not None:
            self._sub = build_scim_sub(idp_id)
        self._limit: int | None = params["limit"]
        if self._limit is not None and self._limit < 1:
            raise OptionError("limit", f"{self._limit} is less than 1; leave it out to get all events.")
        self._events = self._parse_events(params)

    def _parse_events(self, params: Mapping[str, Any]) -> set[str]:
        """The events that are asked for. Raises OptionError where a key is named and they are about no key."""
        named = params["event"]
        if named is not None and not named:
            raise OptionError("event", "is empty; name one event at least, or leave it out to find all.")
        events = set(named or EVENT_TYPES)
        key_options = [option for option in ("id", "sub", "idp_id") if params[option] is not None]
        if not key_options:
            return events
        if events == {CONFIG_UPDATED}:
            raise OptionError(
                "event", f"{CONFIG_UPDATED} is about no key, so {key_options[0]} cannot be given with it alone."
            )
        return events - {CONFIG_UPDATED}

    def answer(self, tenant: Tenant) -> dict[str, Any]:
        period = self._build_period(tenant.now())
        names = UserNames(tenant, [self._sub, self._user_id])
        sub = None if self._sub is None else names.find_past_id("sub", self._sub)
        user_id = None if self._user_id is None else names.find_past_id("user_id", self._user_id)

        def is_meant(event: AuditEvent) -> bool:
            is_of_key = self._id is None or self._id in event.key_ids
            return is_of_key and (sub is None or (event.sub is not None and is_same_sub(sub, event.sub)))

        found, truncated = tenant.audit_log.find(
            self._events, period, user_id=user_id, is_meant=is_meant, max_events=self._limit
        )
        return {"events": [event.as_result() for event in found], "truncated": truncated}

    def _build_period(self, now: datetime) -> Period:
        """Raises OptionError for one that ends before it begins."""
        since = self._since.resolve(now)
        if self._until is None:
            period = Period(since, None, now + MAX_CLOCK_DIFFERENCE)
            if since >= period.end:
                raise OptionError("since", f"{self._since.text} is in the future.")
            return period
        until = self._until.resolve(now)
        if since >= until:
            raise OptionError("since", f"{self._since.text} is not before until, {self._until.text}.")
        return Period(since, until, until)
