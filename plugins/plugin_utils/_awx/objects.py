# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a controller that playbook awx looks after, as its variables say them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import AWX_TEMPLATES
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.surveys import build_survey

CREATED_BY = "Made by tenantops.qlik_cloud.awx."
"""What the description of everything that the playbook makes says, by which it knows what is its own to take away."""

EXTENSIONS = Path(__file__).resolve().parents[3] / "extensions" / "awx"
TYPE_FILES = {
    "tenant": "credential_type.yml",
    "contexts": "contexts_credential_type.yml",
    "token": "token_credential_type.yml",
}

ENDPOINTS = {
    "organization": "organizations",
    "credential_type": "credential_types",
    "credential": "credentials",
    "execution_environment": "execution_environments",
    "notification_template": "notification_templates",
    "label": "labels",
    "project": "projects",
    "inventory": "inventories",
    "inventory_source": "inventory_sources",
    "job_template": "job_templates",
    "workflow_job_template": "workflow_job_templates",
    "workflow_job_template_node": "workflow_job_template_nodes",
    "schedule": "schedules",
}
"""The kinds of objects by the names of their modules in awx.awx, in the order in which they are made."""

KINDS_WITHOUT_DESCRIPTION = ("organization", "label", "workflow_job_template_node")

Ref = tuple[str, str]
"""A kind and a name."""


@dataclass(frozen=True)
class WantedObject:
    """An object, by kind and name. ``within`` is the object that it is a part of, ``needs`` are the others that must be there
    before it; ``options`` is what its task is given, without secrets.
    """

    kind: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    needs: Sequence[Ref] = ()
    within: Ref | None = None

    @property
    def ref(self) -> Ref:
        return (self.kind, self.name)


def load_credential_types() -> dict[str, dict[str, Any]]:
    """Those that the collection ships, by their short names."""
    return {
        short: yaml.safe_load((EXTENSIONS / file).read_text(encoding="utf-8")) for short, file in TYPE_FILES.items()
    }


def build_workflow_name(options: Mapping[str, Any]) -> str:
    return f"{options['name']} onboard with approval"


def build_template_name(options: Mapping[str, Any], template: str) -> str:
    return build_workflow_name(options) if template == "workflow" else f"{options['name']} {template}"


def build_inventory_name(options: Mapping[str, Any]) -> str:
    return f"{options['name']} tenants"


def get_type_name(short_or_name: str, types: Mapping[str, Mapping[str, Any]]) -> str:
    return types[short_or_name]["name"] if short_or_name in types else short_or_name


def build_wanted_objects(options: Mapping[str, Any]) -> list[WantedObject]:
    """In the order in which they are made. ``options`` are those of action awx_plan."""
    types = load_credential_types()
    parts = (_build_base, _build_credentials, _build_project, _build_templates, _build_workflow, _build_schedules)
    found = [wanted for part in parts for wanted in part(options, types)]
    return sorted(found, key=lambda wanted: list(ENDPOINTS).index(wanted.kind))


def _drop_nulls(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _get_organization(options: Mapping[str, Any]) -> Ref:
    return ("organization", options["organization"])


def _get_environment_name(options: Mapping[str, Any]) -> str | None:
    """The name of the execution environment; with an image, one is made."""
    named = options["execution_environment"]
    return named or (options["name"] if options["execution_environment_image"] else None)


def _build_refs(kind: str, *names: str | None) -> list[Ref]:
    return [(kind, name) for name in names if name is not None]


def _build_base(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[WantedObject]:
    organization = _get_organization(options)
    galaxy = options["galaxy_credentials"] or None
    yield WantedObject(
        *organization, _drop_nulls(galaxy_credentials=galaxy), _build_refs("credential", *(galaxy or ()))
    )
    environment = _get_environment_name(options)
    if environment and options["execution_environment_image"]:
        credential = options["execution_environment_credential"]
        content = _drop_nulls(
            image=options["execution_environment_image"],
            pull=options["execution_environment_pull"],
            credential=credential,
            description=f"Runs jobs for Qlik Cloud tenants. {CREATED_BY}",
        )
        yield WantedObject(
            "execution_environment", environment, content, [organization, *_build_refs("credential", credential)]
        )
    for credential_type in types.values():
        yield WantedObject(
            "credential_type",
            credential_type["name"],
            {
                "kind_of_type": credential_type["kind"],
                "inputs": credential_type["inputs"],
                "injectors": credential_type["injectors"],
                "description": f"{credential_type['description']} {CREATED_BY}",
            },
        )
    for label in options["labels"]:
        yield WantedObject("label", label, needs=[organization])
    for number, notification in enumerate(options["notifications"] or []):
        if notification["type"] is not None:
            content = {"type": notification["type"], "number": number, "description": f"Tells of jobs. {CREATED_BY}"}
            yield WantedObject("notification_template", notification["name"], content, [organization])


def _build_credentials(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[WantedObject]:
    for number, credential in enumerate(options["credentials"] or []):
        kind = get_type_name(credential["type"], types)
        content = {
            "number": number,
            "credential_type": kind,
            "description": f"For Qlik Cloud tenants. {CREATED_BY}",
            # What is in it once it is there is what jobs have stored.
            "is_store": credential["type"] == "token",
        }
        yield WantedObject(
            "credential", credential["name"], content, [_get_organization(options), ("credential_type", kind)]
        )


def _build_project(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[WantedObject]:
    organization, project, environment = _get_organization(options), options["name"], _get_environment_name(options)
    inventory = build_inventory_name(options)
    environments = _build_refs("execution_environment", environment)
    content = _drop_nulls(
        scm_url=options["project_url"],
        scm_branch=options["project_branch"],
        credential=options["project_credential"],
        default_environment=environment,
        update_on_launch=options["update_on_launch"],
        description=f"Playbooks and tenants. {CREATED_BY}",
    )
    credential = _build_refs("credential", options["project_credential"])
    yield WantedObject("project", project, content, [organization, *environments, *credential])
    content = {"description": f"Each host is a Qlik Cloud tenant. {CREATED_BY}"}
    yield WantedObject("inventory", inventory, content, [organization])
    content = _drop_nulls(
        source_path=options["inventory_file"],
        credential=options["inventory_credential"],
        execution_environment=environment,
        update_on_launch=options["update_on_launch"],
        inventory=inventory,
        source_project=project,
        description=f"The tenants, from the project. {CREATED_BY}",
    )
    credential = _build_refs("credential", options["inventory_credential"])
    needs = [("inventory", inventory), ("project", project), *environments, *credential]
    yield WantedObject("inventory_source", inventory, content, needs, within=("inventory", inventory))


TEMPLATE_DESCRIPTIONS = {
    "onboard": "Sets tenants up for API keys.",
    "rotate": "Renews the API keys that are due.",
    "report": "Tells who holds what, and what must be done.",
    "leaver": "Retires the API keys of a person who leaves. Checks only, unless launched with job type run.",
}


def _get_notification_names(options: Mapping[str, Any]) -> list[str]:
    return [notification["name"] for notification in options["notifications"] or []]


def _build_templates(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[WantedObject]:
    chosen = options["templates"] if options["state"] == "present" else AWX_TEMPLATES
    environment = _get_environment_name(options)
    project, inventory = options["name"], build_inventory_name(options)
    needs = [("project", project), ("inventory", inventory)]
    needs += _build_refs("execution_environment", environment)
    needs += _build_refs("credential", *options["job_credentials"])
    needs += _build_refs("label", *options["labels"])
    needs += _build_refs("notification_template", *_get_notification_names(options))
    for template in AWX_TEMPLATES:
        if template in chosen:
            content = _drop_nulls(
                description=f"{TEMPLATE_DESCRIPTIONS[template]} {CREATED_BY}",
                project=project,
                inventory=inventory,
                playbook=f"{template}.yml",
                execution_environment=environment,
                credentials=options["job_credentials"],
                job_type="check" if template == "leaver" else "run",
                forks=options["forks"],
                # A slice without a tenant that knows the person fails.
                job_slice_count=1 if template == "leaver" else options["job_slices"],
                ask_slices=template != "leaver",
                timeout=options["job_timeout"],
                # A report only reads, so there is nothing to check first, and no difference to show.
                changes=template != "report",
                labels=options["labels"],
                notifications=_get_notification_names(options),
                survey=build_survey(template),
            )
            yield WantedObject("job_template", build_template_name(options, template), content, needs)


def _build_workflow(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[WantedObject]:
    if options["state"] == "present" and not options["workflow"]:
        return
    name, inventory = build_workflow_name(options), build_inventory_name(options)
    workflow = ("workflow_job_template", name)
    needs = [_get_organization(options), ("inventory", inventory), *_build_refs("label", *options["labels"])]
    needs += _build_refs("notification_template", *_get_notification_names(options))
    content = {
        "description": f"Checks, asks for approval, sets tenants up, and reports. {CREATED_BY}",
        "inventory": inventory,
        "labels": options["labels"],
        "notifications": _get_notification_names(options),
        "survey": build_survey("onboard"),
    }
    yield WantedObject(*workflow, content, needs)
    if options["state"] != "present":
        return
    onboard, report = build_template_name(options, "onboard"), build_template_name(options, "report")
    approval = {
        "name": f"{options['name']} approval",
        "description": "Look at what the check says would be done.",
        "timeout": options["approval_timeout"],
    }
    # From the last to the first, so that each leads to one that is there.
    nodes: list[tuple[str, dict[str, Any]]] = [
        ("report", {"template": report}),
        ("onboard", {"template": onboard, "job_type": "run", "then": ["report"]}),
        ("approve", {"approval": approval, "then": ["onboard"]}),
        ("check", {"template": onboard, "job_type": "check", "then": ["approve"]}),
    ]
    for identifier, content in nodes:
        needs = [workflow, *_build_refs("job_template", content.get("template"))]
        needs += _build_refs("workflow_job_template_node", *content.get("then", ()))
        yield WantedObject(
            "workflow_job_template_node", identifier, {**content, "workflow": name}, needs, within=workflow
        )


def _build_schedules(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[WantedObject]:
    for schedule in options["schedules"] or []:
        kind = "workflow_job_template" if schedule["template"] == "workflow" else "job_template"
        template = (kind, build_template_name(options, schedule["template"]))
        content = _drop_nulls(
            rrule=schedule["rrule"],
            limit=schedule["limit"],
            enabled=schedule["enabled"],
            template=template[1],
            description=CREATED_BY,
        )
        yield WantedObject("schedule", schedule["name"], content, [template], within=template)
