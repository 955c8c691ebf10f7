# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._json_web_token import parse_token
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, read_claims
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import TENANT_ID, USER_ID, jwt, token_of


@pytest.mark.parametrize(
    ("payload", "claims"),
    [
        ({"jti": "key-1"}, Claims("key-1")),
        (
            {"jti": "key-1", "tenantId": "t1", "sub": "u1", "subType": "user", "exp": 5},
            Claims("key-1", "t1", "u1", "user"),
        ),
        ({"jti": "key-1", "tenantId": None, "sub": 5, "subType": []}, Claims("key-1")),
        ({"jti": "字"}, Claims("字")),
    ],
)
def test_a_token_tells_its_key_and_may_tell_its_tenant_and_subject(payload, claims):
    found = read_claims(jwt(payload))
    assert (found, found.payload) == (claims, payload)


def test_a_token_such_as_qliks_tells_all():
    assert read_claims(token_of("key-1")) == Claims("key-1", TENANT_ID, USER_ID, "user")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"sub": "user-1"},
        {"jti": ""},
        {"jti": ".."},
        {"jti": 5},
        {"jti": None},
        {"jti": "two\nlines"},
        {"jti": "k" * 256},
    ],
)
def test_a_token_without_an_id_is_a_token_that_belongs_to_no_key(payload):
    assert read_claims(jwt(payload)) is None
    assert parse_token(jwt(payload)).payload == payload


@pytest.mark.parametrize("text", ["", "an opaque token", "a.b.c", f"Bearer {token_of('key-1')}", jwt(["jti"])])
def test_what_is_no_token_belongs_to_no_key(text):
    assert read_claims(text) is None
