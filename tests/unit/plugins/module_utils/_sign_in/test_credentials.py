# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    ImpersonatedUser,
    OAuthClient,
    given_credentials,
    impersonated_user,
    secrets_of,
)

TOKEN = {"access_token": "s3cret-token"}
PAIR = {"client_id": "an-id", "client_secret": "s3cret-pair"}
TOKEN_EXPORTED = {"QLIK_ACCESS_TOKEN": "s3cret-exported"}
PAIR_EXPORTED = {"QLIK_CLIENT_ID": "exported-id", "QLIK_CLIENT_SECRET": "s3cret-exported-pair"}
BY_TOKEN = AccessToken("s3cret-token")
BY_PAIR = OAuthClient("an-id", "s3cret-pair")
BY_TOKEN_EXPORTED = AccessToken("s3cret-exported")
BY_PAIR_EXPORTED = OAuthClient("exported-id", "s3cret-exported-pair")


@pytest.mark.parametrize(
    ("options", "environment", "chosen"),
    [
        (TOKEN, {}, BY_TOKEN),
        (PAIR, {}, BY_PAIR),
        ({}, TOKEN_EXPORTED, BY_TOKEN_EXPORTED),
        ({}, PAIR_EXPORTED, BY_PAIR_EXPORTED),
        (TOKEN, TOKEN_EXPORTED, BY_TOKEN),
        (TOKEN, PAIR_EXPORTED, BY_TOKEN),
        (PAIR, TOKEN_EXPORTED, BY_PAIR),
        (PAIR, PAIR_EXPORTED, BY_PAIR),
        (TOKEN, {**TOKEN_EXPORTED, **PAIR_EXPORTED}, BY_TOKEN),
        ({"client_id": "an-id"}, PAIR_EXPORTED, OAuthClient("an-id", "s3cret-exported-pair")),
        ({"client_secret": "s3cret-pair"}, PAIR_EXPORTED, OAuthClient("exported-id", "s3cret-pair")),
        ({"client_id": "an-id"}, {**TOKEN_EXPORTED, **PAIR_EXPORTED}, OAuthClient("an-id", "s3cret-exported-pair")),
        ({**TOKEN, "client_id": "", "client_secret": "  "}, {}, BY_TOKEN),
        ({"access_token": ""}, PAIR_EXPORTED, BY_PAIR_EXPORTED),
        ({}, {"QLIK_ACCESS_TOKEN": " ", **PAIR_EXPORTED}, BY_PAIR_EXPORTED),
        ({"access_token": "\n s3cret-token \n"}, {}, BY_TOKEN),
        ({}, {}, None),
        ({"access_token": " "}, {"QLIK_CLIENT_ID": ""}, None),
    ],
)
def test_the_options_win_over_the_environment_and_blanks_count_as_not_given(options, environment, chosen):
    assert given_credentials(options, environment) == chosen


@pytest.mark.parametrize(
    ("options", "environment", "problem"),
    [
        ({**TOKEN, **PAIR}, {}, "access_token: given together with a client pair, which is a second kind. "),
        ({**TOKEN, "client_id": "an-id"}, {}, "access_token: given together with a client pair"),
        ({}, {**TOKEN_EXPORTED, **PAIR_EXPORTED}, "access_token: given together with a client pair"),
        ({"client_id": "an-id"}, {}, "client_secret: missing, while the other half of the client pair is given. "),
        ({"client_secret": "s3cret-pair"}, TOKEN_EXPORTED, "client_id: missing, while the other half"),
        ({}, {"QLIK_CLIENT_ID": "exported-id"}, "client_secret: missing, while the other half"),
    ],
)
def test_two_kinds_or_half_a_pair_is_an_error_that_names_the_choices(options, environment, problem):
    with pytest.raises(OptionError) as refused:
        given_credentials(options, environment)
    assert str(refused.value).startswith(problem)
    assert str(refused.value).endswith(
        "Give either access_token (QLIK_ACCESS_TOKEN), or client_id and client_secret "
        "(QLIK_CLIENT_ID, QLIK_CLIENT_SECRET), or a context (QLIK_CONTEXT) that has one of these."
    )
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"access_token": "Bearer s3cret-token"}, "access_token: give the token alone, without the word Bearer"),
        ({"access_token": "bearer  s3cret-token"}, "access_token: give the token alone, without the word Bearer"),
        ({"access_token": "s3cret token"}, "access_token: contains white space"),
        ({"access_token": "s3cret\ntoken"}, "access_token: contains white space"),
        ({"access_token": "s3cret\x7ftoken"}, "access_token: contains white space"),
        ({"access_token": "s3cret-tök"}, "access_token: contains white space"),
        ({**PAIR, "client_secret": "s3cret\tpair"}, "client_secret: contains white space"),
        ({**PAIR, "client_id": "an id"}, "client_id: contains white space"),
    ],
)
def test_what_a_header_cannot_carry_is_refused_without_repeating_it(options, problem):
    with pytest.raises(OptionError) as refused:
        given_credentials(options, {})
    assert str(refused.value).startswith(problem)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("credentials", "secrets"), [(BY_TOKEN, {"s3cret-token"}), (BY_PAIR, {"s3cret-pair"})]
)
def test_secrets_are_known_as_such_and_not_in_the_repr_and_the_id_of_a_client_is_none(credentials, secrets):
    assert secrets_of(credentials) == secrets
    assert [secret for secret in secrets if secret in repr(credentials)] == []


@pytest.mark.parametrize(
    ("options", "user"),
    [
        ({}, None),
        ({"impersonate_user_id": None, "impersonate_subject": None}, None),
        ({"impersonate_user_id": " user-1\n"}, ImpersonatedUser("impersonate_user_id", "user-1")),
        ({"impersonate_subject": "HOUSE\\ann lee"}, ImpersonatedUser("impersonate_subject", "HOUSE\\ann lee")),
    ],
)
def test_a_user_to_act_as_is_named_by_id_or_by_subject(options, user):
    assert impersonated_user(options) == user


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"impersonate_user_id": "a", "impersonate_subject": "b"}, "impersonate_user_id: given together with "),
        ({"impersonate_user_id": ""}, "impersonate_user_id: must not be empty; leave it out to act as"),
        ({"impersonate_subject": " "}, "impersonate_subject: must not be empty; leave it out to act as"),
    ],
)
def test_two_users_or_one_without_a_name_are_refused(options, problem):
    with pytest.raises(OptionError) as refused:
        impersonated_user(options)
    assert str(refused.value).startswith(problem)


@pytest.mark.parametrize(
    ("credentials", "origin"),
    [
        (BY_TOKEN, "the access token"),
        (AccessToken("s3cret-token", context="prod"), "the access token of the context prod"),
        (BY_PAIR, "the OAuth client"),
        (OAuthClient("an-id", "s3cret-pair", context="prod"), "the OAuth client of the context prod"),
        (
            OAuthClient("an-id", "s3cret-pair", None, ImpersonatedUser("impersonate_user_id", "user-1")),
            "the OAuth client acting as user user-1",
        ),
        (
            OAuthClient("an-id", "s3cret-pair", "prod", ImpersonatedUser("impersonate_subject", "auth0|ann")),
            "the OAuth client of the context prod acting as user auth0|ann",
        ),
    ],
)
def test_credentials_are_told_by_their_kind_and_where_they_come_from(credentials, origin):
    assert credentials.origin == origin
