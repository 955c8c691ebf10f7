# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to do: the objects that are wanted beside those that the controller has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._errors import QlikCloudError
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.controller import Controller
from ansible_collections.tenantops.qlik_cloud.plugins.plugin_utils._awx.objects import (
    CREATED_BY,
    ENDPOINTS,
    KINDS_WITHOUT_DESCRIPTION,
    Ref,
    WantedObject,
    build_wanted_objects,
)

Records = Mapping[Ref, Mapping[str, Any]]
"""The records of the objects that are there."""

ORGANIZATION_KINDS = (
    *("credential", "notification_template", "label", "project", "inventory"),
    *("job_template", "workflow_job_template"),
)
ENCRYPTED = "$encrypted$"
NEVER_DELETED = ("organization", "label", "workflow_job_template_node")
"""What is never deleted by itself: nodes go with their workflow, labels with the last template that has them."""


class PlanError(QlikCloudError):
    """The controller is in a state in which nothing is to be done."""


def find_existing(controller: Controller, wanted: Sequence[WantedObject]) -> dict[Ref, dict[str, Any]]:
    """Raises ControllerError."""
    found: dict[Ref, dict[str, Any]] = {}
    for each in wanted:
        query = _build_query(each, found)
        if query is not None:
            records = controller.find(ENDPOINTS[each.kind], **query)
            if records:
                found[each.ref] = records[0]
    return found


def _build_query(wanted: WantedObject, found: Records) -> dict[str, Any] | None:
    """What selects the object; None if it cannot be there."""
    if wanted.within is not None:
        if wanted.within not in found:
            return None
        whole = found[wanted.within]["id"]
        field = {"schedule": "unified_job_template", "inventory_source": "inventory"}.get(
            wanted.kind, "workflow_job_template"
        )
        name = "identifier" if wanted.kind == "workflow_job_template_node" else "name"
        return {name: wanted.name, field: whole}
    query: dict[str, Any] = {"name": wanted.name}
    if wanted.kind in ORGANIZATION_KINDS:
        organization = next((found[ref] for ref in found if ref[0] == "organization"), None)
        if organization is None:
            return None
        query["organization"] = organization["id"]
    if wanted.kind == "credential":
        kind = found.get(("credential_type", wanted.options["credential_type"]))
        if kind is None:
            return None
        query["credential_type"] = kind["id"]
    return query


def build_plan(controller: Controller, options: Mapping[str, Any]) -> dict[str, Any]:
    """The objects by kind, in the order of the kinds, and what is left alone. Raises ControllerError, PlanError."""
    wanted = build_wanted_objects(options)
    others = [*_find_others(options, wanted), *_find_named_types(wanted)]
    found = find_existing(controller, [*_find_named_types(wanted), *wanted])
    if options["state"] == "absent":
        return _plan_deletion(controller, wanted, found)
    _check_others(controller, others, found)
    _check_galaxy(controller, options, found)
    if not options["adopt"]:
        _check_own(wanted, found)
    objects: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ENDPOINTS}
    for each in wanted:
        objects[each.kind].append(_build_item(each, found, others, options))
    return {"state": "present", "objects": objects, "left": []}


def _find_others(options: Mapping[str, Any], wanted: Sequence[WantedObject]) -> list[WantedObject]:
    """What the variables name that others have made."""
    own = {each.ref for each in wanted}
    named = [ref for each in wanted for ref in each.needs if ref not in own]
    return [WantedObject(kind, name) for kind, name in dict.fromkeys(named) if kind != "credential_type"]


def _find_named_types(wanted: Sequence[WantedObject]) -> list[WantedObject]:
    """Credential types that others have made, of credentials that are wanted."""
    own = {each.ref for each in wanted}
    named = [each.options["credential_type"] for each in wanted if each.kind == "credential"]
    return [
        WantedObject("credential_type", name) for name in dict.fromkeys(named) if ("credential_type", name) not in own
    ]


def _check_others(controller: Controller, others: Iterable[WantedObject], found: Records) -> None:
    missing = [
        f"{each.kind.replace('_', ' ')} {each.name!r}"
        for each in others
        if each.ref not in found and not controller.find(ENDPOINTS[each.kind], name=each.name)
    ]
    if missing:
        raise PlanError(
            f"The variables name what is not there, and what they do not have made: {', '.join(missing)}. Make it first, or "
            "correct the name."
        )


def _check_galaxy(controller: Controller, options: Mapping[str, Any], found: Records) -> None:
    if options["galaxy_credentials"]:
        return
    organization = found.get(("organization", options["organization"]))
    if organization is None or not controller.find(f"organizations/{organization['id']}/galaxy_credentials"):
        raise PlanError(
            f"The organization {options['organization']!r} {'has' if organization else 'is not there, and would have'} no "
            "Galaxy credential. Without one AWX installs no collection of the project's collections/requirements.yml, and the "
            "update of the project succeeds all the same. Name one by qlik_awx_galaxy_credentials, such as [Ansible Galaxy]."
        )


def _check_own(wanted: Sequence[WantedObject], found: Records) -> None:
    foreign = [
        f"{each.kind.replace('_', ' ')} {each.name!r}"
        for each in wanted
        if each.ref in found and each.kind not in KINDS_WITHOUT_DESCRIPTION and not _is_own(found[each.ref])
    ]
    if foreign:
        raise PlanError(
            f"There are objects already of these names, which this playbook has not made: {', '.join(foreign)}. Rename them, "
            "give another qlik_awx_name, or have them taken over, and changed, by qlik_awx_adopt: true."
        )


def _is_own(record: Mapping[str, Any]) -> bool:
    return CREATED_BY in (record.get("description") or "")


def _build_item(
    each: WantedObject, found: Records, others: Sequence[WantedObject], options: Mapping[str, Any]
) -> dict[str, Any]:
    there = {*found, *(other.ref for other in others)}
    record = found.get(each.ref)
    item = {
        **each.options,
        "kind": each.kind,
        "name": each.name,
        "exists": record is not None,
        # In check mode the modules of awx.awx fail for what needs an object that is not there yet, and tell no more of one that
        # they would make.
        "can_be_checked": record is not None and all(ref in there for ref in each.needs),
    }
    if each.kind in ("project", "inventory_source"):
        item["never_updated"] = record is None or record.get("status") != "successful"
    if each.kind == "notification_template":
        item["differs"] = record is None or _is_different(each, record, options)
    return item


def _is_different(each: WantedObject, record: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Whether a notification template is to be written. AWX gives back no secret, and fills in what was not said, so that its
    module would write in each run.
    """
    wanted = options["notifications"][each.options["number"]]
    has = record.get("notification_configuration") or {}
    return (
        options["update_secrets"]
        or record.get("notification_type") != wanted["type"]
        or record.get("description") != each.options["description"]
        or any(has.get(name) not in (value, ENCRYPTED) for name, value in wanted["configuration"].items())
    )


def _plan_deletion(controller: Controller, wanted: Sequence[WantedObject], found: Records) -> dict[str, Any]:
    """Only what the playbook has made, from the last to the first."""
    objects: dict[str, list[dict[str, Any]]] = {kind: [] for kind in reversed(ENDPOINTS)}
    left = []
    for each in wanted:
        if each.kind in NEVER_DELETED or each.ref not in found:
            continue
        reason = _explain_keeping(controller, each, wanted, found)
        if reason:
            left.append({"kind": each.kind, "name": each.name, "reason": reason})
        else:
            objects[each.kind].append({**each.options, "kind": each.kind, "name": each.name, "exists": True})
    return {"state": "absent", "objects": objects, "left": left}


def _explain_keeping(
    controller: Controller, each: WantedObject, wanted: Sequence[WantedObject], found: Records
) -> str | None:
    record = found[each.ref]
    if not _is_own(record):
        return "not made by this playbook"
    if each.kind != "credential_type":
        return None
    own = {found[other.ref]["id"] for other in wanted if other.kind == "credential" and other.ref in found}
    users = [
        credential["name"]
        for credential in controller.find("credentials", credential_type=record["id"])
        if credential["id"] not in own
    ]
    return f"other credentials are of this type: {', '.join(sorted(users))}" if users else None
