# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnusableAnswerError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.answers import clean_text
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.client import HttpClient
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import Secrets
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import refused, token_of
from ansible_collections.tenantops.qlik_cloud.tests.unit.wire import BASE

HTML_401 = "<html><head><title>401 Authorization Required</title></head><body>body-of-the-gateway</body></html>"


@pytest.fixture
def ask(wire):
    """Sends one GET that is answered as told, and returns what the client raises."""

    def asker(status: int, **answer) -> RefusedError:
        wire.expects("GET", "/api/v1/things", bearer=None).answers(status, **answer)
        with pytest.raises(RefusedError) as raised:
            HttpClient(BASE, retries=0).request("GET", "/api/v1/things")
        return raised.value

    return asker


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (400, RefusedError, "Bad Request"),
        (401, UnauthorizedError, "Unauthorized"),
        (403, ForbiddenError, "Forbidden"),
        (404, NotFoundError, "Not Found"),
        (500, RefusedError, "Internal Server Error"),
        (503, RefusedError, "Service Unavailable"),
        (599, RefusedError, "unknown status"),
    ],
)
def test_the_status_alone_decides_the_type(ask, status, kind, reason):
    error = ask(status, json=refused("APIKEYS-18", "Ended"))
    assert error.__class__ is kind
    assert str(error) == f"GET /api/v1/things was refused with {status} ({reason}): Ended."


def test_every_part_of_the_envelope_is_told_in_failure(ask):
    envelope = refused("APIKEYS-3", "Invalid request", detail="expiry too long.", status="400", meta={"a": 1})
    error = ask(400, json=envelope)
    assert str(error) == "GET /api/v1/things was refused with 400 (Bad Request): Invalid request: expiry too long."
    assert error.failure == {
        "status": 400,
        "code": "APIKEYS-3",
        "title": "Invalid request",
        "detail": "expiry too long.",
        "method": "GET",
        "path": "/api/v1/things",
        "trace_id": "trace-1",
    }


@pytest.mark.parametrize("status_inside", [404, "404", None, {"odd": 1}])
def test_the_status_inside_the_envelope_changes_nothing(ask, status_inside):
    error = ask(403, json=refused("X", "No", status=status_inside))
    assert error.failure["status"] == 403


def test_up_to_three_errors_are_in_the_message_and_the_first_in_failure(ask):
    error = ask(400, json={"errors": [{"code": f"E-{n}", "title": f"Problem {n}"} for n in range(1, 5)]})
    assert str(error) == "GET /api/v1/things was refused with 400 (Bad Request): Problem 1; Problem 2; Problem 3."
    assert (error.code, error.title, error.trace_id) == ("E-1", "Problem 1", None)


def test_the_shape_of_oauth_errors_is_understood(ask):
    error = ask(401, json={"error": "invalid_client", "error_description": "no such client"})
    assert str(error).endswith("401 (Unauthorized): invalid_client: no such client.")
    assert (error.code, error.detail) == ("invalid_client", "no such client")


@pytest.mark.parametrize(
    "answer",
    [
        {"text": HTML_401},
        {"text": ""},
        {"text": "{not json"},
        {"json": []},
        {"json": {"errors": {}}},
        {"json": {"errors": []}},
        {"json": {"errors": ["body-of-the-gateway", None]}},
        {"json": {"errors": [{"title": None, "detail": ["body-of-the-gateway"], "code": {}}]}},
        {"json": {"error": {"message": "body-of-the-gateway"}}},
    ],
)
def test_an_error_in_no_known_shape_is_told_by_its_status_and_never_by_its_body(ask, answer):
    error = ask(401, **answer)
    assert str(error) == "GET /api/v1/things was refused with 401 (Unauthorized)."
    assert error.failure == {"status": 401, "title": "Unauthorized", "method": "GET", "path": "/api/v1/things"}


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500])
@pytest.mark.parametrize("answer", [{"text": HTML_401}, {"json": {"error": "not_found"}}, {"json": {"errors": []}}])
def test_a_refusal_in_another_form_is_not_the_tenants_word(ask, status, answer):
    error = ask(status, **answer)
    assert not isinstance(error, NotFoundError)
    assert not error.is_from_tenant and error.may_have_been_done
    assert "so a gateway or proxy may have answered." in str(error)


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_refusal_in_the_published_form_is_the_tenants_word(ask, status):
    error = ask(status, json=refused("APIKEYS-18", "Ended"))
    assert error.is_from_tenant and not error.may_have_been_done
    assert "gateway" not in str(error)


def test_a_refused_sign_in_may_have_the_form_of_oauth(wire):
    wire.expects("POST", "/oauth/token", bearer=None).answers(401, json={"error": "invalid_client"})
    with pytest.raises(UnauthorizedError) as raised:
        HttpClient(BASE).request("POST", "/oauth/token")
    assert raised.value.is_from_tenant


def test_a_limit_without_the_envelope_is_believed_if_it_says_how_long(wire):
    for headers in ({"Retry-After": "1"}, {}):
        wire.expects("POST", "/x", bearer=None).answers(429, text="slow down", headers=headers)
    with pytest.raises(RateLimitedError) as raised:
        HttpClient(BASE).request("POST", "/x")
    assert not raised.value.is_from_tenant and raised.value.may_have_been_done


def test_a_token_that_is_handed_out_is_whole_and_nowhere_else(wire):
    token = token_of("key-1")
    wire.expects("POST", "/x", bearer=None).answers(201, json={"token": token, "description": f"is {token}", "id": "a"})
    answer = HttpClient(BASE).request("POST", "/x")
    assert answer.tokens == {"token": token}
    assert token not in f"{answer!r} {answer.document()}"
    assert answer.document()["id"] == "a"


def test_the_text_of_an_answer_is_made_fit_to_be_shown(wire):
    text = '{"data": ["\\u001b[31m\\u202ered", "\\ud800"], "a\\u0000": 1}'
    wire.expects("GET", "/x", bearer=None).answers(text=text, headers={"Content-Type": "application/json"})
    answer = HttpClient(BASE).request("GET", "/x")
    assert answer.document() == {"data": ["\ufffd[31m\ufffdred", "\ufffd"], "a\ufffd": 1}


def test_a_token_that_the_server_echoes_is_left_out_everywhere(ask):
    token = token_of("key-1")
    envelope = {
        "errors": [{"code": token, "title": f"Bad bearer {token}", "detail": f"'{token}' was sent"}],
        "traceId": token,
    }
    error = ask(401, json=envelope)
    assert token.split(".")[1] not in f"{error} {error.failure}"
    assert error.detail == "'(token left out)' was sent"


def test_advice_is_added_to_the_message_and_keeps_type_and_failure(ask):
    error = ask(403, json=refused("X", "No"))
    message, failure = str(error), error.failure
    advised = error.add_advice("Ask an admin.")
    assert advised.__class__ is ForbiddenError
    assert str(advised) == f"{message} Ask an admin."
    assert advised.failure == failure


def test_rate_limits_are_a_type_of_their_own(wire):
    wire.expects("GET", "/x", bearer=None).answers(429)
    with pytest.raises(RateLimitedError):
        HttpClient(BASE, rate_limit_wait=0.0).request("GET", "/x")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", None),
        (" \n\u200b ", None),
        ("two\n  lines\r\n", "two lines"),
        ("x" * 501, "x" * 499 + "…"),
        ("eyJhbGciOiJFUzM4NCJ9.e30.c2ln and eyJhbGciOi", "(token left out) and (token left out)"),
        ("they", "they"),
        ("red \x1b[31m and \u202eturned\ud800", "red [31m and turned"),
    ],
)
def test_server_text_becomes_one_bounded_line_without_tokens(text, cleaned):
    assert clean_text(text, Secrets()) == cleaned


@pytest.mark.parametrize(
    ("method", "doubt"),
    [
        ("GET", "Is this the address of a Qlik Cloud tenant?"),
        ("POST", "Whether the tenant carried it out is not known."),
    ],
)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"text": "<h1>Welcome, body-of-the-gateway</h1>"}, "text/html"),
        ({"text": "{cut off", "headers": {"Content-Type": "application/json"}}, "application/json"),
        ({"json": ["a list"]}, "application/json"),
    ],
)
def test_a_success_without_a_json_object_cannot_be_used(wire, method, doubt, answer, kind):
    wire.expects(method, "/x", bearer=None).answers(200, **answer)
    got = HttpClient(BASE).request(method, "/x")
    with pytest.raises(UnusableAnswerError) as unusable:
        got.document()
    assert str(unusable.value) == f"{method} /x was answered 200 with {kind} where a JSON object was expected. {doubt}"
    assert unusable.value.failure == {"status": 200, "method": method, "path": "/x"}


def test_a_secret_is_left_out_before_the_text_is_made_short():
    secret = "opaque  secret\tof a gateway"
    text = clean_text("x" * 490 + secret + "y", Secrets([secret]))
    assert text == "x" * 490 + "(secret l…"
    assert clean_text(f"sent: {secret}", Secrets([secret])) == "sent: (secret left out)"
