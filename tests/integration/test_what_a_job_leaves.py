# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks leave by ``set_stats``, which a controller keeps as the artifacts of a job, and the report in the output of a
job whose files are lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Playground, Run
from onboarding import ONBOARD, REPORT, ROTATE, inputs, join_output, last_lines

pytestmark = pytest.mark.parametrize("generation", ["permission"])

SHOWN = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}
SHOW = "TASK [Show the report]"
HEADING = "# API keys of Qlik Cloud tenants"
NONE_DONE = {"create": 0, "update": 0, "retire": 0}


def left(run: Run) -> dict[str, Any]:
    """What it leaves for the run as a whole; the host is the only one."""
    shown = run.output[run.output.index("RUN: {", run.output.index("CUSTOM STATS")) + len("RUN: ") :]
    variables = json.JSONDecoder().raw_decode(shown)[0]
    assert list(variables) == ["qlik_cloud"]
    return variables["qlik_cloud"]


def shown_lines(run: Run) -> list[str]:
    shown = run.output[run.output.index("{", run.output.index(SHOW)) :]
    return json.JSONDecoder().raw_decode(shown)[0].get("msg", [])


def test_each_playbook_leaves_what_came_of_each_tenant(playground: Playground) -> None:
    given = inputs(playground)
    checked = left(playground.play(ONBOARD, "--check", environment=SHOWN, **given))
    assert (checked["playbook"], checked["check_mode"]) == ("onboard", True)
    assert playground.writes() == []

    done = left(playground.play(ONBOARD, environment=SHOWN, **given))
    tenant = done["tenants"]["localhost"]
    assert tenant["tenant_id"] == playground.tenant.ready["tenant_id"]
    assert (tenant["changed"], tenant["failed"], tenant["reason"]) == (True, False, None)
    assert tenant["actions"] == {"create": 1, "update": 2, "retire": 0} == checked["tenants"]["localhost"]["actions"]
    assert tenant["next_expiry"] == playground.tenant.control("GET", "keys")["keys"][0]["expiry"]

    rotated = left(playground.play(ROTATE, environment=SHOWN, **given))
    assert rotated["tenants"]["localhost"] == {**tenant, "changed": False, "actions": NONE_DONE}

    run = playground.play(REPORT, environment=SHOWN, expect=2, onboarding_report_fail_within="P365D", **given)
    assert shown_lines(run) == []
    read = left(run)
    failed = read["tenants"]["localhost"]
    assert (failed["failed"], failed["findings"]["error"], failed["next_expiry"]) == (True, 1, tenant["next_expiry"])
    assert failed["reason"].startswith("ERROR: API key 'Entra provisioning' expires in ")
    assert read["summary"] == {
        "tenants": 1,
        "changed": 0,
        "failed": 1,
        "actions": NONE_DONE,
        "findings": failed["findings"],
        "next_expiry": tenant["next_expiry"],
    }


def test_a_failure_is_left_with_its_reason_which_is_never_taken_for_a_template(playground: Playground) -> None:
    template = "{{ 6 * 7 }} {{ lookup('ansible.builtin.pipe', 'id') }}"
    errors = {"errors": [{"code": "X-1", "title": template, "detail": template}]}
    refused = {"method": "POST", "path": ".*/api-keys", "kind": "status", "status": 400, "body": errors}
    playground.tenant.control("POST", "faults", refused)
    run = playground.play(ONBOARD, environment=SHOWN, expect=2, **inputs(playground))
    tenant = left(run)["tenants"]["localhost"]
    assert (tenant["failed"], tenant["changed"], tenant["actions"]) == (True, True, {**NONE_DONE, "update": 2})
    assert template in tenant["reason"]
    assert tenant["reason"] in last_lines(run)[0]


def test_the_output_has_the_report_in_a_job_that_keeps_no_file_of_it(enabled: Playground) -> None:
    given = inputs(enabled, onboarding_scim_keys=[])
    enabled.play(ONBOARD, **inputs(enabled))
    folder = enabled.folder.parent
    job = {"JOB_ID": "7", "AWX_PRIVATE_DATA_DIR": str(folder)}
    asked = shown_lines(enabled.play(REPORT, **given, onboarding_report_show="yes"))
    assert asked[0] == HEADING
    assert any(line.startswith("| localhost | Entra provisioning |") for line in asked)

    file = {"onboarding_report_file": str(folder / "keys.md")}
    written = enabled.play(REPORT, environment=job, **given, **file)
    assert shown_lines(written)[0] == HEADING == (folder / "keys.md").read_text().splitlines()[0]
    assert "keys.md ends with the container that this job runs in." in join_output(written)
