# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a tracked key: before its window, in it, during the overlap, after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, record, result_of, scim_record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    CONFIGS,
    KEYS,
    NIGHTLY,
    expect_config,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_requester,
    expect_retirement,
    steps,
)

DUE = {"renew_before": "P14D"}
OLD = record("old", created=after(days=-80), expiry=after(days=10))
HELD = record("held", created=after(days=-1), expiry=after(days=89))
YOUNGER = record("younger", created=after(hours=-1), expiry=after(days=90))

pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    ("how", "keys", "held"),
    [
        ({}, [OLD], "old"),
        ({"renew_before": "P9D"}, [OLD], "old"),
        (DUE, [HELD, OLD], "held"),
        ({**DUE, "overlap": "P2D"}, [HELD, OLD], "held"),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_while_nothing_is_due_a_run_sends_reads_only_and_leaves_the_file_alone(
    wire, path, stored, ensure, how, keys, held, check
):
    token = stored(held)
    inode = path.stat().st_ino
    expect_my_keys(wire, *keys)
    result = ensure(check=check, **how)
    assert (result.results["changed"], result.results["actions"], result.warnings) == (False, [], [])
    assert result.results["api_key"]["id"] == held
    assert (path.read_text(), path.stat().st_ino, list(path.parent.iterdir())) == (f"{token}\n", inode, [path])


@pytest.mark.parametrize("how", [DUE, {**DUE, "overlap": "P2D"}, {"force_renew": True}])
def test_in_the_window_the_successor_is_made_and_stored_and_the_key_lives_on(wire, path, stored, ensure, how):
    stored("old")
    expect_my_keys(wire, OLD)
    expect_new_key(wire, "new")
    result = ensure(diff=True, **how)
    assert (steps(result.results), result.results["api_key"]) == (["create new"], result_of(record("new")))
    assert (path.read_text(), list(path.parent.iterdir())) == (token_of("new") + "\n", [path])
    shown = result.results["diff"]
    assert [key["id"] for key in shown["before"]["api_keys"]] == ["old"]
    assert [key["id"] for key in shown["after"]["api_keys"]] == [None, "old"]
    assert token_of("new") not in result.text and token_of("old") not in result.text


def test_a_successor_gets_its_own_expiry_and_its_token_is_returned_when_asked_for(wire, stored, ensure):
    stored("old")
    expect_my_keys(wire, OLD)
    made = record("new", created=after(), expiry=after(days=90))
    body = {**NIGHTLY, "subType": "user", "expiry": "P90D"}
    wire.expects("POST", KEYS, json=body).answers(201, json={**made, "token": token_of("new")})
    result = ensure(expiry="P90D", return_token=True, **DUE)
    assert (result.results["token"], result.warnings) == (token_of("new"), [])


@pytest.mark.parametrize(("overlap", "age", "ends"), [("P2D", 1, False), ("P1D", 1, True), ("PT0S", 0, True)])
def test_the_predecessor_ends_with_the_overlap(wire, path, stored, ensure, overlap, age, ends):
    token = stored("held")
    expect_my_keys(wire, record("held", created=after(days=-age)), OLD)
    if ends:
        expect_retirement(wire, "old")
    result = ensure(overlap=overlap, **DUE)
    assert steps(result.results) == (["retire old"] if ends else [])
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])


def test_without_an_overlap_the_predecessors_are_retired_once_the_new_token_is_stored(wire, path, stored, ensure):
    stored("held")
    expect_my_keys(wire, HELD, OLD)
    expect_new_key(wire, "new")
    expect_retirement(wire, "old", {**OLD, "status": "revoked"})
    wire.expects("DELETE", f"{KEYS}/held").answers(403)
    result = ensure(overlap="PT0S", force_renew=True)
    assert (steps(result.results), steps(result.results, "remaining")) == (
        ["create new", "retire old"],
        ["retire held"],
    )
    assert result.results["failure"]["path"] == f"{KEYS}/held"
    assert path.read_text() == token_of("new") + "\n"
    expect_my_keys(wire, record("new", created=after()), HELD)
    expect_retirement(wire, "held")
    done = ensure(overlap="PT0S")
    assert (steps(done.results), done.warnings) == (["retire held"], [])
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("differences", [{}, {"createdByUser": "u9"}, {"createdByUser": None}])
def test_younger_keys_are_left_alone_with_a_warning_that_names_them(wire, path, stored, ensure, differences):
    token = stored("held")
    expect_my_keys(wire, {**YOUNGER, **differences}, HELD, OLD)
    result = ensure(overlap="P2D")
    assert (result.results["changed"], result.results["api_key"]["id"]) == (False, "held")
    assert result.warnings == [
        "API key younger has the same name as held and is not known to be older, nor to be left from a run that was stopped. "
        "Somebody may use it, so it was left alone. If nobody does, retire it by its id."
    ]
    assert path.read_text() == f"{token}\n"


def test_keys_of_unknown_age_are_left_alone_with_a_warning(wire, stored, ensure):
    stored("held")
    expect_my_keys(wire, record("held", created=None), record("other", created=None))
    result = ensure(overlap="PT0S")
    (warning,) = result.warnings
    assert (result.results["changed"], warning[:35]) == (False, "API key other has the same name as ")


@pytest.mark.parametrize(
    ("how", "keys", "held", "announced"),
    [
        (DUE, [OLD], "old", ["create"]),
        ({**DUE, "overlap": "PT0S"}, [OLD], "old", ["create", "retire old"]),
        ({**DUE, "retire_first": True}, [OLD], "old", ["retire old", "create"]),
        ({"overlap": "P1D"}, [HELD, OLD], "held", ["retire old"]),
        (DUE, [YOUNGER, OLD], "old", ["create"]),
        ({**DUE, "overlap": "PT0S"}, [YOUNGER, OLD], "old", ["create", "retire old"]),
        ({"force_renew": True}, [HELD], "held", ["create"]),
    ],
)
def test_check_mode_sends_reads_only_and_announces_what_is_then_done(
    wire, path, stored, ensure, how, keys, held, announced
):
    token = stored(held)
    expect_my_keys(wire, *keys)
    check = ensure(check=True, diff=True, **how)
    assert (path.read_text(), list(path.parent.iterdir())) == (f"{token}\n", [path])
    expect_my_keys(wire, *keys)
    for step in announced:
        expect_new_key(wire, "new") if step == "create" else expect_retirement(wire, step.removeprefix("retire "))
    done = ensure(diff=True, **how)
    assert steps(check.results) == announced
    assert steps(done.results) == [step.replace("create", "create new") for step in announced]
    assert check.results["diff"] == done.results["diff"]
    for name in ("description", "reason"):
        assert [each[name] for each in check.results["actions"]] == [each[name] for each in done.results["actions"]]


@pytest.mark.parametrize(
    ("tenant", "machine", "due"),
    [
        (1, 1, True),
        (1, 0, False),
        (0, 1, False),
        (0, 0, False),
        (25, 0, False),
        (25, 1, True),
        (1, 25, True),
        (1, -25, False),
    ],
)
def test_windows_are_reckoned_by_the_earlier_of_the_tenants_clock_and_this_machines(
    wire, set_machine, stored, ensure, tenant, machine, due
):
    """Hours by which each is ahead of the moment half an hour before the window."""
    wire.now = NOW + timedelta(hours=tenant)
    set_machine(NOW + timedelta(hours=machine))
    stored("old")
    expect_my_keys(wire, record("old", created=after(days=-80), expiry=after(days=14, minutes=30)))
    result = ensure(check=True, **DUE)
    assert steps(result.results) == (["create"] if due else [])
    assert len(result.warnings) == (abs(tenant - machine) > 2)


def test_a_life_that_the_tenant_made_too_short_is_a_warning_when_the_key_is_made_and_later(wire, stored, ensure, path):
    short = {"created": after(), "expiry": after(days=7)}
    expect_my_keys(wire)
    expect_new_key(wire, "new", **short)
    assert [warning[:35] for warning in ensure(**DUE).warnings] == ["renew_before: API key new lives fro"]
    expect_my_keys(wire, record("new", **short))
    expect_config(wire, max_api_key_expiry="P7D")
    result = ensure(**DUE)
    assert (result.results["changed"], [warning[:13] for warning in result.warnings]) == (False, ["renew_before:"])


# Made when the expiry asked for was another: shorter than what is the window now.
SHORT = record("short", created=after(days=-1), expiry=after(days=9))
LONGER = {"expiry": "P30D", "renew_before": "P20D"}


@pytest.mark.parametrize("check", [False, True])
def test_a_key_made_for_less_than_the_window_gets_the_successor_that_is_asked_for_now_and_that_is_left_in_peace(
    wire, path, stored, ensure, check
):
    stored("short")
    expect_my_keys(wire, SHORT)
    expect_config(wire, max_api_key_expiry="P90D")
    made = record("new", created=after(), expiry=after(days=30))
    if not check:
        body = {**NIGHTLY, "subType": "user", "expiry": "P30D"}
        wire.expects("POST", KEYS, json=body).answers(201, json={**made, "token": token_of("new")})
    result = ensure(check=check, **LONGER)
    assert (steps(result.results), result.warnings) == (["create" if check else "create new"], [])
    if not check:
        expect_my_keys(wire, made, SHORT)
        expect_config(wire, max_api_key_expiry="P90D")
        assert ensure(**LONGER).results["changed"] is False


@pytest.mark.parametrize("limit", ["P10D", "P20D", None, 5, "for ever", "P0D"])
@pytest.mark.parametrize(("age", "due"), [(1, False), (5, True)])
def test_where_the_tenant_would_cut_the_successor_short_as_well_it_is_made_in_the_second_half(
    wire, stored, ensure, limit, age, due
):
    stored("short")
    expect_my_keys(wire, record("short", created=after(days=-age), expiry=after(days=10 - age)))
    expect_config(wire, max_api_key_expiry=limit)
    result = ensure(check=True, **LONGER)
    assert steps(result.results) == (["create"] if due else [])


@pytest.mark.parametrize("answer", [{"status": 403}, {"status": 404}, {"status": 500}, {"text": "<h1>Sign in</h1>"}])
def test_a_configuration_that_cannot_be_read_stops_nothing(wire, stored, ensure, answer):
    stored("short")
    expect_my_keys(wire, SHORT)
    wire.expects("GET", CONFIGS).answers(**answer)
    result = ensure(check=True, **LONGER)
    assert (steps(result.results), [warning[:13] for warning in result.warnings]) == (
        [],
        ["expiry: API k", "renew_before:"],
    )


def test_the_limit_of_a_scim_key_is_one_of_its_own_and_read_once(run, wire):
    age = {"created": after(days=-1), "expiry": after(days=9)}
    records = [scim_record(name, description=name, **age) for name in ("a", "b")]
    expect_listing(wire, *records, status="active")
    expect_requester(wire)
    expect_config(wire, max_api_key_expiry="P10D", scim_externalClient_expiry="P90D")
    keys = [{"description": name, "idp_id": IDP_ID, **LONGER} for name in ("a", "b")]
    assert steps(run("api_keys", check=True, keys=keys).results) == ["create", "create"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({"status": "revoked"}, "had ended when it was made (status revoked,"),
        ({"expiry": after(days=-1)}, "had ended when it was made (status active,"),
        ({"sub": "u2"}, "was made for user 'u2' instead of"),
        ({"description": "other"}, "was made with the description 'other' instead of"),
    ],
)
def test_a_key_stays_when_its_successor_does_not_work_or_is_not_the_one_asked_for(
    wire, path, stored, ensure, made, expected
):
    stored("old")
    expect_my_keys(wire, OLD)
    expect_new_key(wire, "new", **made)
    result = ensure(force_renew=True, overlap="PT0S")
    assert steps(result.results) == ["create new"]
    [warning] = [warning for warning in result.warnings if expected in warning]
    assert warning.endswith("If it succeeds a key, that one was left active.")
    assert path.read_text() == f"{token_of('new')}\n"


@pytest.mark.parametrize(
    ("options", "is_idle"),
    [({}, True), ({"renew_before": "P14D"}, False), ({"force_renew": True}, False)],
)
def test_an_overlap_without_renewal_is_warned_of_when_the_key_is_made(wire, ensure, options, is_idle):
    expect_my_keys(wire)
    result = ensure(check=True, overlap="P2D", **options)
    warned = [warning for warning in result.warnings if warning.startswith("overlap: has no effect on this key")]
    assert (len(warned), len(result.warnings)) == ((1, 1) if is_idle else (0, 0))
