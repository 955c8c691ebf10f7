# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says in the output of a run."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import Policy
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.document import (
    EMPTY,
    HostReport,
    build_document,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.lines import find_problems, format_lines
from ansible_collections.tenantops.qlik_cloud.tests.unit.planning import NOW
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import HOSTILE


def finding(severity: str, whose: str | None = None, what: str | None = None) -> dict[str, Any]:
    sentence = what or f"A thing that is {severity}."
    return {"rule": "owner_gone", "severity": severity, "what": sentence, "whose": whose, "advice": "a", "key_id": None}


def report(*found: dict[str, Any], tenant_id: str = "t", summary: str = "in good order") -> dict[str, Any]:
    return {**EMPTY, "tenant_id": tenant_id, "summary": summary, "findings": list(found)}


def of(*hosts: HostReport, fail_on: str = "error") -> dict[str, Any]:
    return build_document(hosts, Policy(), None, fail_on, NOW)


ALL = [finding("error", "Ana <a@b>"), finding("warning"), finding("note")]
PROBLEMS = [
    "ERROR: A thing that is error. (Ana <a@b>)",
    "WARNING: A thing that is warning.",
    "NOTE: A thing that is note.",
]


@pytest.mark.parametrize(("fail_on", "count"), [("error", 1), ("warning", 2), ("note", 3), ("never", 0)])
def test_after_each_tenant_comes_what_fails_the_run_and_no_more(fail_on, count):
    report_document = of(HostReport("a", report(*ALL)), HostReport("b", report(tenant_id="u")), fail_on=fail_on)
    assert format_lines(report_document) == [
        "a: in good order",
        *(f"  {line}" for line in PROBLEMS[:count]),
        "b: in good order",
    ]
    assert find_problems(report_document) == ({"a": PROBLEMS[:count]} if count else {})


def test_a_tenant_that_could_not_be_read_has_one_line_with_the_reason():
    report_document = of(HostReport("a", None, "It did\nnot answer."), HostReport("b", None))
    assert format_lines(report_document) == ["a: FAILED: It did not answer.", "b: FAILED: nothing is known of it"]
    assert find_problems(report_document) == {
        "a": ["ERROR: The tenant could not be read: It did not answer."],
        "b": ["ERROR: The tenant could not be read: nothing is known of it"],
    }
    assert find_problems({**report_document, "fail_on": "never"}) == {}


def test_hosts_that_are_one_tenant_are_told():
    report_document = of(
        HostReport("a", report()),
        HostReport("b", report(tenant_id="u")),
        HostReport("c", report()),
        HostReport("d", None),
    )
    assert format_lines(report_document)[-1] == "WARNING: a, c are one tenant, t. Has each host an address of its own?"


@pytest.mark.parametrize("text", HOSTILE)
def test_each_line_is_one_whatever_is_in_it(text):
    report_document = of(
        HostReport("a", report(finding("error", text, text or "x"), summary=text)), HostReport("b", None, text or "x")
    )
    given = [
        *format_lines(report_document),
        *(line for each in find_problems(report_document).values() for line in each),
    ]
    assert len(format_lines(report_document)) == 3
    assert all(line.isprintable() and len(line) <= 2002 for line in given)


def test_a_large_hostile_report_has_a_line_a_tenant_and_one_for_each_that_fails(large):
    report_document = format_lines(large)
    errors = [each for tenant in large["tenants"] for each in tenant["findings"] if each["severity"] == "error"]
    assert len(report_document) == 5 + len(errors) - 1
    assert all(line.isprintable() for line in report_document)
    assert sum(map(len, find_problems(large).values())) == len(errors)
