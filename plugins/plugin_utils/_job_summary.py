# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the playbooks leaves for programs: of each tenant in short, without secrets, as plain JSON types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import SEVERITIES
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._transport.texts import one_line
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import next_expiry

ACTIONS = ("create", "update", "retire")
FACTS = {"onboard": "onboarding_result", "rotate": "onboarding_rotation", "leaver": "onboarding_leaver"}
"""The fact that role onboarding leaves, by the playbook that runs it."""
FAILURE, LATEST = "onboarding_failure", "__onboarding_tenant"
"""The variables of a host that hold why its tenant failed, and the latest result of module ``tenant``."""
REPORT = "report"
MAX_REASON_LENGTH = 500
"""A controller keeps all of this with the job, and gives it to each later job of the workflow."""
UNKNOWN = "nothing is known of it, see the output"


def of_tenants(hosts: Iterable[tuple[str, Mapping[str, Any]]], playbook: str, check_mode: bool) -> dict[str, Any]:
    """``hosts``: names with variables, of which the role has left some."""
    fact = FACTS[playbook]
    return _job(playbook, check_mode, {name: _tenant(variables, fact) for name, variables in hosts})


def of_report(document: Mapping[str, Any], problems: Mapping[str, list[str]], check_mode: bool) -> dict[str, Any]:
    """``problems``: what fails the run, by the host."""
    return _job(
        REPORT, check_mode, {each["host"]: _read(each, problems.get(each["host"], ())) for each in document["tenants"]}
    )


def _job(playbook: str, check_mode: bool, tenants: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    each = list(tenants.values())
    return {
        "playbook": playbook,
        "check_mode": check_mode,
        "summary": {
            "tenants": len(each),
            "changed": sum(tenant["changed"] for tenant in each),
            "failed": sum(tenant["failed"] for tenant in each),
            "actions": {name: sum(tenant["actions"][name] for tenant in each) for name in ACTIONS},
            "findings": None if playbook != REPORT else _sums(each),
            "next_expiry": min((tenant["next_expiry"] for tenant in each if tenant["next_expiry"]), default=None),
        },
        "tenants": dict(tenants),
    }


def _sums(tenants: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    counts = [tenant["findings"] for tenant in tenants]
    return {severity: sum(count[severity] for count in counts) for severity in SEVERITIES}


def _tenant(variables: Mapping[str, Any], fact: str) -> dict[str, Any]:
    """A tenant that failed may have been changed before that, and then its latest result says how."""
    is_done = FAILURE not in variables and fact in variables
    latest = variables.get(LATEST) or {}
    known = variables[fact] if is_done else latest.get("fact") or {}
    actions = (known if is_done else latest).get("actions") or ()
    retired = known.get("retired") or ()
    counts = Counter(action["action"] for action in actions) + Counter(retire=len(retired))
    keys = [key for name in ("scim_keys", "keys") for key in known.get(name) or () if key]
    return {
        "tenant_id": known.get("tenant_id"),
        "hostname": known.get("hostname"),
        "changed": bool(counts),
        "failed": not is_done,
        "reason": None if is_done else one_line(str(variables.get(FAILURE, UNKNOWN)), MAX_REASON_LENGTH),
        "actions": {name: counts[name] for name in ACTIONS},
        "findings": None,
        "next_expiry": min((key["expiry"] for key in keys if key.get("expiry")), default=None),
    }


def _read(tenant: Mapping[str, Any], problems: Iterable[str]) -> dict[str, Any]:
    told = [tenant["failure"]] if tenant["failure"] is not None else list(problems)
    counts = Counter(finding["severity"] for finding in tenant["findings"])
    return {
        "tenant_id": tenant["tenant_id"],
        "hostname": tenant["hostname"],
        "changed": False,
        "failed": bool(told),
        "reason": one_line(" ".join(map(str, told)), MAX_REASON_LENGTH) if told else None,
        "actions": dict.fromkeys(ACTIONS, 0),
        "findings": {severity: counts[severity] for severity in SEVERITIES},
        "next_expiry": next_expiry(tenant["api_keys"]),
    }
