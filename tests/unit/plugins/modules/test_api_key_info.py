# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit import directory, tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    CREATED,
    FAR_AWAY,
    IDP_ID,
    LONG_PAST,
    REFUSAL,
    USER_ID,
    page,
    record,
    result_of,
    scim_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    LIST,
    expect_listing,
    expect_no_record,
    expect_record,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def found(result) -> list[str]:
    return [key["id"] for key in result.results["api_keys"]]


@pytest.mark.parametrize("check", [False, True])
def test_keys_are_returned_newest_first_with_the_seconds_they_have_left(run, wire, noon, check):
    older = record("older", created="2026-01-01T00:00:00Z", expiry="2026-11-22T11:59:00Z", status="expired")
    newer = record("newer", created="2026-02-01T00:00:00Z", expiry="2026-11-22T12:02:00Z")
    expect_listing(wire, older, newer)
    result = run("api_key_info", check=check)
    first, second = result.results["api_keys"]
    assert first.items() >= {**result_of(newer), "successor": None, "expires_in": 120}.items()
    assert second.items() >= {**result_of(older), "successor": "newer", "expires_in": -60}.items()
    assert result.results["changed"] is False


def test_nothing_found_is_an_empty_list(run, wire):
    expect_listing(wire)
    assert run("api_key_info").results == {"changed": False, "api_keys": []}


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({}, {}),
        ({"sub": USER_ID}, {"sub": USER_ID}),
        ({"sub": f"SCIM\\{IDP_ID}"}, {}),
        ({"idp_id": IDP_ID}, {}),
        ({"created_by_user": "u9"}, {"createdByUser": "u9"}),
        ({"status": "revoked"}, {"status": "revoked"}),
        ({"status": ["active", "revoked"]}, {}),
        ({"description": "nightly"}, {}),
        ({"sub_type": "user"}, {}),
    ],
)
def test_the_service_filters_what_it_can(run, wire, options, asked):
    expect_listing(wire, record("key-1"), **asked)
    run("api_key_info", **options)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"description": "nightly reload"}, ["mine", "revoked", "ended"]),
        ({"description": "Entra"}, ["scim", "scim2"]),
        ({"sub_type": "externalClient"}, ["scim", "scim2"]),
        ({"idp_id": IDP_ID}, ["scim", "scim2"]),
        ({"sub": f"SCIM\\\\{IDP_ID}"}, ["scim", "scim2"]),
        ({"idp_id": "another"}, []),
        ({"sub_type": "user", "status": ["revoked", "expired"]}, ["revoked", "ended"]),
        ({"description": "nightly reload", "sub_type": "externalClient"}, []),
    ],
)
def test_what_the_service_cannot_filter_is_filtered_here_and_a_key_must_fit_all_of_it(run, wire, options, ids):
    wire.expects("GET", KEYS, query=LIST).answers(
        json=page(
            record("mine"),
            record("revoked", status="revoked"),
            record("ended", status="expired", expiry=LONG_PAST),
            scim_record("scim", description="Entra"),
            scim_record("scim2", description="Entra", sub=f"SCIM\\\\{IDP_ID}"),
        )
    )
    assert found(run("api_key_info", **options)) == ids


@pytest.mark.parametrize(
    ("span", "ids"),
    [
        ("PT2M", ["soon"]),
        ("P30D", ["soon", "later"]),
        ("P1M", ["soon", "later"]),
        ("P99999Y", ["soon", "later", "far"]),
    ],
)
def test_only_living_keys_expire_within_a_span(run, wire, noon, span, ids):
    expect_listing(
        wire,
        record("soon", expiry="2026-11-22T12:01:00Z"),
        record("later", expiry="2026-12-20T12:00:00Z"),
        record("far", expiry=FAR_AWAY),
        record("never", expiry=None),
        record("past", expiry="2026-11-22T11:59:00Z"),
        record("revoked", expiry="2026-11-22T12:01:00Z", status="revoked"),
    )
    assert found(run("api_key_info", expires_within=span)) == ids


@pytest.mark.parametrize("ahead", [timedelta(hours=25), timedelta(days=-400), timedelta(days=4000)])
def test_a_key_has_the_time_left_that_the_earlier_clock_says_and_a_clock_far_off_is_told(run, wire, noon, ahead):
    wire.now = NOON + ahead
    expect_listing(wire, record("key-1", expiry="2026-11-22T13:00:00Z"))
    result = run("api_key_info")
    left = timedelta(hours=1) - min(ahead, timedelta(0))
    assert [key["expires_in"] for key in result.results["api_keys"]] == [left.total_seconds()]
    [warning] = result.warnings
    assert (
        f"The tenant says that it is {NOON + ahead:%Y-%m-%d %H:%M} UTC, and this machine that it is 2026-11-22"
        in warning
    )


def test_one_key_by_its_id_takes_one_request(run, wire):
    expect_record(wire, record("key-1"))
    assert found(run("api_key_info", id="key-1")) == ["key-1"]


def test_an_id_that_does_not_exist_or_does_not_fit_gives_an_empty_list(run, wire):
    expect_no_record(wire, "key-9")
    expect_record(wire, record("key-1"))
    assert found(run("api_key_info", id="key-9")) == []
    assert found(run("api_key_info", id="key-1", description="other")) == []


def test_250_keys_take_exactly_three_requests(run, wire):
    keys = [record(f"key-{number}", created=CREATED) for number in range(250)]
    links = [{"href": f"{KEYS}?startingAfter=a"}, {"href": f"{wire.base}{KEYS}?startingAfter=b"}, {"href": None}]
    for number, query in enumerate([LIST, {"startingAfter": "a"}, {"startingAfter": "b"}]):
        part = keys[100 * number : 100 * number + 100]
        wire.expects("GET", KEYS, query=query).answers(json=page(*part, next=links[number]))
    assert found(run("api_key_info")) == [key["id"] for key in keys]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"id": ""}, "id: must not be empty"),
        ({"id": ".."}, "id: '..' is not an id"),
        ({"id": "a b"}, "id: 'a b' is not an id"),
        ({"idp_id": "i\u200b"}, "idp_id: has characters that are not to be seen"),
        ({"sub": "u\u200b"}, "sub: has characters that are not to be seen"),
        ({"created_by_user": "u\u200b"}, "created_by_user: has characters that are not to be seen"),
        ({"description": "a\x9b2J"}, "description: has characters that are not to be seen"),
        ({"description": " "}, "description: must not be empty"),
        ({"sub": ""}, "sub: must not be empty"),
        ({"idp_id": ""}, "idp_id: must not be empty"),
        ({"created_by_user": ""}, "created_by_user: must not be empty"),
        ({"sub": "u", "idp_id": "i"}, "mutually exclusive: sub|idp_id"),
        ({"idp_id": "i", "sub_type": "user"}, "sub_type: user contradicts idp_id"),
        ({"status": ["ended"]}, "status"),
        ({"sub_type": "robot"}, "sub_type"),
        ({"expires_within": "14 days"}, "expires_within: '14 days' is not an ISO 8601 duration"),
        ({"expires_within": "P0D"}, "expires_within: 'P0D' is not longer than zero"),
        ({"expires_within": "-P1D"}, "expires_within: '-P1D' is not longer than zero"),
        ({"expires_within": "P0.5Y"}, "expires_within: 'P0.5Y'"),
    ],
)
def test_bad_input_is_told_by_its_option_before_any_request(run, wire, options, expected):
    assert expected in run("api_key_info", **options).message
    assert wire.sent == []


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    tenant_calls.expect_listing(wire, record())
    directory.expect_generation(wire)
    directory.expect_all_roles(wire, directory.everybody("api-keys"))
    query = {"filter": f'id eq "{tenant_calls.USER_ID}"', "limit": "100"}
    wire.expects("GET", directory.USERS, query=query).answers(json=page(directory.user_record(tenant_calls.USER_ID)))
    found = run("api_key_info", with_owner=True).results
    for asked in ("sub", "createdByUser"):
        tenant_calls.expect_listing(wire, record(), **{asked: tenant_calls.USER_ID})
    of_owner = run("api_key_info", owner=tenant_calls.USER_ID).results
    wire.expects("GET", tenant_calls.KEYS, query=tenant_calls.LIST).answers(403, json=REFUSAL)
    return [found, of_owner, run("api_key_info").results]
