# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX 24.6.1 refuses, and what it fills in by itself, kind by kind (awx/api/serializers.py, awx/api/views)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema

from .store import Record, Store

PLAYBOOKS = sorted(
    path.name for path in (Path(__file__).resolve().parents[3] / "docs" / "examples" / "awx" / "project").glob("*.yml")
)
"""What the stand-in finds in any project."""

ENCRYPTED = "$encrypted$"
FIELD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "label"],
    "properties": {
        "type": {"enum": ["string", "boolean"]},
        "format": {"enum": ["ssh_private_key", "url"]},
        "choices": {"type": "array"},
        "id": {"type": "string", "pattern": "^[a-zA-Z_]+[a-zA-Z0-9_]*$"},
        "label": {"type": "string"},
        "help_text": {"type": "string"},
        "multiline": {"type": "boolean"},
        "secret": {"type": "boolean"},
        "default": {},
    },
}
INPUTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "required": {"type": "array", "items": {"type": "string"}},
        "fields": {"type": "array", "items": FIELD},
    },
}
TEXTS = {
    "type": "object",
    "patternProperties": {"^[a-zA-Z_]+[a-zA-Z0-9_]*$": {"type": "string"}},
    "additionalProperties": False,
}
INJECTORS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "object",
            "patternProperties": {r"^template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?$": {"type": "string"}},
        },
        "env": TEXTS,
        "extra_vars": {"type": "object"},
    },
}
BACKENDS = {
    "webhook": {
        "url": None,
        "http_method": "POST",
        "disable_ssl_verification": False,
        "username": "",
        "password": "",
        "headers": None,
    },
    "slack": {"token": None, "channels": None, "hex_color": ""},
}
HIDDEN = {"webhook": ["password"], "slack": ["token"]}


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


def check(store: Store, endpoint: str, record: Record, given: Record, number: int | None) -> None:
    """Raises Refusal. ``record`` is what the object will be; it may be filled in."""
    rule = RULES.get(endpoint)
    if rule is not None:
        rule(store, record, given, number)


def _credential_type(store: Store, record: Record, given: Record, number: int | None) -> None:
    if record["kind"] not in ("cloud", "net"):
        raise Refusal(400, {"kind": [f"Must be 'cloud' or 'net', not {record['kind']}"]})
    for name, schema in (("inputs", INPUTS), ("injectors", INJECTORS)):
        try:
            jsonschema.validate(record[name], schema)
        except jsonschema.ValidationError as error:
            raise Refusal(400, {name: [error.message]}) from None
    for field in record["inputs"].get("fields", []):
        # If no type is specified, AWX writes that it is text.
        field.setdefault("type", "string")
    used = any(credential["credential_type"] == number for credential in store.records["credentials"].values())
    if used and record["inputs"] != store.records["credential_types"][number]["inputs"]:
        raise Refusal(403, {"detail": "Modifications to inputs are not allowed for credential types that are in use"})


def _credential(store: Store, record: Record, given: Record, number: int | None) -> None:
    kind = store.records["credential_types"][record["credential_type"]]
    if kind["managed"]:
        return
    fields = {field["id"]: field for field in kind["inputs"].get("fields", [])}
    for name in record["inputs"]:
        if name not in fields:
            raise Refusal(400, {"inputs": [f"Additional properties are not allowed ('{name}' was unexpected)"]})
    for name in kind["inputs"].get("required", []):
        if not record["inputs"].get(name):
            raise Refusal(400, {"inputs": {name: ["required for " + kind["name"]]}})


def _notification_template(store: Store, record: Record, given: Record, number: int | None) -> None:
    backend = BACKENDS.get(record["notification_type"])
    if backend is None:
        raise Refusal(400, {"notification_type": ["is not a valid choice."]})
    configuration = record["notification_configuration"]
    missing = [name for name, default in backend.items() if default is None and name not in configuration]
    if missing:
        raise Refusal(
            400, {"notification_configuration": [f"Missing required fields for Notification Configuration: {missing}."]}
        )
    for name, default in backend.items():
        configuration.setdefault(name, default)


def _job_template(store: Store, record: Record, given: Record, number: int | None) -> None:
    found = PLAYBOOKS if store.status("projects", record["project"]) == "successful" else []
    if record["playbook"] not in found:
        raise Refusal(400, {"playbook": ["Playbook not found for project."]})


def _inventory_source(store: Store, record: Record, given: Record, number: int | None) -> None:
    if record["source"] == "scm" and record["source_project"] is None:
        raise Refusal(400, {"detail": "Project required for scm type sources."})


def _node(store: Store, record: Record, given: Record, number: int | None) -> None:
    if record["unified_job_template"] is None:
        return
    found = store.template(record["unified_job_template"])
    if found is None:
        raise Refusal(400, {"unified_job_template": ["Invalid pk"]})
    _check_prompts(record, found[1], ("job_type", "limit"))


def _schedule(store: Store, record: Record, given: Record, number: int | None) -> None:
    found = store.template(record["unified_job_template"])
    if found is None:
        raise Refusal(400, {"unified_job_template": ["Invalid pk"]})
    if (
        not record["rrule"].startswith("DTSTART")
        or "RRULE:" not in record["rrule"]
        or "INTERVAL" not in record["rrule"]
    ):
        raise Refusal(400, {"rrule": ["Valid DTSTART and INTERVAL required in rrule."]})
    _check_prompts(record, found[1], ("limit",))


def _check_prompts(record: Record, template: Record, names: tuple[str, ...]) -> None:
    for name in names:
        if record[name] is not None and not template.get(f"ask_{name}_on_launch"):
            raise Refusal(400, {name: ["Field is not configured to prompt on launch."]})


def check_association(store: Store, owner: tuple[str, int], name: str, number: int) -> None:
    """Raises Refusal for a second credential of a type."""
    if owner[0] == "job_templates" and name == "credentials":
        credentials = store.records["credentials"]
        kinds = [credentials[other]["credential_type"] for other in store.associations.get((*owner, name), [])]
        if credentials[number]["credential_type"] in kinds:
            kind = store.records["credential_types"][credentials[number]["credential_type"]]["name"]
            raise Refusal(400, {"error": f"Cannot assign multiple {kind} credentials."})


def check_removal(store: Store, endpoint: str, number: int) -> None:
    used = (credential["credential_type"] for credential in store.records["credentials"].values())
    if endpoint == "credential_types" and number in used:
        raise Refusal(403, {"detail": "Credential types that are in use cannot be deleted"})


def survey_problem(survey: Any) -> str | None:
    """What AWX says of a survey that it does not take."""
    if not isinstance(survey, dict):
        return "no survey"
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(survey.get(name), kind):
            return f"Field '{name}' is missing from survey spec."
    for question in survey["spec"]:
        for name in ("type", "question_name", "variable"):
            if not isinstance(question.get(name), str):
                return f"'{name}' missing from survey question"
        if not isinstance(question.get("required"), bool):
            return "'required' expected to be boolean."
        if question["type"] not in ("text", "multiplechoice"):
            return f"{question['type']} is not known to the stand-in"
        if question["type"] == "multiplechoice" and question.get("default") not in question.get("choices", []):
            return "Default choice must be answered from the choices listed."
        if not isinstance(question.get("default", ""), str):
            return "Default value expected to be string."
    return None


RULES = {
    "credential_types": _credential_type,
    "credentials": _credential,
    "notification_templates": _notification_template,
    "job_templates": _job_template,
    "inventory_sources": _inventory_source,
    "workflow_job_template_nodes": _node,
    "schedules": _schedule,
}
