# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    ImpersonatedUser,
    OAuthClient,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in import choose_sign_in

FILE = """
contexts:
  key: {server: "https://key.example.com/", headers: {Authorization: Bearer s3cret-kept, X-Gate: s3cret-gate}}
  client: {server: "https://client.example.com", oauth-client-id: kept-id, oauth-client-secret: s3cret-pair}
  nobody: {server: "https://nobody.example.com"}
  nowhere: {headers: {Authorization: Bearer s3cret-kept}}
  windows: {server: "https://win.example.com", server-type: windows, headers: {Authorization: Bearer s3cret-kept}}
"""
URL = {"tenant_url": "https://own.example.com"}
TOKEN = {"access_token": "s3cret-own"}
PAIR = {"client_id": "an-id", "client_secret": "s3cret-own-pair"}
EXPORTED = {"QLIK_ACCESS_TOKEN": "s3cret-exported"}
KEPT = AccessToken("s3cret-kept", context="key")
OWN = AccessToken("s3cret-own")
CLIENT = OAuthClient("an-id", "s3cret-own-pair")
KEPT_CLIENT = OAuthClient("kept-id", "s3cret-pair", context="client")


@pytest.fixture
def choose(tmp_path):
    """Chooses among options and environment, with the contexts above in their usual file."""
    (tmp_path / ".qlik").mkdir()
    (tmp_path / ".qlik" / "contexts.yml").write_text(FILE)
    return lambda options, environment: choose_sign_in(
        options, {"QLIK_CLI_USER_HOME_DIR": str(tmp_path), **environment}
    )


@pytest.mark.parametrize(
    ("options", "environment", "tenant_url", "credentials"),
    [
        ({**URL, **TOKEN}, {}, "https://own.example.com", OWN),
        (URL, EXPORTED, "https://own.example.com", AccessToken("s3cret-exported")),
        ({"context": "key"}, {}, "https://key.example.com", KEPT),
        ({"context": " client "}, {}, "https://client.example.com", KEPT_CLIENT),
        ({"context": "key", "tenant_url": "", "access_token": " "}, {}, "https://key.example.com", KEPT),
        ({"context": "key", "tenant_url": "https://KEY.example.com:443"}, {}, "https://KEY.example.com:443", KEPT),
        ({"context": "key", **TOKEN}, {}, "https://key.example.com", OWN),
        ({"context": "key", **PAIR}, EXPORTED, "https://key.example.com", CLIENT),
        ({"context": "key"}, EXPORTED, "https://key.example.com", AccessToken("s3cret-exported")),
        ({"context": "nobody", **TOKEN}, {}, "https://nobody.example.com", OWN),
        ({"context": "key", **URL, **TOKEN}, {}, "https://own.example.com", OWN),
        ({"context": "key", **URL}, EXPORTED, "https://own.example.com", AccessToken("s3cret-exported")),
    ],
)
def test_address_and_credentials_each_come_from_the_first_source_that_gives_them(
    choose, options, environment, tenant_url, credentials
):
    chosen = choose(options, environment)
    assert (chosen.tenant_url, chosen.credentials) == (tenant_url, credentials)


@pytest.mark.parametrize("context", ["unknown", "windows", "nowhere"])
def test_a_context_that_is_not_needed_is_not_looked_at(context):
    options = {**URL, **TOKEN, "context": context, "contexts_file": "/nowhere/contexts.yml"}
    assert choose_sign_in(options, {}).credentials == OWN


def test_all_secrets_of_what_was_read_are_known(choose):
    assert choose(URL | TOKEN, {}).secrets == {"s3cret-own"}
    kept = {"s3cret-kept", "Bearer s3cret-kept", "s3cret-gate"}
    assert choose({"context": "key"}, {}).secrets == kept
    assert choose({"context": "key", **TOKEN}, {}).secrets == kept | {"s3cret-own"}
    assert "s3cret" not in repr(choose({"context": "client"}, {}))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "access_token: no credentials are given. Give either access_token .* or a context "),
        (URL, "access_token: no credentials are given. "),
        (TOKEN, "tenant_url: not given. .*QLIK_TENANT_URL, or name a context"),
        ({"tenant_url": "tenant", "context": "key"}, "tenant_url: 'tenant' is not of the form"),
        ({"context": "live"}, "context: 'live' is not in .*, which has 'key', 'client', 'nobody'"),
        ({"context": "nobody"}, "context: 'nobody' has no usable credentials"),
        ({"context": "nowhere"}, "context: 'nowhere' has no server"),
        ({"context": "nowhere", **URL}, "context: 'nowhere' has no server"),
        ({"context": "windows"}, "context: 'windows' is for a server of type 'windows'"),
        ({"context": "windows", **TOKEN}, "context: 'windows' is for a server of type 'windows'"),
        ({"context": "key", "contexts_file": "/nowhere/c.yml"}, "contexts_file: /nowhere/c.yml does not exist"),
        ({**URL, **TOKEN, **PAIR, "context": "key"}, "access_token: given together with a client pair"),
    ],
)
def test_what_is_missing_or_unusable_is_told_by_the_option(choose, options, problem):
    with pytest.raises(OptionError, match=f"^{problem}") as refused:
        choose(options, {})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("context", ["key", "client"])
@pytest.mark.parametrize(
    "url", ["https://own.example.com", "https://key.example.com.evil.example", "https://key.example.com:8443"]
)
def test_the_credentials_of_a_context_never_leave_its_server(choose, context, url):
    with pytest.raises(OptionError) as refused:
        choose({"context": context, "tenant_url": url}, {})
    assert str(refused.value).startswith(
        f"tenant_url: {url} is another host than https://{context}.example.com, the server of the context '{context}'"
    )
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("option", ["impersonate_user_id", "impersonate_subject"])
@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ({**URL, **PAIR}, {}),
        (URL, {"QLIK_CLIENT_ID": "an-id", "QLIK_CLIENT_SECRET": "s3cret-own-pair"}),
        ({"context": "client"}, {}),
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
        (URL, EXPORTED, "not the access token."),
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
