# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inquiry of module ``token_info``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import (
    ForbiddenError,
    OptionError,
    TokenFileError,
    UnauthorizedError,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._operations.key_options import check_not_blank
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_keys import ApiKey
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.tenant import Requester, Tenant
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.claims import Claims
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tokens.token_file import StoredToken, TokenFile
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import (
    fit,
    one_line,
    with_each_text,
)

LONGEST_ID = 100


@dataclass(frozen=True)
class Verdict:
    """``reason`` says in words why the token is valid, or why not."""

    valid: bool
    reason: str
    user: Requester | None = None


class ExamineToken:
    def __init__(self, params: Mapping):
        check_not_blank(params, "token_file")
        if params["token"] is not None and not params["token"].strip():
            raise OptionError("token", "must not be empty.")
        self._stored = StoredToken.of(params["token"]) if params["token"] is not None else _read(params["token_file"])

    def answer(self, tenant: Tenant) -> dict:
        tenant.keep_secret(self._stored.text)
        claims = self._stored.claims
        if claims is None:
            verdict, key = Verdict(False, "it is not the token of an API key"), None
        elif claims.tenant_id not in (None, tenant.requester.tenant_id):
            verdict, key = (
                Verdict(False, f"it belongs to another tenant, {one_line(claims.tenant_id, LONGEST_ID)}"),
                None,
            )
        else:
            key = tenant.api_keys.get(claims.key_id)
            verdict = self._judge(tenant, claims, key)
        return {
            "valid": verdict.valid,
            "reason": verdict.reason,
            "claims": with_each_text(dict(claims.payload), fit) if claims else None,
            "user": verdict.user.as_result() if verdict.user else None,
            "api_key": key.as_result() if key else None,
        }

    def _judge(self, tenant: Tenant, claims: Claims, key: ApiKey | None) -> Verdict:
        if key is not None and not key.is_active(tenant.now()):
            return Verdict(False, "its API key is revoked" if key.status == "revoked" else "its API key has expired")
        if claims.sub_type == "externalClient":
            # Such a token is for the provider's SCIM calls alone, so only the record can be asked.
            if key is None:
                return Verdict(False, "the tenant has no record of its API key")
            return Verdict(True, "its API key is active; a SCIM token itself cannot be tried on the tenant")
        try:
            return Verdict(True, "the tenant accepts it", tenant.signed_in_with(self._stored.text).requester)
        except (UnauthorizedError, ForbiddenError) as error:
            if error.status == 403 and not error.is_by_tenant:
                # Somebody between refuses, and the tenant was not asked.
                raise
            if key is None:
                return Verdict(False, "the tenant has no record of its API key, and does not accept it")
            return Verdict(
                False,
                f"its API key is active, yet the tenant does not accept it ({error.status}); "
                "has its owner lost the permission Manage API keys?",
            )


def _read(path: str) -> StoredToken:
    token_file = TokenFile(path)
    token_file.check_kind()
    stored = token_file.read()
    if stored is None:
        raise TokenFileError(f"token_file: {token_file.path} does not exist, or is empty.")
    return stored
