# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a report, from what was read of each tenant."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import OptionError
from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import RULES, Policy
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import (
    EMPTY,
    HostReport,
    build_document,
    check_report,
)
from ansible_collections.tenantops.qlik_cloud.tests.unit import report_documents
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW, after


def of(*hosts: HostReport, fail_on: str = "error", **policy: Any) -> dict[str, Any]:
    return build_document(hosts, Policy.from_options(policy), "P2D", fail_on, NOW)


def report(*keys: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**copy.deepcopy(dict(EMPTY)), "tenant_id": "t", "api_keys": list(keys), "policy": {}, **more}


def key(**differences: Any) -> dict[str, Any]:
    return {"status": "active", "expiry": after(days=1), "expires_in": 86400, "successor": None, **differences}


def finding(severity: str) -> dict[str, Any]:
    document = {"what": "w", "whose": None, "advice": "a", "key_id": None}
    return {"rule": "owner_gone", "severity": severity, **document}


def test_without_tenants_there_is_a_document_with_the_policy():
    assert of(rotated_within="P30D", fail_on="never") == {
        "version": 1,
        "made_at": "2026-11-22T09:15:00Z",
        "policy": {**Policy(rotated_within="P30D").as_result(), "fail_within": "P2D"},
        "fail_on": "never",
        "summary": {
            "tenants": 0,
            "unreachable": 0,
            "active_keys": 0,
            "findings": {"error": 0, "warning": 0, "note": 0},
            "next_expiry": None,
        },
        "tenants": [],
    }


def test_the_time_is_told_in_utc_wherever_it_is_made():
    there = datetime(2026, 11, 22, 10, 15, tzinfo=timezone(timedelta(hours=1)))
    assert build_document([], Policy(), None, "error", there)["made_at"] == "2026-11-22T09:15:00Z"


def test_a_tenants_findings_are_told_with_its_host_and_counted():
    found = [finding(each) for each in ("error", "note", "note")]
    document = of(HostReport("a", report(findings=found)), HostReport("b", report(findings=found[:1])))
    assert [each["tenant"] for tenant in document["tenants"] for each in tenant["findings"]] == ["a", "a", "a", "b"]
    assert document["summary"]["findings"] == {"error": 2, "warning": 0, "note": 2}
    assert "tenant" not in found[0]
    assert "policy" not in document["tenants"][0]


@pytest.mark.parametrize(
    ("given", "failure"),
    [
        (HostReport("h", None, "It did not answer."), "It did not answer."),
        (HostReport("h", None), "nothing is known of it"),
        (HostReport("h", {}, ""), "nothing is known of it"),
        (HostReport("h", report(), "It broke off."), "It broke off."),
    ],
)
def test_a_tenant_that_could_not_be_read_is_a_finding(given, failure):
    document = of(given)
    (tenant,) = document["tenants"]
    assert (tenant["failure"], document["summary"]["unreachable"]) == (failure, 1)
    (only,) = tenant["findings"]
    assert (only["rule"], only["severity"], only["tenant"]) == ("unreachable", "error", "h")
    assert only["what"] == f"The tenant could not be read: {failure}"


@pytest.mark.parametrize("severity", ["error", "warning", "note", "off"])
def test_that_it_could_not_be_read_is_as_severe_as_the_policy_says(severity):
    (tenant,) = of(HostReport("h", None, "x"), severities={"unreachable": severity})["tenants"]
    assert tenant["failure"] == "x"
    assert [each["severity"] for each in tenant["findings"]] == ([] if severity == "off" else [severity])


def test_active_keys_are_counted_and_the_next_to_expire_is_told():
    keys = [
        key(expiry="2026-11-24T00:00:00Z"),
        key(expiry="2026-11-24T00:30:00+01:00"),
        key(expiry="2026-11-23T00:00:00Z", successor="other"),
        key(expiry="2026-11-22T00:00:00Z", expires_in=-1),
        key(expiry="2026-11-21T00:00:00Z", status="expired", expires_in=-9),
        key(expiry=None, expires_in=None),
        key(expiry="0 soon", expires_in=None),
    ]
    summary = of(HostReport("h", report(*keys)))["summary"]
    assert (summary["active_keys"], summary["next_expiry"]) == (5, "2026-11-24T00:30:00+01:00")


@pytest.mark.parametrize("name", EMPTY)
def test_a_report_that_lacks_something_is_refused(name):
    given = report()
    del given[name]
    with pytest.raises(OptionError) as refusal:
        check_report("tenants[0].report", given)
    assert str(refusal.value) == (
        "tenants[0].report: must be the report that tenantops.qlik_cloud.api_key_report_info returns; "
        f"see its {name}."
    )


@pytest.mark.parametrize("wrong", [None, {}, "x", ["x"]])
@pytest.mark.parametrize("name", ["api_keys", "stored_tokens", "findings"])
def test_a_report_whose_lists_are_none_is_refused(name, wrong):
    with pytest.raises(OptionError, match=f"see its {name}."):
        check_report("report", report(**{name: wrong}))


def test_a_report_and_none_are_taken():
    check_report("report", report())
    check_report("report", None)


def test_the_documents_of_the_tests_have_every_rule_that_can_be_found(large):
    found = {each["rule"] for tenant in large["tenants"] for each in tenant["findings"]}
    assert found == set(RULES) - {"turned_off"}
    statuses = {each["owner"]["status"] for tenant in large["tenants"] for each in tenant["api_keys"]}
    assert statuses == {"active", "invited", "disabled", "deleted", "gone", None}
    assert len([each for tenant in large["tenants"] for each in tenant["api_keys"]]) == 2000
    others = report_documents.document(9, 9)["tenants"]
    assert "turned_off" in [each["rule"] for tenant in others for each in tenant["findings"]]


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [("error", ["error"]), ("warning", ["error", "warning"]), ("note", ["error", "warning", "note"]), ("never", [])],
)
def test_each_finding_says_whether_it_fails_the_run(fail_on, failing):
    found = [finding(severity) for severity in ("error", "warning", "note")]
    tenant = of(HostReport("a", report(findings=found)), fail_on=fail_on)["tenants"][0]
    assert [each["severity"] for each in tenant["findings"] if each["fails"]] == failing


@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_a_tenant_that_could_not_be_read_fails_the_run_whatever_its_severity(fail_on):
    document = of(HostReport("a", None, "no answer"), fail_on=fail_on, severities={"unreachable": "note"})
    assert [each["fails"] for each in document["tenants"][0]["findings"]] == [True]
