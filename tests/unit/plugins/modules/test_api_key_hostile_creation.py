# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request for a key that is answered with what nobody can use: no key is left that nobody holds and nobody is told of."""

from __future__ import annotations

import json

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import TENANT_ID, USER_ID, record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    MINE,
    NIGHTLY,
    expect_listing,
    expect_my_keys,
    expect_new_key,
    expect_requester,
    expect_retirement,
    steps,
)

pytestmark = pytest.mark.usefixtures("now")

# What comes for the id of the key that was made.
IDS = {
    "nothing": None,
    "empty": "",
    "blank": " ",
    "this folder": ".",
    "the folder above": "..",
    "half a character": "\ud800",
    "two lines": "lost\n",
    "a terminal's command": "lost\x1b[2J",
    "a blank inside": "lo st",
    "not ASCII": "löst",
    "a way to elsewhere": "../users/u1",
    "a way to elsewhere, encoded": "%2e%2e",
    "a query": "lost?x=y",
    "a fragment": "lost#x",
    "a quote": "lo'st",
    "a backslash": "lo\\st",
    "too long": "i" * 256,
    "number": 5,
    "truth": True,
    "list": ["lost"],
    "object": {"id": "lost"},
}
DEEP = "[" * 100_000 + "]" * 100_000
HUGE = "x" * (4 * 1024 * 1024)
# Whole bodies.
BODIES = {
    "nested 100 000 deep": DEEP,
    "a record nested 100 000 deep": json.dumps({**record("lost"), "token": token_of("lost")})[:-1] + f', "x": {DEEP}}}',
    "more than 4 MiB": json.dumps({**record("lost"), "token": token_of("lost"), "x": HUGE}),
    "300 000 values": json.dumps({**record("lost"), "token": token_of("lost"), "x": [0] * 300_000}),
    "a number of 5000 digits": json.dumps({**record("lost"), "token": token_of("lost")})[:-1]
    + f', "x": {"9" * 5000}}}',
    "half of it": json.dumps({**record("lost"), "token": token_of("lost")})[:-5],
    "NaN": "NaN",
    "nothing": "",
}
FIELDS = ("description", "status", "sub", "subType")
ODD = {"null": None, "a number": 5, "true": True, "a list": ["x"], "an object": {"x": "y"}}

ANSWERS = {
    **{f"id: {name}": {"json": {**record("lost"), "id": odd, "token": token_of("lost")}} for name, odd in IDS.items()},
    **{
        f"{field}: {name}": {"json": {**record("lost"), field: odd, "token": token_of("lost")}}
        for field in FIELDS
        for name, odd in ODD.items()
    },
    **{name: {"text": body, "headers": {"Content-Type": "application/json"}} for name, body in BODIES.items()},
    "packed in another way": {"json": record("lost"), "headers": {"Content-Encoding": "br"}},
    "not packed though it says so": {"json": record("lost"), "headers": {"Content-Encoding": "gzip"}},
    "cut short": {"json": record("lost"), "headers": {"Content-Length": "1000000"}},
}


@pytest.fixture(params=ANSWERS)
def hostile(request, wire):
    """Expects a creation, which is done, and answered with what nobody can use."""

    def expect() -> None:
        wire.expects("POST", KEYS, json=BODY).answers(201, **ANSWERS[request.param])

    return expect


def is_no_defect(run) -> bool:
    return not any(word in run.text for word in ("defect", "Traceback", "exception", token_of("lost")))


@pytest.mark.parametrize("has_file", [True, False])
def test_the_key_that_it_made_is_found_and_retired_and_another_is_made(run, wire, path, hostile, has_file):
    expect_my_keys(wire)
    hostile()
    expect_listing(wire, record("lost"), **MINE)
    expect_retirement(wire, "lost")
    expect_new_key(wire, "new")
    result = run("api_key", verbosity=3, **NIGHTLY, **({"token_file": str(path)} if has_file else {}))
    assert steps(result.results) == ["retire lost", "create new"]
    assert is_no_defect(result)
    assert list(path.parent.iterdir()) == ([path] if has_file else [])


def test_when_it_comes_again_the_run_fails_and_no_key_is_left(run, wire, hostile):
    expect_my_keys(wire)
    for lost in ("lost", "lost-too"):
        hostile()
        expect_listing(wire, record(lost), **MINE)
        expect_retirement(wire, lost)
    result = run("api_key", verbosity=3, **NIGHTLY)
    assert result.message.endswith(
        "A look at the keys shows that it was carried out; the key that it made was retired again."
    )
    assert is_no_defect(result) and len(result.message) < 2000


def test_a_key_that_it_made_and_cannot_be_retired_is_named(run, wire, hostile):
    expect_my_keys(wire)
    hostile()
    expect_listing(wire, record("lost"), **MINE)
    wire.expects("DELETE", f"{KEYS}/lost").answers(403)
    result = run("api_key", **NIGHTLY)
    assert (
        "API key lost is active and nobody holds its token: retire it, with state: absent and its id." in result.message
    )
    assert is_no_defect(result)


def test_a_key_that_it_may_have_made_and_is_not_to_be_seen_is_told_of(run, wire, hostile):
    expect_my_keys(wire)
    hostile()
    expect_listing(wire, **MINE)
    expect_new_key(wire, "new")
    expect_listing(wire, record("new"), **MINE)
    result = run("api_key", **NIGHTLY)
    assert (steps(result.results), result.results["token"]) == (["create new"], token_of("new"))
    assert [warning[:80] for warning in result.warnings] == [
        "Before API key new was made, a request for it got no usable answer, and no key t"
    ]
    assert "Look whether there is a new API key 'nightly reload'" in result.warnings[0]


@pytest.mark.parametrize("with_token", [True, False])
def test_an_answer_with_a_key_that_was_there_before_is_not_believed_and_that_key_lives_on(
    wire, path, stored, ensure, with_token
):
    """A gateway may give again what it has kept of another call."""
    token = stored("old")
    expect_my_keys(wire, record("old"))
    repeated = {**record("old"), **({"token": token_of("other")} if with_token else {})}
    wire.expects("POST", KEYS, json=BODY).answers(201, json=repeated)
    expect_listing(wire, record("lost"), record("old"), **MINE)
    expect_retirement(wire, "lost")
    expect_new_key(wire, "new")
    result = ensure(force_renew=True)
    assert steps(result.results) == ["retire lost", "create new"]
    assert path.read_text() == token_of("new") + "\n" and token not in result.text


@pytest.mark.parametrize("differences", [{"description": "weekly"}, {"sub": "u9"}, {"subType": "externalClient"}])
def test_an_answer_with_another_key_and_without_a_token_retires_nothing(run, wire, differences):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(201, json=record("theirs", **differences))
    expect_listing(wire, record("lost"), **MINE)
    expect_retirement(wire, "lost")
    expect_new_key(wire, "new")
    assert steps(run("api_key", **NIGHTLY).results) == ["retire lost", "create new"]


@pytest.mark.parametrize(
    ("key_id", "in_path"),
    [("a:b|c", "a%3Ab%7Cc"), ("a@b$&!", "a%40b%24%26%21"), ("*()+,;=", "%2A%28%29%2B%2C%3B%3D"), ("...", "...")],
)
def test_an_odd_id_is_one_part_of_the_path(run, wire, key_id, in_path):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(201, json=record(key_id))
    wire.expects("DELETE", f"{KEYS}/{in_path}").answers(204)
    wire.expects("GET", f"{KEYS}/{in_path}").answers(404)
    result = run("api_key", **NIGHTLY)
    assert steps(result.results) == [f"retire {key_id}"]


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
        "Mon, 99 Jan 2026 99:99:99 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "\x00",
        "9" * 60_000,
    ],
)
def test_an_odd_date_does_not_cost_the_token(run, wire, date):
    expect_my_keys(wire)
    made = {**record("new"), "token": token_of("new")}
    wire.expects("POST", KEYS, json=BODY).answers(201, json=made, headers={"Date": date})
    result = run("api_key", **NIGHTLY)
    assert result.results["token"] == token_of("new")
    assert is_no_defect(result)


@pytest.mark.parametrize("field", ["expiry", "created", "lastUpdated", "createdByUser", "tenantId"])
@pytest.mark.parametrize(
    "odd", [*ODD.values(), "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "soon", "x" * 60_000]
)
def test_nor_does_an_odd_field_that_decides_nothing(run, wire, field, odd):
    expect_my_keys(wire)
    wire.expects("POST", KEYS, json=BODY).answers(201, json={**record("new"), field: odd, "token": token_of("new")})
    result = run("api_key", expiry=None, **NIGHTLY)
    assert result.results["token"] == token_of("new")
    assert is_no_defect(result)


def test_a_creation_for_somebody_else_is_looked_after_by_who_made_it(run, wire):
    expect_listing(wire, status="active", sub="u9")
    wire.expects("POST", KEYS, json={**BODY, "sub": "u9"}).answers(201, json={**record("", sub="u9"), "token": "x"})
    expect_listing(
        wire, record("lost", sub="u9"), record("theirs", sub="u9", createdByUser="u9"), status="active", sub="u9"
    )
    expect_requester(wire)
    expect_retirement(wire, "lost")
    made = {**record("new", sub="u9", tenantId=TENANT_ID, createdByUser=USER_ID), "token": token_of("new")}
    wire.expects("POST", KEYS, json={**BODY, "sub": "u9"}).answers(201, json=made)
    assert steps(run("api_key", sub="u9", **NIGHTLY).results) == ["retire lost", "create new"]
