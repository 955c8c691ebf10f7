# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret in a result, and no id, path or name damaged by one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import API_KEY, API_KEYS
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.masking import (
    MASK,
    Masking,
    find_secrets,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.secrets import PLACEHOLDER, Secrets
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import token_of

TOKEN = token_of("key-1")
GIVEN = {
    "headers": {"X-Env": "production", "X-One": "1"},
    "id": "my-production-id",
    "sub": "x-production-x",
    "token_file": "/srv/production/1/token",
    "description": "in production",
    "client_id": "client-7",
    "token": TOKEN,
    "timeout": 30.0,
    "context": None,
}


def masking(**options: Any) -> Masking:
    given = {**GIVEN, **options}
    return Masking(Secrets(find_secrets(API_KEY.spec, given)), API_KEY.spec, given)


def test_secret_options_are_found_wherever_they_are():
    keys = [{"token": "a"}, {"description": "b"}, {"token": "c"}]
    options = {"keys": keys, "headers": {"X": "d", "Y": 5}, "access_token": "e", "client_id": "f"}
    assert sorted(find_secrets(API_KEYS.spec, options)) == ["a", "c", "d", "e"]


def test_options_are_shown_without_secrets_and_undamaged():
    shown = masking().mask_options(API_KEY.spec, {**GIVEN, "tokn": "x", "password": {"a": "b"}})
    assert shown == {
        "headers": {"X-Env": MASK, "X-One": MASK},
        "id": "my-production-id",
        "sub": "x-production-x",
        "token_file": "/srv/production/1/token",
        "description": f"in {PLACEHOLDER}",
        "client_id": "client-7",
        "token": MASK,
        "timeout": 30.0,
        "context": None,
        "tokn": MASK,
        "password": {"a": MASK},
    }


def test_so_are_those_in_lists():
    keys = [{"token": TOKEN, "id": "my-production-id", "tokn": "x"}, "text"]
    scope = {"created_by_user": "production-user", "tokn": "x"}
    shown = masking().mask_options(API_KEYS.spec, {"keys": keys, "purge_scope": scope})
    assert shown["keys"] == [{"token": MASK, "id": "my-production-id", "tokn": MASK}, MASK]
    assert shown["purge_scope"] == {"created_by_user": "production-user", "tokn": MASK}


@pytest.mark.parametrize(
    "field", ["id", "sub", "status", "tenant_id", "expiry", "path", "token_file", "created_by_user"]
)
def test_a_field_is_left_as_it_is_but_for_tokens(field):
    masked = masking().mask_result({"api_key": {field: "production-7"}, "other": {field: f"<{TOKEN}>"}})
    assert masked == {"api_key": {field: "production-7"}, "other": {field: f"<{PLACEHOLDER}>"}}


def test_other_fields_tell_no_secret_and_a_token_is_returned():
    masked = masking().mask_result(
        {"api_key": {"description": "in production"}, "token": TOKEN, "list": [f"a {TOKEN}"]}
    )
    assert masked == {"api_key": {"description": f"in {PLACEHOLDER}"}, "token": TOKEN, "list": [f"a {PLACEHOLDER}"]}


def test_a_message_repeats_ids_and_paths_that_the_user_gave_and_no_secret():
    masked = masking().mask_result({"msg": f"/srv/production/1/token: my-production-id in production, {TOKEN}"})
    assert masked == {"msg": f"/srv/production/1/token: my-production-id in {PLACEHOLDER}, {PLACEHOLDER}"}


def test_no_token_is_told_by_an_option_that_is_a_part_of_it():
    part = TOKEN[-30:-10]
    masked = masking(id=part).mask_message(f"It is {TOKEN}.")
    assert part not in masked and TOKEN[-40:-30] not in masked
