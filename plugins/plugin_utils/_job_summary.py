# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the playbooks leaves for programs: each tenant in short, without secrets, as plain JSON types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import SEVERITIES
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import format_one_line
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils import _tenant_outcomes as outcomes
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import find_next_expiry
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import TenantOutcome

Playbook = Literal["onboard", "rotate", "leaver"]

ACTIONS = ("create", "update", "retire")
FACT_BY_PLAYBOOK: Mapping[str, str] = {
    "onboard": outcomes.RESULT,
    "rotate": outcomes.ROTATION,
    "leaver": outcomes.LEAVER,
}
REPORT = "report"
MAX_REASON_LENGTH = 500
"""A controller keeps all of this with the job, and gives it to each later job of the workflow."""
UNKNOWN_REASON = "nothing is known of it, see the output"


class TenantSummary(TypedDict):
    """``next_expiry``: when the first of the keys that the tenant keeps expires. ``findings``: None but for a report."""

    tenant_id: str | None
    hostname: str | None
    changed: bool
    failed: bool
    reason: str | None
    actions: dict[str, int]
    findings: dict[str, int] | None
    next_expiry: str | None


class RunSummary(TypedDict):
    """The sums over all tenants; ``tenants``, ``changed`` and ``failed`` are numbers of tenants."""

    tenants: int
    changed: int
    failed: int
    actions: dict[str, int]
    findings: dict[str, int] | None
    next_expiry: str | None


class JobSummary(TypedDict):
    """``tenants`` are by the names of their hosts."""

    playbook: str
    check_mode: bool
    summary: RunSummary
    tenants: dict[str, TenantSummary]


def summarize_outcomes(tenants: Iterable[TenantOutcome], playbook: Playbook, check_mode: bool) -> JobSummary:
    fact_name = FACT_BY_PLAYBOOK[playbook]
    return _summarize_job(playbook, check_mode, {each.host: _summarize_tenant(each, fact_name) for each in tenants})


def summarize_report(
    document: Mapping[str, Any], problems: Mapping[str, Sequence[str]], check_mode: bool
) -> JobSummary:
    """``problems`` are the texts that fail the run, by the host."""
    tenants = {each["host"]: _summarize_report_of(each, problems.get(each["host"], ())) for each in document["tenants"]}
    return _summarize_job(REPORT, check_mode, tenants)


def _summarize_job(playbook: str, check_mode: bool, tenants: dict[str, TenantSummary]) -> JobSummary:
    each = tenants.values()
    return {
        "playbook": playbook,
        "check_mode": check_mode,
        "summary": {
            "tenants": len(each),
            "changed": sum(tenant["changed"] for tenant in each),
            "failed": sum(tenant["failed"] for tenant in each),
            "actions": _add_up(ACTIONS, (tenant["actions"] for tenant in each)),
            "findings": (
                _add_up(SEVERITIES, (tenant["findings"] or {} for tenant in each)) if playbook == REPORT else None
            ),
            "next_expiry": min((tenant["next_expiry"] for tenant in each if tenant["next_expiry"]), default=None),
        },
        "tenants": tenants,
    }


def _add_up(names: Iterable[str], counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return {name: total[name] for name in names}


def _summarize_tenant(outcome: TenantOutcome, fact_name: str) -> TenantSummary:
    """A tenant that failed may have been changed before that, and then its latest result says how."""
    failed = outcome.failure is not None or fact_name not in outcome.facts
    latest = outcome.latest_result
    fact = latest.get("fact") or {} if failed else outcome.facts[fact_name]
    actions = (latest if failed else fact).get("actions") or ()
    counts = Counter(action["action"] for action in actions) + Counter(retire=len(fact.get("retired") or ()))
    keys = [key for name in ("scim_keys", "keys") for key in fact.get(name) or () if key]
    return {
        "tenant_id": fact.get("tenant_id"),
        "hostname": fact.get("hostname"),
        "changed": bool(counts),
        "failed": failed,
        "reason": format_one_line(outcome.failure or UNKNOWN_REASON, MAX_REASON_LENGTH) if failed else None,
        "actions": {name: counts[name] for name in ACTIONS},
        "findings": None,
        "next_expiry": min((key["expiry"] for key in keys if key.get("expiry")), default=None),
    }


def _summarize_report_of(tenant: Mapping[str, Any], problems: Sequence[str]) -> TenantSummary:
    reasons = problems if tenant["failure"] is None else [str(tenant["failure"])]
    counts = Counter(finding["severity"] for finding in tenant["findings"])
    return {
        "tenant_id": tenant["tenant_id"],
        "hostname": tenant["hostname"],
        "changed": False,
        "failed": bool(reasons),
        "reason": format_one_line(" ".join(reasons), MAX_REASON_LENGTH) if reasons else None,
        "actions": dict.fromkeys(ACTIONS, 0),
        "findings": {severity: counts[severity] for severity in SEVERITIES},
        "next_expiry": find_next_expiry(tenant["api_keys"]),
    }
