# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes to a key whose outcome is not known: look, and do it once more unless it was done."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import requests
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    NoAnswerError,
    RefusedError,
    RequestError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKeys
from unit.samples import record
from unit.wire import Expected

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


def test_a_retirement_is_not_sent_a_third_time(wire, api_keys, bad):
    bad(wire.expects("DELETE", PATH))
    look(wire, record())
    bad(wire.expects("DELETE", PATH))
    with pytest.raises(bad.error, match=f"^DELETE .*{PATH}") as failed:
        api_keys.retire("key-1")
    assert failed.value.may_have_been_done


def test_the_key_that_one_signs_in_with_was_retired_when_it_opens_nothing_any_more(wire, api_keys, bad):
    bad(wire.expects("DELETE", PATH))
    wire.expects("GET", PATH).answers(401)
    assert api_keys.retire("key-1") == "deleted"


@pytest.mark.parametrize("status", [403, 500])
def test_when_looking_fails_as_well_it_is_told_what_happened_to_the_write(wire, api_keys, bad, status):
    bad(wire.expects("DELETE", PATH))
    wire.expects("GET", PATH).answers(status)
    with pytest.raises(bad.error, match=f"^DELETE .*{PATH}"):
        api_keys.retire("key-1")


def test_a_renaming_that_was_carried_out_is_not_sent_again(wire, api_keys, bad):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    look(wire, record(description="weekly"))
    assert api_keys.rename("key-1", "weekly") is None


def test_a_renaming_that_was_not_carried_out_is_sent_once_more(wire, api_keys, bad):
    bad(wire.expects("PATCH", PATH, json=RENAMING))
    look(wire, record())
    wire.expects("PATCH", PATH, json=RENAMING).answers(204)
    assert api_keys.rename("key-1", "weekly") is None


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
    with pytest.raises(RefusedError, match="was refused with 404"):
        api_keys.rename("key-1", "weekly")


@pytest.mark.parametrize(("status", "error"), [(400, RefusedError), (401, UnauthorizedError), (404, RefusedError)])
def test_a_refusal_leaves_nothing_in_doubt(wire, api_keys, status, error):
    wire.expects("PATCH", PATH, json=RENAMING).answers(status)
    with pytest.raises(error) as refused:
        api_keys.rename("key-1", "weekly")
    assert isinstance(refused.value, RequestError) and not refused.value.may_have_been_done
