# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says in the output of a run: a line for each tenant, then what fails the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import SEVERITIES
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import warn_of_shared_tenants

NEVER = "never"
LONGEST = 2000


def lines(document: Mapping[str, Any]) -> list[str]:
    told = []
    for tenant in document["tenants"]:
        told.append(_line(tenant))
        told += [
            f"  {_problem(finding)}"
            for finding in tenant["findings"]
            if _fails(document, finding) and not tenant["failure"]
        ]
    return told + warn_of_shared_tenants(
        (tenant["host"], tenant["tenant_id"] or None) for tenant in document["tenants"]
    )


def problems(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """What fails the run, by the host."""
    return {
        tenant["host"]: [_problem(finding) for finding in tenant["findings"] if _fails(document, finding)]
        for tenant in document["tenants"]
        if any(_fails(document, finding) for finding in tenant["findings"])
    }


def _line(tenant: Mapping[str, Any]) -> str:
    if tenant["failure"] is not None:
        return format_one_line(f"{tenant['host']}: FAILED: {tenant['failure']}", LONGEST)
    return format_one_line(f"{tenant['host']}: {tenant['summary']}", LONGEST)


def _problem(finding: Mapping[str, Any]) -> str:
    whose = f" ({finding['whose']})" if finding["whose"] else ""
    return format_one_line(f"{finding['severity'].upper()}: {finding['what']}{whose}", LONGEST)


def _fails(document: Mapping[str, Any], finding: Mapping[str, Any]) -> bool:
    """Whether the finding is as severe as what the run is to fail for."""
    if document["fail_on"] == NEVER:
        return False
    return SEVERITIES.index(finding["severity"]) <= SEVERITIES.index(document["fail_on"])
