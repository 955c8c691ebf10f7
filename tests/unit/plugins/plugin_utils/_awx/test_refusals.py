# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of playbook awx that cannot be meant so."""

from __future__ import annotations

import re

import pytest
import yaml

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import AWX_PLAN
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.refusals import find_refusal
from ansible_collections.tenantops.qlik_cloud.tests.unit.awx_options import options
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import ROOT

DAILY = "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1"


def credential(name: str = "A", **more: object) -> dict:
    return {"name": name, "inputs": {"client_id": "x"}, **more}


def schedule(**more: object) -> dict:
    return {"name": "Nightly", "template": "rotate", "rrule": DAILY, **more}


def test_the_least_that_can_be_said_is_enough():
    assert find_refusal(options()) is None


def test_what_is_to_be_taken_away_needs_no_project():
    assert find_refusal(options(state="absent", project_url="")) is None


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
        ({"schedules": [schedule(rrule=DAILY.replace(";INTERVAL=1", ""))]}, "schedules[0].rrule: ", "with INTERVAL"),
        ({"forks": -1}, "forks: must be 0 or more", "not -1"),
        ({"job_slices": 0}, "job_slices: must be 1 or more", "not 0"),
        (
            {"credentials": [credential(inputs={"client_id": 7})]},
            "credentials[0].inputs.client_id: must be text",
            "quotation marks",
        ),
        ({"labels": ["ü" * 513]}, "labels: the label 'üü", "AWX takes 512"),
        # The name itself is short enough, those that begin with it are not.
        ({"name": "x" * 500}, "name: the workflow job template 'xx", "522 characters"),
        ({"schedules": [schedule(), schedule()]}, "schedules: ", "two schedules"),
    ],
)
def test_the_first_of_what_is_wrong_is_told(given, begins, says):
    refusal = find_refusal(options(**given))
    assert refusal.startswith(begins)
    assert says in refusal


def test_a_name_may_have_quotes_and_letters_of_any_script():
    names = ['a "b"', "it's", "Mandanten-Übersicht", "テナント", "a; b", "{% raw %}"]
    assert find_refusal(options(credentials=[credential(name) for name in names], labels=names)) is None


def test_a_secret_that_is_no_text_is_not_shown():
    refusal = find_refusal(options(credentials=[credential(inputs={"client_secret": 12345678})]))
    assert refusal.startswith("credentials[0].inputs.client_secret: must be text")
    assert "12345678" not in refusal


def test_credentials_of_two_types_may_be_given_to_a_job():
    contexts = credential("B", type="contexts", inputs={"contexts": "contexts: {}"})
    assert find_refusal(options(credentials=[credential(), contexts], job_credentials=["A", "B", "Of others"])) is None


def documented_variables() -> dict[str, object]:
    """What the example sets, with every variable in it that is commented out."""
    text = (ROOT / "docs/examples/awx/variables.yml").read_text(encoding="utf-8")
    lines = [re.sub(r"^# (?=qlik_awx_|  - name:|    (type|configuration):)", "", line) for line in text.splitlines()]
    return yaml.safe_load("\n".join(lines))


def test_the_example_names_every_variable_and_would_be_taken():
    documented = documented_variables()
    known = AWX_PLAN.map_variables("qlik_awx_")
    assert sorted(documented) == sorted(known)
    assert find_refusal(options(**{known[name]: value for name, value in documented.items()})) is None


def test_what_the_example_comments_out_is_the_default_unless_it_is_an_example():
    documented, defaults = documented_variables(), options()
    known = AWX_PLAN.map_variables("qlik_awx_")
    text = (ROOT / "docs/examples/awx/variables.yml").read_text(encoding="utf-8")
    without_default = {name for name, option in known.items() if AWX_PLAN.spec[option].get("default") is None}
    commented = set(re.findall(r"^# (qlik_awx_\w+):", text, re.MULTILINE)) - without_default
    assert {name: documented[name] for name in commented} == {name: defaults[known[name]] for name in commented}
