# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the options of action awx_plan beyond their types. Each problem is a message that begins with an option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.objects import (
    build_template_name,
    build_wanted_objects,
    load_credential_types,
)

NAMES = ("name", "organization", "execution_environment")
LISTS = ("credentials", "notifications", "schedules")
MAX_NAME_LENGTH = 512
"""AWX takes no longer names."""

LEAST_NUMBERS = {"forks": 0, "job_slices": 1, "job_timeout": 0, "approval_timeout": 0, "update_timeout": 1}


def find_refusal(options: Mapping[str, Any]) -> str | None:
    """The first thing that is wrong; None if nothing is."""
    checks = [_check_names]
    if options["state"] == "present":
        checks += [
            _check_numbers,
            _check_project,
            _check_workflow,
            _check_credentials,
            _check_galaxy_credentials,
            _check_job_credentials,
        ]
        checks += [_check_schedules, _check_unique_names, _check_lengths]
    for check in checks:
        for problem in check(options):
            return problem
    return None


def _check_names(options: Mapping[str, Any]) -> Iterator[str]:
    for place, name in _find_names(options):
        if not name.strip() or name != name.strip():
            yield f"{place}: {name!r} cannot be a name: it is empty, or begins or ends with white space."
        elif name.isdigit() or "++" in name:
            yield f"{place}: {name!r} cannot be a name: awx.awx takes numbers for ids, and ++ for a named URL."


def _check_numbers(options: Mapping[str, Any]) -> Iterator[str]:
    for option, least in LEAST_NUMBERS.items():
        if options[option] < least:
            yield f"{option}: must be {least} or more, not {options[option]}."


def _check_lengths(options: Mapping[str, Any]) -> Iterator[str]:
    for wanted in build_wanted_objects(options):
        if len(wanted.name) > MAX_NAME_LENGTH:
            yield (
                f"{_get_option(wanted.kind)}: the {wanted.kind.replace('_', ' ')} {wanted.name[:40]!r}… would have a name of "
                f"{len(wanted.name)} characters. AWX takes {MAX_NAME_LENGTH}."
            )


def _check_project(options: Mapping[str, Any]) -> Iterator[str]:
    if not (options["project_url"] or "").strip():
        yield (
            "project_url: must say where the project is, such as https://git.example.com/team/qlik-cloud.git; "
            "docs/examples/awx/project of the collection is one to begin with."
        )


def _check_workflow(options: Mapping[str, Any]) -> Iterator[str]:
    missing = [name for name in ("onboard", "report") if name not in options["templates"]]
    if options["workflow"] and missing:
        yield f"workflow: it needs {' and '.join(missing)} among the templates; add it, or say false."


def _check_unique_names(options: Mapping[str, Any]) -> Iterator[str]:
    for (kind, name), times in Counter(wanted.ref for wanted in build_wanted_objects(options)).items():
        if times > 1:
            yield f"{_get_option(kind)}: two {kind.replace('_', ' ')}s are called {name!r}. Each needs a name of its own."


def _get_option(kind: str) -> str:
    """The option that names the objects of a kind."""
    options = {
        "credential": "credentials",
        "notification_template": "notifications",
        "schedule": "schedules",
        "label": "labels",
    }
    return options.get(kind, "name")


def _find_names(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for option in NAMES:
        if options[option] is not None:
            yield option, options[option]
    for option in LISTS:
        for number, entry in enumerate(options[option] or []):
            yield f"{option}[{number}].name", entry["name"]
    for number, label in enumerate(options["labels"]):
        yield f"labels[{number}]", label


def _check_credentials(options: Mapping[str, Any]) -> Iterator[str]:
    types = load_credential_types()
    for number, credential in enumerate(options["credentials"] or []):
        # Of a type that others have made, only AWX knows the inputs.
        if credential["type"] in types:
            yield from _check_inputs(f"credentials[{number}].inputs", credential, types[credential["type"]]["inputs"])


def _check_inputs(place: str, credential: Mapping[str, Any], inputs: Mapping[str, Any]) -> Iterator[str]:
    fields = [field["id"] for field in inputs["fields"]]
    for name in credential["inputs"]:
        if name not in fields:
            yield f"{place}.{name}: type {credential['type']} has no such input. There are: {', '.join(fields)}."
    for name, value in credential["inputs"].items():
        if not isinstance(value, str):
            yield f"{place}.{name}: must be text. Put a number in quotation marks."
    for name in inputs.get("required", ()):
        if not credential["inputs"].get(name):
            yield f"{place}.{name}: is needed for type {credential['type']}."


def _check_galaxy_credentials(options: Mapping[str, Any]) -> Iterator[str]:
    created = [credential["name"] for credential in options["credentials"] or []]
    for name in options["galaxy_credentials"] or []:
        if name in created:
            yield f"galaxy_credentials: {name!r} must be there before this runs, so it cannot be one of the credentials."


def _check_job_credentials(options: Mapping[str, Any]) -> Iterator[str]:
    types = {credential["name"]: credential["type"] for credential in options["credentials"] or []}
    name_by_type: dict[str, str] = {}
    for name in options["job_credentials"]:
        type_name = types.get(name)
        if type_name is None:
            continue
        if type_name in name_by_type:
            yield (
                f"job_credentials: {name_by_type[type_name]!r} and {name!r} are both of type {type_name}, and AWX gives a job "
                "only one of a type. For a sign-in per tenant take a credential of type contexts, or variables of the inventory."
            )
        name_by_type[type_name] = name


def _check_schedules(options: Mapping[str, Any]) -> Iterator[str]:
    for number, schedule in enumerate(options["schedules"] or []):
        yield from _check_schedule(f"schedules[{number}]", schedule, options)


def _check_schedule(place: str, schedule: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    rule = schedule["rrule"]
    if "DTSTART" not in rule or "RRULE:" not in rule or "INTERVAL=" not in rule:
        yield (
            f"{place}.rrule: must say when it begins and how often it is, with INTERVAL, in one line, such as "
            "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1."
        )
    template = schedule["template"]
    made = options["workflow"] if template == "workflow" else template in options["templates"]
    if not made:
        yield f"{place}.template: {build_template_name(options, template)!r} is not made, see templates and workflow."
