# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    LostTokenError,
    NoAnswerError,
    OptionError,
    RefusedError,
    TenantStateError,
    TokenFileError,
    UnusableAnswerError,
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
