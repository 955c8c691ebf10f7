# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    LostTokenError,
    NoAnswerError,
    NotSentError,
    OptionError,
    OrphanedKeyError,
    RefusedError,
    SeveralErrors,
    TenantStateError,
    TokenFileError,
    UnusableAnswerError,
    at_option,
    combine_errors,
)


def test_an_option_error_begins_with_the_option():
    error = OptionError("expiry", "must be longer.")
    assert (str(error), error.option, error.failure) == ("expiry: must be longer.", "expiry", {})


@pytest.mark.parametrize("kind", [TokenFileError, LostTokenError, TenantStateError])
def test_errors_without_a_request_have_no_failure(kind):
    assert (str(kind("why")), kind("why").failure) == ("why", {})


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (NoAnswerError("m", "GET", "/p"), {"method": "GET", "path": "/p"}),
        (UnusableAnswerError("m", "GET", "/p"), {"method": "GET", "path": "/p"}),
        (UnusableAnswerError("m", "GET", "/p", 200), {"status": 200, "method": "GET", "path": "/p"}),
        (RefusedError("m", "GET", "/p", 500), {"status": 500, "method": "GET", "path": "/p"}),
        (
            RefusedError("m", "GET", "/p", 500, code="C", title="T", detail="D", trace_id="I"),
            {"status": 500, "code": "C", "title": "T", "detail": "D", "trace_id": "I", "method": "GET", "path": "/p"},
        ),
    ],
)
def test_failure_tells_what_is_known_and_nothing_else(error, failure):
    assert error.failure == failure


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OptionError("expiry", "is odd."), "keys[2].expiry: is odd."),
        (TokenFileError("the disk is full."), "keys[2]: the disk is full."),
        (RefusedError("GET /p was refused.", "GET", "/p", 500), "keys[2]: GET /p was refused."),
    ],
)
def test_an_error_about_one_entry_of_a_list_says_so_and_stays_what_it_is(error, message):
    placed = error.add_place("keys[2]")
    assert (str(placed), type(placed), placed.failure) == (message, type(error), error.failure)


def test_an_orphan_error_has_the_failure_of_the_request_that_left_it():
    assert OrphanedKeyError("why", {"status": 503}).failure == {"status": 503}
    assert OrphanedKeyError("why").failure == {}


@pytest.mark.parametrize(
    ("error", "in_doubt"),
    [
        (NoAnswerError("m", "POST", "/p"), True),
        (UnusableAnswerError("m", "POST", "/p", 201), True),
        (NotSentError("m", "POST", "/p"), False),
        *(
            (RefusedError("m", "POST", "/p", status, is_from_tenant=True), status in (408, 500, 503, 599))
            for status in (400, 401, 403, 404, 408, 409, 422, 429, 500, 503, 599)
        ),
        # A gateway that refuses in its own words may have passed the request on.
        *((RefusedError("m", "POST", "/p", status), True) for status in (400, 403, 404, 409, 429, 500)),
    ],
)
def test_a_write_was_certainly_not_carried_out_only_if_it_was_not_sent_or_the_tenant_refused_it(error, in_doubt):
    assert error.may_have_been_done is in_doubt


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OptionError("expiry", "is odd."), "onboarding_expiry: is odd."),
        (OptionError("expiry", "is odd.").add_place("keys[2]"), "onboarding_keys[2].expiry: is odd."),
        (LostTokenError("lost.").add_place("keys[2]"), "onboarding_keys[2]: lost."),
        (TokenFileError("the disk is full."), "the disk is full."),
        (RefusedError("GET /p was refused.", "GET", "/p", 500).add_advice("Wait."), "GET /p was refused. Wait."),
        (
            SeveralErrors(
                [OptionError("a", "b."), TenantStateError("c.").add_place("keys[1]"), TenantStateError("d.")]
            ),
            "3 entries: onboarding_a: b. onboarding_keys[1]: c. d.",
        ),
    ],
)
def test_an_error_can_be_told_with_the_names_of_a_caller(error, message):
    assert error.message_for(lambda text: f"onboarding_{text}") == message
    assert error.message_for() == str(error)


def test_an_error_in_a_place_inside_another_says_the_whole_place():
    with pytest.raises(OptionError, match=r"^keys\[0\]\.idp\.provider: is odd\.$"):
        with at_option("keys[0]"), at_option("idp"):
            raise OptionError("provider", "is odd.")


def test_one_error_is_told_by_itself_and_several_as_a_number_of_entries_of_which_ten_are_told():
    errors = [OptionError(f"keys[{number}]", "is odd.") for number in range(12)]
    assert combine_errors(errors[:1]) is errors[0]
    message = str(combine_errors(errors))
    assert message.startswith("12 entries: keys[0]: is odd. keys[1]: is odd.") and message.endswith("And 2 more.")
    assert "keys[9]" in message and "keys[10]" not in message
