# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of playbook awx."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.filter.awx_lines import awx_lines

ITEM = {"kind": "job_template", "name": "Qlik Cloud onboard", "exists": True, "can_be_checked": True}


def line(result: dict | None, *, state: str = "present", check_mode: bool = False, **item: object) -> str:
    plan = {"state": state, "objects": {"job_template": [{**ITEM, **item}]}, "left": []}
    results = [] if result is None else [{"results": [{"item": {**ITEM, **item}, **result}]}]
    (line_shown,) = awx_lines(plan, [*results, {"changed": True}], check_mode)
    return line_shown.removeprefix("job template Qlik Cloud onboard: ")


@pytest.mark.parametrize(
    ("result", "more", "expected"),
    [
        ({"changed": False}, {}, "unchanged"),
        ({"changed": True}, {}, "changed"),
        ({"changed": True}, {"exists": False}, "created"),
        ({"changed": True}, {"state": "absent"}, "deleted"),
        ({"changed": True}, {"check_mode": True}, "would be changed"),
        ({"changed": True}, {"check_mode": True, "state": "absent"}, "would be deleted"),
        ({"skipped": True}, {"check_mode": True, "exists": False, "can_be_checked": False}, "would be created"),
        ({"skipped": True}, {"check_mode": True, "can_be_checked": False}, "would be changed"),
        ({"skipped": True}, {}, "unchanged"),
        ({"failed": True, "msg": "no"}, {}, "FAILED, see above"),
        ({"failed": False, "msg": "no"}, {}, "FAILED, see above"),
        (None, {}, "not reached"),
    ],
)
def test_a_line_says_what_became_of_an_object(result, more, expected):
    assert line(result, **more) == expected


def test_of_two_tasks_for_an_object_either_counts():
    plan = {"state": "present", "objects": {"job_template": [ITEM]}, "left": []}
    results = [{"results": [{"item": ITEM, "changed": changed}]} for changed in (False, True)]
    assert awx_lines(plan, results) == ["job template Qlik Cloud onboard: changed"]


def test_what_is_left_is_told_with_the_reason_and_so_is_nothing_at_all():
    left = [{"kind": "workflow_job_template", "name": "X", "reason": "not made by this playbook"}]
    assert awx_lines({"state": "absent", "objects": {}, "left": left}, []) == [
        "workflow X: left, not made by this playbook"
    ]
    assert awx_lines({"state": "absent", "objects": {}, "left": []}, []) == ["nothing to do"]
