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
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.surveys import survey

MADE_BY = "Made by tenantops.qlik_cloud.awx."
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

WITHOUT_DESCRIPTION = ("organization", "label", "workflow_job_template_node")

Ref = tuple[str, str]
"""A kind and a name."""


@dataclass(frozen=True)
class Wanted:
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


def credential_types() -> dict[str, dict[str, Any]]:
    """Those that the collection ships, by their short names."""
    return {
        short: yaml.safe_load((EXTENSIONS / file).read_text(encoding="utf-8")) for short, file in TYPE_FILES.items()
    }


def workflow_name(options: Mapping[str, Any]) -> str:
    return f"{options['name']} onboard with approval"


def template_name(options: Mapping[str, Any], template: str) -> str:
    return workflow_name(options) if template == "workflow" else f"{options['name']} {template}"


def inventory_name(options: Mapping[str, Any]) -> str:
    return f"{options['name']} tenants"


def type_name(short_or_name: str, types: Mapping[str, Mapping[str, Any]]) -> str:
    return types[short_or_name]["name"] if short_or_name in types else short_or_name


def wanted_objects(options: Mapping[str, Any]) -> list[Wanted]:
    """In the order in which they are made. ``options`` are those of action awx_plan."""
    types = credential_types()
    parts = (_base, _credentials, _project, _templates, _workflow, _schedules)
    found = [wanted for part in parts for wanted in part(options, types)]
    return sorted(found, key=lambda wanted: list(ENDPOINTS).index(wanted.kind))


def _said(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _organization(options: Mapping[str, Any]) -> Ref:
    return ("organization", options["organization"])


def _environment(options: Mapping[str, Any]) -> str | None:
    """The name of the execution environment; with an image, one is made."""
    named = options["execution_environment"]
    return named or (options["name"] if options["execution_environment_image"] else None)


def _refs(kind: str, *names: str | None) -> list[Ref]:
    return [(kind, name) for name in names if name is not None]


def _base(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[Wanted]:
    organization = _organization(options)
    galaxy = options["galaxy_credentials"] or None
    yield Wanted(*organization, _said(galaxy_credentials=galaxy), _refs("credential", *(galaxy or ())))
    environment = _environment(options)
    if environment and options["execution_environment_image"]:
        credential = options["execution_environment_credential"]
        said = _said(
            image=options["execution_environment_image"],
            pull=options["execution_environment_pull"],
            credential=credential,
            description=f"Runs jobs for Qlik Cloud tenants. {MADE_BY}",
        )
        yield Wanted("execution_environment", environment, said, [organization, *_refs("credential", credential)])
    for content in types.values():
        said = {"kind_of_type": content["kind"], "inputs": content["inputs"], "injectors": content["injectors"]}
        description = f"{content['description']} {MADE_BY}"
        yield Wanted("credential_type", content["name"], {**said, "description": description})
    for label in options["labels"]:
        yield Wanted("label", label, needs=[organization])
    for number, notification in enumerate(options["notifications"] or []):
        if notification["type"] is not None:
            said = {"type": notification["type"], "number": number, "description": f"Tells of jobs. {MADE_BY}"}
            yield Wanted("notification_template", notification["name"], said, [organization])


def _credentials(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[Wanted]:
    for number, credential in enumerate(options["credentials"] or []):
        kind = type_name(credential["type"], types)
        said = {"number": number, "credential_type": kind, "description": f"For Qlik Cloud tenants. {MADE_BY}"}
        yield Wanted("credential", credential["name"], said, [_organization(options), ("credential_type", kind)])


def _project(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[Wanted]:
    organization, project, environment = _organization(options), options["name"], _environment(options)
    inventory = inventory_name(options)
    environments = _refs("execution_environment", environment)
    said = _said(
        scm_url=options["project_url"],
        scm_branch=options["project_branch"],
        credential=options["project_credential"],
        default_environment=environment,
        update_on_launch=options["update_on_launch"],
        description=f"Playbooks and tenants. {MADE_BY}",
    )
    credential = _refs("credential", options["project_credential"])
    yield Wanted("project", project, said, [organization, *environments, *credential])
    said = {"description": f"Each host is a Qlik Cloud tenant. {MADE_BY}"}
    yield Wanted("inventory", inventory, said, [organization])
    said = _said(
        source_path=options["inventory_file"],
        credential=options["inventory_credential"],
        execution_environment=environment,
        update_on_launch=options["update_on_launch"],
        inventory=inventory,
        source_project=project,
        description=f"The tenants, from the project. {MADE_BY}",
    )
    credential = _refs("credential", options["inventory_credential"])
    needs = [("inventory", inventory), ("project", project), *environments, *credential]
    yield Wanted("inventory_source", inventory, said, needs, within=("inventory", inventory))


WHAT_TEMPLATES_DO = {
    "onboard": "Sets tenants up for API keys.",
    "rotate": "Renews the API keys that are due.",
    "report": "Tells who holds what, and what must be done.",
    "leaver": "Retires the API keys of a person who leaves. Checks only, unless launched with job type run.",
}


def _notified(options: Mapping[str, Any]) -> list[str]:
    return [notification["name"] for notification in options["notifications"] or []]


def _templates(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[Wanted]:
    chosen = options["templates"] if options["state"] == "present" else AWX_TEMPLATES
    environment = _environment(options)
    project, inventory = options["name"], inventory_name(options)
    needs = [("project", project), ("inventory", inventory)]
    needs += _refs("execution_environment", environment)
    needs += _refs("credential", *options["job_credentials"])
    needs += _refs("label", *options["labels"])
    needs += _refs("notification_template", *_notified(options))
    for template in AWX_TEMPLATES:
        if template in chosen:
            said = _said(
                description=f"{WHAT_TEMPLATES_DO[template]} {MADE_BY}",
                project=project,
                inventory=inventory,
                playbook=f"{template}.yml",
                execution_environment=environment,
                credentials=options["job_credentials"],
                job_type="check" if template == "leaver" else "run",
                forks=options["forks"],
                job_slice_count=options["job_slices"],
                timeout=options["job_timeout"],
                # A report only reads, so there is nothing to check first, and no difference to show.
                changes=template != "report",
                labels=options["labels"],
                notifications=_notified(options),
                survey=survey(template),
            )
            yield Wanted("job_template", template_name(options, template), said, needs)


def _workflow(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[Wanted]:
    if options["state"] == "present" and not options["workflow"]:
        return
    name, inventory = workflow_name(options), inventory_name(options)
    workflow = ("workflow_job_template", name)
    needs = [_organization(options), ("inventory", inventory), *_refs("label", *options["labels"])]
    needs += _refs("notification_template", *_notified(options))
    said = {
        "description": f"Checks, asks for approval, sets tenants up, and reports. {MADE_BY}",
        "inventory": inventory,
        "labels": options["labels"],
        "notifications": _notified(options),
        "survey": survey("onboard"),
    }
    yield Wanted(*workflow, said, needs)
    if options["state"] != "present":
        return
    onboard, report = template_name(options, "onboard"), template_name(options, "report")
    approval = {
        "name": f"{options['name']} approval",
        "description": "Look at what the check says would be done.",
        "timeout": options["approval_timeout"],
    }
    # From the last to the first, so that each leads to one that is there.
    for identifier, said in (
        ("report", {"template": report}),
        ("onboard", {"template": onboard, "job_type": "run", "then": ["report"]}),
        ("approve", {"approval": approval, "then": ["onboard"]}),
        ("check", {"template": onboard, "job_type": "check", "then": ["approve"]}),
    ):
        needs = [workflow, *_refs("job_template", said.get("template"))]
        needs += _refs("workflow_job_template_node", *said.get("then", ()))
        yield Wanted("workflow_job_template_node", identifier, {**said, "workflow": name}, needs, within=workflow)


def _schedules(options: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]]) -> Iterator[Wanted]:
    for schedule in options["schedules"] or []:
        kind = "workflow_job_template" if schedule["template"] == "workflow" else "job_template"
        template = (kind, template_name(options, schedule["template"]))
        said = _said(
            rrule=schedule["rrule"],
            limit=schedule["limit"],
            enabled=schedule["enabled"],
            template=template[1],
            description=f"{MADE_BY}",
        )
        yield Wanted("schedule", schedule["name"], said, [template], within=template)
