# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops the playbook awx before it writes, in plain words."""

from __future__ import annotations

import os
from pathlib import Path

from conftest import SECRETS, VARIABLES, Controller, play


def test_a_missing_collection_is_told(controller: Controller, tmp_path: Path) -> None:
    without = {"ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    run = play(controller, tmp_path, expect=2, environment=without)
    assert "The collection awx.awx is missing" in run.one_line
    assert "ansible-galaxy collection install awx.awx" in run.one_line
    assert run.writes == []


def test_a_wrong_password_is_told(controller: Controller, tmp_path: Path) -> None:
    wrong = {"CONTROLLER_PASSWORD": "a-wrong-password"}
    run = play(controller, tmp_path, expect=2, environment=wrong)
    assert f"The controller {controller.ready['url']} refuses the sign-in" in run.one_line
    assert "CONTROLLER_PASSWORD" in run.one_line
    assert "a-wrong-password" not in run.output
    assert run.writes == []


def test_a_password_in_the_address_is_told_and_not_shown(controller: Controller, tmp_path: Path) -> None:
    address = controller.ready["url"].replace("//", f"//somebody:{SECRETS['hook']}@")
    run = play(controller, tmp_path, expect=2, environment={"CONTROLLER_HOST": address})
    assert (
        f"The controller's address {controller.ready['url']} was given with a user or a password in it" in run.one_line
    )
    assert "CONTROLLER_PASSWORD" in run.one_line
    assert run.writes == []


def test_a_list_where_a_name_is_due_is_told(controller: Controller, tmp_path: Path) -> None:
    run = play(controller, tmp_path, expect=2, qlik_awx_name=["Qlik Cloud"])
    assert "qlik_awx_name: must be text, not a list." in run.one_line
    assert run.writes == []


def test_a_missing_galaxy_credential_is_told(controller: Controller, tmp_path: Path) -> None:
    organization = controller.control("GET", "state")["objects"]["organizations"][0]["id"]
    none = {"endpoint": "organizations", "id": organization, "name": "galaxy_credentials", "numbers": []}
    controller.control("POST", "associations", none)
    run = play(controller, tmp_path, expect=2)
    assert "no Galaxy credential. Without one AWX installs no collection" in run.one_line
    assert "qlik_awx_galaxy_credentials, such as [Ansible Galaxy]" in run.one_line
    assert run.writes == []


def test_what_the_controller_says_of_a_credential_is_told_though_the_task_hides_it(
    controller: Controller, tmp_path: Path
) -> None:
    field = {"id": "password", "label": "Password", "type": "string", "secret": True}
    kind = {"name": "Vendor", "description": "", "kind": "cloud", "inputs": {"fields": [field]}, "injectors": {}}
    controller.control("POST", "add", {"endpoint": "credential_types", "record": {**kind, "managed": False}})
    # It repeats what it does not take.
    controller.control("POST", "echo", "credentials")
    secret = "a-secret-that-is-not-shown"
    credentials = [{"name": "Vendor", "type": "Vendor", "inputs": {"password": secret, "user": "somebody"}}]
    changes = {"qlik_awx_credentials": credentials, "qlik_awx_job_credentials": [], "qlik_awx_project_credential": None}
    run = play(controller, tmp_path, expect=2, **changes)
    assert "Vendor: Unable to create credential Vendor" in run.one_line
    assert "Not taken: " in run.one_line
    assert secret not in run.output
    assert "credential Vendor: FAILED, see above" in run.lines
    assert "project Qlik Cloud: not reached" in run.lines


def test_what_a_notification_is_configured_with_is_not_shown_where_the_controller_repeats_it(
    controller: Controller, tmp_path: Path
) -> None:
    controller.control("POST", "echo", "notification_templates")
    header = "a-secret-in-a-header"
    [hook] = VARIABLES["qlik_awx_notifications"]
    hook = {**hook, "configuration": {**hook["configuration"], "headers": {"X-Secret": header}}}
    least = {
        "qlik_awx_execution_environment_image": None,
        "qlik_awx_credentials": None,
        "qlik_awx_job_credentials": [],
    }
    run = play(controller, tmp_path, expect=2, qlik_awx_notifications=[hook], **least)
    assert "Not taken: " in run.one_line
    assert header not in run.output
