# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import (
    check_tenant_url,
    same_host,
)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://tenant.eu.qlikcloud.com", "https://tenant.eu.qlikcloud.com"),
        ("  https://tenant.eu.qlikcloud.com/  ", "https://tenant.eu.qlikcloud.com"),
        ("HTTPS://tenant.eu.qlikcloud.com:8443//", "https://tenant.eu.qlikcloud.com:8443"),
        ("https://gateway.example/qlik/", "https://gateway.example/qlik"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://localhost", "http://localhost"),
        ("http://qlik.localhost:1", "http://qlik.localhost:1"),
    ],
)
def test_an_https_address_and_plain_http_to_this_machine_are_accepted(given, used):
    assert check_tenant_url(given) == used


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("http://tenant.eu.qlikcloud.com", "unencrypted"),
        ("http://127.0.0.1.evil.example", "unencrypted"),
        ("http://localhost.evil.example", "unencrypted"),
        ("http://10.0.0.1", "unencrypted"),
        ("tenant.eu.qlikcloud.com", "not of the form"),
        ("ftp://tenant.eu.qlikcloud.com", "not of the form"),
        ("https://", "not of the form"),
        ("   ", "not of the form"),
        ("https://tenant:0", "not of the form"),
        ("https://tenant:99999", "not a valid address"),
        ("https://tenant:port", "not a valid address"),
        ("https://[tenant", "not a valid address"),
        ("https://tenant/?a=b", "must not contain"),
        ("https://tenant/#top", "must not contain"),
        ("https://tenant/api/v1", "leave out /api/v1"),
        ("https://tenant/api/", "leave out /api"),
        ("https://somebody@tenant", "must not contain"),
        ("https://tenant\\@evil.example", "must not contain"),
    ],
)
def test_any_other_address_is_refused_and_the_message_names_the_option(given, problem):
    with pytest.raises(OptionError, match=problem) as refused:
        check_tenant_url(given)
    assert str(refused.value).startswith("tenant_url: ")
    assert refused.value.option == "tenant_url"


@pytest.mark.parametrize(
    "given",
    [
        "https://user:hunter2@tenant",
        "http://user:hunter2@tenant",
        "user:hunter2@tenant",
        "https://user:hunter2@tenant:99999",
        "https://user:hunter2@[tenant",
        "https://tenant/?key=hunter2",
        "https://tenant/#hunter2",
    ],
)
def test_a_secret_inside_an_address_is_not_repeated(given):
    with pytest.raises(OptionError) as refused:
        check_tenant_url(given)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://tenant/a", "https://TENANT:443/b?c", True),
        ("http://localhost", "http://localhost:80/", True),
        ("https://tenant", "http://tenant", False),
        ("https://tenant", "https://tenant:8443", False),
        ("https://tenant", "https://tenant.evil.example", False),
        ("https://tenant", "https://tenant@evil.example", False),
        ("https://tenant", "https://[tenant", False),
    ],
)
def test_a_host_is_its_scheme_name_and_port(one, other, same):
    assert same_host(one, other) is same
