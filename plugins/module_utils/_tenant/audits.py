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
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import LONG_AGO
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.audit_events import TYPES, Event, told_once
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.calls import Calls, Extent
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.records import usable_records
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import Answer

PATH = "/audits"
NOUN = "audit event"
NEEDS = "the role TenantAdmin, which reading the audit log takes"
# The default and the most of a page are not documented; a hundred is the most of every other list.
PAGE_SIZE = {"limit": 100}
# How a tenant may refuse a type of event that it does not know, or a size of page.
NOT_TAKEN = (400, 422)
KEPT = timedelta(days=90)
ORDER = tuple(TYPES)


@dataclass(frozen=True)
class Span:
    """All that happened since a moment, and until another; the service is asked until ``end`` if that is None."""

    since: datetime
    until: datetime | None
    end: datetime

    def as_query(self) -> str:
        return f"{_written(self.since)}/{_written(self.until or self.end)}"

    def has(self, event: Event) -> bool:
        """Whether it happened then, or may have: one without a readable time is there because the service found it."""
        happened = event.moment
        return happened is None or (self.since <= happened and (self.until is None or happened <= self.until))


class Audits:
    def __init__(self, calls: Calls):
        self._calls = calls
        self._page_size: dict[str, int] = PAGE_SIZE

    def find(
        self,
        events: Collection[str],
        span: Span,
        *,
        user_id: str | None,
        is_meant: Callable[[Event], bool],
        most: int | None,
    ) -> tuple[list[Event], bool]:
        """The events of these names (``TYPES``), newest first, and whether there are more than these.

        There may be more than ``most``, or more than a run reads. Each type is listed by itself: the service takes one at a
        time, and without any it lists all that happens on the tenant. A type that it does not take is left out, since it may
        know those of one generation only; raises RefusedError if it takes none.
        """
        # Who asks for just as many days shall not be warned.
        if span.since < self._calls.http.now() - KEPT - timedelta(hours=1):
            self._calls.http.warn(
                f"A tenant keeps {KEPT.days} days in its audit log, by Qlik's documentation; what happened before is not found."
            )
        found: list[Event] = []
        extent, refusals = Extent(), {}
        types = [(event, event_type) for event in TYPES if event in events for event_type in TYPES[event]]
        query: dict[str, str | int] = {"eventTime": span.as_query(), "sort": "-eventTime"}
        if user_id is not None:
            query["userId"] = user_id

        def fits(event: Event | None) -> bool:
            is_theirs = event is not None and user_id in (None, event.user_id)
            return is_theirs and span.has(event) and is_meant(event)

        for event, event_type in types:
            before = extent.pages
            try:
                pages = self._pages({"eventType": event_type, **query}, extent)
            except RefusedError as error:
                if not _is_not_taken(error) or extent.pages > before:
                    raise
                refusals[event_type] = error
                continue
            read = partial(Event.from_record, event=event, event_type=event_type)
            listed = usable_records(pages, NOUN, read, is_needed=lambda fields: False)
            # One more tells whether there are more.
            found += islice(filter(fits, listed), None if most is None else most + 1)
        self._tell_refusals(types, refusals)
        told = told_once(sorted(found, key=_when, reverse=True))
        return told[:most], extent.is_cut or (most is not None and len(told) > most)

    def _pages(self, query: dict[str, str | int], extent: Extent) -> Iterable[tuple[Answer, Any]]:
        """The list of one type, its first page read; raises RefusedError if that is refused."""
        if extent.is_too_much:
            extent.is_cut = True
            return ()
        try:
            return self._begun({**query, **self._page_size}, extent)
        except RefusedError as error:
            if not (_is_not_taken(error) and self._page_size and extent.pages == 0):
                raise
        # No page was ever given yet, so it may be their size that is not taken.
        pages = self._begun(query, extent)
        self._page_size = {}
        return pages

    def _begun(self, query: dict[str, str | int], extent: Extent) -> Iterable[tuple[Answer, Any]]:
        pages = self._calls.pages(PATH, query, needs=NEEDS, extent=extent)
        first = next(pages, None)
        return () if first is None else chain((first,), pages)

    def _tell_refusals(self, types: Sequence[tuple[str, str]], refusals: Mapping[str, RefusedError]) -> None:
        """Warn of each event of which no type was taken. Raises the first refusal if nothing was."""
        if types and len(refusals) == len(types):
            raise refusals[types[0][1]]
        for event, names in TYPES.items():
            if all(name in refusals for name in names):
                self._calls.http.warn(
                    f"The tenant lists no events of the types {' and '.join(names)}, so none of those called {event!r} is "
                    f"among what was found: {refusals[names[0]]}"
                )


def _when(event: Event) -> tuple[datetime, int]:
    """By this the later of two events is the greater; of those at the same time, what can only follow the other."""
    return event.moment or LONG_AGO, ORDER.index(event.event)


def _is_not_taken(error: RefusedError) -> bool:
    return error.is_by_tenant and error.status in NOT_TAKEN


def _written(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
