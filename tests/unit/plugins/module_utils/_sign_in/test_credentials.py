# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._sign_in.credentials import (
    AccessToken,
    OAuthClient,
    choose_credentials,
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
    ],
)
def test_the_options_win_over_the_environment_and_blanks_count_as_not_given(options, environment, chosen):
    assert choose_credentials(options, environment) == chosen


@pytest.mark.parametrize(
    ("options", "environment", "problem"),
    [
        ({}, {}, "access_token: no credentials are given. "),
        ({"access_token": " "}, {"QLIK_CLIENT_ID": ""}, "access_token: no credentials are given. "),
        ({**TOKEN, **PAIR}, {}, "access_token: given together with a client pair, which is a second kind. "),
        ({**TOKEN, "client_id": "an-id"}, {}, "access_token: given together with a client pair"),
        ({}, {**TOKEN_EXPORTED, **PAIR_EXPORTED}, "access_token: given together with a client pair"),
        ({"client_id": "an-id"}, {}, "client_secret: missing, while the other half of the client pair is given. "),
        ({"client_secret": "s3cret-pair"}, TOKEN_EXPORTED, "client_id: missing, while the other half"),
        ({}, {"QLIK_CLIENT_ID": "exported-id"}, "client_secret: missing, while the other half"),
    ],
)
def test_none_two_kinds_or_half_a_pair_is_an_error_that_names_the_choices(options, environment, problem):
    with pytest.raises(OptionError) as refused:
        choose_credentials(options, environment)
    assert str(refused.value).startswith(problem)
    assert str(refused.value).endswith(
        "Give either access_token (QLIK_ACCESS_TOKEN), or client_id and client_secret "
        "(QLIK_CLIENT_ID, QLIK_CLIENT_SECRET)."
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
        choose_credentials(options, {})
    assert str(refused.value).startswith(problem)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("credentials", "secrets"), [(BY_TOKEN, {"s3cret-token"}), (BY_PAIR, {"an-id", "s3cret-pair"})]
)
def test_secrets_are_known_as_such_and_not_in_the_repr(credentials, secrets):
    assert secrets_of(credentials) == secrets
    assert [secret for secret in secrets if secret in repr(credentials)] == []
