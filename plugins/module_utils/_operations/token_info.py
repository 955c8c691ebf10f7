# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``token_info``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError, TokenFileError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import check_not_blank
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.token_check import check_token
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._plan.known_keys import KnownKeys
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import (
    change_texts,
    replace_unprintable,
)


class ExamineToken:
    def __init__(self, params: Mapping[str, Any]):
        check_not_blank(params, "token_file")
        self._stored = (
            _parse_token(params["token"]) if params["token"] is not None else _read_file(params["token_file"])
        )

    def answer(self, tenant: Tenant) -> dict[str, Any]:
        check = check_token(tenant, self._stored, KnownKeys([]))
        claims = self._stored.claims
        return {
            "valid": check.valid,
            "reason": check.reason,
            "claims": change_texts(dict(claims.payload), replace_unprintable) if claims else None,
            "user": check.user.as_result() if check.user else None,
            "api_key": check.key.as_result() if check.key else None,
        }


def _parse_token(text: str) -> StoredToken:
    token = StoredToken.parse(text)
    if token is None:
        raise OptionError("token", "must not be empty.")
    return token


def _read_file(path: str) -> StoredToken:
    token_file = TokenFile(path)
    token_file.check_kind()
    stored = token_file.read()
    if stored is None:
        raise TokenFileError(f"token_file: {token_file.path} does not exist, or is empty.")
    return stored
