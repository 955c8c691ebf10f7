# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of playbook awx that cannot be meant so."""

from __future__ import annotations

import pytest
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.refusals import refusal
from unit.awx_options import options

DAILY = "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1"


def credential(name: str = "A", **more: object) -> dict:
    return {"name": name, "inputs": {"client_id": "x"}, **more}


def schedule(**more: object) -> dict:
    return {"name": "Nightly", "template": "rotate", "rrule": DAILY, **more}


def test_the_least_that_can_be_said_is_enough():
    assert refusal(options()) is None


def test_what_is_to_be_taken_away_needs_no_project():
    assert refusal(options(state="absent", project_url="")) is None


@pytest.mark.parametrize(
    ("given", "begins", "says"),
    [
        ({"project_url": " "}, "project_url: ", "https://git.example.com"),
        ({"name": "7"}, "name: '7' cannot be a name", "takes numbers for ids"),
        ({"organization": "a++b"}, "organization: ", "named URL"),
        ({"labels": [" x"]}, "labels[0]: ", "white space"),
        ({"credentials": [credential("")]}, "credentials[0].name: ", "empty"),
        ({"templates": ["rotate"]}, "workflow: ", "needs onboard and report"),
        (
            {"credentials": [credential(inputs={"clientid": 1})]},
            "credentials[0].inputs.clientid: ",
            "There are: tenant_url",
        ),
        ({"credentials": [credential(type="contexts", inputs={})]}, "credentials[0].inputs.contexts: ", "is needed"),
        ({"credentials": [credential(), credential()]}, "credentials: ", "two credentials are called 'A'"),
        ({"credentials": [credential()], "galaxy_credentials": ["A"]}, "galaxy_credentials: 'A'", "before this runs"),
        (
            {"credentials": [credential(), credential("B")], "job_credentials": ["A", "B"]},
            "job_credentials: 'A' and 'B'",
            "only one of a type",
        ),
        ({"schedules": [schedule(rrule="every day")]}, "schedules[0].rrule: ", "DTSTART:2027"),
        ({"schedules": [schedule()], "templates": ["onboard", "report"]}, "schedules[0].template: ", "is not made"),
        ({"schedules": [schedule(template="workflow")], "workflow": False}, "schedules[0].template: ", "is not made"),
        ({"schedules": [schedule(), schedule()]}, "schedules: ", "two schedules"),
    ],
)
def test_the_first_of_what_is_wrong_is_told(given, begins, says):
    told = refusal(options(**given))
    assert told.startswith(begins)
    assert says in told


def test_credentials_of_two_types_may_be_given_to_a_job():
    contexts = credential("B", type="contexts", inputs={"contexts": "contexts: {}"})
    assert refusal(options(credentials=[credential(), contexts], job_credentials=["A", "B", "Of others"])) is None
