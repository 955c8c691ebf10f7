# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit log of a tenant: the calls that find what it tells of API keys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
# The default and the most of a page are not documented; a hundred is the most of every other list.
PAGE_SIZE = {"limit": 100}
# How a tenant may refuse a type of event that it does not know, or a size of page.
UNSUPPORTED_STATUSES = (400, 422)
RETENTION = timedelta(days=90)
ORDER = tuple(EVENT_TYPES)


@dataclass(frozen=True)
class Period:
    """All that happened since a moment, and until another; the service is asked until ``end`` if that is None."""

    since: datetime
    until: datetime | None
    end: datetime

    def as_query(self) -> str:
        return f"{_format_time(self.since)}/{_format_time(self.until or self.end)}"

    def has(self, event: AuditEvent) -> bool:
        """Whether it happened then, or may have: one without a readable time is there because the service found it."""
        happened = event.happened_at
        return happened is None or (self.since <= happened and (self.until is None or happened <= self.until))


class AuditLog:
    def __init__(self, calls: Calls):
        self._calls = calls
        self._page_size: dict[str, int] = PAGE_SIZE

    def find(
        self,
        events: Collection[str],
        span: Period,
        *,
        user_id: str | None,
        is_meant: Callable[[AuditEvent], bool],
        most: int | None,
    ) -> tuple[list[AuditEvent], bool]:
        """The events of these names (``TYPES``), newest first, and whether there are more than these.

        There may be more than ``most``, or more than a run reads. Each type is listed by itself: the service takes one at a
        time, and without any it lists all that happens on the tenant. A type that it does not take is left out, since it may
        know those of one generation only; raises RefusedError if it takes none.
        """
        # Who asks for just as many days shall not be warned.
        if span.since < self._calls.http.now() - RETENTION - timedelta(hours=1):
            self._calls.http.warn(
                f"A tenant keeps {RETENTION.days} days in its audit log, by Qlik's documentation; what happened before is not found."
            )
        found: list[AuditEvent] = []
        extent, refusals = ListExtent(), {}
        types = [(event, event_type) for event in EVENT_TYPES if event in events for event_type in EVENT_TYPES[event]]
        query: dict[str, str | int] = {"eventTime": span.as_query(), "sort": "-eventTime"}
        if user_id is not None:
            query["userId"] = user_id

        def fits(event: AuditEvent | None) -> bool:
            is_theirs = event is not None and user_id in (None, event.user_id)
            return is_theirs and span.has(event) and is_meant(event)

        for event, event_type in types:
            before = extent.pages
            try:
                pages = self._pages({"eventType": event_type, **query}, extent)
            except RefusedError as error:
                if not _is_unsupported(error) or extent.pages > before:
                    raise
                refusals[event_type] = error
                continue
            read = partial(AuditEvent.from_record, event=event, event_type=event_type)
            listed = read_usable_records(pages, NOUN, read, is_needed=lambda fields: False)
            # One more tells whether there are more.
            found += islice(filter(fits, listed), None if most is None else most + 1)
        self._warn_of_refusals(types, refusals)
        told = remove_duplicates(sorted(found, key=_get_sort_key, reverse=True))
        return told[:most], extent.is_cut or (most is not None and len(told) > most)

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
        # No page was ever given yet, so it may be their size that is not taken.
        pages = self._start_list(query, extent)
        self._page_size = {}
        return pages

    def _start_list(self, query: dict[str, str | int], extent: ListExtent) -> Iterable[tuple[Answer, Any]]:
        pages = self._calls.pages(PATH, query, needs=NEEDS, extent=extent)
        first = next(pages, None)
        return () if first is None else chain((first,), pages)

    def _warn_of_refusals(self, types: Sequence[tuple[str, str]], refusals: Mapping[str, RefusedError]) -> None:
        """Warn of each event of which no type was taken. Raises the first refusal if nothing was."""
        if types and len(refusals) == len(types):
            raise refusals[types[0][1]]
        for event, names in EVENT_TYPES.items():
            if all(name in refusals for name in names):
                self._calls.http.warn(
                    f"The tenant lists no events of the types {' and '.join(names)}, so none of those called {event!r} is "
                    f"among what was found: {refusals[names[0]]}"
                )


def _get_sort_key(event: AuditEvent) -> tuple[datetime, int]:
    """By this the later of two events is the greater; of those at the same time, what can only follow the other."""
    return event.happened_at or EARLIEST_TIME, ORDER.index(event.event)


def _is_unsupported(error: RefusedError) -> bool:
    return error.is_from_tenant and error.status in UNSUPPORTED_STATUSES


def _format_time(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
