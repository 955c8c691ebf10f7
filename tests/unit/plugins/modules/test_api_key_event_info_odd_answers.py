# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit log that refuses, or that answers what it should not."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.event_calls import (
    AUDITS,
    KEY_DATA,
    TYPES,
    about,
    at,
    event_record,
    expect_event,
    expect_type,
    found,
    result_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import USER_ID, page, refused

pytestmark = pytest.mark.usefixtures("noon")
CREATED, OLD_CREATED = TYPES["created"]


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("generation", [0, 1])
def test_a_tenant_may_refuse_the_types_of_one_generation(run, wire, generation, status):
    if generation == 0:
        # Nothing was answered yet, so it might have been the size of the page.
        expect_type(wire, CREATED).answers(status)
        expect_type(wire, CREATED, limit=None).answers(status)
        expect_type(wire, OLD_CREATED).answers(json=page(at(9, "e1", OLD_CREATED)))
    else:
        expect_type(wire, CREATED).answers(json=page(at(9, "e1")))
        expect_type(wire, OLD_CREATED).answers(status)
    result = run("api_key_event_info", event="created")
    assert (found(result), result.warnings) == (["e1"], [])


def test_an_event_that_a_tenant_does_not_have_at_all_is_told(run, wire):
    expect_event(wire, "deleted", event_record(TYPES["deleted"][0]))
    for event_type in TYPES["config_updated"]:
        expect_type(wire, event_type).answers(400)
    result = run("api_key_event_info", event=["config_updated", "deleted"])
    assert found(result) == ["event-1"]
    [warning] = result.warnings
    assert "none of those called 'config_updated' is among what was found: GET /api/v1/audits was refused" in warning


def test_if_every_type_is_refused_the_run_fails_in_the_tenants_words(run, wire):
    answer = refused("AUDITS-1", "Bad interval", detail="eventTime is too long ago")
    expect_type(wire, CREATED).answers(400, json=answer)
    expect_type(wire, CREATED, limit=None).answers(400, json=answer)
    expect_type(wire, OLD_CREATED).answers(400, json=answer)
    expect_type(wire, OLD_CREATED, limit=None).answers(400, json=answer)
    result = run("api_key_event_info", event="created")
    assert "eventTime is too long ago" in result.message
    assert result.results["failure"]["status"] == 400


def test_a_tenant_that_does_not_take_the_size_of_the_page_is_asked_without(run, wire):
    expect_type(wire, CREATED).answers(400)
    expect_type(wire, CREATED, limit=None).answers(json=page(at(9, "e1"), next={"href": "?n=2"}))
    wire.expects("GET", AUDITS, query={"n": "2"}).answers(json=page(at(8, "e2", data=about("b"))))
    expect_type(wire, OLD_CREATED, limit=None).answers(json=page())
    assert found(run("api_key_event_info", event="created")) == ["e1", "e2"]


@pytest.mark.parametrize("answer", [{"status": 400, "text": "<html>"}, {"status": 404}, {"status": 500}])
def test_other_refusals_end_the_run(run, wire, answer):
    expect_type(wire, CREATED).answers(**answer)
    assert run("api_key_event_info", event="created", retries=0).results["failure"]["status"] == answer["status"]


def test_a_later_page_that_is_refused_ends_the_run(run, wire):
    for records in ((), (event_record(),)):
        expect_type(wire, CREATED).answers(json=page(*records, next={"href": "?n=2"}))
        wire.expects("GET", AUDITS, query={"n": "2"}).answers(400)
        assert run("api_key_event_info", event="created").results["failure"]["status"] == 400


def test_an_event_without_a_readable_time_comes_last(run, wire):
    records = [
        event_record(event_id="odd", eventTime="soon"),
        event_record(event_id="none", eventTime=None),
        at(9, "e1"),
    ]
    expect_event(wire, "created", *records)
    result = run("api_key_event_info", event="created")
    assert [(event["id"], event["time"]) for event in result.results["events"]] == [
        ("e1", "2026-11-22T11:09:00.000Z"),
        ("odd", "soon"),
        ("none", None),
    ]
    assert len(result.warnings) == 1


def test_events_of_other_types_are_left_out_if_they_come_all_the_same(run, wire):
    every = [
        at(9, "e1"),
        at(8, "e2", OLD_CREATED),
        at(7, "e3", "com.qlik.v1.app.created"),
        at(6, "e4", data=about("b")),
    ]
    for event_type in TYPES["created"]:
        expect_type(wire, event_type).answers(json=page(*every))
    result = run("api_key_event_info", event="created")
    assert (found(result), result.warnings) == (["e1", "e2", "e4"], [])


ODD = {"number": 5, "true": True, "list": ["x"], "object": {"x": "y"}}


@pytest.mark.parametrize("odd", [*ODD.values(), "a b", "", "i" * 300], ids=str)
@pytest.mark.parametrize("field", ["id", "userId", "data.id"])
def test_what_is_no_id_is_not_told(run, wire, field, odd):
    names = {"id": "id", "userId": "user_id", "data.id": "key_id"}
    record = event_record(data={**KEY_DATA, "id": odd}) if field == "data.id" else event_record(**{field: odd})
    expect_event(wire, "created", record)
    result = run("api_key_event_info", event="created")
    assert [event[names[field]] for event in result.results["events"]] == [None]
    [warning] = result.warnings
    assert warning.endswith(f"came with a {field.rpartition('.')[2]!r} that is no id; it counts as missing.")
    assert warning.startswith("audit event event-1" if field != "id" else "audit event without a usable id")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    ("field", "name"), [("description", "description"), ("sub", "sub"), ("subType", "sub_type"), ("expiry", "expiry")]
)
def test_what_is_no_text_is_not_told(run, wire, field, name, odd):
    expect_event(wire, "created", event_record(data={**KEY_DATA, field: odd}))
    result = run("api_key_event_info", event="created")
    assert result.results["events"] == [result_of(**{name: None})]
    assert result.warnings == [f"audit event event-1 came with a {field!r} that is no text; it counts as missing."]


@pytest.mark.parametrize("odd", [5, True, ["x"], "text"], ids=str)
@pytest.mark.parametrize("field", ["data", "extensions"])
def test_what_is_no_object_is_not_told(run, wire, field, odd):
    expect_event(wire, "created", event_record(**{field: odd}))
    result = run("api_key_event_info", event="created")
    assert [event["id"] for event in result.results["events"]] == ["event-1"]
    assert result.warnings == [f"audit event event-1 came with a {field!r} that is no object; it counts as missing."]


@pytest.mark.parametrize("odd", [5, None, "text", {"eventType": 5}, {}], ids=str)
def test_a_record_of_no_type_is_left_out_with_a_warning(run, wire, odd):
    expect_event(wire, "created", odd, at(9, "e1"))
    result = run("api_key_event_info", event="created")
    assert found(result) == ["e1"]
    assert "Left out: " in result.warnings[0]


def test_long_texts_are_cut(run, wire):
    long = "x" * 60_000
    data = {**KEY_DATA, "description": long, "sub": long, "expiry": long}
    expect_event(wire, "updated", event_record(TYPES["updated"][0], data=data, extensions={"updates": [long]}))
    [event] = run("api_key_event_info", event="updated").results["events"]
    assert {name: len(event[name]) for name in ("description", "sub", "expiry", "detail")} == dict.fromkeys(
        ("description", "sub", "expiry", "detail"), 500
    )


def test_no_time_or_id_is_damaged_by_a_header_that_it_contains(run, wire):
    expect_event(wire, "created", event_record())
    headers = {"X-A": "2026-11-22T09", "X-B": USER_ID, "X-C": "nightly reload"}
    [event] = run("api_key_event_info", event="created", headers=headers).results["events"]
    assert {name: value for name, value in event.items() if value != result_of()[name]}.keys() == {"description"}
