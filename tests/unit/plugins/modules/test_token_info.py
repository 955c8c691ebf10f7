# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit import tenant_calls
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import (
    LONG_PAST,
    REFUSAL,
    TENANT_ID,
    USER_ID,
    record,
    result_of,
    scim_record,
    token_of,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    expect_no_record,
    expect_record,
    expect_requester,
)

TOKEN = token_of("key-1", sub=USER_ID, subType="user")
SCIM_TOKEN = token_of("key-1", subType="externalClient")


def answers(results: dict) -> tuple:
    return results["valid"], results["reason"]


@pytest.mark.parametrize("check", [False, True])
def test_a_user_keys_token_is_valid_when_the_tenant_accepts_it(run, wire, check):
    expect_requester(wire)
    expect_record(wire, record())
    expect_requester(wire, bearer=TOKEN)
    ran = run("token_info", check=check, token=TOKEN)
    assert ran.results == {
        "changed": False,
        "valid": True,
        "reason": "the tenant accepts it",
        "claims": {"jti": "key-1", "tenantId": TENANT_ID, "sub": USER_ID, "subType": "user"},
        "user": {
            "id": USER_ID,
            "tenant_id": TENANT_ID,
            "name": "Platform Automation",
            "email": None,
            "subject": "auth0|platform",
            "roles": [],
        },
        "api_key": result_of(record()),
    }
    assert TOKEN not in ran.text


def test_the_token_can_be_read_from_its_file(run, wire, tmp_path):
    (tmp_path / "t").write_text(f"{TOKEN}\n")
    expect_requester(wire)
    expect_record(wire, record())
    expect_requester(wire, bearer=TOKEN)
    assert run("token_info", token_file=str(tmp_path / "t")).results["valid"] is True


@pytest.mark.parametrize(
    ("ended", "reason"),
    [({"status": "revoked"}, "its API key is revoked"), ({"expiry": LONG_PAST}, "its API key has expired")],
)
@pytest.mark.parametrize("token", [TOKEN, SCIM_TOKEN])
def test_the_token_of_an_ended_key_is_not_tried(run, wire, ended, reason, token):
    expect_requester(wire)
    expect_record(wire, record(**ended))
    assert answers(run("token_info", token=token).results) == (False, reason)


def test_a_scim_token_is_judged_by_its_record_and_never_sent(run, wire):
    expect_requester(wire)
    expect_record(wire, scim_record())
    found = run("token_info", token=SCIM_TOKEN).results
    assert (found["valid"], found["user"], found["api_key"]) == (True, None, result_of(scim_record()))
    expect_requester(wire)
    expect_no_record(wire, "key-1")
    gone = run("token_info", token=SCIM_TOKEN).results
    assert answers(gone) == (False, "the tenant has no record of its API key")


def test_a_token_that_the_tenant_does_not_accept_is_not_valid_whatever_the_record_says(run, wire):
    expect_requester(wire)
    expect_record(wire, record())
    wire.expects("GET", "/api/v1/users/me", bearer=TOKEN).answers(401)
    active = run("token_info", token=TOKEN).results
    assert active["valid"] is False
    assert "yet the tenant does not accept it (401)" in active["reason"]
    expect_requester(wire)
    expect_no_record(wire, "key-1")
    wire.expects("GET", "/api/v1/users/me", bearer=TOKEN).answers(401)
    assert "no record" in run("token_info", token=TOKEN).results["reason"]


def test_a_gateway_that_refuses_does_not_make_a_token_invalid(run, wire):
    expect_requester(wire)
    expect_record(wire, record())
    wire.expects("GET", "/api/v1/users/me", bearer=TOKEN).answers(403, text="<html>blocked</html>")
    assert "so a gateway or proxy may have answered" in run("token_info", token=TOKEN).message


def test_a_token_of_another_tenant_is_never_sent_to_this_one(run, wire):
    expect_requester(wire)
    found = run("token_info", token=token_of("key-1", tenantId="another")).results
    assert answers(found) == (False, "it belongs to another tenant, another")
    assert found["api_key"] is None


@pytest.mark.parametrize("text", ["not-a-token", "a.b.c", "two words", "eyJ\u00e9.x.y"])
def test_what_is_no_token_is_told_without_asking_anybody(run, text):
    found = run("token_info", token=text).results
    assert found["claims"] is None
    assert answers(found) == (False, "it is not the token of an API key")


def test_one_of_token_and_token_file_is_needed_and_must_say_something(run, tmp_path):
    assert "token, token_file" in run("token_info").message
    assert "mutually exclusive" in run("token_info", token=TOKEN, token_file=str(tmp_path / "t")).message
    assert run("token_info", token="").message.startswith("token: ")
    assert run("token_info", token_file=str(tmp_path)).message.startswith("token_file: ")
    assert "does not exist, or is empty" in run("token_info", token_file=str(tmp_path / "none")).message


def documented_runs(wire, run) -> list[dict]:
    """The results of runs that together return all that the module documents."""
    token = token_of("key-1")
    tenant_calls.expect_requester(wire)
    tenant_calls.expect_record(wire, record())
    tenant_calls.expect_requester(wire, bearer=token)
    found = run("token_info", token=token).results
    wire.expects("GET", "/api/v1/users/me").answers(403, json=REFUSAL)
    return [found, run("token_info", token=token).results]
