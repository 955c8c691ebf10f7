# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, claims_of, json_object
from unit.samples import TENANT_ID, USER_ID, jwt, token_of


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
    found = claims_of(jwt(payload))
    assert (found, found.payload) == (claims, payload)


def test_a_token_such_as_qliks_tells_all():
    assert claims_of(token_of("key-1")) == Claims("key-1", TENANT_ID, USER_ID, "user")


@pytest.mark.parametrize("length", range(1, 9))
def test_base64_without_padding_is_read_at_every_length(length):
    assert claims_of(token_of("k" * length)).key_id == "k" * length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "an opaque token",
        "only.two",
        "one.two.three.four",
        "a.!!!.c",
        "a.ö.c",
        "a.AAAA.c",
        "a./w.c",
        jwt({"sub": "user-1"}),
        jwt({"jti": ""}),
        jwt({"jti": ".."}),
        jwt({"jti": 5}),
        jwt({"jti": None}),
        jwt({"jti": "half of a character: \ud800"}),
        jwt({"jti": "two\nlines"}),
        f"a.{'W1tb' * 20_000}.c",
        jwt(["jti"]),
        jwt("jti"),
    ],
)
def test_anything_else_belongs_to_no_key(text):
    assert claims_of(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [(b'{"a": 1}', {"a": 1}), (b"[1]", None), (b"5", None), (b"{", None), (b"\xff", None), (b"[" * 100_000, None)],
)
def test_only_a_json_object_is_read_as_one(text, value):
    assert json_object(text) == value
