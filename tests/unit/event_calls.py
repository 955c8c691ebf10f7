# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events as a tenant's audit log has them, and the calls that list them as expectations on the fake network."""

from __future__ import annotations

from typing import Any

from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import Run
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import FAR_AWAY, IDP_ID, TENANT_ID, USER_ID, page
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Expected, Wire

AUDITS = "/api/v1/audits"
CORE = "com.qlik.core.api-key"
OLD = "com.qlik.api-key"
TYPES = {
    "created": (f"{CORE}.created", f"{OLD}.created"),
    "updated": (f"{CORE}.updated", f"{OLD}.updated"),
    "deleted": (f"{CORE}.deleted", f"{OLD}.deleted"),
    "config_updated": (f"{CORE}s-config.updated", f"{OLD}s-config.updated"),
    "validation_failed": (f"{CORE}.validation.failed", "com.qlik.v1.api-key.validation.failed"),
}
"""Of each event the current type and the deprecated one, in the order in which they are asked for."""
TIME = "2026-11-22T09:15:00.000Z"
# A week before noon, and a day after it.
LAST_WEEK = "2026-11-15T12:00:00.000Z/2026-11-23T12:00:00.000Z"
KEY_DATA = {
    "id": "key-1",
    "sub": USER_ID,
    "subType": "user",
    "description": "nightly reload",
    "expiry": FAR_AWAY,
}


def event_record(event_type: str = TYPES["created"][0], event_id: str = "event-1", **differences: Any) -> dict:
    """An event about the key ``key-1``."""
    return {
        "id": event_id,
        "eventId": event_id,
        "eventType": event_type,
        "eventTime": TIME,
        "tenantId": TENANT_ID,
        "userId": USER_ID,
        "source": "com.qlik/api-keys",
        "contentType": "application/json",
        "data": KEY_DATA,
        "extensions": {},
        **differences,
    }


def at(minute: int, event_id: str, event_type: str = TYPES["created"][0], **differences: Any) -> dict:
    """An event at that minute past eleven."""
    return event_record(event_type, event_id, eventTime=f"2026-11-22T11:{minute:02}:00.000Z", **differences)


def about(key_id: str) -> dict:
    """The data of an event about that key."""
    return {**KEY_DATA, "id": key_id}


def validation_record(event_type: str = TYPES["validation_failed"][0], **differences: Any) -> dict:
    """A refused SCIM key, as its current type tells it."""
    data = {
        "jti": "key-1",
        "code": "APIKEYS-18",
        "idpId": IDP_ID,
        "subType": "externalClient",
        "description": "The api key is either expired or revoked",
        "createdByUser": USER_ID,
    }
    extensions = {"topLevelResourceId": "key-1"}
    return event_record(event_type, **{"data": data, "extensions": extensions, **differences})


def result_of(event: str = "created", **differences: Any) -> dict:
    """What the module returns for ``event_record``."""
    return {
        "id": "event-1",
        "time": TIME,
        "event": event,
        "key_id": "key-1",
        "description": "nightly reload",
        "sub": USER_ID,
        "sub_type": "user",
        "expiry": FAR_AWAY,
        "outcome": None,
        "user_id": USER_ID,
        "code": None,
        "detail": None,
        **differences,
    }


def expect_type(wire: Wire, event_type: str, span: str = LAST_WEEK, **more: str) -> Expected:
    """One list call; without a ``limit`` in the query if that is None."""
    query = {"eventType": event_type, "eventTime": span, "sort": "-eventTime", "limit": "100", **more}
    return wire.expects("GET", AUDITS, query={name: value for name, value in query.items() if value is not None})


def expect_event(wire: Wire, event: str, *records: Any, **query: Any) -> None:
    """The list calls of both types of one event; those of the records that are not of the deprecated type come with the
    current one."""
    old = [record for record in records if isinstance(record, dict) and record.get("eventType") == TYPES[event][1]]
    current = [record for record in records if record not in old]
    for event_type, listed in zip(TYPES[event], (current, old)):
        expect_type(wire, event_type, **query).answers(json=page(*listed))


def expect_all_events(wire: Wire, *records: dict, **query: Any) -> None:
    """The list calls of all types."""
    for event, types in TYPES.items():
        expect_event(wire, event, *(record for record in records if record["eventType"] in types), **query)


def found(result: Run) -> list[str | None]:
    """The ids of the events that a run found."""
    return [event["id"] for event in result.results["events"]]
