# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.filter.tenant_lines import FilterModule
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._tenant_lines import DAY_SECONDS

REPORT = {"tenant_id": "t1", "hostname": "acme.example", "api_keys": [], "stored_tokens": []}
VALID = {"description": "entra", "valid": True, "reason": "it works"}
LOST = {"description": "okta", "valid": False, "reason": "the store has none"}
UNREAD = {"description": "awx", "valid": None, "reason": "its store gives nothing back, so it cannot be read"}


def lines(**hosts: dict) -> list[str]:
    return FilterModule().filters()["tenant_lines"](hosts.items())


def summary(text: str, tenant_id: str = "t1") -> dict:
    return {"tenant_id": tenant_id, "summary": text}


def test_each_host_has_its_line_in_order():
    assert lines(
        done={"onboarding_result": summary("acme.example: nothing to do")},
        renewed={"onboarding_rotation": summary("other.example: made x", "t2")},
        failed={"onboarding_failure": "no answer", "onboarding_result": summary("from another run", "t3")},
        gone={},
    ) == [
        "done: acme.example: nothing to do",
        "renewed: other.example: made x",
        "failed: FAILED: no answer",
        "gone: FAILED, see above",
    ]


def test_hosts_that_are_one_tenant_are_told():
    *_own, warning = lines(a={"onboarding_result": summary("x")}, b={"onboarding_result": summary("x")})
    assert warning == "WARNING: a, b are one tenant, t1. Has each host an address of its own?"


@pytest.mark.parametrize(
    ("keys", "stored", "expected"),
    [
        ([], [], "0 active keys"),
        ([{"expires_in": 2 * DAY_SECONDS, "description": "x"}], [], "1 active key, the first to expire in 2 days: x"),
        ([{"expires_in": None, "description": "x"}] * 2, [], "2 active keys"),
        ([], [VALID, LOST], "0 active keys; stored tokens: 1 of 2 valid; NOT that of okta: the store has none"),
        (
            [],
            [VALID, UNREAD],
            "0 active keys; stored tokens: 1 of 1 valid; that of awx: its store gives nothing back, so it cannot be read",
        ),
        ([], [UNREAD], "0 active keys; that of awx: its store gives nothing back, so it cannot be read"),
    ],
)
def test_a_report_is_told_in_one_line(keys, stored, expected):
    report = {**REPORT, "api_keys": keys, "stored_tokens": stored}
    assert lines(host={"onboarding_report": report}) == [f"host: acme.example: {expected}"]
