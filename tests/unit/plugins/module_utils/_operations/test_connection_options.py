# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.arguments import COMMON_OPTIONS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.connection_options import (
    parse_http_options,
)

GIVEN = {name: argument.get("default") for name, argument in COMMON_OPTIONS.items()}
USED = {
    "verify": True,
    "timeout": 30.0,
    "retries": 5,
    "retry_interval": 1.0,
    "rate_limit_wait": 900.0,
    "headers": {},
}
OWN_CA = __file__
FOLDER_OF_CAS = os.path.dirname(__file__)
MISSING_CA = f"{__file__}.missing"
USUAL_HEADERS = {"Content-Type": "application/json; charset=utf-8", "Accept": "Application/JSON", "Cookie": "a=b"}


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ({}, {}),
        ({"validate_certs": False}, {"verify": False}),
        ({"validate_certs": False, "ca_path": MISSING_CA}, {"verify": False}),
        ({"ca_path": OWN_CA}, {"verify": OWN_CA}),
        ({"ca_path": FOLDER_OF_CAS}, {"verify": FOLDER_OF_CAS}),
        ({"ca_path": ""}, {"verify": True}),
        ({"timeout": 0.1, "retries": 0, "retry_interval": 0.0}, {"timeout": 0.1, "retries": 0, "retry_interval": 0.0}),
        ({"timeout": 3600.0, "retries": 10}, {"timeout": 3600.0, "retries": 10}),
        ({"rate_limit_wait": 0.0}, {"rate_limit_wait": 0.0}),
        ({"rate_limit_wait": 86400.0}, {"rate_limit_wait": 86400.0}),
        ({"headers": USUAL_HEADERS}, {"headers": USUAL_HEADERS}),
        ({"headers": {"X-Gate_1": " a b ", "X-Number": 5}}, {"headers": {"X-Gate_1": "a b", "X-Number": "5"}}),
    ],
)
def test_options_become_arguments_of_the_client(given, used):
    assert parse_http_options({**GIVEN, **given}) == {**USED, **used}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"timeout": 0.0}, "timeout: .*not 0"),
        ({"timeout": -1.0}, "timeout: .*not -1"),
        ({"timeout": 3601.0}, "timeout: .*not 3601"),
        ({"timeout": float("nan")}, "timeout: "),
        ({"timeout": float("inf")}, "timeout: "),
        ({"retries": -1}, "retries: must be from 0 to 10, not -1"),
        ({"retries": 11}, "retries: must be from 0 to 10, not 11"),
        ({"retry_interval": -0.5}, "retry_interval: .*not -0.5"),
        ({"retry_interval": float("nan")}, "retry_interval: "),
        ({"rate_limit_wait": -1.0}, "rate_limit_wait: must be from 0 to 86400 s, not -1"),
        ({"rate_limit_wait": 86401.0}, "rate_limit_wait: .*not 86401"),
        ({"rate_limit_wait": float("nan")}, "rate_limit_wait: "),
        ({"ca_path": MISSING_CA}, f"ca_path: {MISSING_CA} does not exist or cannot be read"),
        ({"ca_path": "a\0b"}, "ca_path: a\0b does not exist or cannot be read"),
        ({"ca_path": "/dev/null"}, "ca_path: /dev/null is neither a file of certificates nor a folder of them"),
        ({"headers": {"authorization": "hunter2"}}, "headers: must not contain Authorization"),
        *(
            ({"headers": {name: "hunter2"}}, f"headers: must not contain {name}, which each request sets")
            for name in (
                *("Content-Length", "host", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Upgrade", "Expect"),
                *("Content-Encoding", "Range", "If-None-Match", "X-HTTP-Method-Override"),
            )
        ),
        ({"headers": {"Content-Type": "hunter2"}}, "headers: Content-Type must be application/json"),
        ({"headers": {"accept": "text/hunter2"}}, "headers: accept must be application/json"),
        ({"headers": {"X-A": ["hunter2"]}}, "headers: the value of X-A must be text"),
        ({"headers": {"a b": "hunter2"}}, "headers: 'a b' is not a header's name"),
        ({"headers": {"": "hunter2"}}, "headers: '' is not a header's name"),
        ({"headers": {"X-Ü": "hunter2"}}, "headers: 'X-Ü' is not a header's name"),
        ({"headers": {"X-A": "hunter2\r\nX-B: c"}}, "headers: the value of X-A has line breaks"),
        ({"headers": {"X-A": "hünter2"}}, "headers: the value of X-A has"),
    ],
)
def test_an_option_out_of_bounds_is_refused_by_its_name_and_without_secrets(given, problem):
    with pytest.raises(OptionError, match=f"^{problem}") as refused:
        parse_http_options({**GIVEN, **given})
    assert "unter2" not in str(refused.value)


def test_a_pipe_instead_of_certificates_holds_up_nobody(tmp_path):
    os.mkfifo(tmp_path / "ca.pem")
    with pytest.raises(OptionError, match="^ca_path: .*/ca.pem is neither a file of certificates nor a folder of them"):
        parse_http_options({**GIVEN, "ca_path": str(tmp_path / "ca.pem")})
