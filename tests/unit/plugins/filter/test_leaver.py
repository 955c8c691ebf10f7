# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said and kept of the keys of a person who leaves."""

from __future__ import annotations

import json

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.filter.leaver_keys import leaver_keys
from ansible_collections.tenantops.qlik_cloud.plugins.filter.leaver_summary import leaver_summary
from ansible_collections.tenantops.qlik_cloud.plugins.filter.to_csv import to_csv

ANA = "ana@example.com"
RELOAD = {
    "id": "k1",
    "description": "reload",
    "sub": "u1",
    "sub_type": "user",
    "status": "active",
    "expiry": "2026-12-22T09:15:00.000Z",
    "tenant_id": "t1",
}
SCIM = {**RELOAD, "id": "k2", "description": "entra", "sub": "SCIM\\i1", "sub_type": "externalClient"}
ENDED = {**RELOAD, "id": "k3", "status": "revoked"}
FOUND = {"owner_id": "u1", "api_keys": [RELOAD, SCIM, ENDED]}
RETIRE = {"action": "retire", "id": "k1", "description": "reload", "reason": "purge"}
RETIRED = {"actions": [{**RETIRE, "outcome": "revoked"}]}


def ids(keys: list[dict]) -> list[str]:
    return [key["id"] for key in keys]


@pytest.mark.parametrize(("scim_keys", "goes", "stays"), [("keep", ["k1"], ["k2"]), ("retire", ["k1", "k2"], [])])
def test_scim_keys_go_only_if_asked_for_and_ended_keys_are_none(scim_keys, goes, stays):
    result = leaver_keys(FOUND, ANA, scim_keys)
    assert (ids(result["to_retire"]), ids(result["kept"])) == (goes, stays)


def test_a_look_says_what_would_be_done_and_a_run_what_was():
    looked = leaver_keys(FOUND, ANA, retired={"actions": [RETIRE]})
    done = leaver_keys(FOUND, ANA, retired=RETIRED)
    assert looked["summary"] == (
        f"would retire 1 API key of {ANA}: 'reload' (user, expires 2026-12-22); kept 1 SCIM key that {ANA} made: "
        "'entra' (SCIM, SCIM\\i1, expires 2026-12-22); leaver_scim_keys=retire would end the provisioning by it"
    )
    assert done["summary"] == looked["summary"].replace("would retire", "retired", 1)
    assert looked["retired"][0]["retired_at"] is None
    [key] = done["retired"]
    assert (key["id"], key["expiry"], key["outcome"]) == ("k1", RELOAD["expiry"], "revoked")
    assert key["retired_at"].endswith("Z")


def test_a_person_who_is_unknown_or_has_no_key_is_told():
    assert leaver_keys({"owner_id": None, "api_keys": []}, ANA)["summary"] == f"does not know {ANA}"
    nothing = leaver_keys({"owner_id": "u1", "api_keys": [ENDED]}, ANA, retired={"skipped": True})
    assert (nothing["summary"], nothing["tenant_id"]) == (f"nothing to retire of {ANA}", "t1")


def test_a_key_that_is_active_all_the_same_is_left():
    result = leaver_keys(FOUND, ANA, retired=RETIRED, after={"api_keys": [RELOAD, SCIM, ENDED]})
    assert ids(result["left"]) == ["k1"]


def test_long_descriptions_leave_room_for_the_other_keys():
    keys = [{**RELOAD, "id": f"k{number}", "description": f"{number} {'x' * 600}"} for number in range(10, 22)]
    actions = [{**RETIRE, "id": key["id"], "outcome": "revoked"} for key in keys]
    summary = leaver_keys({"owner_id": "u1", "api_keys": [*keys, SCIM]}, ANA, retired={"actions": actions})["summary"]
    assert summary.startswith(f"retired 12 API keys of {ANA}: '10 xx")
    assert all(f"'{number} xx" in summary for number in range(10, 22))
    assert summary.endswith("leaver_scim_keys=retire would end the provisioning by it")


@pytest.mark.parametrize(
    ("expiry", "day"),
    [("2026-12-05T05:00:00+14:00", "2026-12-04"), (None, "?"), ("no time at all", "no time at")],
)
def test_the_day_of_expiry_is_that_in_utc(expiry, day):
    summary = leaver_keys({**FOUND, "api_keys": [{**RELOAD, "expiry": expiry}]}, ANA, retired=RETIRED)["summary"]
    assert summary.endswith(f"(user, expires {day})")


def host(found: dict | None = None, retired: dict | None = None) -> dict:
    return {"onboarding_leaver": leaver_keys(found or FOUND, ANA, retired=retired)}


UNKNOWN = {"owner_id": None, "api_keys": []}


def test_only_when_no_tenant_knows_the_person_it_is_a_problem():
    result = leaver_summary({"acme": host(UNKNOWN), "birch": host(UNKNOWN)}.items(), ANA)
    assert list(result["problems"]) == ["acme", "birch"]
    assert result["lines"][0] == f"acme: does not know {ANA}"
    assert result["lines"][-1].startswith(f"ERROR: leaver: no tenant knows {ANA}.")
    assert leaver_summary({"acme": host(UNKNOWN), "birch": host()}.items(), ANA)["problems"] == {}
    failed = {"onboarding_failure": "no answer"}
    some_failed = leaver_summary({"acme": host(UNKNOWN), "birch": failed}.items(), ANA)
    assert some_failed["problems"] == {}
    assert some_failed["lines"][1] == "birch: FAILED: no answer"


def test_what_earlier_runs_retired_stays_in_the_record():
    first = leaver_summary({"acme": host(retired=RETIRED), "gone": host(retired=RETIRED)}.items(), ANA)
    assert first["retired"] is True
    previous = json.dumps(first["record"])
    failed = {**host({**FOUND, "api_keys": []}), "onboarding_failure": "no answer"}
    again = leaver_summary({"acme": failed, "birch": host()}.items(), ANA, previous)
    assert again["retired"] is False
    assert {each["host"]: ids(each["retired"]) for each in again["record"]["tenants"]} == {
        "acme": ["k1"],
        "birch": [],
        "gone": ["k1"],
    }
    assert again["record"]["tenants"][0]["failure"] == "no answer"


def test_keys_that_a_killed_run_revoked_are_added_to_the_record_once():
    killed = {**FOUND, "api_keys": [{**RELOAD, "status": "revoked"}, SCIM]}
    first = leaver_summary({"acme": host(killed)}.items(), ANA)
    [entry] = first["record"]["tenants"]
    assert (first["retired"], first["adds"]) == (False, True)
    assert (ids(entry["retired"]), ids(entry["revoked_before"])) == ([], ["k1"])

    again = leaver_summary({"acme": host(killed)}.items(), ANA, json.dumps(first["record"]))
    assert (again["adds"], again["record"]) == (False, first["record"])
    # Its record has expired on the tenant, or the tenant was not asked.
    later = leaver_summary({"birch": host(UNKNOWN)}.items(), ANA, json.dumps(first["record"]))
    assert {each["host"]: ids(each["revoked_before"]) for each in later["record"]["tenants"]} == {
        "birch": [],
        "acme": ["k1"],
    }


def test_a_key_that_the_record_has_as_retired_is_not_listed_as_revoked_before():
    first = leaver_summary({"acme": host(retired=RETIRED)}.items(), ANA)
    ended = {**FOUND, "api_keys": [{**RELOAD, "status": "revoked"}, ENDED]}
    again = leaver_summary({"acme": host(ended)}.items(), ANA, json.dumps(first["record"]))
    [entry] = again["record"]["tenants"]
    assert (ids(entry["retired"]), ids(entry["revoked_before"]), again["adds"]) == (["k1"], ["k3"], False)


def test_in_check_mode_nothing_was_retired():
    result = leaver_summary({"acme": host(retired={"actions": [RETIRE]})}.items(), ANA)
    assert result["retired"] is False
    assert result["record"]["tenants"][0]["retired"] == []


@pytest.mark.parametrize(
    ("previous", "misplaced"),
    [
        ("", ""),
        ({"leaver": ANA, "tenants": []}, ""),
        ({}, "it holds something else already. Name another file."),
        ("not JSON", "it holds something else already. Name another file."),
        ("[]", "it holds something else already. Name another file."),
        (
            '{"leaver": "bo@example.com", "tenants": []}',
            f"it is about bo@example.com already, not about {ANA}. Name another file.",
        ),
    ],
)
def test_a_file_that_is_about_something_else_is_told(previous, misplaced):
    assert leaver_summary([], ANA, previous)["misplaced"] == misplaced


def test_no_cell_of_csv_is_a_formula():
    assert to_csv([{"a": "=1+1", "b": None}, {"a": 'x "y"', "b": 7}], ["a", "b"]) == (
        '"a","b"\n"\'=1+1",""\n"x ""y""","7"\n'
    )
