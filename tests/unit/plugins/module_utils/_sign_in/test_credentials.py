# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    ImpersonatedUser,
    OAuthClient,
    find_credentials,
    find_impersonated_user,
    find_missing_half,
)

TOKEN = {"access_token": "s3cret-token"}
PAIR = {"client_id": "an-id", "client_secret": "s3cret-pair"}
BY_TOKEN = AccessToken("s3cret-token")
BY_PAIR = OAuthClient("an-id", "s3cret-pair")


@pytest.mark.parametrize(
    ("given", "credentials", "half"),
    [
        (TOKEN, BY_TOKEN, None),
        (PAIR, BY_PAIR, None),
        ({**TOKEN, "client_id": None, "client_secret": ""}, BY_TOKEN, None),
        ({**PAIR, "access_token": None}, BY_PAIR, None),
        ({}, None, None),
        ({"access_token": None, "client_id": ""}, None, None),
    ],
)
def test_the_one_kind_that_is_given_is_found(given, credentials, half):
    assert (find_credentials(given), find_missing_half(given)) == (credentials, half)


@pytest.mark.parametrize(
    ("given", "problem", "half"),
    [
        ({**TOKEN, **PAIR}, "access_token: given together with a client pair, which is a second kind. ", None),
        ({**TOKEN, "client_id": "an-id"}, "access_token: given together with a client pair", None),
        ({**TOKEN, "client_secret": "s3cret-pair"}, "access_token: given together with a client pair", None),
        ({"client_id": "an-id"}, "client_secret: missing, while the other half of the client pair", "client_secret"),
        ({"client_secret": "s3cret-pair", "client_id": ""}, "client_id: missing, while the other half", "client_id"),
    ],
)
def test_two_kinds_or_half_a_pair_is_an_error_that_names_the_choices(given, problem, half):
    assert find_missing_half(given) == half
    with pytest.raises(OptionError) as refused:
        find_credentials(given)
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
        ({"access_token": '"s3cret-token"'}, "access_token: has a quotation mark at its beginning or end"),
        ({"access_token": "'s3cret-token"}, "access_token: has a quotation mark at its beginning or end"),
        (
            {"access_token": "s3cret-token%"},
            "access_token: ends with %, as no token does; a shell may have printed it.",
        ),
        ({**PAIR, "client_secret": '"s3cret-pair"'}, "client_secret: has a quotation mark at its beginning or end"),
        ({**PAIR, "client_secret": "s3cret\tpair"}, "client_secret: contains white space"),
        ({**PAIR, "client_id": "an id"}, "client_id: contains white space"),
    ],
)
def test_what_a_header_cannot_carry_is_refused_without_repeating_it(options, problem):
    with pytest.raises(OptionError) as refused:
        find_credentials(options)
    assert str(refused.value).startswith(problem)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(("credentials", "secrets"), [(BY_TOKEN, {"s3cret-token"}), (BY_PAIR, {"s3cret-pair"})])
def test_secrets_are_known_as_such_and_not_in_the_repr_and_the_id_of_a_client_is_none(credentials, secrets):
    assert credentials.secrets == secrets
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
    assert find_impersonated_user(options) == user


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
        find_impersonated_user(options)
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
