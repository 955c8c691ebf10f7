# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import AccessToken, OAuthClient
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.sign_in_options import (
    ENVIRONMENT_VARIABLES,
    SignInOptions,
    name_options_as,
)

WHOLE = {
    "tenant_url": "https://own.example.com/",
    "context": "prod",
    "client_id": "an-id",
    "client_secret": "s3cret-pair",
}
EXPORTED = {ENVIRONMENT_VARIABLES[name]: text for name, text in WHOLE.items()}


@pytest.mark.parametrize("given", [SignInOptions.from_task(WHOLE), SignInOptions.from_environment(EXPORTED)])
def test_options_and_variables_say_the_same_in_their_own_words(given):
    assert (given.tenant_url(), given.context) == ("https://own.example.com", "prod")
    assert given.credentials() == OAuthClient("an-id", "s3cret-pair")
    assert "s3cret" not in repr(given)


CREDENTIALS = ("access_token", "client_id", "client_secret")


@pytest.mark.parametrize(
    "given",
    [
        SignInOptions.from_task({}),
        SignInOptions.from_task(dict.fromkeys(ENVIRONMENT_VARIABLES)),
        SignInOptions.from_task(dict.fromkeys(CREDENTIALS, " \n")),
        SignInOptions.from_environment({}),
        SignInOptions.from_environment(dict.fromkeys(ENVIRONMENT_VARIABLES.values(), " \n")),
    ],
)
def test_empty_credentials_and_variables_count_as_not_given(given):
    assert (given.tenant_url(), given.context, given.credentials(), given.missing_half) == (None,) * 4


@pytest.mark.parametrize("empty", ["", " \n"])
@pytest.mark.parametrize("name", ["context", "tenant_url"])
def test_an_empty_option_that_names_the_tenant_is_refused(name, empty):
    with pytest.raises(OptionError, match=f"^{name}: must not be empty"):
        SignInOptions.from_task({name: empty})


def test_neither_reads_the_words_of_the_other():
    assert SignInOptions.from_task(EXPORTED).credentials() is None
    assert SignInOptions.from_environment(WHOLE).credentials() is None


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"tenant_url": "tenant"}, "tenant_url: 'tenant' is not of the form"),
        ({"tenant_url": "http://own.example.com"}, "tenant_url: 'http://own.example.com' would send the token unenc"),
        ({"access_token": "Bearer s3cret"}, "access_token: give the token alone"),
        ({"access_token": "s3cret", "client_id": "an-id"}, "access_token: given together with a client pair"),
        ({"client_id": "an-id"}, "client_secret: missing, while the other half"),
    ],
)
def test_what_cannot_be_used_is_told_by_the_word_that_the_user_wrote(texts, message):
    exported = {ENVIRONMENT_VARIABLES[name]: text for name, text in texts.items()}
    option, _colon, problem = message.partition(":")
    for given, word in (
        (SignInOptions.from_task(texts), option),
        (SignInOptions.from_environment(exported), ENVIRONMENT_VARIABLES[option]),
    ):
        with pytest.raises(OptionError) as refused:
            (given.tenant_url(), given.credentials())
        assert str(refused.value).startswith(f"{word}:{problem}")
        assert "s3cret" not in str(refused.value)


def test_the_other_half_of_a_pair_makes_it_whole_and_changes_nothing_else():
    half = SignInOptions.from_task({"client_id": "an-id", "context": "prod"})
    whole = half.complete_pair("client_secret", "s3cret-pair")
    assert (whole.credentials(), whole.context) == (OAuthClient("an-id", "s3cret-pair"), "prod")
    assert (half.missing_half, whole.missing_half) == ("client_secret", None)
    assert SignInOptions.from_task({"access_token": "t"}).credentials() == AccessToken("t")


def test_how_to_take_an_option_back_is_told_in_its_words():
    assert SignInOptions.from_task({}).describe_removal("context") == "drop context"
    assert SignInOptions.from_environment({}).describe_removal("tenant_url") == "unset QLIK_TENANT_URL"


def test_an_option_without_another_word_keeps_its_name():
    with pytest.raises(OptionError, match="^timeout: too long$"), name_options_as(ENVIRONMENT_VARIABLES):
        raise OptionError("timeout", "too long")
