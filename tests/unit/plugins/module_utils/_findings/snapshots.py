# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings of a tenant that the rules are tried on: by themselves there is nothing to be found in them."""

from __future__ import annotations

from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.findings import Finding, find_findings
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import Policy
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.snapshot import (
    KeyCreatorsSnapshot,
    KeySnapshot,
    StoredTokenSnapshot,
    TenantSnapshot,
)
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._tenant.api_key_config import ApiKeyConfig
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after
from ansible_collections.tenantops.qlik_cloud.tests.unit.samples import IDP_ID, USER_ID, api_key

ANA = {
    "id": USER_ID,
    "name": "Ana",
    "email": "ana@example.com",
    "subject": "auth0|ana",
    "status": "active",
    "may_make_keys": True,
}
WHOSE = "Ana <ana@example.com>"
ENTRA = {"id": IDP_ID, "provider": "azureAD", "active": True}
CONFIG = ApiKeyConfig(None, 5, "P90D", "P365D")


def owned(key_id: str = "key-1", **differences: Any) -> KeySnapshot:
    """A key of Ana's, made yesterday for 60 days; ``owner``, ``successor`` and fields of the record may differ."""
    more = {name: differences.pop(name) for name in ("owner", "successor", "identity_provider") if name in differences}
    record = api_key(key_id, **{"created": after(days=-1), "expiry": after(days=59), **differences})
    return KeySnapshot(record, **{"owner": ANA, "identity_provider": None, "successor": None, **more})


def scim(**differences: Any) -> KeySnapshot:
    sub = {"sub": f"SCIM\\{IDP_ID}", "sub_type": "externalClient"}
    return owned(**{**sub, "identity_provider": ENTRA, **differences})


def stored(valid: bool | None, reason: str = "because", **differences: Any) -> StoredTokenSnapshot:
    fields = {"description": "nightly reload", "token_file": "/t", "key_id": "key-1", **differences}
    return StoredTokenSnapshot(valid=valid, reason=reason, **fields)


def key_creators(*roles: str, everybody: bool = False) -> KeyCreatorsSnapshot:
    return KeyCreatorsSnapshot(everybody, roles, (), (), True)


def snapshot(*keys: KeySnapshot, **differences: Any) -> TenantSnapshot:
    seen = {"requester": "Bot", "sees_all": True, "config": CONFIG, "key_creators": key_creators(), "stored_tokens": ()}
    return TenantSnapshot(keys=keys, **{**seen, **differences})


def found(
    *keys: KeySnapshot, policy: dict[str, Any] | None = None, fail_within: str | None = None, **differences: Any
) -> list[Finding]:
    return find_findings(snapshot(*keys, **differences), Policy.from_options(policy), fail_within, NOW)


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]
