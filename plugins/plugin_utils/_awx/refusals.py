# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the variables of playbook awx beside their types, in words that begin with an option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.objects import (
    credential_types,
    template_name,
    wanted_objects,
)

NAMES = ("name", "organization", "execution_environment")
LISTS = ("credentials", "notifications", "schedules")


def refusal(options: Mapping[str, Any]) -> str | None:
    """The first of what is wrong; None if nothing is."""
    return next(_refusals(options), None)


def _refusals(options: Mapping[str, Any]) -> Iterator[str]:
    for place, name in _names(options):
        if not name.strip() or name != name.strip():
            yield f"{place}: {name!r} cannot be a name: it is empty, or begins or ends with white space."
        elif name.isdigit() or "++" in name:
            yield f"{place}: {name!r} cannot be a name: awx.awx takes numbers for ids, and ++ for a named URL."
    if options["state"] == "absent":
        return
    if not (options["project_url"] or "").strip():
        yield (
            "project_url: must say where the project is, such as https://git.example.com/team/qlik-cloud.git; "
            "docs/examples/awx/project of the collection is one to begin with."
        )
    if options["workflow"]:
        missing = [name for name in ("onboard", "report") if name not in options["templates"]]
        if missing:
            yield f"workflow: it needs {' and '.join(missing)} among the templates; add it, or say false."
    yield from _credentials(options)
    for number, schedule in enumerate(options["schedules"] or []):
        yield from _schedule(f"schedules[{number}]", schedule, options)
    for ref, times in Counter(wanted.ref for wanted in wanted_objects(options)).items():
        if times > 1:
            yield f"{_place_of(ref[0])}: two {ref[0].replace('_', ' ')}s are called {ref[1]!r}. Each needs a name of its own."


def _place_of(kind: str) -> str:
    return {"credential": "credentials", "notification_template": "notifications", "schedule": "schedules"}.get(
        kind, "labels" if kind == "label" else "name"
    )


def _names(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for option in NAMES:
        if options[option] is not None:
            yield option, options[option]
    for option in LISTS:
        for number, entry in enumerate(options[option] or []):
            yield f"{option}[{number}].name", entry["name"]
    for number, label in enumerate(options["labels"]):
        yield f"labels[{number}]", label


def _credentials(options: Mapping[str, Any]) -> Iterator[str]:
    types = credential_types()
    for number, credential in enumerate(options["credentials"] or []):
        place = f"credentials[{number}]"
        if credential["type"] not in types:
            continue
        inputs = types[credential["type"]]["inputs"]
        fields = [field["id"] for field in inputs["fields"]]
        for name in credential["inputs"]:
            if name not in fields:
                yield (
                    f"{place}.inputs.{name}: type {credential['type']} has no such input. There are: {', '.join(fields)}."
                )
        for name in inputs.get("required", ()):
            if not credential["inputs"].get(name):
                yield f"{place}.inputs.{name}: is needed for type {credential['type']}."
    made = [credential["name"] for credential in options["credentials"] or []]
    for name in options["galaxy_credentials"] or []:
        if name in made:
            yield f"galaxy_credentials: {name!r} must be there before this runs, so it cannot be one of the credentials."
    taken: dict[str, str] = {}
    by_name = {credential["name"]: credential["type"] for credential in options["credentials"] or []}
    for name in options["job_credentials"]:
        kind = by_name.get(name)
        if kind is not None and kind in taken:
            yield (
                f"job_credentials: {taken[kind]!r} and {name!r} are both of type {kind}, and AWX gives a job only one of a "
                "type. For a sign-in per tenant take a credential of type contexts, or variables of the inventory."
            )
        if kind is not None:
            taken[kind] = name


def _schedule(place: str, schedule: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    rule = schedule["rrule"]
    if "DTSTART" not in rule or "RRULE:" not in rule:
        yield (
            f"{place}.rrule: must say when it begins and how often it is, in one line, such as "
            "DTSTART:20270101T020000Z RRULE:FREQ=DAILY;INTERVAL=1."
        )
    template = schedule["template"]
    made = options["workflow"] if template == "workflow" else template in options["templates"]
    if not made:
        yield f"{place}.template: {template_name(options, template)!r} is not made, see templates and workflow."
