# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKeys, sort_newest_first
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    USER_ID,
    api_key,
    page,
    record,
    refused,
    result_of,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

PATH = "/api/v1/api-keys"
NOW = datetime(2026, 11, 22, 9, 15, tzinfo=timezone.utc)
LIST = {"sort": "-created", "limit": "100"}


@pytest.fixture
def api_keys(calls) -> ApiKeys:
    return ApiKeys(calls)


def test_keys_are_listed_newest_first_a_hundred_at_a_time(wire, api_keys):
    wire.expects("GET", PATH, query=LIST).answers(json=page(record("a"), scim_record("b")))
    assert [key.as_result() for key in api_keys.list()] == [result_of(record("a")), result_of(scim_record("b"))]


def test_filters_are_sent_with_the_services_names_and_percent_encoded(wire, api_keys):
    wire.expects("GET", PATH, query={**LIST, "status": "active", "sub": "SCIM\\a+b"}).answers(json=page())
    assert list(api_keys.list(status="active", sub="SCIM\\a+b", createdByUser=None)) == []
    assert "sub=SCIM%5Ca%2Bb" in wire.sent[0].url


def test_250_keys_take_exactly_three_requests_by_absolute_relative_and_null_links(wire, api_keys):
    keys = [record(f"key-{number}") for number in range(250)]
    absolute = {"href": f"{BASE}{PATH}?limit=100&startingAfter=key-99"}
    relative = {"href": f"{PATH}?limit=100&startingAfter=key-199"}
    wire.expects("GET", PATH, query=LIST).answers(json=page(*keys[:100], next=absolute))
    wire.expects("GET", PATH, query={"limit": "100", "startingAfter": "key-99"}).answers(
        json=page(*keys[100:200], next=relative)
    )
    wire.expects("GET", PATH, query={"limit": "100", "startingAfter": "key-199"}).answers(
        json=page(*keys[200:], next={"href": None})
    )
    assert [key.id for key in api_keys.list()] == [key["id"] for key in keys]


def test_a_record_may_lack_times_and_have_more_fields(wire, api_keys):
    short = {name: record()[name] for name in ("id", "description", "status", "sub", "subType")}
    wire.expects("GET", f"{PATH}/key-1").answers(json={**short, "newField": {"a": 1}})
    unknown = {"expiry": None, "created": None, "last_updated": None, "created_by_user": None, "tenant_id": None}
    assert api_keys.get("key-1").as_result() == {**result_of(record()), **unknown}


@pytest.mark.parametrize("name", ["id", "description", "status", "sub", "subType"])
def test_a_record_without_a_field_that_decides_cannot_be_used(wire, api_keys, name):
    wire.expects("GET", f"{PATH}/key-1").answers(json={**record(), name: None})
    with pytest.raises(UnusableAnswerError, match=f"with a record, API key .*, that has no usable '{name}'"):
        api_keys.get("key-1")


def test_a_key_that_is_not_there_is_none(wire, api_keys):
    wire.expects("GET", f"{PATH}/a%2Fb").answers(404, json=refused("APIKEYS-4", "Not found"))
    assert api_keys.get("a/b") is None


@pytest.mark.parametrize(
    ("wanted", "body"),
    [
        (("nightly", None, "user", None), {"description": "nightly", "subType": "user"}),
        (
            ("entra", "SCIM\\idp-1", "externalClient", "P30D"),
            {"description": "entra", "subType": "externalClient", "sub": "SCIM\\idp-1", "expiry": "P30D"},
        ),
    ],
)
def test_a_key_is_made_from_what_is_given_and_its_token_is_returned_beside_the_record(wire, api_keys, wanted, body):
    wire.expects("POST", PATH, json=body).answers(201, json={**record(), "token": token_of("key-1")})
    key, token = api_keys.create(*wanted)
    assert (key, token) == (api_key(), token_of("key-1"))
    assert token not in repr(key)


@pytest.mark.parametrize("token", [None, "", 5])
def test_a_key_that_was_made_without_a_token_is_told_by_its_record(wire, api_keys, token):
    wire.expects("POST", PATH, json={"description": "d", "subType": "user"}).answers(
        201, json={**record(), "token": token}
    )
    assert api_keys.create("d", None, "user", None) == (api_key(), None)


@pytest.mark.parametrize(
    ("sub", "sub_type", "advice"),
    [
        (None, "user", ""),
        ("user-2", "user", " A key for another user is made by signing in as that user: by impersonation "),
        ("SCIM\\idp-1", "externalClient", " A SCIM key needs the role TenantAdmin as well."),
    ],
)
def test_a_refused_creation_names_the_right_the_modules_that_give_it_and_what_that_key_takes(
    wire, api_keys, sub, sub_type, advice
):
    body = {"description": "d", "subType": sub_type, **({} if sub is None else {"sub": sub})}
    wire.expects("POST", PATH, json=body).answers(403)
    with pytest.raises(ForbiddenError) as refused_creation:
        api_keys.create("d", sub, sub_type, None)
    _before, _needs, message = str(refused_creation.value).partition("this call needs the Manage API keys permission")
    assert "tenantops.qlik_cloud.api_key_permission gives that permission or role" in message
    begins, _switch, end = message.partition("tenantops.qlik_cloud.api_key_config turns the switch on.")
    assert end.startswith(advice) and (advice or not end) and "another user" not in begins


@pytest.mark.parametrize(
    ("expiry", "seconds"),
    [
        ("2026-11-22T09:16:00.000Z", 60),
        ("2026-11-22T09:14:00.000Z", -60),
        ("2026-11-22T10:15:00+01:00", 0),
        (None, None),
        ("never", None),
    ],
)
def test_the_time_left_is_in_seconds_and_negative_when_past(expiry, seconds):
    assert api_key(expiry=expiry).expires_in(NOW) == seconds


@pytest.mark.parametrize(
    ("differences", "active"),
    [
        ({}, True),
        ({"expiry": None}, True),
        ({"status": "revoked"}, False),
        ({"status": "expired"}, False),
        ({"expiry": "2026-11-22T09:15:00Z"}, False),
        ({"expiry": (NOW + timedelta(seconds=2)).isoformat()}, True),
    ],
)
def test_a_key_is_active_by_its_status_and_by_the_clock(differences, active):
    assert api_key(**differences).is_active(NOW) is active


def test_the_newest_key_comes_first_and_one_of_unknown_age_last():
    keys = [
        api_key("old", created="2026-01-01T00:00:00Z"),
        api_key("ageless", created=None),
        # An hour earlier than it seems.
        api_key("middle", created="2026-01-02T00:30:00+01:00"),
        api_key("new", created="2026-01-02T00:00:00Z"),
    ]
    assert [key.id for key in sort_newest_first(keys)] == ["new", "middle", "old", "ageless"]


def test_the_record_of_another_key_cannot_be_used(wire, api_keys):
    wire.expects("GET", f"{PATH}/key-1").answers(json=record("key-2"))
    with pytest.raises(UnusableAnswerError, match="with the record of another API key, key-2"):
        api_keys.get("key-1")


def test_a_listed_record_that_cannot_be_used_is_left_out_unless_something_depends_on_it(wire, api_keys):
    odd = record("key-2", status=None)
    wire.expects("GET", PATH, query=LIST).answers(json=page(record("key-1"), odd, record("key-3")))
    assert [key.id for key in api_keys.list()] == ["key-1", "key-3"]
    wire.expects("GET", PATH, query=LIST).answers(json=page(record("key-1"), odd))
    with pytest.raises(UnusableAnswerError, match="API key key-2, that has no usable 'status'"):
        list(api_keys.list(is_needed=lambda fields: fields["id"] == "key-2"))


def test_the_requesters_own_keys_are_asked_for_by_their_owner(wire, api_keys):
    wire.expects("GET", PATH, query={**LIST, "createdByUser": USER_ID}).answers(json=page())
    assert list(api_keys.list(createdByUser=USER_ID)) == []
