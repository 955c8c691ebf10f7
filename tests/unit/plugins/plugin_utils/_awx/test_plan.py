# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What playbook awx has to do, from its variables and what the controller has."""

from __future__ import annotations

import json

import pytest

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.objects import (
    CREATED_BY,
    ENDPOINTS,
    build_wanted_objects,
    load_credential_types,
)
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.plan import PlanError, build_plan
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.surveys import SURVEYS, build_survey
from ansible_collections.tenantops.qlik_cloud.tests.unit.awx_options import FakeController, options
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import read_yaml

HOOK = {"name": "Team", "type": "webhook", "configuration": {"url": "https://hooks.example.com", "password": "hidden"}}
TYPE = {"id": 5, "name": "Qlik Cloud tenant", "description": CREATED_BY}


def refused(controller: FakeController, **given: object) -> str:
    with pytest.raises(PlanError) as caught:
        build_plan(controller, options(**given))
    return str(caught.value)


def only(plan: dict, kind: str) -> dict:
    (item,) = plan["objects"][kind]
    return item


def test_objects_are_made_after_those_that_they_need():
    wanted = build_wanted_objects(options(execution_environment_image="x", credentials=[{"name": "A", "inputs": {}}]))
    places = {each.ref: place for place, each in enumerate(wanted)}
    assert [each.ref for each in wanted for ref in each.needs if places.get(ref, -1) >= places[each.ref]] == []
    assert len(places) == len(wanted)


def test_the_plan_has_no_secret():
    secret = "a-secret"
    given = {"credentials": [{"name": "A", "inputs": {"client_secret": secret}}], "notifications": [HOOK]}
    plan = build_plan(FakeController(), options(**given))
    assert secret not in json.dumps(plan)
    assert "hidden" not in json.dumps(plan)


@pytest.mark.parametrize("organization", ["Default", "New"])
def test_an_organization_without_a_galaxy_credential_is_refused(organization):
    controller = FakeController()
    controller.galaxy = []
    assert "no Galaxy credential" in refused(controller, organization=organization)


def test_a_galaxy_credential_that_is_named_must_be_there():
    assert "credential 'Ansible Galaxy'" in refused(FakeController(), galaxy_credentials=["Ansible Galaxy"])
    there = FakeController(credentials=[{"id": 9, "name": "Ansible Galaxy"}])
    plan = build_plan(there, options(organization="New", galaxy_credentials=["Ansible Galaxy"]))
    assert only(plan, "organization")["galaxy_credentials"] == ["Ansible Galaxy"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"job_credentials": ["Nobody's"]}, 'credential "Nobody\'s"'),
        ({"project_credential": "Git"}, "credential 'Git'"),
        ({"inventory_credential": "Contexts"}, "credential 'Contexts'"),
        ({"execution_environment": "EE"}, "execution environment 'EE'"),
        ({"notifications": [{"name": "Team"}]}, "notification template 'Team'"),
    ],
)
def test_what_others_have_to_make_must_be_there(given, missing):
    assert missing in refused(FakeController(), **given)


def test_an_object_of_that_name_which_somebody_else_has_made_is_taken_over_only_if_that_is_said():
    controller = FakeController(projects=[{"id": 3, "name": "Qlik Cloud", "organization": 1, "description": "Mine"}])
    assert "project 'Qlik Cloud'" in refused(controller)
    assert only(build_plan(controller, options(adopt=True)), "project")["exists"]


def test_labels_have_no_description_to_be_known_by():
    controller = FakeController(labels=[{"id": 3, "name": "qlik-cloud", "organization": 1}])
    assert only(build_plan(controller, options()), "label")["exists"]


@pytest.mark.parametrize(
    ("status", "again"), [("successful", False), ("failed", True), ("running", True), (None, True)]
)
def test_a_project_is_updated_unless_its_last_update_succeeded(status, again):
    project = {"id": 3, "name": "Qlik Cloud", "organization": 1, "description": CREATED_BY, "status": status}
    assert only(build_plan(FakeController(projects=[project]), options()), "project")["never_updated"] is again


@pytest.mark.parametrize(
    ("changes", "given", "differs"),
    [
        ({}, {}, False),
        ({"url": "https://elsewhere.example.com"}, {}, True),
        ({"password": ""}, {}, True),
        ({}, {"update_secrets": True}, True),
    ],
)
def test_a_notification_is_written_if_it_differs_in_what_awx_gives_back(changes, given, differs):
    has = {"url": HOOK["configuration"]["url"], "password": "$encrypted$", "http_method": "POST", **changes}
    record = {"id": 3, "name": "Team", "organization": 1, "notification_type": "webhook"}
    template = {**record, "description": f"Tells of jobs. {CREATED_BY}", "notification_configuration": has}
    plan = build_plan(FakeController(notification_templates=[template]), options(notifications=[HOOK], **given))
    assert only(plan, "notification_template")["differs"] is differs


def test_an_object_can_be_checked_if_it_is_there_with_all_that_it_needs():
    project = {"id": 3, "name": "Qlik Cloud", "organization": 1, "description": CREATED_BY}
    plan = build_plan(FakeController(projects=[project]), options())
    assert only(plan, "project")["can_be_checked"]
    assert not only(plan, "inventory_source")["can_be_checked"]
    environment = build_plan(FakeController(projects=[project]), options(execution_environment_image="x"))
    assert not only(environment, "project")["can_be_checked"]


def test_only_what_the_playbook_has_made_is_taken_away():
    own = {"id": 3, "name": "Qlik Cloud", "organization": 1, "description": CREATED_BY}
    other = {"id": 4, "name": "Qlik Cloud tenants", "organization": 1, "description": "By hand"}
    plan = build_plan(FakeController(projects=[own], inventories=[other]), options(state="absent"))
    assert [item["name"] for items in plan["objects"].values() for item in items] == ["Qlik Cloud"]
    assert plan["left"] == [{"kind": "inventory", "name": "Qlik Cloud tenants", "reason": "not made by this playbook"}]
    assert list(plan["objects"]) == list(reversed(ENDPOINTS))


def test_a_credential_type_that_others_use_is_left():
    credentials = [
        {"id": 6, "name": "A", "organization": 1, "credential_type": 5, "description": CREATED_BY},
        {"id": 7, "name": "Of others", "organization": 2, "credential_type": 5, "description": ""},
    ]
    given = {"state": "absent", "credentials": [{"name": "A", "inputs": {}}]}
    plan = build_plan(FakeController(credential_types=[TYPE], credentials=credentials), options(**given))
    assert [left["reason"] for left in plan["left"]] == ["other credentials are of this type: Of others"]
    alone = FakeController(credential_types=[TYPE], credentials=credentials[:1])
    assert build_plan(alone, options(**given))["left"] == []


def test_the_types_say_what_each_field_is_as_awx_would_fill_it_in():
    for content in load_credential_types().values():
        assert content["kind"] == "cloud"
        assert [field["id"] for field in content["inputs"]["fields"] if field.get("type") != "string"] == []


def test_surveys_ask_for_variables_of_the_role_and_require_only_who_leaves():
    specs = read_yaml("roles/onboarding/meta/argument_specs.yml")["argument_specs"].values()
    known = {name for spec in specs for name in spec["options"]}
    questions = [question for template in SURVEYS for question in build_survey(template)["spec"]]
    asked = {question["variable"] for question in questions}
    assert asked <= known
    assert [question["variable"] for question in questions if question["required"]] == ["leaver"]


def test_what_a_survey_hands_on_by_default_changes_nothing():
    defaults = {
        question["variable"]: question["default"] for template in SURVEYS for question in build_survey(template)["spec"]
    }
    assert {name: value for name, value in defaults.items() if value} == {
        "onboarding_force_renew": "false",
        "leaver_scim_keys": "keep",
    }


def test_what_jobs_store_in_a_credential_is_theirs():
    given = {"credentials": [{"name": "A", "type": "token"}, {"name": "B", "inputs": {"client_id": "x"}}]}
    items = build_plan(FakeController(), options(**given))["objects"]["credential"]
    assert [item["is_store"] for item in items] == [True, False]


def test_who_leaves_is_looked_for_in_one_job():
    items = build_plan(FakeController(), options(job_slices=3))["objects"]["job_template"]
    assert {item["name"]: (item["job_slice_count"], item["ask_slices"]) for item in items} == {
        "Qlik Cloud onboard": (3, True),
        "Qlik Cloud rotate": (3, True),
        "Qlik Cloud report": (3, True),
        "Qlik Cloud leaver": (1, False),
    }
