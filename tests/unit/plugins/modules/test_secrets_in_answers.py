# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant, or a gateway before it, that repeats a token where it was not asked for one: no output tells it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import TENANT_ID, USER, record, result_of, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.tenant_calls import (
    BODY,
    KEYS,
    LIST,
    MINE,
    NIGHTLY,
    expect_my_keys,
    expect_new_key,
    expect_record,
    expect_requester,
    steps,
)

STORED, NEW = token_of("key-1"), token_of("new")
# How a token may be repeated, and what of it must not be seen then.
FORMS = {
    "whole": lambda token: token,
    "in a sentence": lambda token: f"the token {token}, which is wrong",
    "as a header": lambda token: f"Bearer {token}",
    "signature alone": lambda token: token.rpartition(".")[2],
    "half of the signature": lambda token: token.rpartition(".")[2][:64],
    "percent-encoded": lambda token: quote(token.replace(".", " . ")),
    "percent-encoded to the last": lambda token: "".join(f"%{ord(character):02X}" for character in token),
}
# The optional fields of a record that come back as they are.
FIELDS = ("createdByUser", "tenantId", "lastUpdated")


@pytest.fixture(params=FORMS)
def form(request):
    return FORMS[request.param]


def is_shown(text: str, token: str) -> bool:
    """Whether a text has a piece of the token's signature, as it is or percent-encoded."""
    signature = token.rpartition(".")[2]
    pieces = [signature[start : start + 23] for start in range(len(signature) - 22)]
    encoded = ["".join(f"%{ord(character):02X}" for character in piece) for piece in pieces]
    return any(piece in text for piece in (*pieces, *encoded))


@pytest.mark.parametrize("field", FIELDS)
def test_a_stored_token_in_the_listing_that_finds_its_key_is_not_told(wire, stored, ensure, form, field):
    stored("key-1")
    expect_my_keys(wire, record("key-1", **{field: form(STORED)}))
    result = ensure(diff=True, verbosity=3)
    assert result.results["api_key"]["id"] == "key-1"
    assert not is_shown(result.text, STORED)


@pytest.mark.parametrize("field", FIELDS)
def test_a_token_that_the_caller_gives_is_not_told(run, wire, form, field):
    expect_my_keys(wire, record("key-1", **{field: form(STORED)}))
    result = run("api_key", token=STORED, verbosity=3, **NIGHTLY)
    assert result.results["api_key"]["id"] == "key-1"
    assert not is_shown(result.text, STORED)


def test_a_stored_token_that_comes_for_the_id_of_who_signs_in_is_neither_told_nor_sent(wire, stored, ensure, form):
    stored("key-1")
    wire.expects("GET", "/api/v1/users/me").answers(json={**USER, "id": form(STORED)})
    result = ensure(verbosity=3)
    assert "a record, user without a usable id, that has no usable 'id'" in result.message
    assert not is_shown(result.text, STORED)


@pytest.mark.parametrize("name", ["code", "title", "detail"])
def test_a_token_in_a_refusal_is_not_told(wire, stored, ensure, form, name):
    stored("key-1")
    expect_requester(wire)
    error = {"code": "X-1", "title": "No", name: form(STORED)}
    wire.expects("GET", KEYS, query={**LIST, **MINE}).answers(400, json={"errors": [error], "traceId": form(STORED)})
    result = ensure(verbosity=3)
    assert result.results["failure"]["status"] == 400
    assert not is_shown(result.text, STORED)


@pytest.mark.parametrize("field", FIELDS)
def test_a_new_token_in_another_field_of_the_answer_that_hands_it_out_is_not_told(wire, path, ensure, form, field):
    expect_my_keys(wire)
    made = {**record("new"), field: form(NEW), "token": NEW}
    wire.expects("POST", KEYS, json=BODY).answers(201, json=made)
    result = ensure(diff=True, verbosity=3)
    assert (steps(result.results), path.read_text()) == (["create new"], f"{NEW}\n")
    assert not is_shown(result.text, NEW)


def test_a_returned_token_is_whole_though_its_answer_repeats_it(run, wire, form):
    expect_my_keys(wire)
    made = {**record("new"), "tenantId": form(NEW), "token": NEW}
    wire.expects("POST", KEYS, json=BODY).answers(201, json=made)
    result = run("api_key", verbosity=3, **NIGHTLY)
    assert result.results["token"] == NEW
    assert not is_shown(result.text.replace(NEW, "", 1), NEW)


def test_a_new_token_in_what_is_answered_later_is_not_told(wire, path, stored, ensure, form):
    stored("key-1")
    expect_my_keys(wire, record("key-1"))
    expect_new_key(wire, "new")
    error = {"code": "X-1", "title": "No", "detail": form(NEW)}
    wire.expects("DELETE", f"{KEYS}/key-1").answers(403, json={"errors": [error]})
    result = ensure(force_renew=True, overlap="PT0S", verbosity=3)
    assert steps(result.results) == ["create new"]
    assert not is_shown(result.text, NEW)


def test_the_token_that_token_info_reads_from_a_file_is_not_told(run, wire, path, stored, form):
    stored("key-1")
    wire.expects("GET", "/api/v1/users/me").answers(json=USER)
    expect_record(wire, record("key-1", createdByUser=form(STORED)))
    wire.expects("GET", "/api/v1/users/me", bearer=STORED).answers(json={**USER, "name": form(STORED)})
    result = run("token_info", token_file=str(path), verbosity=3)
    assert result.results["valid"] is True
    assert not is_shown(result.text, STORED)


@pytest.mark.parametrize("content", ["API_URL=x\nQLIK_KEY={}\n", '{{"token": "{}"}}', "Bearer {}", "{} {}"])
def test_a_token_among_other_text_in_the_file_is_not_told_either(wire, path, ensure, content, form):
    path.write_text(content.format(STORED, STORED))
    expect_my_keys(wire, record("key-1", tenantId=form(STORED)))
    result = ensure(on_lost_token="ignore", verbosity=3)
    assert result.results["api_key"]["id"] == "key-1"
    assert not is_shown(result.text, STORED)


@pytest.mark.parametrize("content", ["nightly reload", USER["id"], TENANT_ID, "key-1-of-many"])
def test_what_is_no_token_is_no_secret_and_damages_no_name(wire, path, ensure, content):
    path.write_text(content)
    expect_my_keys(wire, record("key-1-of-many"))
    result = ensure(on_lost_token="ignore")
    assert result.results["api_key"] == result_of(record("key-1-of-many"))
