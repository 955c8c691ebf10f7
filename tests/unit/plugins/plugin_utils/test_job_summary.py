# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._job_summary import (
    MAX_REASON_LENGTH,
    summarize_outcomes,
    summarize_report,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_outcomes import read_outcomes
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import document

MADE = {"action": "create", "id": "k1", "description": "entra", "reason": "there is none"}
RETIRED = {"action": "retire", "id": "k0", "description": "entra", "reason": "it has a successor"}
NONE_DONE = {"create": 0, "update": 0, "retire": 0}


def job(playbook: str = "onboard", check_mode: bool = False, **hosts: dict) -> dict:
    return summarize_outcomes(read_outcomes(hosts.items()), playbook, check_mode)


def fact(*actions: dict, **more: object) -> dict:
    return {"tenant_id": "t1", "hostname": "acme.example", "actions": list(actions), **more}


def key(expiry: str | None) -> dict:
    return {"id": "k1", "description": "entra", "status": "active", "expiry": expiry, "token_file": None}


def test_a_tenant_is_told_by_counts_and_by_what_expires_first():
    left = job(
        changed={
            "onboarding_result": fact(
                MADE,
                RETIRED,
                scim_keys=[key("2027-03-01T00:00:00Z"), None],
                keys=[key("2027-02-01T00:00:00Z"), key(None)],
            )
        },
        same={"onboarding_result": fact(scim_keys=[key("2027-01-01T00:00:00Z")])},
    )
    assert left["tenants"]["changed"] == {
        "tenant_id": "t1",
        "hostname": "acme.example",
        "changed": True,
        "failed": False,
        "reason": None,
        "actions": {"create": 1, "update": 0, "retire": 1},
        "findings": None,
        "next_expiry": "2027-02-01T00:00:00Z",
    }
    assert (left["tenants"]["same"]["changed"], left["tenants"]["same"]["actions"]) == (False, NONE_DONE)
    assert left["summary"] == {
        "tenants": 2,
        "changed": 1,
        "failed": 0,
        "actions": {"create": 1, "update": 0, "retire": 1},
        "findings": None,
        "next_expiry": "2027-01-01T00:00:00Z",
    }
    assert (left["playbook"], left["check_mode"]) == ("onboard", False)


def test_the_fact_is_that_of_the_playbook():
    variables = {"onboarding_result": fact(MADE), "onboarding_rotation": fact(RETIRED)}
    assert job("rotate", True, host=variables)["summary"]["actions"] == {**NONE_DONE, "retire": 1}


def test_a_tenant_that_failed_is_told_with_the_reason_and_with_what_was_done_before():
    latest = {"failed": True, "actions": [MADE], "msg": "no answer", "to_hand_on": {"token": "a secret"}}
    left = job(
        failed={
            "onboarding_failure": "no answer\n" + "x" * 1000,
            "__onboarding_tenant": latest,
            "onboarding_result": fact(RETIRED),
        },
        early={"onboarding_failure": "token tasks"},
        gone={},
    )
    summary = left["tenants"]["failed"]
    assert (summary["failed"], summary["changed"], summary["actions"]) == (True, True, {**NONE_DONE, "create": 1})
    assert summary["reason"].startswith("no answer xxx") and len(summary["reason"]) == MAX_REASON_LENGTH
    assert left["tenants"]["early"]["reason"] == "token tasks"
    assert left["tenants"]["gone"]["reason"] == "nothing is known of it, see the output"
    assert left["summary"]["failed"] == 3
    assert "a secret" not in json.dumps(left)


def test_a_report_is_told_by_its_findings_and_by_what_expires_first_without_a_successor():
    summary = document(tenants=3, keys=60)
    first = min(
        entry["expiry"]
        for tenant in summary["tenants"]
        for entry in tenant["api_keys"]
        if entry["status"] == "active" and not entry["successor"]
    )
    left = summarize_report(summary, {"prod-eu": ["ERROR: one", "ERROR: two"]}, False)
    assert left["summary"]["findings"] == summary["summary"]["findings"]
    assert left["summary"]["next_expiry"] == first
    assert (left["summary"]["tenants"], left["summary"]["failed"], left["summary"]["changed"]) == (3, 2, 0)
    assert left["tenants"]["prod-eu"]["reason"] == "ERROR: one ERROR: two"
    assert left["tenants"]["dead-1"]["reason"].startswith("Could not connect to dead-1")
    assert (left["tenants"]["prod-us"]["failed"], left["tenants"]["prod-us"]["reason"]) == (False, None)
    json.dumps(left)


def test_keys_of_a_person_who_left_count_as_retired():
    left = job("leaver", acme={"onboarding_leaver": {"tenant_id": "t1", "retired": [{"id": "k1"}, {"id": "k2"}]}})
    assert left["tenants"]["acme"]["actions"] == {**NONE_DONE, "retire": 2}
    assert left["summary"]["changed"] == 1
