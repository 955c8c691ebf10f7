# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes to a key that the tenant accepted: what became of the key is read back, from the record or from the list."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NotFoundError,
    RefusedError,
    TenantStateError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKeys
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import page, record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    LIST,
    expect_listing,
    expect_no_record,
    expect_record,
    expect_retirement,
)

KEY = f"{KEYS}/key-1"
PATCH = [{"op": "replace", "path": "/description", "value": "weekly"}]
REVOKED = record(status="revoked")
EXPIRED = record(status="expired")
PAGE_OF_A_GATEWAY = "<html>no such page</html>"
# Answers to a look that do not tell what became of the key.
BLIND = {
    "401": {"status": 401},
    "403": {"status": 403},
    "500": {"status": 500},
    "404 of a gateway": {"status": 404, "text": PAGE_OF_A_GATEWAY},
    "no record": {"json": {"id": "key-1"}},
    "another key's record": {"json": record("key-2")},
    "a page": {"text": "<html>sign in</html>"},
}


@pytest.fixture
def api_keys(calls) -> ApiKeys:
    return ApiKeys(calls)


@pytest.fixture
def own_token() -> str:
    """The token of the very key that is written to."""
    return token_of("key-1")


@pytest.fixture
def signed_in_with_it(calls, own_token) -> ApiKeys:
    return ApiKeys(calls.sign_in_with(own_token))


@pytest.fixture(params=BLIND)
def blind(request) -> dict:
    return BLIND[request.param]


@pytest.mark.parametrize(("left", "outcome"), [(None, "deleted"), (REVOKED, "revoked"), (EXPIRED, "revoked")])
def test_what_became_of_a_retired_key_is_read_back_at_once(wire, api_keys, waits, left, outcome):
    expect_retirement(wire, "key-1", left)
    assert api_keys.retire("key-1") == outcome
    assert waits == []


@pytest.mark.parametrize(("left", "outcome"), [(None, "deleted"), (REVOKED, "revoked")])
@pytest.mark.parametrize("late", [1, 2, 3])
def test_a_deletion_that_is_seen_late_is_waited_for(wire, api_keys, waits, late, left, outcome):
    wire.expects("DELETE", KEY).answers(204)
    for _look in range(late):
        expect_record(wire, record())
    if left is None:
        expect_no_record(wire, "key-1")
    else:
        expect_record(wire, left)
    assert api_keys.retire("key-1") == outcome
    assert waits == [1.0, 2.0, 4.0][:late]


def test_a_key_that_outlives_its_deletion_is_an_error_after_four_looks(wire, api_keys, waits):
    wire.expects("DELETE", KEY).answers(204)
    for _look in range(4):
        expect_record(wire, record())
    with pytest.raises(TenantStateError) as failed:
        api_keys.retire("key-1")
    assert str(failed.value) == "The tenant accepted the deletion of API key key-1, yet it is still active."
    assert waits == [1.0, 2.0, 4.0]


def test_a_key_that_is_gone_already_counts_as_deleted_in_the_tenants_own_words(wire, api_keys):
    wire.expects("DELETE", KEY).answers(404)
    assert api_keys.retire("key-1") == "deleted"


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [
        ([], "deleted"),
        ([record("key-2")], "deleted"),
        ([record("key-2"), REVOKED], "revoked"),
        ([EXPIRED], "revoked"),
    ],
)
def test_what_became_of_a_key_that_cannot_be_read_back_is_told_from_the_list(wire, api_keys, blind, listed, outcome):
    wire.expects("DELETE", KEY).answers(204)
    wire.expects("GET", KEY).answers(**blind)
    expect_listing(wire, *listed)
    assert api_keys.retire("key-1") == outcome


def test_the_list_is_asked_also_when_only_a_later_look_fails(wire, api_keys, waits):
    wire.expects("DELETE", KEY).answers(204)
    expect_record(wire, record())
    wire.expects("GET", KEY).answers(500)
    expect_listing(wire, REVOKED)
    assert api_keys.retire("key-1") == "revoked"
    assert waits == [1.0]


def test_the_whole_list_is_read_before_a_key_counts_as_not_listed(wire, api_keys):
    wire.expects("DELETE", KEY).answers(204)
    wire.expects("GET", KEY).answers(500)
    first = page(record("key-2"), next={"href": f"{KEYS}?n=2"})
    wire.expects("GET", KEYS, query=LIST).answers(json=first)
    wire.expects("GET", KEYS, query={"n": "2"}).answers(json=page(REVOKED))
    assert api_keys.retire("key-1") == "revoked"


@pytest.mark.parametrize(
    "listing",
    [
        {"status": 403},
        {"status": 500},
        {"status": 404, "text": PAGE_OF_A_GATEWAY},
        {"status": 404},
        {"text": PAGE_OF_A_GATEWAY},
        # The key is listed as it was: the list may lag behind, but nothing says that the key has ended.
        {"json": page(record())},
        # An odd record may be that of the key.
        {"json": page({**record(), "id": None})},
        {"json": page(REVOKED, record("key-1b", status=None))},
    ],
    ids=["403", "500", "404 of a gateway", "404", "a page", "still active", "a record without id", "an odd record"],
)
def test_a_deletion_that_neither_record_nor_list_tells_of_is_an_error_that_tells_the_first_refusal(
    wire, api_keys, listing
):
    wire.expects("DELETE", KEY).answers(204)
    wire.expects("GET", KEY).answers(403)
    wire.expects("GET", KEYS, query=LIST).answers(**listing)
    with pytest.raises(TenantStateError) as failed:
        api_keys.retire("key-1")
    message = str(failed.value)
    assert message.startswith(
        "The tenant accepted the deletion of API key key-1, but that it has ended could not be seen. "
        f"GET {KEY} was refused with 403 (Forbidden)"
    )
    assert message.endswith(" Run again.")


def test_one_active_record_among_two_of_the_same_id_leaves_the_end_of_the_key_unseen(wire, api_keys):
    """Pages that shift give a record twice; the first is believed, as ``Calls.pages`` says."""
    wire.expects("DELETE", KEY).answers(204)
    wire.expects("GET", KEY).answers(500)
    expect_listing(wire, record(), REVOKED)
    with pytest.raises(TenantStateError, match="could not be seen"):
        api_keys.retire("key-1")


def test_the_key_that_one_signs_in_with_is_deleted_when_it_opens_nothing_any_more(wire, signed_in_with_it, own_token):
    wire.expects("DELETE", KEY, bearer=own_token).answers(204)
    wire.expects("GET", KEY, bearer=own_token).answers(401)
    assert signed_in_with_it.retire("key-1") == "deleted"


def test_a_401_with_the_key_that_one_signs_in_with_tells_nothing_of_other_keys(wire, signed_in_with_it, own_token):
    wire.expects("DELETE", f"{KEYS}/key-2", bearer=own_token).answers(204)
    wire.expects("GET", f"{KEYS}/key-2", bearer=own_token).answers(401)
    wire.expects("GET", KEYS, query=LIST, bearer=own_token).answers(401)
    with pytest.raises(TenantStateError, match="deletion of API key key-2, but that it has ended could not be seen"):
        signed_in_with_it.retire("key-2")


@pytest.mark.parametrize(("status", "kind"), [(401, UnauthorizedError), (403, ForbiddenError), (405, RefusedError)])
def test_a_refused_retirement_is_told(wire, api_keys, status, kind):
    wire.expects("DELETE", KEY).answers(status)
    with pytest.raises(kind, match=f"DELETE {KEY} was refused with {status}"):
        api_keys.retire("key-1")


@pytest.mark.parametrize("status", [400, 409, 410, 422])
@pytest.mark.parametrize(
    ("left", "outcome"),
    [
        ({"status": 404}, "deleted"),
        ({"json": EXPIRED}, "revoked"),
        ({"json": REVOKED}, "revoked"),
        ({"json": record()}, None),
        ({"status": 500}, None),
        ({"status": 401}, None),
        ({"status": 404, "text": PAGE_OF_A_GATEWAY}, None),
    ],
)
def test_a_retirement_refused_because_the_key_has_ended_meanwhile_is_none(wire, api_keys, status, left, outcome):
    wire.expects("DELETE", KEY).answers(status)
    wire.expects("GET", KEY).answers(**left)
    if outcome:
        assert api_keys.retire("key-1") == outcome
    else:
        with pytest.raises(RefusedError, match=f"DELETE {KEY} was refused with {status}"):
            api_keys.retire("key-1")


def test_a_key_is_renamed_by_a_json_patch_and_seen_to_have_its_new_description(wire, api_keys, waits):
    wire.expects("PATCH", KEY, json=PATCH).answers(204)
    expect_record(wire, record(description="weekly"))
    assert api_keys.rename("key-1", "weekly") is None
    assert waits == []


@pytest.mark.parametrize("late", [1, 2, 3])
def test_a_new_description_that_is_seen_late_is_waited_for(wire, api_keys, waits, late):
    wire.expects("PATCH", KEY, json=PATCH).answers(204)
    for _look in range(late):
        expect_record(wire, record())
    expect_record(wire, record(description="weekly"))
    assert api_keys.rename("key-1", "weekly") is None
    assert waits == [1.0, 2.0, 4.0][:late]


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("nightly reload", "'nightly reload'"),
        # A rival renamed the key right after; its description is not overwritten.
        ("hourly", "'hourly'"),
        ("x" * 200, f"'{'x' * 100}…'"),
    ],
)
def test_a_key_that_does_not_get_its_new_description_is_an_error(wire, api_keys, waits, description, message):
    wire.expects("PATCH", KEY, json=PATCH).answers(204)
    for _look in range(4):
        expect_record(wire, record(description=description))
    with pytest.raises(TenantStateError) as failed:
        api_keys.rename("key-1", "weekly")
    assert str(failed.value) == (
        f"The tenant accepted the new description of API key key-1, yet the key is called {message}."
    )
    assert waits == [1.0, 2.0, 4.0]


def test_a_key_that_goes_while_it_is_renamed_is_an_error(wire, api_keys):
    wire.expects("PATCH", KEY, json=PATCH).answers(204)
    for _look in range(4):
        expect_no_record(wire, "key-1")
    with pytest.raises(TenantStateError, match="API key key-1, yet the key has no record any more"):
        api_keys.rename("key-1", "weekly")


def test_a_key_whose_record_cannot_be_read_after_its_renaming_is_an_error_of_the_look(wire, api_keys, blind):
    wire.expects("PATCH", KEY, json=PATCH).answers(204)
    wire.expects("GET", KEY).answers(**blind)
    with pytest.raises((RefusedError, UnusableAnswerError), match=f"^GET {KEY} was") as failed:
        api_keys.rename("key-1", "weekly")
    assert not isinstance(failed.value, NotFoundError)
