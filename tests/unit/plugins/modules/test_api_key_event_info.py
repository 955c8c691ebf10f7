# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant import calls
from ansible_collections.tenantops.qlik_cloud.tests.unit import event_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import USERS, expect_user, user_record
from ansible_collections.tenantops.qlik_cloud.tests.unit.event_calls import (
    AUDITS,
    KEY_DATA,
    TYPES,
    about,
    at,
    event_record,
    expect_all_events,
    expect_event,
    expect_type,
    found,
    result_of,
    validation_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, REFUSAL, page

pytestmark = pytest.mark.usefixtures("noon")
CREATED, OLD_CREATED = TYPES["created"]
SCIM = f"SCIM\\{IDP_ID}"
ENDED_WORDS = "The api key is either expired or revoked"


@pytest.mark.parametrize("check", [False, True])
def test_all_events_of_both_generations_are_returned_newest_first(run, wire, check):
    records = [
        at(9, "e1", TYPES["config_updated"][0], data={"maxKeysPerUser": 9}),
        at(8, "e2", TYPES["validation_failed"][1]),
        at(7, "e3", TYPES["deleted"][0]),
        at(6, "e4", TYPES["deleted"][1]),
        at(5, "e5", TYPES["created"][0], data=about("key-2")),
        at(4, "e6", TYPES["updated"][1]),
        at(3, "e7", TYPES["created"][1]),
    ]
    expect_all_events(wire, *reversed(records))
    result = run("api_key_event_info", check=check)
    assert found(result) == ["e1", "e2", "e3", "e4", "e5", "e6", "e7"]
    assert (result.results["changed"], result.results["truncated"]) == (False, False)
    assert result.warnings == []


def test_nothing_found_is_an_empty_list(run, wire):
    expect_all_events(wire)
    assert run("api_key_event_info").results == {"changed": False, "events": [], "truncated": False}


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize(
    ("event", "fields", "expected"),
    [
        ("created", {}, {}),
        ("updated", {"extensions": {"updates": "description"}}, {"detail": "description"}),
        (
            "updated",
            {"extensions": {"updates": [{"path": "/x", "new": "é"}]}},
            {"detail": '[{"path": "/x", "new": "é"}]'},
        ),
        ("deleted", {"data": {**KEY_DATA, "status": "revoked"}}, {"outcome": "revoked"}),
        ("deleted", {"data": {**KEY_DATA, "status": "deleted"}}, {"outcome": "deleted"}),
        ("deleted", {"data": {**KEY_DATA, "status": "lost"}}, {}),
        ("created", {"data": {**KEY_DATA, "status": "revoked"}}, {}),
        ("created", {"userId": None, "extensions": None}, {"user_id": None}),
    ],
)
def test_what_an_event_of_a_key_tells(run, wire, is_old, event, fields, expected):
    expect_event(wire, event, event_record(TYPES[event][is_old], **fields))
    assert run("api_key_event_info", event=event).results["events"] == [result_of(event, **expected)]


OF_A_VALIDATION = result_of(
    "validation_failed",
    description=None,
    sub=SCIM,
    sub_type="externalClient",
    expiry=None,
    code="APIKEYS-18",
    detail=ENDED_WORDS,
)


def test_a_failed_validation_tells_why_and_not_the_keys_description(run, wire):
    expect_event(wire, "validation_failed", validation_record())
    assert run("api_key_event_info", event="validation_failed").results["events"] == [OF_A_VALIDATION]


@pytest.mark.parametrize("is_named_above", [True, False])
def test_the_key_of_a_failed_validation_may_be_told_in_three_places(run, wire, is_named_above):
    data = {"id": "data-id", "sub": f"SCIM\\\\{IDP_ID}", "jti": "jti", "code": "C", "description": "d", "subType": "s"}
    extensions = {"topLevelResourceId": "above"} if is_named_above else {}
    record = validation_record(TYPES["validation_failed"][1], data=data, extensions=extensions)
    for named in ("above", "jti", "data-id"):
        expect_event(wire, "validation_failed", record)
        events = run("api_key_event_info", event="validation_failed", id=named).results["events"]
        is_known = is_named_above or named != "above"
        assert [event["key_id"] for event in events] == (["above" if is_named_above else "jti"] if is_known else [])
        assert [event["sub"] for event in events] == ([f"SCIM\\\\{IDP_ID}"] if is_known else [])


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        (
            {"data": {"apiKeysEnabled": True, "maxKeysPerUser": "9", "scimExternalClientExpiry": "P1D", "other": "x"}},
            "api_keys_enabled: true, max_keys_per_user: 9, scim_external_client_expiry: P1D",
        ),
        ({"data": {"maxKeysPerUser": 9, "maxApiKeyExpiry": ["x"]}}, "max_keys_per_user: 9"),
        ({"data": {"maxKeysPerUser": 9}, "extensions": {"updates": {"a": 1}}}, '{"a": 1}'),
        ({"data": {}}, None),
        ({"data": None, "extensions": {"updates": []}}, None),
    ],
)
def test_a_change_of_the_config_tells_what_was_changed_or_how_it_is(run, wire, fields, detail):
    expect_event(wire, "config_updated", event_record(TYPES["config_updated"][0], **fields))
    [event] = run("api_key_event_info", event="config_updated").results["events"]
    nothing = dict.fromkeys(("key_id", "description", "sub", "sub_type", "expiry"))
    assert event == result_of("config_updated", **nothing, detail=detail)


@pytest.mark.parametrize(
    ("options", "span"),
    [
        ({}, "2026-11-15T12:00:00.000Z/2026-11-23T12:00:00.000Z"),
        ({"since": "PT12H"}, "2026-11-22T00:00:00.000Z/2026-11-23T12:00:00.000Z"),
        ({"since": "P1M", "until": "P1D"}, "2026-10-22T12:00:00.000Z/2026-11-21T12:00:00.000Z"),
        (
            {"since": "2026-11-01T02:00:00+02:00", "until": "2026-11-02T00:00:00.5Z"},
            "2026-11-01T00:00:00.000Z/2026-11-02T00:00:00.500Z",
        ),
        # As YAML reads a time without quotes.
        ({"since": "2026-11-01 00:00:00+00:00"}, "2026-11-01T00:00:00.000Z/2026-11-23T12:00:00.000Z"),
        ({"since": "2026-11-01 00:00:00"}, "2026-11-01T00:00:00.000Z/2026-11-23T12:00:00.000Z"),
        ({"since": " P1D "}, "2026-11-21T12:00:00.000Z/2026-11-23T12:00:00.000Z"),
        ({"since": "2026-11-01T00:00:00Z", "until": "PT1H"}, "2026-11-01T00:00:00.000Z/2026-11-22T11:00:00.000Z"),
    ],
)
def test_the_service_is_asked_for_the_span(run, wire, options, span):
    expect_all_events(wire, span=span)
    assert run("api_key_event_info", **options).warnings == []


def test_just_as_many_days_as_the_log_reaches_are_asked_for_without_a_warning(run, wire):
    expect_event(wire, "created", span="2026-08-24T12:00:00.000Z/2026-11-23T12:00:00.000Z")
    assert run("api_key_event_info", since="P90D", event="created").warnings == []


def test_of_what_happened_at_the_same_time_that_which_follows_comes_first(run, wire):
    names = ["created", "updated", "deleted", "validation_failed"]
    expect_all_events(wire, *(at(1, name, TYPES[name][0]) for name in names))
    assert found(run("api_key_event_info")) == names[::-1]


@pytest.mark.parametrize(("since", "begin"), [("P1Y", "2025-11-22"), ("P9999Y", "0001-01-01")])
def test_that_the_log_does_not_reach_so_far_is_told(run, wire, since, begin):
    time = "T12:00:00.000Z" if since == "P1Y" else "T00:00:00.000Z"
    expect_event(wire, "created", span=f"{begin}{time}/2026-11-23T12:00:00.000Z")
    [warning] = run("api_key_event_info", since=since, event="created").warnings
    assert "keeps 90 days in its audit log" in warning


def test_what_happened_at_other_times_is_left_out_if_it_comes_all_the_same(run, wire):
    times = {
        "late": "2026-11-21T12:00:00.001Z",
        "last": "2026-11-21T12:00:00.000Z",
        "zone": "2026-11-21T02:00:00+02:00",
        "first": "2026-11-20T00:00:00.000Z",
        "early": "2026-11-19T23:59:59.999Z",
    }
    records = [event_record(event_id=name, eventTime=time, data=about(name)) for name, time in times.items()]
    expect_event(wire, "created", *records, span="2026-11-20T00:00:00.000Z/2026-11-21T12:00:00.000Z")
    result = run("api_key_event_info", event="created", since="2026-11-20T00:00:00Z", until="P1D")
    assert found(result) == ["last", "zone", "first"]
    assert result.results["events"][1]["time"] == times["zone"]


def test_without_until_what_the_tenant_wrote_a_moment_ago_is_found_though_its_clock_is_ahead(run, wire):
    expect_event(wire, "created", event_record(eventTime="2026-11-22T12:05:00.000Z"))
    assert found(run("api_key_event_info", event="created")) == ["event-1"]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"id": "key-1"}, ["e1", "e3"]),
        ({"id": "key-9"}, []),
        ({"sub": SCIM}, ["e2", "e3"]),
        ({"sub": f"SCIM\\\\{IDP_ID}"}, ["e2", "e3"]),
        ({"idp_id": IDP_ID}, ["e2", "e3"]),
        ({"idp_id": "another"}, []),
        ({"id": "key-1", "idp_id": IDP_ID}, ["e3"]),
    ],
)
def test_events_are_found_by_key_and_subject_and_then_those_of_the_config_are_not_asked_for(run, wire, options, ids):
    records = {
        "created": [
            at(9, "e1"),
            at(8, "e2", data={**about("key-2"), "sub": f"SCIM\\\\{IDP_ID}", "subType": "externalClient"}),
            at(6, "e4", data={"description": "of nobody's"}),
        ],
        "updated": [],
        "deleted": [],
        "validation_failed": [{**validation_record(), "id": "e3", "eventTime": "2026-11-22T11:07:00Z"}],
    }
    for event, listed in records.items():
        expect_event(wire, event, *listed)
    assert found(run("api_key_event_info", **options)) == ids


@pytest.mark.parametrize("name", ["user-1@example.com", "USER-1@example.com", "auth0|user-1", "user-1"])
def test_a_user_may_be_named_by_id_mail_or_subject(run, wire, name):
    expect_user(wire, name, user_record("user-1"))
    theirs = at(9, "theirs", data={**KEY_DATA, "sub": "user-1"})
    expect_event(wire, "created", theirs, at(8, "of another"))
    assert found(run("api_key_event_info", event="created", sub=name)) == ["theirs"]
    expect_user(wire, name, user_record("user-1"))
    ignoring = at(9, "theirs", userId="user-1"), at(8, "by another"), at(7, "by nobody", userId=None)
    expect_event(wire, "created", *ignoring, userId="user-1")
    assert found(run("api_key_event_info", event="created", user_id=name)) == ["theirs"]


def test_what_a_deleted_user_did_is_found_by_the_id(run, wire):
    expect_user(wire, "gone-1", user_record("gone-1", status="deleted"))
    expect_event(wire, "created", event_record(userId="gone-1"), userId="gone-1")
    assert found(run("api_key_event_info", event="created", user_id="gone-1")) == ["event-1"]


@pytest.mark.parametrize("option", ["sub", "user_id"])
@pytest.mark.parametrize(
    ("name", "users", "message"),
    [
        (
            "nobody@example.com",
            [],
            "no user of the tenant has 'nobody@example.com' for an id, e-mail address or subject.",
        ),
        ("no body", [], "no user of the tenant has 'no body' for an id"),
        (
            "x@example.com",
            [user_record(user_id, email="x@example.com") for user_id in ("u2", "u1")],
            "'x@example.com' is more than one user: user 'Name of u2' (u2), user 'Name of u1' (u1). Give the id",
        ),
    ],
)
def test_a_name_that_is_nobodys_or_that_several_have_is_told_with_the_option(run, wire, option, name, users, message):
    expect_user(wire, name, *users)
    assert run("api_key_event_info", **{option: name}).message.startswith(f"{option}: {message}")


def test_an_id_wins_over_another_users_subject(run, wire):
    expect_user(wire, "u1", user_record("u2", subject="u1"), user_record("u1"))
    expect_event(wire, "created", userId="u1")
    assert found(run("api_key_event_info", event="created", user_id="u1")) == []


def test_the_limit_is_kept_over_all_types_and_stops_the_paging(run, wire):
    expect_type(wire, CREATED).answers(
        json=page(
            *(at(minute, f"c{minute}", data=about(f"k{minute}")) for minute in (50, 30, 20)), next={"href": "?n=2"}
        )
    )
    expect_type(wire, OLD_CREATED).answers(json=page(at(40, "o40", OLD_CREATED)))
    result = run("api_key_event_info", event="created", limit=2)
    assert found(result) == ["c50", "o40"]
    assert result.results["truncated"] is True


def test_the_limit_is_not_reached_until_as_many_events_fit(run, wire):
    expect_type(wire, CREATED).answers(json=page(at(9, "other", data=about("x")), next={"href": "?n=2"}))
    wire.expects("GET", AUDITS, query={"n": "2"}).answers(json=page(at(8, "first"), at(7, "second")))
    expect_type(wire, OLD_CREATED).answers(json=page())
    result = run("api_key_event_info", event="created", id="key-1", limit=2)
    assert found(result) == ["first", "second"]
    assert result.results["truncated"] is False


def test_pages_are_followed_to_the_end_in_every_type(run, wire):
    for event_type in TYPES["created"]:
        expect_type(wire, event_type).answers(
            json=page(at(9, f"{event_type} 1", event_type, data=about("a")), next={"href": f"{AUDITS}?next=x"})
        )
        wire.expects("GET", AUDITS, query={"next": "x"}).answers(
            json=page(at(8, f"{event_type} 2", event_type, data=about(event_type[:10])), next={"href": None})
        )
    # The first of each is the same happening.
    assert len(found(run("api_key_event_info", event="created"))) == 3


@pytest.mark.parametrize("bound", [("MAX_PAGES", 1), ("MAX_RECORDS", 1), ("MAX_BYTES", 1)])
def test_more_than_a_run_reads_is_cut_and_told(run, wire, monkeypatch, bound):
    monkeypatch.setattr(calls, *bound)
    links = {"next": {"href": "?n=2"}}
    expect_type(wire, CREATED).answers(json=page(at(9, "e1"), at(8, "e2", data=about("b")), **links))
    if bound[0] == "MAX_PAGES":
        wire.expects("GET", AUDITS, query={"n": "2"}).answers(json=page(next={"href": "?n=3"}))
    result = run("api_key_event_info", event=["created", "deleted"])
    assert found(result) == ["e1", "e2"]
    assert result.results["truncated"] is True


def test_a_list_that_ends_where_a_run_stops_reading_is_whole(run, wire, monkeypatch):
    monkeypatch.setattr(calls, "MAX_RECORDS", 1)
    expect_type(wire, CREATED).answers(json=page())
    expect_type(wire, OLD_CREATED).answers(json=page(at(9, "e1", OLD_CREATED), at(8, "e2", OLD_CREATED)))
    result = run("api_key_event_info", event="created")
    assert (found(result), result.results["truncated"]) == (["e2", "e1"][::-1], False)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_what_is_told_under_both_names_is_returned_once(run, wire, seconds):
    time = (datetime(2026, 11, 22, 9, 15, tzinfo=timezone.utc) + timedelta(seconds=seconds)).isoformat()
    expect_event(wire, "created", event_record(), event_record(OLD_CREATED, "old", eventTime=time))
    assert found(run("api_key_event_info", event="created")) == ["event-1"]


@pytest.mark.parametrize(
    "old",
    [
        {"eventTime": "2026-11-22T09:14:58.000Z"},
        {"data": {**KEY_DATA, "id": "key-2"}},
        {"data": {}},
    ],
)
def test_what_is_not_the_same_is_returned_twice(run, wire, old):
    expect_event(wire, "created", event_record(), event_record(OLD_CREATED, "old", **old))
    assert set(found(run("api_key_event_info", event="created"))) == {"event-1", "old"}


def test_who_may_not_read_the_log_is_told_what_it_takes(run, wire):
    expect_type(wire, CREATED).answers(403)
    assert "this call needs the role TenantAdmin" in run("api_key_event_info").message


def test_who_may_not_look_users_up_is_told_what_it_takes(run, wire):
    query = {"filter": 'id eq "u@x" or email eq "u@x" or subject eq "u@x"', "limit": "100"}
    wire.expects("GET", USERS, query=query).answers(403)
    assert "this call needs the role TenantAdmin" in run("api_key_event_info", user_id="u@x").message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"since": "last week"},
            "since: 'last week' is neither a time such as 2026-11-22T09:15:00Z (RFC 3339) nor a dur",
        ),
        ({"since": "2026-11-22"}, "since: '2026-11-22' is neither"),
        ({"since": "2026-02-30T00:00:00Z"}, "since: '2026-02-30T00:00:00Z' is neither"),
        ({"since": "P0D"}, "since: 'P0D' is neither"),
        ({"until": "-P1D"}, "until: '-P1D' is neither"),
        ({"until": ""}, "until: must not be empty"),
        ({"since": "P1D", "until": "P1D"}, "since: P1D is not before until, P1D."),
        ({"since": "P1D", "until": "P2D"}, "since: P1D is not before until, P2D."),
        ({"since": "2026-11-22T00:00:00Z", "until": "P1D"}, "since: 2026-11-22T00:00:00Z is not before until, P1D."),
        ({"until": "2026-11-01T00:00:00Z"}, "since: P7D is not before until, 2026-11-01T00:00:00Z."),
        ({"since": "2062-11-22T00:00:00Z"}, "since: 2062-11-22T00:00:00Z is in the future."),
        ({"event": []}, "event: is empty"),
        ({"event": ["revoked"]}, "event"),
        ({"event": "config_updated", "id": "k"}, "event: config_updated is about no key, so id cannot be given"),
        (
            {"event": "config_updated", "idp_id": "k"},
            "event: config_updated is about no key, so idp_id cannot be given",
        ),
        ({"id": "a b"}, "id: 'a b' is not an id"),
        ({"sub": " "}, "sub: must not be empty"),
        ({"user_id": "u\u200b"}, "user_id: has characters that are not to be seen"),
        ({"sub": "u", "idp_id": "i"}, "mutually exclusive: sub|idp_id"),
        ({"limit": 0}, "limit: 0 is less than 1"),
        ({"limit": -5}, "limit: -5 is less than 1"),
        ({"limit": "many"}, "limit"),
    ],
)
def test_bad_input_is_told_by_its_option_before_any_request(run, wire, options, message):
    assert message in run("api_key_event_info", **options).message
    assert wire.sent == []


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    span = "2026-11-22T00:00:00.000Z/2026-11-23T00:00:00.000Z"
    between = dict(zip(("since", "until"), span.split("/")))
    event_calls.expect_all_events(wire, event_calls.event_record(), event_calls.validation_record(), span=span)
    found = run("api_key_event_info", **between).results
    event_calls.expect_type(wire, event_calls.TYPES["created"][0], span=span).answers(403, json=REFUSAL)
    return [found, run("api_key_event_info", **between).results]
