# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log of a tenant: the calls that find the events of API keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import RefusedError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import EARLIEST_TIME
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.audit_events import (
    EVENT_TYPES,
    AuditEvent,
    remove_duplicates,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, ListExtent
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import read_usable_records
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer

PATH = "/audits"
NOUN = "audit event"
NEEDS = "the role TenantAdmin, which reading the audit log takes"
# The default and the maximum of a page are not documented; a hundred is the maximum of every other list.
PAGE_SIZE = {"limit": 100}
# A tenant may refuse so a type of event that it does not know, or a size of page.
UNSUPPORTED_STATUSES = (400, 422)
RETENTION = timedelta(days=90)
ORDER = tuple(EVENT_TYPES)


@dataclass(frozen=True)
class Period:
    """The time from ``since`` to ``until``; where that is None, to ``end`` in the query, and without an end otherwise."""

    since: datetime
    until: datetime | None
    end: datetime

    def as_query(self) -> str:
        """The period as the parameter ``eventTime``."""
        return f"{_format_time(self.since)}/{_format_time(self.until or self.end)}"

    def has(self, event: AuditEvent) -> bool:
        """Whether the event is in the period. One without a time is, because the service found it."""
        happened = event.happened_at
        return happened is None or (self.since <= happened and (self.until is None or happened <= self.until))


class AuditLog:
    """The calls for audit events."""

    def __init__(self, calls: Calls):
        self._calls = calls
        self._page_size: dict[str, int] = PAGE_SIZE

    def find(
        self,
        events: Collection[str],
        period: Period,
        *,
        user_id: str | None,
        is_meant: Callable[[AuditEvent], bool],
        max_events: int | None,
    ) -> tuple[list[AuditEvent], bool]:
        """The events of these names (``EVENT_TYPES``), newest first, and whether there are more than these.

        There may be more than ``max_events``, or more than a run reads. Each type is listed by itself: the service takes one
        at a time, and without any it lists all that happens on the tenant. A type that it refuses is left out, since it may
        know those of one generation only. Raises RefusedError if it refuses all.
        """
        self._warn_of_retention(period)
        types = [(event, event_type) for event in EVENT_TYPES if event in events for event_type in EVENT_TYPES[event]]
        query = _build_query(period, user_id)
        extent = ListExtent()
        refusals: dict[str, RefusedError] = {}
        found: list[AuditEvent] = []
        for event, event_type in types:
            pages_before = extent.pages
            try:
                pages = self._pages({"eventType": event_type, **query}, extent)
            except RefusedError as error:
                if not _is_unsupported(error) or extent.pages > pages_before:
                    raise
                refusals[event_type] = error
                continue
            wanted = (
                each
                for each in _read_events(pages, event, event_type)
                if user_id in (None, each.user_id) and period.has(each) and is_meant(each)
            )
            # One event more than wanted shows that there are more.
            found += islice(wanted, None if max_events is None else max_events + 1)
        self._warn_of_refusals(types, refusals)
        distinct = remove_duplicates(sorted(found, key=_get_sort_key, reverse=True))
        return distinct[:max_events], extent.is_cut or (max_events is not None and len(distinct) > max_events)

    def _warn_of_retention(self, period: Period) -> None:
        # An hour of grace: a period of exactly as many days is no reason to warn.
        if period.since < self._calls.http.now() - RETENTION - timedelta(hours=1):
            self._calls.http.warn(
                f"A tenant keeps {RETENTION.days} days in its audit log, by Qlik's documentation; what happened before is not "
                "found."
            )

    def _pages(self, query: dict[str, str | int], extent: ListExtent) -> Iterable[tuple[Answer, Any]]:
        """The list of one type, its first page read; raises RefusedError if that is refused."""
        if extent.is_exceeded:
            extent.is_cut = True
            return ()
        try:
            return self._start_list({**query, **self._page_size}, extent)
        except RefusedError as error:
            if not (_is_unsupported(error) and self._page_size and extent.pages == 0):
                raise
        # There was no page yet, so it may be their size that the tenant refuses.
        pages = self._start_list(query, extent)
        self._page_size = {}
        return pages

    def _start_list(self, query: dict[str, str | int], extent: ListExtent) -> Iterable[tuple[Answer, Any]]:
        """The list that answers a query, its first page read."""
        pages = self._calls.pages(PATH, query, needs=NEEDS, extent=extent)
        first = next(pages, None)
        return () if first is None else chain((first,), pages)

    def _warn_of_refusals(self, types: Sequence[tuple[str, str]], refusals: Mapping[str, RefusedError]) -> None:
        """Warn of each event whose types were all refused. Raises the first refusal if all types were."""
        if types and len(refusals) == len(types):
            raise refusals[types[0][1]]
        for event, names in EVENT_TYPES.items():
            if all(name in refusals for name in names):
                self._calls.http.warn(
                    f"The tenant lists no events of the types {' and '.join(names)}, so none of those called {event!r} is "
                    f"among what was found: {refusals[names[0]]}"
                )


def _build_query(period: Period, user_id: str | None) -> dict[str, str | int]:
    """The parameters of the list of one type of event, but for the type."""
    query: dict[str, str | int] = {"eventTime": period.as_query(), "sort": "-eventTime"}
    if user_id is not None:
        query["userId"] = user_id
    return query


def _read_events(pages: Iterable[tuple[Answer, Any]], event: str, event_type: str) -> Iterator[AuditEvent]:
    """The events of a type in the pages of a list."""
    read = partial(AuditEvent.from_record, event=event, event_type=event_type)
    for found in read_usable_records(pages, NOUN, read, is_needed=lambda fields: False):
        if found is not None:
            yield found


def _get_sort_key(event: AuditEvent) -> tuple[datetime, int]:
    """Sort key for the order of events; of those at the same time, the one that can only follow the other is later."""
    return event.happened_at or EARLIEST_TIME, ORDER.index(event.event)


def _is_unsupported(error: RefusedError) -> bool:
    return error.is_from_tenant and error.status in UNSUPPORTED_STATUSES


def _format_time(time: datetime) -> str:
    return f"{time.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
