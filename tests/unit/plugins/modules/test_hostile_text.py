# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of others that would move a terminal's cursor, turn the direction of writing, or fill a log: it is made fit or cut."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.directory import (
    expect_role,
    expect_user,
    role_record,
    user_record,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit.module_runs import check_output
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    KEYS,
    LIST,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_record,
    expect_requester,
    steps,
)

ME = "/api/v1/users/me"
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b2J\x85\u202eevil\u2066\u200f\x00\ud800"
HOSTILE = {
    "escapes": f"No {ESCAPES}",
    "long": "No " + "x" * 60_000,
    "lines": "No\nchanged: true\r\nok",
    "long escapes": ESCAPES * 5000,
}


@pytest.fixture(params=HOSTILE)
def hostile(request) -> str:
    return HOSTILE[request.param]


@pytest.mark.parametrize("name", ["code", "title", "detail"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_the_words_of_a_refusal_are_made_fit_to_be_shown(run, wire, hostile, name, status):
    expect_requester(wire)
    error = {"code": "X-1", "title": "No", name: hostile}
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(status, json={"errors": [error] * 50, "traceId": hostile})
    result = run("api_key", **NIGHTLY)
    assert result.results["failure"]["status"] == status
    check_output(result)


@pytest.mark.parametrize("name", ["Content-Type", "X-Other", "Ratelimit-Remaining", "Retry-After"])
def test_headers_are_as_well(run, wire, name):
    wire.expects("GET", ME).answers(200, text="x", headers={name: "text/x " + "\x1b[2J\x9b" + "y" * 60_000})
    check_output(run("tenant_info"))


@pytest.mark.parametrize("target", ["https://{}.example.com/x", "https://tenant.example.com@{}/x", "//{}/x", "{}"])
def test_and_where_a_redirect_leads(run, wire, hostile, target):
    location = target.format(hostile).encode("latin-1", "replace").decode("latin-1")
    wire.expects("GET", ME).answers(302, headers={"Location": location})
    result = run("tenant_info")
    assert "The token is not sent there." in result.message
    check_output(result)


def test_the_body_of_a_redirect_has_bounds_as_well(run, wire):
    body = "x" * (4 * 1024 * 1024 + 1)
    wire.expects("GET", ME).answers(302, text=body, headers={"Location": "/api/v1/users/u1"})
    result = run("tenant_info")
    assert "was answered 302 with more than 4 MiB" in result.message
    check_output(result)


def test_names_and_descriptions_are_told_without_what_moves_a_cursor(run, wire, hostile):
    expect_listing(wire, record("key-1", description=hostile))
    listed = run("api_key_info")
    assert [key["id"] for key in listed.results["api_keys"]] == ["key-1"]
    check_output(listed)
    expect_record(wire, record("key-1", description=hostile))
    expect_listing(wire, record("key-1", description=hostile), **MINE)
    renamed = run("api_key", check=True, diff=True, id="key-1", description="weekly")
    assert steps(renamed.results) == ["update key-1"]
    check_output(renamed)


def test_so_are_the_names_of_users_and_groups_in_messages(run, wire, hostile):
    expect_role(wire, "Key Makers", role_record("Key Makers", "api-keys"))
    users = [user_record(f"user-{number}", name=hostile, subject="shared") for number in range(3)]
    expect_user(wire, "shared", *users)
    result = run("api_key_permission", role="Key Makers", users=["shared"])
    assert result.message.startswith("users: 'shared' could be user '")
    check_output(result)


@pytest.mark.parametrize("text", ["No \x1b[2J\x9b2J\u202eevil\u200b", "No " + "x" * 5_000, "No\nchanged: true"])
def test_and_what_a_token_says_of_itself(run, wire, text):
    """Whoever made it: it may be a file that somebody else gave."""
    expect_requester(wire)
    result = run("token_info", token=token_of("key-1", tenantId=text, more=[{text: text}]))
    assert (result.results["valid"], result.results["reason"][:31]) == (False, "it belongs to another tenant, N")
    assert len(result.results["reason"]) < 200 and "\n" not in result.results["reason"]
    check_output(result)
