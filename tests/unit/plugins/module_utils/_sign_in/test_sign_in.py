# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    ImpersonatedUser,
    OAuthClient,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import choose_sign_in
from ansible_collections.tenantops.qlik_cloud.tests.unit.plugins.module_utils._sign_in.sources import (
    CONTEXT_SET,
    FILE,
    KEPT,
    KEY,
    PAIR,
    PAIR_SET,
    TOKEN,
    TOKEN_SET,
    URL,
    URL_SET,
)


def test_all_secrets_of_what_was_read_are_known_and_the_id_of_a_client_is_none(choose):
    assert choose(URL | TOKEN, {}).secrets == {"s3cret-own"}
    assert choose(URL | PAIR, {}).secrets == {"s3cret-own-pair"}
    assert choose(URL, TOKEN_SET).secrets == {"s3cret-set"}
    kept = {"s3cret-kept", "Bearer s3cret-kept", "s3cret-gate"}
    assert choose(KEY, {}).secrets == kept
    assert choose(KEY | TOKEN, {}).secrets == kept | {"s3cret-own"}
    assert choose({}, CONTEXT_SET).secrets == {"s3cret-kept-pair"}
    assert "s3cret" not in repr(choose({"context": "client"}, {}))


@pytest.mark.parametrize(
    ("options", "environment", "problem"),
    [
        ({}, {}, "access_token: no credentials are given. Give either access_token .* or a context "),
        (URL, {}, "access_token: no credentials are given. "),
        (URL, URL_SET, "access_token: no credentials are given. "),
        ({}, URL_SET, "access_token: no credentials are given. "),
        (TOKEN, {}, "tenant_url: not given. .*QLIK_TENANT_URL, or name a context"),
        (TOKEN, TOKEN_SET, "tenant_url: not given. "),
        ({}, PAIR_SET, "tenant_url: not given. "),
        ({"tenant_url": "tenant", "context": "key"}, {}, "tenant_url: 'tenant' is not of the form"),
        ({"context": "live"}, {}, "context: 'live' is not in .*, which has 'key', 'client', 'nobody'"),
        ({"context": "nobody"}, TOKEN_SET, "context: 'nobody' has no usable credentials"),
        ({"context": "nowhere"}, URL_SET, "context: 'nowhere' has no server"),
        ({"context": "nowhere", **URL}, {}, "context: 'nowhere' has no server"),
        ({"context": "windows"}, {}, "context: 'windows' is for a server of type 'windows'"),
        ({"context": "windows", **TOKEN}, {}, "context: 'windows' is for a server of type 'windows'"),
        (
            {"context": "key", "contexts_file": "/nowhere/c.yml"},
            {},
            "contexts_file: /nowhere/c.yml does not exist, so the context 'key' cannot be found; make it with",
        ),
        (
            {"context": "key"},
            {"QLIK_CONTEXTS_FILE": "/no/c.yml"},
            "QLIK_CONTEXTS_FILE: /no/c.yml does not exist, so the context 'key'",
        ),
        (
            {"context": "prod"},
            {"QLIK_CLI_USER_HOME_DIR": "/nowhere"},
            "context: 'prod' cannot be found: there is no /nowhere/.qlik/contexts.yml, where qlik-cli keeps its contexts. Make it",
        ),
        (
            {},
            {"QLIK_CONTEXT": "prod", "QLIK_CLI_USER_HOME_DIR": "/nowhere"},
            "QLIK_CONTEXT: 'prod' cannot be found: there is no /nowhere/.qlik/contexts.yml",
        ),
        ({**URL, **TOKEN, **PAIR, "context": "key"}, {}, "access_token: given together with a client pair"),
        ({"client_id": "an-id", **KEY}, {}, "client_secret: missing, .* Give either access_token"),
        ({"client_id": "an-id", **URL}, TOKEN_SET, "client_secret: missing, .* Give either access_token"),
    ],
)
def test_what_is_missing_or_unusable_is_told_by_the_option(choose, options, environment, problem):
    with pytest.raises(OptionError, match=f"^{problem}") as refused:
        choose(options, environment)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "environment", "problem"),
    [
        ({}, TOKEN_SET | {"QLIK_TENANT_URL": "tenant"}, "QLIK_TENANT_URL: 'tenant' is not of the form"),
        (URL, TOKEN_SET | {"QLIK_TENANT_URL": "tenant"}, "QLIK_TENANT_URL: 'tenant' is not of the form"),
        (TOKEN, {"QLIK_TENANT_URL": "http://tenant.example.com"}, "QLIK_TENANT_URL: .* unencrypted"),
        ({}, TOKEN_SET | PAIR_SET, "QLIK_ACCESS_TOKEN: given together with a client pair"),
        (URL, {"QLIK_CLIENT_ID": "set-id"}, "QLIK_CLIENT_SECRET: missing, while the other half"),
        (URL, {"QLIK_ACCESS_TOKEN": "Bearer s3cret"}, "QLIK_ACCESS_TOKEN: give the token alone"),
        ({}, {"QLIK_CONTEXT": "live"}, "QLIK_CONTEXT: 'live' is not in .*, which has 'key', 'client', 'nobody'"),
        (TOKEN, {"QLIK_CONTEXT": "windows"}, "QLIK_CONTEXT: 'windows' is for a server of type 'windows'"),
        (URL, {"QLIK_CONTEXT": "nobody", **TOKEN_SET}, "QLIK_CONTEXT: 'nobody' has no usable credentials"),
        (KEY, {"QLIK_CONTEXTS_FILE": "/nowhere/c.yml"}, "QLIK_CONTEXTS_FILE: /nowhere/c.yml does not exist"),
        ({}, {**CONTEXT_SET, "QLIK_CONTEXTS_FILE": "/nowhere/c.yml"}, "QLIK_CONTEXTS_FILE: /nowhere/c.yml does not"),
    ],
)
def test_what_the_environment_has_wrong_is_told_by_its_variable(choose, options, environment, problem):
    with pytest.raises(OptionError, match=f"^{problem}") as refused:
        choose(options, environment)
    assert "s3cret" not in str(refused.value)


def test_the_file_of_a_context_may_be_named_by_the_task_or_by_a_variable(choose, tmp_path):
    file = tmp_path / "injected"
    file.write_text(FILE.replace("s3cret-kept,", "s3cret-injected,"))
    assert choose(KEY, {}).credentials == KEPT
    assert choose(KEY, {"QLIK_CONTEXTS_FILE": str(file)}).credentials.token == "s3cret-injected"
    named = KEY | {"contexts_file": str(file)}
    assert choose(named, {"QLIK_CONTEXTS_FILE": "/nowhere/c.yml"}).credentials.token == "s3cret-injected"


@pytest.mark.parametrize("option", ["impersonate_user_id", "impersonate_subject"])
@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ({**URL, **PAIR}, {}),
        (URL, PAIR_SET),
        ({"context": "client"}, {}),
        ({}, CONTEXT_SET),
    ],
)
def test_an_oauth_client_from_wherever_acts_as_a_user(choose, options, environment, option):
    credentials = choose({**options, option: "ann"}, environment).credentials
    assert isinstance(credentials, OAuthClient)
    assert credentials.acting_as == ImpersonatedUser(option, "ann")


@pytest.mark.parametrize("option", ["impersonate_user_id", "impersonate_subject"])
@pytest.mark.parametrize(
    ("options", "environment", "origin"),
    [
        ({**URL, **TOKEN}, {}, "not the access token."),
        (URL, TOKEN_SET, "not the access token."),
        ({"context": "key"}, {}, "not the access token of the context key."),
    ],
)
def test_nobody_acts_as_a_user_by_an_access_token(choose, options, environment, origin, option):
    with pytest.raises(OptionError) as refused:
        choose({**options, option: "ann"}, environment)
    assert str(refused.value).startswith(f"{option}: takes an OAuth client (client_id and client_secret, ")
    assert str(refused.value).endswith(origin)


def test_two_users_to_act_as_are_refused_before_anything_is_read():
    options = {"context": "key", "contexts_file": "/nowhere", "impersonate_user_id": "a", "impersonate_subject": "b"}
    with pytest.raises(OptionError, match="^impersonate_user_id: given together with impersonate_subject"):
        choose_sign_in(options, {})
