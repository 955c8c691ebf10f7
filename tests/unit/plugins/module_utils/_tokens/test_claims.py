# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims, claims_of
from unit.samples import TENANT_ID, jwt, token_of


@pytest.mark.parametrize(
    ("told", "tenant_id"),
    [({}, TENANT_ID), ({"tenantId": "t2"}, "t2"), ({"tenantId": None}, None), ({"tenantId": 5}, None)],
)
def test_a_token_tells_its_key_and_may_tell_its_tenant(told, tenant_id):
    assert claims_of(token_of("key-1", **told)) == Claims("key-1", tenant_id)


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
        jwt(["jti"]),
        jwt("jti"),
    ],
)
def test_anything_else_belongs_to_no_key(text):
    assert claims_of(text) is None
