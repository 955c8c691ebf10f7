# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the task, then a context, then the environment, and no credentials to a host they were not given for.

The rows of the table at the top of ``sign_in.py``, each with every fallback.
"""

from __future__ import annotations

from itertools import product

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import OAuthClient
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import choose_sign_in
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.addresses import is_same_host
from ansible_collections.tenantops.qlik_cloud.tests.unit.plugins.module_utils._sign_in.sources import (
    CLIENT_HOST,
    CONTEXT_SET,
    ID,
    ID_SET,
    KEPT,
    KEPT_CLIENT,
    KEY,
    KEY_HOST,
    OWN,
    OWN_CLIENT,
    OWN_HOST,
    PAIR,
    PAIR_SET,
    SAME_URL_SET,
    SECRET,
    SECRET_SET,
    SET,
    SET_CLIENT,
    THERE,
    TOKEN,
    TOKEN_SET,
    URL,
    URL_SET,
)

# Whatever is in the environment, and of no use: it must not even be read.
BAD = {
    "QLIK_TENANT_URL": "no address",
    "QLIK_ACCESS_TOKEN": "Bearer s3cret",
    "QLIK_CLIENT_ID": "half a pair",
    "QLIK_CONTEXTS_FILE": "/nowhere/contexts.yml",
}


@pytest.mark.parametrize("others", [{}, KEY, {"context": "unknown"}])
@pytest.mark.parametrize("environment", [{}, URL_SET | TOKEN_SET, BAD, BAD | CONTEXT_SET])
@pytest.mark.parametrize(("options", "credentials"), [(TOKEN, OWN), (PAIR, OWN_CLIENT)])
def test_address_and_credentials_by_options_leave_nothing_to_be_read(options, credentials, environment, others):
    chosen = choose_sign_in({**URL, **options, **others}, environment)
    assert (chosen.tenant_url, chosen.credentials) == (OWN_HOST, credentials)


@pytest.mark.parametrize(("options", "credentials"), [(TOKEN, OWN), (PAIR, OWN_CLIENT)])
@pytest.mark.parametrize(
    ("context", "environment", "tenant_url"),
    [
        (KEY, {}, KEY_HOST),
        ({"context": "nobody"}, {}, "https://nobody.example.com"),
        (KEY, URL_SET | TOKEN_SET | CONTEXT_SET, KEY_HOST),
        ({}, CONTEXT_SET, CLIENT_HOST),
        ({}, URL_SET | PAIR_SET | CONTEXT_SET, CLIENT_HOST),
        ({}, URL_SET, THERE),
        ({}, URL_SET | TOKEN_SET, THERE),
        ({}, URL_SET | PAIR_SET | {"QLIK_CONTEXT": " "}, THERE),
    ],
)
def test_credentials_by_options_go_to_the_address_of_the_fallback(
    choose, options, credentials, context, environment, tenant_url
):
    chosen = choose({**options, **context}, environment)
    assert (chosen.tenant_url, chosen.credentials) == (tenant_url, credentials)


@pytest.mark.parametrize(
    ("options", "environment", "credentials"),
    [
        ({"tenant_url": "https://KEY.example.com:443", **KEY}, URL_SET | TOKEN_SET, KEPT),
        ({"tenant_url": "https://key.example.com/gate", **KEY}, CONTEXT_SET, KEPT),
        ({"tenant_url": "https://Client.example.com"}, CONTEXT_SET, KEPT_CLIENT),
        ({"tenant_url": "https://client.example.com"}, CONTEXT_SET | URL_SET | TOKEN_SET, KEPT_CLIENT),
        (URL, TOKEN_SET, SET),
        (URL, PAIR_SET | {"QLIK_TENANT_URL": ""}, SET_CLIENT),
        (URL, TOKEN_SET | SAME_URL_SET, SET),
        (URL, PAIR_SET | SAME_URL_SET, SET_CLIENT),
    ],
)
def test_an_address_by_option_takes_the_credentials_of_the_fallback_on_the_same_host(
    choose, options, environment, credentials
):
    chosen = choose(options, environment)
    assert (chosen.tenant_url, chosen.credentials) == (options["tenant_url"], credentials)


@pytest.mark.parametrize(
    ("options", "environment", "tenant_url", "credentials"),
    [
        (KEY, {}, KEY_HOST, KEPT),
        ({"context": " client "}, {}, CLIENT_HOST, KEPT_CLIENT),
        ({"context": "key", "access_token": " "}, {}, KEY_HOST, KEPT),
        (KEY, URL_SET | TOKEN_SET, KEY_HOST, KEPT),
        (KEY, PAIR_SET, KEY_HOST, KEPT),
        (KEY, CONTEXT_SET, KEY_HOST, KEPT),
        (KEY, BAD | {"QLIK_CONTEXTS_FILE": ""}, KEY_HOST, KEPT),
        ({}, CONTEXT_SET, CLIENT_HOST, KEPT_CLIENT),
        ({}, CONTEXT_SET | URL_SET | TOKEN_SET, CLIENT_HOST, KEPT_CLIENT),
        ({}, CONTEXT_SET | ID_SET | {"QLIK_TENANT_URL": "no address"}, CLIENT_HOST, KEPT_CLIENT),
        ({}, URL_SET | TOKEN_SET, THERE, SET),
        ({}, URL_SET | PAIR_SET | {"QLIK_ACCESS_TOKEN": " ", "QLIK_CONTEXT": ""}, THERE, SET_CLIENT),
    ],
)
def test_without_either_both_come_from_the_fallback(choose, options, environment, tenant_url, credentials):
    chosen = choose(options, environment)
    assert (chosen.tenant_url, chosen.credentials) == (tenant_url, credentials)


@pytest.mark.parametrize("by_environment", [False, True])
@pytest.mark.parametrize("context", ["key", "client"])
@pytest.mark.parametrize(
    "url",
    [OWN_HOST, "https://key.example.com.evil.example", "https://key.example.com:8443", "https://client.example.com:1"],
)
def test_the_credentials_of_a_context_never_leave_its_server(choose, context, url, by_environment):
    options, environment = ({}, {"QLIK_CONTEXT": context}) if by_environment else ({"context": context}, {})
    with pytest.raises(OptionError) as refused:
        choose({**options, "tenant_url": url}, {**environment, **TOKEN_SET, **SAME_URL_SET})
    named, undo = (" (QLIK_CONTEXT)", "unset QLIK_CONTEXT") if by_environment else ("", "drop context")
    assert str(refused.value) == (
        f"tenant_url: {url} is another host than https://{context}.example.com, the server of the context '{context}'"
        f"{named}, whose credentials are sent there only. Drop tenant_url, or {undo}, or give credentials as options of "
        "the task, too."
    )


@pytest.mark.parametrize("credentials", [TOKEN_SET, PAIR_SET])
def test_the_credentials_of_the_environment_never_leave_the_address_beside_them(choose, credentials):
    with pytest.raises(OptionError) as refused:
        choose(URL, credentials | URL_SET)
    assert str(refused.value) == (
        f"tenant_url: {OWN_HOST} is another host than {THERE}, the address in QLIK_TENANT_URL, and the credentials of "
        "the environment are sent there only. Drop tenant_url, or unset QLIK_TENANT_URL, or give credentials as options "
        "of the task, too."
    )


@pytest.mark.parametrize("besides", [{}, TOKEN_SET])
@pytest.mark.parametrize(("options", "environment"), [(URL, {}), (URL, SAME_URL_SET), ({}, URL_SET)])
def test_half_a_pair_is_made_whole_by_the_environment(choose, options, environment, besides):
    environment = {**environment, **PAIR_SET, **besides}
    assert choose({**options, **ID}, environment).credentials == OAuthClient("an-id", "s3cret-set-pair")
    assert choose({**options, **SECRET}, environment).credentials == OAuthClient("set-id", "s3cret-own-pair")


@pytest.mark.parametrize(
    ("options", "environment", "message"),
    [
        (
            {**URL, **ID},
            URL_SET | SECRET_SET,
            f"tenant_url: {OWN_HOST} is another host than {THERE}, the address in QLIK_TENANT_URL, and the credentials of "
            "the environment are sent there only. Drop tenant_url, or unset QLIK_TENANT_URL, or give client_secret as "
            "an option of the task, too.",
        ),
        (
            {**KEY, **ID},
            SECRET_SET,
            "client_secret: missing, while the other half of the client pair is given. QLIK_CLIENT_SECRET does not count "
            "beside a context; give client_secret as an option, too, or drop context.",
        ),
        (
            {**KEY, **SECRET, "tenant_url": KEY_HOST},
            ID_SET,
            "client_id: missing, while the other half of the client pair is given. QLIK_CLIENT_ID does not count "
            "beside a context; give client_id as an option, too, or drop context.",
        ),
        (
            {**URL, **ID},
            CONTEXT_SET | SECRET_SET,
            "client_secret: missing, while the other half of the client pair is given. QLIK_CLIENT_SECRET does not count "
            "beside a context; give client_secret as an option, too, or unset QLIK_CONTEXT.",
        ),
    ],
)
def test_half_a_pair_is_not_made_whole_for_another_host_or_beside_a_context(choose, options, environment, message):
    with pytest.raises(OptionError) as refused:
        choose(options, environment)
    assert str(refused.value) == message


def subsets(*alternatives: dict) -> list[dict]:
    return [{}, *alternatives]


OPTIONS = [
    {**one, **other, **third}
    for one, other, third in product(
        subsets(URL, {"tenant_url": KEY_HOST}, {"tenant_url": CLIENT_HOST}, {"tenant_url": THERE}),
        subsets(TOKEN, PAIR, ID, SECRET),
        subsets(KEY),
    )
]
ENVIRONMENTS = [
    {**one, **other, **third}
    for one, other, third in product(
        subsets(URL_SET, SAME_URL_SET), subsets(TOKEN_SET, PAIR_SET, ID_SET, SECRET_SET), subsets(CONTEXT_SET)
    )
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: ",".join(options.values()))
def test_whatever_is_given_each_secret_goes_to_its_own_host_only(choose, options):
    """By the text of the secret, which says where it comes from, and not by the rules above."""
    for environment in ENVIRONMENTS:
        try:
            chosen = choose(options, environment)
        except OptionError as refused:
            assert "s3cret" not in str(refused)
            continue
        credentials, client_id = chosen.credentials, ""
        if isinstance(credentials, OAuthClient):
            held, client_id = credentials.client_secret, credentials.client_id
        else:
            held = credentials.token
        if held == "s3cret-kept":
            assert is_same_host(chosen.tenant_url, KEY_HOST) and "context" in options
        elif held == "s3cret-kept-pair":
            assert is_same_host(chosen.tenant_url, CLIENT_HOST) and "context" not in options
        elif held.startswith("s3cret-set") or client_id == "set-id":
            assert "context" not in options and "QLIK_CONTEXT" not in environment
            assert is_same_host(chosen.tenant_url, environment.get("QLIK_TENANT_URL", chosen.tenant_url))
        else:
            assert held in options.values()
        if "tenant_url" in options:
            assert chosen.tenant_url == options["tenant_url"]
