# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway that answers in the tenant's place: nothing ends, is overwritten or removed on its word."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import marker_of, record, refused, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    LIST,
    MINE,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_record,
    expect_requester,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")

PAGE = "<html><title>Not here</title></html>"
# Answers of 404 that have not the form in which the tenant refuses; and some more that say nothing.
NOT_THE_TENANTS = {
    "a page": {"status": 404, "text": PAGE},
    "nothing": {"status": 404, "text": ""},
    "JSON of another kind": {"status": 404, "json": {"message": "no Route matched with those values"}},
    "OAuth's words": {"status": 404, "json": {"error": "not_found", "error_description": "no such thing"}},
    "an error without a code": {"status": 404, "json": {"errors": [{"title": "Not found"}]}},
    "errors that are none": {"status": 404, "json": {"errors": ["gone"]}},
    "no errors": {"status": 404, "json": {"errors": []}},
    "gone": {"status": 410, "text": PAGE},
    "a page that says all is well": {"status": 200, "text": PAGE},
    "JSON that says all is well": {"status": 200, "json": {"ok": True}},
    "another key": {"status": 200, "json": record("another", status="revoked")},
    "a list": {"status": 200, "json": [record("old", status="revoked")]},
}


@pytest.fixture(params=NOT_THE_TENANTS)
def foreign(request) -> dict:
    return NOT_THE_TENANTS[request.param]


@dataclass(frozen=True)
class Ending:
    """A run that ends the key "old": how it is called, the active keys, what it does before, and how it is called in the end.

    ``held`` is the key whose token is stored at the beginning, ``left`` that at the end.
    """

    options: dict
    keys: tuple[dict, ...]
    held: str | None
    left: str | None
    creates: bool = False
    noted: dict | None = None


OLD, HELD = record("old", created=after(hours=-1)), record("held")
ENDINGS = {
    "absent": Ending({"state": "absent"}, (OLD,), "old", "old"),
    "succeeded": Ending({"overlap": "PT0S"}, (HELD, OLD), "held", "held"),
    "replaced": Ending({"on_lost_token": "replace"}, (OLD,), None, "new", creates=True),
    "proven": Ending({}, (OLD,), None, None, noted=marker_of(asked=after(hours=-1))),
    "room made": Ending({"retire_first": True, "force_renew": True}, (OLD,), "old", "old"),
}


@pytest.fixture(params=ENDINGS)
def ending(request, wire, stored, marker, let_doubt_pass) -> Ending:
    """One of the runs, as far as its request to end the key."""
    ending = ENDINGS[request.param]
    if ending.held:
        stored(ending.held)
    if ending.noted:
        marker.write_text(json.dumps(ending.noted))
        marker.chmod(0o600)
        let_doubt_pass()
    expect_my_keys(wire, *ending.keys)
    if ending.creates:
        expect_new_key(wire, "new")
    return ending


def check_nothing_ended(result, path, ending: Ending) -> None:
    assert result.results["failed"] is True
    assert "retire old" not in steps(result.results if "actions" in result.results else {"actions": []})
    assert (path.read_text() if path.exists() else None) == (token_of(ending.left) + "\n" if ending.left else None)
    assert path.with_name(f".{path.name}.qlik-pending").exists() or not ending.noted


def test_a_404_of_another_does_not_end_a_key_that_is_still_active(wire, path, ensure, ending):
    for _attempt in range(2):
        wire.expects("DELETE", f"{KEYS}/old").answers(404, text=PAGE)
        expect_record(wire, OLD)
    result = ensure(**ending.options)
    check_nothing_ended(result, path, ending)
    assert (
        "It is not in the form in which Qlik Cloud refuses, so a gateway or proxy may have answered." in result.message
    )


def test_nor_does_it_when_the_record_cannot_be_seen_either(wire, path, ensure, ending, foreign):
    wire.expects("DELETE", f"{KEYS}/old").answers(404, text=PAGE)
    wire.expects("GET", f"{KEYS}/old").answers(**foreign)
    check_nothing_ended(ensure(**ending.options), path, ending)


def test_a_deletion_that_was_accepted_counts_when_it_is_seen_in_the_list_at_least(wire, ensure, ending, foreign):
    wire.expects("DELETE", f"{KEYS}/old").answers(204)
    wire.expects("GET", f"{KEYS}/old").answers(**foreign)
    expect_listing(wire, record("another"))
    if ending.noted or "retire_first" in ending.options:
        expect_new_key(wire, "new")
    assert "retire old" in steps(ensure(**ending.options).results)


@pytest.mark.parametrize(
    "listed", [{"json": {"data": [OLD]}}, {"text": PAGE}, {"json": {"ok": True}}, {"status": 404, "text": PAGE}]
)
def test_and_does_not_when_it_is_not_seen_there(wire, path, ensure, ending, listed):
    wire.expects("DELETE", f"{KEYS}/old").answers(204)
    wire.expects("GET", f"{KEYS}/old").answers(404, text=PAGE)
    wire.expects("GET", KEYS, query=LIST).answers(**listed)
    result = ensure(**ending.options)
    check_nothing_ended(result, path, ending)
    assert "The tenant accepted the deletion of API key old, but that it has ended could not be seen." in result.message


def test_a_list_with_a_record_that_nobody_can_read_shows_nothing(wire, path, ensure, ending):
    """It may be that of the key."""
    wire.expects("DELETE", f"{KEYS}/old").answers(204)
    wire.expects("GET", f"{KEYS}/old").answers(404, text=PAGE)
    expect_listing(wire, {**OLD, "id": ["old"]})
    check_nothing_ended(ensure(**ending.options), path, ending)


@pytest.mark.parametrize(
    ("answer", "looks", "outcome"),
    [
        # The tenant's own word.
        ({"status": 404}, [], "deleted"),
        # Somebody's, and then the tenant's.
        ({"status": 404, "text": PAGE}, [{"status": 404}], "deleted"),
        ({"status": 404, "text": PAGE}, [{"json": {**OLD, "status": "revoked"}}], "revoked"),
        ({"status": 403, "text": PAGE}, [{"status": 404}], "deleted"),
        ({"status": 200, "text": PAGE}, [{"status": 404}], "deleted"),
        # It shows late.
        ({"status": 204}, [{"json": OLD}, {"json": OLD}, {"json": {**OLD, "status": "revoked"}}], "revoked"),
        ({"status": 204}, [{"json": OLD}, {"status": 404}], "deleted"),
    ],
)
def test_what_the_tenant_itself_says_counts(wire, ensure, ending, answer, looks, outcome):
    wire.expects("DELETE", f"{KEYS}/old").answers(**answer)
    for look in looks:
        wire.expects("GET", f"{KEYS}/old").answers(**look)
    if ending.noted or "retire_first" in ending.options:
        expect_new_key(wire, "new")
    actions = ensure(**ending.options).results["actions"]
    assert [action["outcome"] for action in actions if action["id"] == "old"] == [outcome]


def test_a_deletion_that_was_accepted_and_never_done_is_a_failure(wire, path, ensure, ending):
    wire.expects("DELETE", f"{KEYS}/old").answers(204)
    for _look in range(4):
        expect_record(wire, OLD)
    result = ensure(**ending.options)
    check_nothing_ended(result, path, ending)
    assert "The tenant accepted the deletion of API key old, yet it is still active." in result.message


@pytest.mark.parametrize("status", [400, 403, 409, 410, 422])
def test_a_refusal_by_the_tenant_of_a_key_that_is_active_is_sent_once(wire, path, ensure, ending, status):
    wire.expects("DELETE", f"{KEYS}/old").answers(status, json=refused("X", "No"))
    if status != 403:
        expect_record(wire, OLD)
    check_nothing_ended(ensure(**ending.options), path, ending)


def test_a_purge_ends_nothing_on_the_word_of_another(run, wire):
    expect_listing(wire, record("old"), status="active")
    for _attempt in range(2):
        wire.expects("DELETE", f"{KEYS}/old").answers(404, text=PAGE)
        expect_record(wire, record("old"))
    result = run("api_keys", keys=[], purge=True, purge_scope={"sub_type": "user"})
    assert result.message.startswith("purge: DELETE /api/v1/api-keys/old was refused with 404 (Not Found).")
    assert "actions" not in result.results


@pytest.mark.parametrize("policy", ["fail", "replace", "ignore"])
def test_an_empty_list_and_a_404_of_another_do_not_make_a_token_worthless(wire, path, stored, ensure, foreign, policy):
    token = stored("old")
    expect_my_keys(wire)
    wire.expects("GET", f"{KEYS}/old").answers(**foreign)
    result = ensure(on_lost_token=policy)
    assert "GET /api/v1/api-keys/old was" in result.message
    assert "changed" not in result.results
    assert path.read_text() == f"{token}\n"


@pytest.mark.parametrize("status", [400, 403, 422])
@pytest.mark.parametrize("policy", ["replace", "ignore"])
def test_nor_does_a_refusal_whoever_gave_it(wire, path, stored, ensure, status, policy):
    token = stored("old")
    expect_my_keys(wire)
    wire.expects("GET", f"{KEYS}/old").answers(status, text=PAGE)
    result = ensure(on_lost_token=policy)
    assert "of which this user and tenant know nothing. It was left as it is, and no key was made" in result.message
    assert path.read_text() == f"{token}\n"


def test_absent_leaves_the_token_of_a_key_that_only_another_calls_gone(wire, path, stored, ensure, foreign):
    token = stored("old")
    expect_my_keys(wire)
    wire.expects("GET", f"{KEYS}/old").answers(**foreign)
    assert "GET /api/v1/api-keys/old was" in ensure(state="absent").message
    assert path.read_text() == f"{token}\n"


@pytest.mark.parametrize("status", ["", "suspended", "Revoked"])
@pytest.mark.parametrize("is_listed", [True, False])
@pytest.mark.parametrize("how", [{"state": "absent"}, {"on_lost_token": "replace"}])
def test_a_status_that_nobody_knows_does_not_make_a_token_worthless(wire, path, stored, ensure, how, is_listed, status):
    token, odd = stored("old"), record("old", status=status)
    expect_my_keys(wire, *([odd] if is_listed else []))
    if not is_listed:
        wire.expects("GET", f"{KEYS}/old").answers(json=odd)
    assert "API key old, that has no usable 'status'" in ensure(**how).message
    assert path.read_text() == f"{token}\n"


@pytest.mark.parametrize(
    "answer", [{"text": PAGE}, {"json": {"ok": True}}, {"json": {"data": {}}}, {"json": [record("old")]}]
)
@pytest.mark.parametrize("how", [{}, {"state": "absent"}, {"on_lost_token": "replace"}])
def test_a_list_that_is_none_is_not_an_empty_one(wire, path, stored, ensure, answer, how):
    token = stored("old")
    expect_requester(wire)
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(**answer)
    result = ensure(**how)
    assert "Is this the address of a Qlik Cloud tenant?" in result.message
    assert path.read_text() == f"{token}\n"


def test_a_key_that_the_list_does_not_show_yet_is_found_by_its_token(wire, stored, ensure):
    stored("old")
    expect_my_keys(wire)
    expect_record(wire, record("old"))
    result = ensure(on_lost_token="replace")
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "old")


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("ahead", [timedelta(hours=25), timedelta(days=3650), timedelta(hours=-25)])
@pytest.mark.parametrize("policy", ["fail", "replace", "ignore"])
def test_a_date_of_another_day_does_not_make_a_token_worthless(wire, path, stored, ensure, ahead, policy, check):
    """Of the key of another name, with a day left."""
    token = stored("other")
    wire.now = NOW + ahead
    expect_my_keys(wire)
    expect_record(wire, record("other", description="weekly", expiry=after(days=1)))
    result = ensure(on_lost_token=policy, check=check)
    assert "the token of API key other, which is active as 'weekly'" in result.message
    assert path.read_text() == f"{token}\n"
    [warning] = result.warnings
    assert "The later one is not believed: no key counts as expired or due before both clocks say so." in warning


@pytest.mark.parametrize("ahead", [timedelta(hours=25), timedelta(days=3650)])
def test_nor_does_it_make_its_key_lost(wire, path, stored, ensure, ahead):
    token = stored("old")
    wire.now = NOW + ahead
    expect_my_keys(wire, record("old", expiry=after(days=1)))
    result = ensure(on_lost_token="replace", renew_before="PT12H")
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "old")
    assert path.read_text() == f"{token}\n"


def test_nor_keep_a_key_from_being_retired(wire, path, stored, ensure):
    stored("old")
    wire.now = NOW + timedelta(hours=25)
    expect_my_keys(wire, record("old", expiry=after(hours=1)))
    expect_retirement(wire, "old")
    assert steps(ensure(state="absent").results) == ["retire old"]
    assert not path.exists()


def test_both_clocks_may_say_that_a_key_has_expired(wire, path, stored, ensure, set_machine):
    stored("old")
    wire.now = NOW + timedelta(hours=2)
    set_machine(NOW + timedelta(hours=1))
    expect_my_keys(wire, record("old", expiry=after(hours=1)))
    expect_new_key(wire, "new")
    assert steps(ensure(on_lost_token="replace").results) == ["create new"]
    assert path.read_text() == token_of("new") + "\n"


@pytest.mark.parametrize("fault", [requests.ConnectionError("dropped"), requests.ReadTimeout("slow")])
def test_a_deletion_without_an_answer_is_looked_after(wire, ensure, ending, fault):
    wire.expects("DELETE", f"{KEYS}/old").fails(fault)
    expect_record(wire, {**OLD, "status": "revoked"})
    if ending.noted or "retire_first" in ending.options:
        expect_new_key(wire, "new")
    assert "retire old" in steps(ensure(**ending.options).results)


def test_a_renaming_on_the_word_of_another_is_not_done(run, wire):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("key-1"), **MINE)
    patch = [{"op": "replace", "path": "/description", "value": "weekly"}]
    wire.expects("PATCH", f"{KEYS}/key-1", json=patch).answers(200, text=PAGE)
    for _look in range(4):
        expect_record(wire, record("key-1"))
    result = run("api_key", id="key-1", description="weekly")
    assert "yet the key is called 'nightly reload'" in result.message
    assert "actions" not in result.results


@pytest.mark.parametrize("options", [{"on_lost_token": "replace"}, {"state": "absent"}])
@pytest.mark.parametrize("is_dated", [False, True])
def test_without_the_tenants_time_the_clock_of_this_machine_ends_no_token(
    wire, path, stored, ensure, options, is_dated
):
    """The key is active by its status, and past its expiry by the one clock that there is."""
    token = stored("old")
    wire.now = NOW if is_dated else None
    ended = record("old", expiry=after(days=-1))
    expect_my_keys(wire, ended)
    if is_dated and "state" not in options:
        expect_new_key(wire, "new")
    finished = ensure(**options)
    if not is_dated:
        assert "which should have expired at" in " ".join([finished.results.get("msg", ""), *finished.warnings])
    left = path.read_text() if path.exists() else None
    assert (left == f"{token}\n") is not is_dated
