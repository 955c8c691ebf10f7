# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes to a key whose outcome is not known: look, and do it once more unless it was done."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import requests

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NoAnswerError,
    NotFoundError,
    NotSentError,
    RefusedError,
    RequestError,
    TenantStateError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKeys
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import record, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import Expected

PATH = "/api/v1/api-keys/key-1"
RENAMING = [{"op": "replace", "path": "/description", "value": "weekly"}]
# How the answer comes, and the error it makes.
BAD_ANSWERS = {
    "dropped": (requests.ConnectionError("dropped"), NoAnswerError),
    "slow": (requests.ReadTimeout("slow"), NoAnswerError),
    "half a body": (requests.exceptions.ChunkedEncodingError("half"), NoAnswerError),
    "500": ({"status": 500}, RefusedError),
    "503": ({"status": 503}, RefusedError),
    "408": ({"status": 408}, RefusedError),
    "redirect": ({"status": 302, "headers": {"Location": "/login"}}, UnusableAnswerError),
    # Refusals that are not in the tenant's own words.
    "404 of a gateway": ({"status": 404, "text": "<html>no such page</html>"}, RefusedError),
    "403 of a gateway": ({"status": 403, "text": "<html>blocked</html>"}, ForbiddenError),
    "400 of a gateway": ({"status": 400, "json": {"errors": ["bad"]}}, RefusedError),
    "401 without words": ({"status": 401, "json": {}}, UnauthorizedError),
}


@pytest.fixture
def api_keys(calls) -> ApiKeys:
    return ApiKeys(calls)


@dataclass(frozen=True)
class Bad:
    """``bad(expected)`` gives a request an answer that leaves its outcome open; ``error`` is what becomes of that."""

    answer: Exception | dict
    error: type[RequestError]

    def __call__(self, expected: Expected) -> None:
        expected.ends(self.answer)


@pytest.fixture(params=BAD_ANSWERS)
def bad(request) -> Bad:
    return Bad(*BAD_ANSWERS[request.param])


def look(wire, left: dict | None) -> None:
    expected = wire.expects("GET", PATH)
    expected.answers(json=left) if left else expected.answers(404)


@pytest.mark.parametrize(
    ("left", "outcome"),
    [
        (None, "deleted"),
        (record(status="revoked"), "revoked"),
        (record(status="expired"), "revoked"),
    ],
)
def test_a_retirement_that_was_carried_out_is_not_sent_again(wire, api_keys, bad, left, outcome):
    bad(wire.expects("DELETE", PATH))
    look(wire, left)
    assert api_keys.retire("key-1") == outcome


@pytest.mark.parametrize(("left", "outcome"), [(None, "deleted"), (record(status="revoked"), "revoked")])
def test_a_retirement_that_was_not_carried_out_is_sent_once_more(wire, api_keys, bad, left, outcome):
    bad(wire.expects("DELETE", PATH))
    look(wire, record())
    wire.expects("DELETE", PATH).answers(204)
    look(wire, left)
    assert api_keys.retire("key-1") == outcome


def test_a_retirement_that_was_carried_out_after_the_look_is_none_the_worse(wire, api_keys, bad):
    bad(wire.expects("DELETE", PATH))
    look(wire, record())
    wire.expects("DELETE", PATH).answers(404)
    assert api_keys.retire("key-1") == "deleted"


@pytest.mark.parametrize(("left", "outcome"), [(None, "deleted"), (record(status="revoked"), "revoked")])
def test_a_second_retirement_whose_outcome_is_not_known_is_looked_after_as_well(wire, api_keys, bad, left, outcome):
    bad(wire.expects("DELETE", PATH))
    look(wire, record())
    bad(wire.expects("DELETE", PATH))
    look(wire, left)
    assert api_keys.retire("key-1") == outcome


def test_a_retirement_is_not_sent_a_third_time(wire, api_keys, bad):
    bad(wire.expects("DELETE", PATH))
    look(wire, record())
    bad(wire.expects("DELETE", PATH))
    look(wire, record())
    with pytest.raises(bad.error, match=f"^DELETE .*{PATH}") as failed:
        api_keys.retire("key-1")
    assert failed.value.may_have_been_done


def test_the_key_that_one_signs_in_with_was_retired_when_it_opens_nothing_any_more(wire, calls, bad):
    token = token_of("key-1")
    bad(wire.expects("DELETE", PATH, bearer=token))
    wire.expects("GET", PATH, bearer=token).answers(401)
    assert ApiKeys(calls.sign_in_with(token)).retire("key-1") == "deleted"


@pytest.mark.parametrize(
    ("signed_with", "answer"),
    [
        # The token of another key says nothing of this one.
        (token_of("key-2"), {"status": 401}),
        # Anything between may refuse in words that are not the tenant's.
        (token_of("key-1"), {"status": 401, "text": "<html>sign in</html>"}),
        (token_of("key-1"), {"status": 403}),
    ],
)
def test_a_refused_look_with_a_key_leaves_in_doubt_whether_it_was_retired(wire, calls, bad, signed_with, answer):
    bad(wire.expects("DELETE", PATH, bearer=signed_with))
    wire.expects("GET", PATH, bearer=signed_with).answers(**answer)
    with pytest.raises(bad.error, match=f"^DELETE .*{PATH}"):
        ApiKeys(calls.sign_in_with(signed_with)).retire("key-1")


@pytest.fixture(
    params=[
        {"status": 401},
        {"status": 403},
        {"status": 500},
        {"status": 404, "text": "<html>no such page</html>"},
        {"json": record("key-2")},
        requests.ConnectionError("dropped"),
    ],
    ids=["401", "403", "500", "404 of a gateway", "another key's record", "dropped"],
)
def blind(request) -> Exception | dict:
    """An answer to the look that does not tell what became of the write."""
    return request.param


def test_when_looking_fails_as_well_it_is_told_what_happened_to_the_deletion(wire, api_keys, bad, blind):
    bad(wire.expects("DELETE", PATH))
    wire.expects("GET", PATH).ends(blind)
    with pytest.raises(bad.error, match=f"^DELETE .*{PATH}"):
        api_keys.retire("key-1")


def test_when_looking_fails_as_well_it_is_told_what_happened_to_the_renaming(wire, api_keys, bad, blind):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    wire.expects("GET", PATH).ends(blind)
    with pytest.raises(bad.error, match=f"^PATCH .*{PATH}"):
        api_keys.rename("key-1", "weekly")


def test_a_retirement_that_was_never_sent_is_neither_looked_after_nor_repeated(wire, api_keys):
    wire.expects("DELETE", PATH).fails(requests.exceptions.InvalidHeader("bad"))
    with pytest.raises(NotSentError, match="Nothing was sent"):
        api_keys.retire("key-1")


def test_a_retirement_accepted_the_second_time_is_read_back_as_any_other(wire, api_keys, bad, waits):
    bad(wire.expects("DELETE", PATH))
    look(wire, record())
    wire.expects("DELETE", PATH).answers(204)
    for _look in range(4):
        look(wire, record())
    with pytest.raises(TenantStateError, match="deletion of API key key-1, yet it is still active"):
        api_keys.retire("key-1")
    assert waits == [1.0, 2.0, 4.0]


def test_a_renaming_that_was_carried_out_is_not_sent_again(wire, api_keys, bad):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    look(wire, record(description="weekly"))
    # As after any renaming.
    look(wire, record(description="weekly"))
    assert api_keys.rename("key-1", "weekly") is None


def test_a_renaming_that_was_not_carried_out_is_sent_once_more(wire, api_keys, bad):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    look(wire, record())
    wire.expects("PATCH", PATH, json=RENAMING).answers(204)
    look(wire, record(description="weekly"))
    assert api_keys.rename("key-1", "weekly") is None


def test_what_a_rival_made_of_the_description_meanwhile_is_told_and_not_fought_over(wire, api_keys, bad):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    look(wire, record(description="hourly"))
    wire.expects("PATCH", PATH, json=RENAMING).answers(204)
    for _look in range(4):
        look(wire, record(description="hourly"))
    with pytest.raises(TenantStateError, match="new description of API key key-1, yet the key is called 'hourly'"):
        api_keys.rename("key-1", "weekly")


def test_a_renaming_is_not_sent_a_third_time(wire, api_keys, bad):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    look(wire, record())
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    with pytest.raises(bad.error, match=f"^PATCH .*{PATH}"):
        api_keys.rename("key-1", "weekly")


def test_renaming_a_key_that_has_gone_meanwhile_fails(wire, api_keys, bad):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    look(wire, None)
    wire.expects("PATCH", PATH, json=RENAMING).answers(404)
    with pytest.raises(NotFoundError, match="was refused with 404"):
        api_keys.rename("key-1", "weekly")


@pytest.mark.parametrize(("status", "error"), [(400, RefusedError), (401, UnauthorizedError), (404, NotFoundError)])
def test_a_refusal_in_the_tenants_own_words_leaves_nothing_in_doubt(wire, api_keys, status, error):
    wire.expects("PATCH", PATH, json=RENAMING).answers(status)
    with pytest.raises(error) as refused:
        api_keys.rename("key-1", "weekly")
    assert isinstance(refused.value, RequestError) and not refused.value.may_have_been_done
