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
MAX_LINE_LENGTH = 2000


def format_lines(document: Mapping[str, Any]) -> list[str]:
    lines = []
    for tenant in document["tenants"]:
        lines.append(_format_tenant(tenant))
        lines += [
            f"  {_format_problem(finding)}"
            for finding in tenant["findings"]
            if _is_failing(document, finding) and not tenant["failure"]
        ]
    return lines + warn_of_shared_tenants(
        (tenant["host"], tenant["tenant_id"] or None) for tenant in document["tenants"]
    )


def find_problems(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """What fails the run, by the host."""
    return {
        tenant["host"]: [_format_problem(finding) for finding in tenant["findings"] if _is_failing(document, finding)]
        for tenant in document["tenants"]
        if any(_is_failing(document, finding) for finding in tenant["findings"])
    }


def _format_tenant(tenant: Mapping[str, Any]) -> str:
    if tenant["failure"] is not None:
        return format_one_line(f"{tenant['host']}: FAILED: {tenant['failure']}", MAX_LINE_LENGTH)
    return format_one_line(f"{tenant['host']}: {tenant['summary']}", MAX_LINE_LENGTH)


def _format_problem(finding: Mapping[str, Any]) -> str:
    whose = f" ({finding['whose']})" if finding["whose"] else ""
    return format_one_line(f"{finding['severity'].upper()}: {finding['what']}{whose}", MAX_LINE_LENGTH)


def _is_failing(document: Mapping[str, Any], finding: Mapping[str, Any]) -> bool:
    """Whether the finding is as severe as what the run is to fail for."""
    if document["fail_on"] == NEVER:
        return False
    return SEVERITIES.index(finding["severity"]) <= SEVERITIES.index(document["fail_on"])
