# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says in the output of a run: a line for each tenant, then what fails the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import is_at_least
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import warn_of_shared_tenants

MAX_LINE_LENGTH = 2000


def format_lines(document: Mapping[str, Any]) -> list[str]:
    lines = []
    for tenant in document["tenants"]:
        lines.append(_format_tenant(tenant))
        if not tenant["failure"]:
            lines += [f"  {problem}" for problem in _format_problems(document, tenant)]
    return lines + warn_of_shared_tenants(
        (tenant["host"], tenant["tenant_id"] or None) for tenant in document["tenants"]
    )


def find_problems(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """The findings of the severity that fails the run, as sentences, by host; without the hosts that have none."""
    problems = {tenant["host"]: _format_problems(document, tenant) for tenant in document["tenants"]}
    return {host: sentences for host, sentences in problems.items() if sentences}


def _format_problems(document: Mapping[str, Any], tenant: Mapping[str, Any]) -> list[str]:
    return [
        _format_problem(finding)
        for finding in tenant["findings"]
        if is_at_least(finding["severity"], document["fail_on"])
    ]


def _format_tenant(tenant: Mapping[str, Any]) -> str:
    if tenant["failure"] is not None:
        return format_one_line(f"{tenant['host']}: FAILED: {tenant['failure']}", MAX_LINE_LENGTH)
    return format_one_line(f"{tenant['host']}: {tenant['summary']}", MAX_LINE_LENGTH)


def _format_problem(finding: Mapping[str, Any]) -> str:
    whose = f" ({finding['whose']})" if finding["whose"] else ""
    return format_one_line(f"{finding['severity'].upper()}: {finding['what']}{whose}", MAX_LINE_LENGTH)
