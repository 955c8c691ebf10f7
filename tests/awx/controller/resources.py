# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects: which fields they have, what must be given, what they are told apart by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

REQUIRED = object()
"""In place of a default."""

PROMPTS = dict.fromkeys(
    (
        *("ask_job_type_on_launch", "ask_diff_mode_on_launch", "ask_limit_on_launch", "ask_credential_on_launch"),
        *("ask_job_slice_count_on_launch", "ask_variables_on_launch", "ask_inventory_on_launch"),
    ),
    False,
)
NOTIFICATIONS = ("notification_templates_started", "notification_templates_success", "notification_templates_error")


@dataclass(frozen=True)
class Kind:
    """``fields`` with their defaults, ``unique`` the fields that no two may share, ``references`` the endpoints that fields lead
    to, ``lists`` those of associations. ``ignored`` is sent by awx.awx and not taken.
    """

    type: str
    fields: Mapping[str, Any]
    unique: Sequence[str] = ("name",)
    references: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    ignored: Sequence[str] = ()
    deletable: bool = True


def named(**more: Any) -> dict[str, Any]:
    return {"name": REQUIRED, "description": "", **more}


ORGANIZATION = {"organization": "organizations"}
TEMPLATE_LISTS = {"labels": "labels", **dict.fromkeys(NOTIFICATIONS, "notification_templates")}
IN_ORGANIZATION = ("name", "organization")

KINDS: dict[str, Kind] = {
    "organizations": Kind("organization", named(), lists={"galaxy_credentials": "credentials"}),
    "execution_environments": Kind(
        "execution_environment",
        named(organization=None, image=REQUIRED, pull="", credential=None),
        references={**ORGANIZATION, "credential": "credentials"},
    ),
    "credential_types": Kind(
        "credential_type", named(kind=REQUIRED, inputs={}, injectors={}, managed=False), ignored=("managed",)
    ),
    "credentials": Kind(
        "credential",
        named(organization=None, credential_type=REQUIRED, inputs={}),
        unique=("name", "organization", "credential_type"),
        references={**ORGANIZATION, "credential_type": "credential_types"},
    ),
    "notification_templates": Kind(
        "notification_template",
        named(organization=REQUIRED, notification_type=REQUIRED, notification_configuration={}, messages=None),
        unique=IN_ORGANIZATION,
        references=ORGANIZATION,
    ),
    "labels": Kind(
        "label",
        {"name": REQUIRED, "organization": REQUIRED},
        unique=IN_ORGANIZATION,
        references=ORGANIZATION,
        deletable=False,
    ),
    "projects": Kind(
        "project",
        named(
            organization=None,
            scm_type="",
            scm_url="",
            scm_branch="",
            scm_update_on_launch=False,
            credential=None,
            default_environment=None,
        ),
        unique=IN_ORGANIZATION,
        references={**ORGANIZATION, "credential": "credentials", "default_environment": "execution_environments"},
        lists=dict.fromkeys(NOTIFICATIONS, "notification_templates"),
    ),
    "inventories": Kind(
        "inventory",
        named(organization=REQUIRED, kind="", host_filter=None, variables=""),
        unique=IN_ORGANIZATION,
        references=ORGANIZATION,
    ),
    "inventory_sources": Kind(
        "inventory_source",
        named(
            inventory=REQUIRED,
            source=REQUIRED,
            source_project=None,
            source_path="",
            credential=None,
            execution_environment=None,
            overwrite=False,
            overwrite_vars=False,
            update_on_launch=False,
        ),
        unique=("name", "inventory"),
        references={
            "inventory": "inventories",
            "source_project": "projects",
            "credential": "credentials",
            "execution_environment": "execution_environments",
        },
    ),
    "job_templates": Kind(
        "job_template",
        named(
            job_type="run",
            inventory=None,
            project=REQUIRED,
            playbook="",
            execution_environment=None,
            forks=0,
            job_slice_count=1,
            timeout=0,
            allow_simultaneous=False,
            survey_enabled=False,
            **PROMPTS,
        ),
        references={
            "inventory": "inventories",
            "project": "projects",
            "execution_environment": "execution_environments",
        },
        lists={**TEMPLATE_LISTS, "credentials": "credentials"},
        ignored=("organization",),
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        named(
            organization=None,
            inventory=None,
            allow_simultaneous=False,
            survey_enabled=False,
            ask_limit_on_launch=False,
        ),
        references={**ORGANIZATION, "inventory": "inventories"},
        lists={**TEMPLATE_LISTS, "notification_templates_approvals": "notification_templates"},
    ),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        {
            "identifier": REQUIRED,
            "workflow_job_template": REQUIRED,
            "unified_job_template": None,
            "job_type": None,
            "limit": None,
        },
        unique=("identifier", "workflow_job_template"),
        references={"workflow_job_template": "workflow_job_templates"},
        lists={
            "success_nodes": "workflow_job_template_nodes",
            "always_nodes": "workflow_job_template_nodes",
            "failure_nodes": "workflow_job_template_nodes",
        },
        ignored=("type",),
    ),
    "workflow_approval_templates": Kind("workflow_approval_template", named(timeout=0), unique=()),
    "schedules": Kind(
        "schedule",
        named(unified_job_template=REQUIRED, rrule=REQUIRED, enabled=True, limit=None),
        unique=("name", "unified_job_template"),
    ),
}

TEMPLATES = ("projects", "inventory_sources", "job_templates", "workflow_job_templates", "workflow_approval_templates")
"""The endpoints whose objects share their ids, as unified job templates."""

UPDATES = {"projects": "project_updates", "inventory_sources": "inventory_updates"}
SURVEYS = ("job_templates", "workflow_job_templates")
