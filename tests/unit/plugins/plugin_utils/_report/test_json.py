# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JSON, against the schema that documents it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._findings.policy import RULES, SEVERITIES
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._report.json import render
from ansible_collections.tenantops.qlik_cloud.tests.unit.project import ROOT
from ansible_collections.tenantops.qlik_cloud.tests.unit.report_documents import document

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def places(report: dict[str, Any]) -> list[str]:
    """Where the document is not as the schema says."""
    return [error.json_path for error in VALIDATOR.iter_errors(report)]


def objects(schema: Any) -> list[dict[str, Any]]:
    """Each part of a schema that says what an object has."""
    if isinstance(schema, list):
        return [found for each in schema for found in objects(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if schema.get("type") == "object" else []
    return own + [found for each in schema.values() for found in objects(each)]


def test_it_is_the_document_in_ascii(large):
    text = render(large)
    assert json.loads(text) == large
    assert text.isascii() and text.endswith("}\n")


@pytest.mark.parametrize("size", [(5, 2000, True), (7, 50, True), (1, 0, False), (0, 0, False), (3, 0, True, 3)])
def test_what_is_written_is_as_the_schema_says(size):
    assert places(json.loads(render(document(*size)))) == []


def test_the_schema_is_one_and_says_all_of_each_object():
    Draft202012Validator.check_schema(SCHEMA)
    for each in objects(SCHEMA):
        assert each["description"]
        assert each["additionalProperties"] is not True
        if "properties" in each:
            assert each["additionalProperties"] is False
            assert each["required"] == list(each["properties"])
            assert [
                name for name, value in each["properties"].items() if not {"description", "$ref"} & value.keys()
            ] == []


def test_the_schema_knows_the_rules_and_severities_there_are():
    assert (
        sorted(SCHEMA["$defs"]["rule"]["enum"])
        == sorted(SCHEMA["$defs"]["policy"]["properties"]["severities"]["required"])
        == sorted(RULES)
    )
    assert SCHEMA["$defs"]["severity"]["enum"] == list(SEVERITIES)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("$.version", 2),
        ("$.made_at", "yesterday"),
        ("$.fail_on", "sometimes"),
        ("$.summary.active_keys", -1),
        ("$.policy.expires_within", "14 days"),
        ("$.tenants[0].enabled_by", "magic"),
        ("$.tenants[0].tenant_id", None),
        ("$.tenants[0].api_keys[0].status", "sleeping"),
        ("$.tenants[0].api_keys[0].expires_in", "soon"),
        ("$.tenants[0].api_keys[0].owner.may_make_keys", "yes"),
        ("$.tenants[0].findings[0].rule", "no_such_rule"),
    ],
)
def test_what_is_not_so_is_found(place, value):
    report = document(1, 30, False)
    holder: Any = report
    *way, last = place.removeprefix("$.").replace("[0]", ".0").split(".")
    for step in way:
        holder = holder[int(step)] if step.isdigit() else holder[step]
    holder[last] = value
    # Of what may be null as well, the whole is named.
    assert any(place.startswith(found) for found in places(report))


def test_no_property_may_be_missing_and_none_may_come_along():
    report = document(1, 3, False)
    for path in (
        (),
        ("summary",),
        ("policy",),
        ("tenants", 0),
        ("tenants", 0, "api_keys", 0),
        ("tenants", 0, "config"),
    ):
        changed = copy.deepcopy(report)
        holder = changed
        for step in path:
            holder = holder[step]
        for name in list(holder):
            taken = holder.pop(name)
            assert places(changed), f"{path} without {name}"
            holder[name] = taken
        assert places(changed) == []
        holder["another"] = 1
        assert places(changed), path
