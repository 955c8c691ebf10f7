# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of the playbooks: one for each tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.texts import format_count
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import (
    TenantOutcome,
    warn_of_shared_tenants,
)

DAY_SECONDS = 24 * 60 * 60


def format_tenant_lines(outcomes: Sequence[TenantOutcome]) -> list[str]:
    """A line for each host, then the warnings about hosts that are one tenant."""
    lines = [f"{outcome.host}: {_format_outcome(outcome)}" for outcome in outcomes]
    return lines + warn_of_shared_tenants(
        (outcome.host, outcome.fact["tenant_id"]) for outcome in outcomes if outcome.fact
    )


def _format_outcome(outcome: TenantOutcome) -> str:
    if outcome.failure is not None:
        return f"FAILED: {outcome.failure}"
    if not outcome.fact:
        return "FAILED, see above"
    return str(outcome.fact.get("summary") or _summarize_report(outcome.fact))


def _summarize_report(report: Mapping[str, Any]) -> str:
    """What a report that has no summary says, in one line."""
    keys, tokens = report["api_keys"], report["stored_tokens"]
    read = [token for token in tokens if token["valid"] is not None]
    expiry = ""
    if keys and keys[0]["expires_in"] is not None:
        expiry = f", the first to expire in {keys[0]['expires_in'] // DAY_SECONDS} days: {keys[0]['description']}"
    parts = [f"{format_count(len(keys), 'active key')}{expiry}"]
    if read:
        parts.append(f"stored tokens: {sum(token['valid'] for token in read)} of {len(read)} valid")
    parts += [f"that of {token['description']}: {token['reason']}" for token in tokens if token["valid"] is None]
    parts += [f"NOT that of {token['description']}: {token['reason']}" for token in read if not token["valid"]]
    return f"{report['hostname']}: {'; '.join(parts)}"
