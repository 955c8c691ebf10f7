# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role onboarding has left in the variables of each host: read once, for the last lines, the job summary and the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RESULT, ROTATION, REPORT, LEAVER = "onboarding_result", "onboarding_rotation", "onboarding_report", "onboarding_leaver"
FACTS = (LEAVER, REPORT, ROTATION, RESULT)
"""The facts that the role leaves, one for each of its entry points. Where a host has several, the first one counts."""
FAILURE = "onboarding_failure"
"""The fact in which the playbooks keep why a tenant failed."""
LATEST_RESULT = "__onboarding_tenant"
"""The variable that holds the latest result of module ``tenant``, which may hold a token."""

Hosts = Iterable[tuple[str, Mapping[str, Any]]]
"""Names of hosts with their variables."""


@dataclass(frozen=True)
class TenantOutcome:
    """The role's facts of one host by their names, why its tenant failed, and what module ``tenant`` returned last."""

    host: str
    facts: Mapping[str, Mapping[str, Any]]
    failure: str | None
    latest_result: Mapping[str, Any]

    @property
    def fact(self) -> Mapping[str, Any] | None:
        """The fact that counts; None if the role has left none."""
        for name in FACTS:
            if name in self.facts:
                return self.facts[name]
        return None


def read_outcomes(hosts: Hosts) -> list[TenantOutcome]:
    return [
        TenantOutcome(
            host=host,
            facts={name: variables[name] for name in FACTS if name in variables},
            failure=str(variables[FAILURE]) if FAILURE in variables else None,
            latest_result=variables.get(LATEST_RESULT) or {},
        )
        for host, variables in hosts
    ]


def warn_of_shared_tenants(tenant_ids: Iterable[tuple[str, object]]) -> list[str]:
    """A warning for each tenant that several hosts turned out to be. Takes pairs of a host and the id of its tenant or None."""
    hosts_by_id: dict[str, list[str]] = {}
    for host, tenant_id in tenant_ids:
        if tenant_id is not None:
            hosts_by_id.setdefault(str(tenant_id), []).append(host)
    return [_describe_shared(tenant_id, hosts) for tenant_id, hosts in hosts_by_id.items() if len(hosts) > 1]


def _describe_shared(tenant_id: str, hosts: Sequence[str]) -> str:
    return f"WARNING: {', '.join(hosts)} are one tenant, {tenant_id}. Has each host an address of its own?"
