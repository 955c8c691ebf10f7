# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on the API keys of several tenants, as one document of plain JSON types; ``docs/report.schema.json`` has its shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import OFF, SEVERITIES, Policy
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._iso8601 import parse_time

VERSION = 1
NEVER = "never"
EMPTY: Mapping[str, Any] = {
    "tenant_id": None,
    "hostname": None,
    "name": None,
    "read_at": None,
    "summary": None,
    "enabled_by": None,
    "config": None,
    "makers": None,
    "api_keys": [],
    "stored_tokens": [],
    "findings": [],
}


@dataclass(frozen=True)
class HostReport:
    """What is known of the tenant of one host: ``report`` as ``api_key_report_info`` returns it, or why there is none."""

    host: str
    report: Mapping[str, Any] | None
    failure: str | None = None


def build_document(
    hosts: Iterable[HostReport], policy: Policy, fail_within: str | None, fail_on: str, now: datetime
) -> dict[str, Any]:
    """``fail_on``: the least severity of a finding that fails the run, or ``never``."""
    tenants = [_build_tenant(each, policy, fail_on) for each in hosts]
    findings = [finding for tenant in tenants for finding in tenant["findings"]]
    counts = Counter(finding["severity"] for finding in findings)
    active = [key for tenant in tenants for key in tenant["api_keys"] if _is_active(key)]
    return {
        "version": VERSION,
        "made_at": now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "policy": {**policy.as_result(), "fail_within": fail_within},
        "fail_on": fail_on,
        "summary": {
            "tenants": len(tenants),
            "unreachable": sum(tenant["failure"] is not None for tenant in tenants),
            "active_keys": len(active),
            "findings": {severity: counts[severity] for severity in SEVERITIES},
            "next_expiry": find_next_expiry(active),
        },
        "tenants": tenants,
    }


def check_report(option: str, report: Mapping[str, Any] | None) -> None:
    """Raises OptionError for what is not the report of a tenant."""
    if report is None:
        return
    lists = [name for name, value in EMPTY.items() if value == []]
    wrong = [name for name in EMPTY if name not in report]
    wrong += [name for name in lists if not _is_list_of_dicts(report.get(name))]
    if wrong:
        what = "must be the report that tenantops.qlik_cloud.api_key_report_info returns"
        raise OptionError(option, f"{what}; see its {wrong[0]}.")


def _is_list_of_dicts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value)


def find_next_expiry(keys: Iterable[Mapping[str, Any]]) -> str | None:
    """When the first active key expires that has no successor; what has one may expire."""
    expiries = [key["expiry"] for key in keys if _is_active(key) and not key["successor"]]
    times = {time: expiry for expiry in expiries if (time := parse_time(expiry)) is not None}
    return times[min(times)] if times else None


def is_at_least(severity: str, fail_on: str) -> bool:
    """Whether a finding of that severity is as severe as what the run is to fail for."""
    return fail_on != NEVER and SEVERITIES.index(severity) <= SEVERITIES.index(fail_on)


def _is_active(key: Mapping[str, Any]) -> bool:
    """A tenant may not have noticed yet that a key has expired."""
    return key["status"] == "active" and (key["expires_in"] is None or key["expires_in"] > 0)


def _build_tenant(each: HostReport, policy: Policy, fail_on: str) -> dict[str, Any]:
    known = {name: (each.report or {}).get(name, value) for name, value in EMPTY.items()}
    findings = [
        {**finding, "tenant": each.host, "fails": is_at_least(finding["severity"], fail_on)}
        for finding in known["findings"]
    ]
    failure = each.failure or (None if each.report else "nothing is known of it")
    severity = policy.get_severity("unreachable")
    if failure is not None and severity != OFF:
        findings.insert(
            0,
            {
                "rule": "unreachable",
                "severity": severity,
                "what": f"The tenant could not be read: {failure}",
                "whose": None,
                "advice": "See why, and run the report again. What its keys are is not known until then.",
                "key_id": None,
                "tenant": each.host,
                # Whatever its severity.
                "fails": True,
            },
        )
    return {"host": each.host, "failure": failure, **known, "findings": findings}
