# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx from an empty controller to all of it, once more, changed, and away again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import SECRETS, VARIABLES, Controller, Run, play
from controller.rules import PLAYBOOKS

KINDS_MADE = {
    "credential type": 3,
    "credential": 2,
    "execution environment": 1,
    "notification template": 1,
    "label": 1,
    "project": 1,
    "inventory": 1,
    "inventory source": 1,
    "job template": 4,
    "workflow": 1,
    "workflow node": 4,
    "schedule": 1,
}


@dataclass(frozen=True)
class Runs:
    untouched: dict
    checked: Run
    first: Run
    second: Run


@pytest.fixture(scope="module")
def runs(running: Controller, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """In check mode on an empty controller, for real, and once more after a job has stored a token. What follows goes on from there."""
    folder = tmp_path_factory.mktemp("runs")
    running.control("POST", "reset")
    untouched = running.control("GET", "state")
    checked, first = play(running, folder, "--check"), play(running, folder)
    store = find(first.state, "credentials", name="Store")["id"]
    running.control("POST", "inputs", {"id": store, "inputs": {"token": "$encrypted$", "key_id": "of-a-job"}})
    return Runs(untouched, checked, first, play(running, folder))


def by_kind(lines: list[str], became: str) -> dict[str, int]:
    """How many objects of each kind became that."""
    kinds = [line for line in lines if line.endswith(f": {became}")]
    longest_first = sorted(KINDS_MADE, key=len, reverse=True)
    found = [next(kind for kind in longest_first if line.startswith(f"{kind} ")) for line in kinds]
    return {kind: found.count(kind) for kind in KINDS_MADE if kind in found}


def find(state: dict, endpoint: str, **fields: object) -> dict:
    (found,) = [
        record for record in state["objects"][endpoint] if all(record[name] == value for name, value in fields.items())
    ]
    return found


def associated(state: dict, endpoint: str, record: dict, name: str) -> list[int]:
    return next((numbers for *owner, numbers in state["associations"] if owner == [endpoint, record["id"], name]), [])


def without_credentials(state: dict) -> dict:
    return {**state, "objects": {**state["objects"], "credentials": None}}


def test_check_mode_on_an_empty_controller_writes_nothing_and_names_every_object(runs: Runs) -> None:
    assert runs.checked.writes == []
    assert "changed=1 " in runs.checked.one_line
    assert runs.checked.state == runs.untouched
    assert by_kind(runs.checked.lines, "would be created") == KINDS_MADE
    assert "organization Default: unchanged" in runs.checked.lines


def test_one_run_makes_everything(runs: Runs) -> None:
    assert by_kind(runs.first.lines, "created") == KINDS_MADE
    assert len(runs.first.lines) == sum(KINDS_MADE.values()) + 1
    state = runs.first.state
    templates = state["objects"]["job_templates"]
    assert sorted(record["playbook"] for record in templates) == PLAYBOOKS
    production, label, team = (
        find(state, endpoint, name=name)
        for endpoint, name in (
            ("credentials", "Production"),
            ("labels", "qlik-cloud"),
            ("notification_templates", "Team"),
        )
    )
    for template in templates:
        assert associated(state, "job_templates", template, "credentials") == [production["id"]]
        assert associated(state, "job_templates", template, "labels") == [label["id"]]
        assert associated(state, "job_templates", template, "notification_templates_error") == [team["id"]]
        assert template["allow_simultaneous"] is False
    onboard = find(state, "job_templates", name="Qlik Cloud onboard")
    asked = ("job_type", "diff_mode", "limit", "credential", "job_slice_count")
    assert all(onboard[f"ask_{name}_on_launch"] for name in asked)
    assert find(state, "job_templates", name="Qlik Cloud leaver")["job_type"] == "check"


def test_the_controller_keeps_the_secrets(runs: Runs) -> None:
    kept = {value for _endpoint, _id, values in runs.first.state["secrets"] for value in values.values()}
    assert kept == {SECRETS["client_secret"], SECRETS["hook"]}


def test_the_workflow_checks_waits_for_approval_sets_up_and_reports(runs: Runs) -> None:
    state = runs.first.state
    nodes = {record["identifier"]: record for record in state["objects"]["workflow_job_template_nodes"]}
    names = {record["id"]: name for name, record in nodes.items()}
    way = {
        name: [names[number] for number in associated(state, "workflow_job_template_nodes", node, "success_nodes")]
        for name, node in nodes.items()
    }
    assert way == {"check": ["approve"], "approve": ["onboard"], "onboard": ["report"], "report": []}
    onboard = find(state, "job_templates", name="Qlik Cloud onboard")["id"]
    assert [(nodes[name]["unified_job_template"], nodes[name]["job_type"]) for name in ("check", "onboard")] == [
        (onboard, "check"),
        (onboard, "run"),
    ]
    (approval,) = state["objects"]["workflow_approval_templates"]
    assert nodes["approve"]["unified_job_template"] == approval["id"]


def test_a_second_run_writes_nothing(runs: Runs) -> None:
    assert runs.second.writes == []
    assert find(runs.second.state, "credentials", name="Store")["inputs"]["key_id"] == "of-a-job"
    assert without_credentials(runs.second.state) == without_credentials(runs.first.state)
    assert by_kind(runs.second.lines[1:], "unchanged") == KINDS_MADE


def test_what_is_changed_is_written_and_a_project_that_cannot_be_updated_is_told(
    runs: Runs, running: Controller, tmp_path: Path
) -> None:
    other_secret = "another-secret-of-the-client"
    credentials = [dict(entry) for entry in VARIABLES["qlik_awx_credentials"]]
    # One that jobs write into stays as it is, also then.
    credentials[1] = {**credentials[1], "inputs": {"key_id": "of-the-variables"}}
    credentials[0] = {**credentials[0], "inputs": {**credentials[0]["inputs"], "client_secret": other_secret}}
    run = play(
        *(running, tmp_path),
        expect=2,
        qlik_awx_credentials=credentials,
        qlik_awx_update_secrets=True,
        qlik_awx_project_url="https://git.example.com/broken.git",
    )
    assert other_secret not in run.output
    assert other_secret in {value for *_owner, values in run.state["secrets"] for value in values.values()}
    assert "AWX could not update project Qlik Cloud: The Project Update - Qlik Cloud, failed" in run.one_line
    assert "qlik_awx_project_url" in run.one_line
    assert "credential Production: changed" in run.lines
    assert find(run.state, "credentials", name="Store")["inputs"]["key_id"] == "of-a-job"
    assert "project Qlik Cloud: changed" in run.lines
    assert "job template Qlik Cloud onboard: not reached" in run.lines


def test_absent_takes_away_what_was_made_and_nothing_else(runs: Runs, running: Controller, tmp_path: Path) -> None:
    state = running.control("GET", "state")
    kind = find(state, "credential_types", name="Qlik Cloud contexts")["id"]
    other = {"name": "Of somebody else", "description": "", "organization": None, "credential_type": kind, "inputs": {}}
    running.control("POST", "add", {"endpoint": "credentials", "record": other})
    run = play(running, tmp_path, qlik_awx_state="absent")
    assert run.names("credentials") == ["Ansible Galaxy", "Repository", "Of somebody else"]
    assert "Qlik Cloud contexts" in run.names("credential_types")
    assert (
        "credential type Qlik Cloud contexts: left, other credentials are of this type: Of somebody else" in run.lines
    )
    assert "Qlik Cloud tenant" not in run.names("credential_types")
    assert run.names("organizations") == ["Default"]
    assert run.names("execution_environments") == ["AWX EE"]
    for endpoint in ("labels", "projects", "inventories", "inventory_sources", "job_templates", "schedules"):
        assert run.state["objects"][endpoint] == []
    for endpoint in ("workflow_job_templates", "workflow_job_template_nodes", "notification_templates"):
        assert run.state["objects"][endpoint] == []
    assert [line for line in run.lines if not line.endswith((": deleted", "Of somebody else"))] == []
