# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making, keeping and renaming keys whose token is not tracked."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit import tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    IDP_ID,
    LONG_PAST,
    REFUSAL,
    USER_ID,
    record,
    result_of,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    MINE,
    NIGHTLY,
    expect_creation,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_no_record,
    expect_record,
    expect_renaming,
)

TOKEN = token_of("key-1")
REASON = f"no active API key 'nightly reload' (user {USER_ID})"
SHOWN = ("id", "description", "status", "sub", "sub_type", "expiry")


def action(name: str, key_id: str | None, description: str, reason: str) -> dict:
    return {"action": name, "id": key_id, "description": description, "reason": reason}


def test_the_first_run_makes_the_key_and_returns_its_token_once(run, wire):
    expect_my_keys(wire)
    expect_new_key(wire, "key-1")
    result = run("api_key", **NIGHTLY)
    assert result.results == {
        "changed": True,
        "api_key": result_of(record("key-1")),
        "token": TOKEN,
        "actions": [action("create", "key-1", "nightly reload", REASON)],
    }
    assert (result.text.count(TOKEN), result.warnings) == (1, [])


@pytest.mark.parametrize("value", ["1", TOKEN[7], TOKEN[3:40]])
def test_a_secret_that_occurs_in_the_token_by_chance_does_not_spoil_it(run, wire, value):
    """Values of headers are secrets to Ansible, which puts asterisks wherever one occurs."""
    expect_my_keys(wire)
    expect_new_key(wire, "key-1")
    result = run("api_key", headers={"X-Short": value, "X-Long": "kept-from-every-output"}, **NIGHTLY)
    assert result.results["token"] == TOKEN
    assert "kept-from-every-output" not in result.text


def test_the_second_run_sends_reads_only_and_returns_no_token(run, wire):
    expect_my_keys(wire, record("key-1"))
    assert run("api_key", **NIGHTLY).results == {
        "changed": False,
        "api_key": result_of(record("key-1")),
        "actions": [],
    }


def test_check_mode_sends_reads_only_and_knows_no_id_yet(run, wire):
    expect_my_keys(wire)
    unknown = dict.fromkeys(("id", "expiry", "created", "last_updated", "created_by_user", "tenant_id"))
    assert run("api_key", check=True, **NIGHTLY).results == {
        "changed": True,
        "api_key": {**result_of(record()), **unknown},
        "actions": [action("create", None, "nightly reload", REASON)],
    }


def test_the_diff_is_the_same_in_check_mode_and_holds_no_token(run, wire):
    diffs = []
    for check in (True, False):
        expect_my_keys(wire)
        if not check:
            expect_creation(wire, {**BODY, "expiry": "P30D"}, record("key-1"), TOKEN)
        diffs.append(run("api_key", check=check, diff=True, expiry="P30D", **NIGHTLY).results["diff"])
    assert diffs[0] == diffs[1]
    assert diffs[0]["before"] == {"api_keys": []}
    (shown,) = diffs[0]["after"]["api_keys"]
    assert {name: shown[name] for name in SHOWN[:5]} == {**{n: result_of(record())[n] for n in SHOWN[:5]}, "id": None}
    assert TOKEN not in str(diffs)


@pytest.mark.parametrize("check", [False, True])
def test_nothing_to_do_has_a_diff_without_differences(run, wire, check):
    expect_my_keys(wire, record("key-1"))
    diff = run("api_key", check=check, diff=True, **NIGHTLY).results["diff"]
    kept = {"api_keys": [{name: result_of(record("key-1"))[name] for name in SHOWN}]}
    assert diff == {"before": kept, "after": kept}


def test_ended_and_foreign_keys_do_not_count(run, wire):
    others = [record("k2", expiry=LONG_PAST), record("k3", description="other"), record("k4", status="revoked")]
    expect_my_keys(wire, *others)
    expect_new_key(wire, "key-1")
    assert run("api_key", **NIGHTLY).results["api_key"]["id"] == "key-1"


def test_a_key_for_another_user_needs_no_look_at_the_requester(run, wire):
    expect_listing(wire, status="active", sub="u9")
    expect_creation(wire, {**BODY, "sub": "u9"}, record("key-1", sub="u9"), TOKEN)
    assert run("api_key", sub="u9", **NIGHTLY).results["api_key"]["sub"] == "u9"


def test_a_scim_key_is_made_with_one_backslash_and_its_expiry(run, wire):
    expect_listing(wire, record("other"), status="active")
    body = {"description": "Entra", "subType": "externalClient", "sub": f"SCIM\\{IDP_ID}", "expiry": "P180D"}
    made = scim_record("key-1", description="Entra", expiry="2027-05-21T09:15:00.000Z")
    expect_creation(wire, body, made, TOKEN)
    result = run("api_key", description="Entra", idp_id=IDP_ID, expiry="P180D")
    assert (result.results["api_key"], result.warnings) == (result_of(made), [])


@pytest.mark.parametrize("sub", [f"SCIM\\{IDP_ID}", f"SCIM\\\\{IDP_ID}"])
def test_a_scim_key_is_found_with_one_backslash_or_two(run, wire, sub):
    expect_listing(wire, scim_record("key-1", description="Entra", sub=sub), status="active")
    result = run("api_key", description="Entra", idp_id=IDP_ID)
    assert (result.results["changed"], result.results["api_key"]["sub"]) == (False, sub)


def test_another_expiry_is_a_warning_and_no_change(run, wire):
    expect_my_keys(wire, record("key-1", expiry="2999-01-01T00:00:00Z"))
    result = run("api_key", expiry="P30D", **NIGHTLY)
    assert result.results["changed"] is False
    assert [warning[:41] for warning in result.warnings] == ["expiry: API key key-1 expires at 2999-01-"]


@pytest.mark.parametrize(
    ("made", "warning"),
    [
        ({"expiry": "2026-11-23T09:15:00Z"}, "expiry: API key key-1 expires at 2026-11-23T09:15:00Z"),
        ({"sub": "another", "expiry": "2026-12-22T09:15:00Z"}, "was made for user 'another' instead of user"),
    ],
)
@pytest.mark.usefixtures("now")
def test_a_key_made_differently_than_asked_for_is_a_warning(run, wire, made, warning):
    expect_my_keys(wire)
    expect_creation(wire, {**BODY, "expiry": "P30D"}, record("key-1", **made), TOKEN)
    result = run("api_key", expiry="P30D", **NIGHTLY)
    assert (result.results["token"], len(result.warnings)) == (TOKEN, 1)
    assert warning in result.warnings[0]


@pytest.mark.parametrize("check", [False, True])
def test_a_key_named_by_its_id_is_renamed(run, wire, check):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("key-1"), **MINE)
    if not check:
        expect_renaming(wire, "key-1", "weekly")
    assert run("api_key", check=check, id="key-1", description="weekly").results == {
        "changed": True,
        "api_key": {**result_of(record("key-1")), "description": "weekly"},
        "actions": [action("update", "key-1", "weekly", "description was 'nightly reload'")],
    }


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("differences", [{}, {"createdByUser": "u9"}, {"created": LONG_PAST}])
def test_a_key_is_not_renamed_to_a_name_that_another_active_key_of_its_owner_has(run, wire, check, differences):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("taken", description="weekly", **differences), record("key-1"), **MINE)
    assert run("api_key", check=check, id="key-1", description="weekly").message == (
        "description: API key taken, of the same owner and active, is called 'weekly' already. Choose another "
        "description, or retire that key first."
    )


@pytest.mark.parametrize("other", [{"status": "revoked"}, {"expiry": LONG_PAST}, {"sub": "u9"}, {"subType": "x"}])
def test_a_name_is_not_taken_by_a_key_that_has_ended_or_is_somebody_elses(run, wire, other):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("other", **{"description": "weekly", **other}), record("key-1"), **MINE)
    expect_renaming(wire, "key-1", "weekly")
    assert run("api_key", id="key-1", description="weekly").results["changed"] is True


def test_a_scim_key_is_not_renamed_to_a_taken_name_however_its_backslashes_are_stored(run, wire):
    expect_record(wire, scim_record("key-1", description="Entra (old)"))
    taken = scim_record("taken", description="Entra", sub=f"SCIM\\\\{IDP_ID}")
    expect_listing(wire, taken, scim_record("key-1", description="Entra (old)"), status="active")
    assert "API key taken, of the same owner and active" in run("api_key", id="key-1", description="Entra").message


def test_a_renaming_that_shows_late_is_waited_for(run, wire, waits):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("key-1"), **MINE)
    expect_renaming(wire, "key-1", "weekly", record("key-1"), record("key-1"), record("key-1", description="weekly"))
    assert run("api_key", id="key-1", description="weekly").results["changed"] is True
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize("left", [record("key-1"), record("key-1", description="Weekly")])
def test_a_renaming_that_was_accepted_and_not_done_is_a_failure(run, wire, left):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("key-1"), **MINE)
    expect_renaming(wire, "key-1", "weekly", *[left] * 4)
    result = run("api_key", id="key-1", description="weekly")
    assert result.message == (
        f"The tenant accepted the new description of API key key-1, yet the key is called {left['description']!r}."
    )
    assert "changed" not in result.results


def test_a_key_that_goes_away_while_it_is_renamed_is_a_failure(run, wire):
    expect_record(wire, record("key-1"))
    expect_listing(wire, record("key-1"), **MINE)
    patch = [{"op": "replace", "path": "/description", "value": "weekly"}]
    wire.expects("PATCH", f"{KEYS}/key-1", json=patch).answers(204)
    for _look in range(4):
        expect_no_record(wire, "key-1")
    message = run("api_key", id="key-1", description="weekly").message
    assert message.endswith("API key key-1, yet the key has no record any more.")


@pytest.mark.parametrize("options", [{}, NIGHTLY])
def test_renaming_a_second_time_sends_reads_only(run, wire, options):
    expect_record(wire, record("key-1"))
    assert run("api_key", id="key-1", **options).results["changed"] is False


def test_a_key_that_does_not_exist_cannot_be_renamed(run, wire):
    expect_no_record(wire, "key-9")
    assert run("api_key", id="key-9", **NIGHTLY).message.startswith("id: there is no API key key-9")


def test_a_revoked_key_cannot_be_renamed(run, wire):
    expect_record(wire, record("key-1", status="revoked"))
    assert "is revoked; an ended key cannot be brought back" in run("api_key", id="key-1", **NIGHTLY).message


def documented_runs(wire, run, token_file) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    tenant_calls.expect_my_keys(wire)
    tenant_calls.expect_new_key(wire, "key-1")
    made = run("api_key", diff=True, return_token=True, token_file=token_file, **tenant_calls.NIGHTLY).results
    tenant_calls.expect_my_keys(wire, record("key-1"))
    tenant_calls.expect_retirement(wire, "key-1")
    retired = run("api_key", state="absent", **tenant_calls.NIGHTLY).results
    tenant_calls.expect_my_keys(wire, record("key-2"), record("key-1"))
    tenant_calls.expect_retirement(wire, "key-1")
    wire.expects("DELETE", f"{tenant_calls.KEYS}/key-2").answers(403, json=REFUSAL)
    return [made, retired, run("api_key", state="absent", **tenant_calls.NIGHTLY).results]


def test_a_new_key_that_looks_like_another_is_made_with_a_warning_that_names_the_other(run, wire):
    composed, decomposed = "Schl\u00fcssel", "Schlu\u0308ssel"
    expect_my_keys(wire, record("other", description=decomposed))
    expect_creation(wire, {**BODY, "description": composed}, record("key-1", description=composed), TOKEN)
    (warning,) = run("api_key", **{**NIGHTLY, "description": composed}).warnings
    assert warning.startswith("description: API key other is called")
    assert "composed otherwise" in warning


def test_an_overlap_is_warned_of_where_no_successor_will_come(run, wire):
    expect_my_keys(wire)
    expect_new_key(wire, "key-1")
    assert run("api_key", **NIGHTLY, overlap="P7D").warnings == [
        "overlap: has no effect on this key, which gets no successor without renew_before or force_renew. Give renew_before "
        "as well, or leave overlap out."
    ]
