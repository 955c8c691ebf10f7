# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is asking, and what they may do."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from . import audit_log, key_records
from .errors import Refusal, forbidden
from .tenant import Tenant
from .tokens import API_KEY_TYPE, BadToken

# The scope behind the permission "Manage API keys". (qlik-facts, "Two generations of tenant")
MANAGE_API_KEYS = "api-keys"
EVERYONE_ROLE = "UserDefault"
BOT_SUBJECT_PREFIX = "qlikbot\\"
ENDED, ENDED_CODE = "API key is expired or revoked", "APIKEYS-18"


@dataclass(frozen=True)
class Caller:
    """A user with the roles they hold directly or through a group, and the scopes these and UserDefault carry.

    `actor`: the user who acts as this one by impersonation.
    """

    id: str
    subject: str
    roles: frozenset[str]
    scopes: frozenset[str]
    actor: str | None = None

    @property
    def is_admin(self) -> bool:
        return "TenantAdmin" in self.roles

    @property
    def is_bot(self) -> bool:
        return self.subject.startswith(BOT_SUBJECT_PREFIX)

    def require_admin(self) -> None:
        if not self.is_admin:
            raise forbidden("this needs the role TenantAdmin")


def load_caller(tenant: Tenant, user_id: str) -> Caller | None:
    """None if there is no such user, or they are disabled."""
    user = tenant.store.one(
        "SELECT id, subject FROM users WHERE tenant_id = ? AND id = ? AND status = 'active'", tenant.id, user_id
    )
    if user is None:
        return None
    held = tenant.store.all(
        """SELECT name, assigned_scopes FROM roles WHERE tenant_id = ? AND (
               name = ? OR id IN (
                   SELECT role_id FROM assigned_roles WHERE holder_id = ? OR holder_id IN (
                       SELECT group_id FROM group_members WHERE user_id = ?)))""",
        tenant.id,
        EVERYONE_ROLE,
        user_id,
        user_id,
    )
    roles = frozenset(role["name"] for role in held)
    scopes = frozenset(scope for role in held for scope in json.loads(role["assigned_scopes"]))
    return Caller(user["id"], user["subject"], roles, scopes)


def find_refusal_to_manage_keys(tenant: Tenant, caller: Caller) -> str | None:
    """Why this user may not create or use API keys, or None if they may."""
    if tenant.generation == "permission":
        return None if MANAGE_API_KEYS in caller.scopes else f"the permission {MANAGE_API_KEYS} is missing"
    enabled = tenant.store.one("SELECT api_keys_enabled FROM api_key_configs WHERE tenant_id = ?", tenant.id)[0]
    if not enabled:
        return "API keys are not enabled on this tenant"
    return None if caller.roles & {"TenantAdmin", "Developer"} else "the role Developer is missing"


def identify(tenant: Tenant, authorization: str | None) -> Caller:
    """The user behind a bearer token: an access token, or an API key of a user. Raises Refusal (401)."""
    words = (authorization or "").split()
    if len(words) != 2 or words[0].lower() != "bearer":
        raise _refuse_unauthorized("a bearer token is required")
    try:
        claims = tenant.signer.verify(words[1])
    except BadToken as error:
        raise _refuse_unauthorized("the token is not valid") from error
    if claims.kind == API_KEY_TYPE:
        return _identify_api_key(tenant, claims.id)
    if claims.expires is not None and claims.expires * 1000 <= tenant.clock.now():
        raise _refuse_unauthorized("the access token has expired")
    caller = load_caller(tenant, claims.sub)
    if caller is None:
        raise _refuse_unauthorized("the user does not exist or is disabled")
    return replace(caller, actor=claims.actor)


def _identify_api_key(tenant: Tenant, key_id: str) -> Caller:
    key = key_records.find(tenant, key_id)
    if key is None:
        raise _refuse_unauthorized("the API key does not exist")
    if key["status"] != "active":
        if key["sub_type"] == "externalClient":
            # Outside any transaction, so it stays although the request is refused.
            audit_log.record_failed_validation(tenant, key, ENDED_CODE, ENDED)
        raise Refusal(401, ENDED, code=ENDED_CODE)
    if key["sub_type"] == "externalClient":
        raise _refuse_unauthorized("keys of external clients are for SCIM only")
    caller = load_caller(tenant, key["sub"])
    if caller is None:
        raise _refuse_unauthorized("the user does not exist or is disabled")
    reason = find_refusal_to_manage_keys(tenant, caller)
    if reason:
        raise _refuse_unauthorized(reason)
    return caller


def _refuse_unauthorized(detail: str) -> Refusal:
    return Refusal(401, "Unauthorized", detail)
