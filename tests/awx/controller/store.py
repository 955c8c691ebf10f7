# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller has, what was asked of it, and how its updates go on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from .resources import KINDS, SURVEYS, TEMPLATES, UPDATES

UPDATE_SECONDS = 0.3
Record = dict[str, Any]


class Store:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """A controller as new: an organization with the Galaxy credential, and the types that AWX brings."""
        self.records: dict[str, dict[int, Record]] = {endpoint: {} for endpoint in (*KINDS, *UPDATES.values())}
        self.associations: dict[tuple[str, int, str], list[int]] = {}
        self.surveys: dict[tuple[str, int], Record] = {}
        self.secrets: dict[tuple[str, int], Record] = {}
        self.tokens: dict[int, str] = {}
        self.writes: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.echoing = ""
        self._last_id = 0
        galaxy = self.add("credential_types", {"name": "Ansible Galaxy/Automation Hub API Token", "kind": "galaxy"})
        source = self.add("credential_types", {"name": "Source Control", "kind": "scm"})
        for record in self.records["credential_types"].values():
            record.update(managed=True, description="", inputs={}, injectors={})
        organization = self.add("organizations", {"name": "Default", "description": ""})
        credential = {"name": "Ansible Galaxy", "description": "", "organization": None, "inputs": {}}
        self.add("credentials", {**credential, "credential_type": galaxy["id"]})
        self.associations[("organizations", organization["id"], "galaxy_credentials")] = [self._last_id]
        repository = {**credential, "name": "Repository", "organization": organization["id"]}
        self.add("credentials", {**repository, "credential_type": source["id"]})
        self.add(
            "execution_environments", {"name": "AWX EE", "description": "", "image": "awx-ee", "organization": None}
        )

    def add(self, endpoint: str, record: Record) -> Record:
        self._last_id += 1
        self.records[endpoint][self._last_id] = {"id": self._last_id, **record}
        return self.records[endpoint][self._last_id]

    def template(self, number: int) -> tuple[str, Record] | None:
        """A unified job template, with its endpoint."""
        found = ((endpoint, self.records[endpoint].get(number)) for endpoint in TEMPLATES)
        return next(((endpoint, record) for endpoint, record in found if record is not None), None)

    def organization_of(self, endpoint: str, record: Record) -> int | None:
        """The organization that an object is listed under, where it has none of its own by that of its project or inventory."""
        for field, there in (("project", "projects"), ("inventory", "inventories")):
            if endpoint in ("job_templates", "inventory_sources") and record.get(field) in self.records[there]:
                return self.records[there][record[field]]["organization"]
        return record.get("organization")

    def remove(self, endpoint: str, number: int) -> None:
        """The object, and what goes with it."""
        for there, field in self._parts(endpoint):
            for part in [record for record in self.records[there].values() if record.get(field) == number]:
                self.remove(there, part["id"])
        record = self.records[endpoint].pop(number)
        if endpoint == "workflow_job_template_nodes" and record["unified_job_template"] is not None:
            self.records["workflow_approval_templates"].pop(record["unified_job_template"], None)
        for store in (self.surveys, self.secrets):
            store.pop((endpoint, number), None)
        for (owner, owner_id, name), numbers in list(self.associations.items()):
            if (owner, owner_id) == (endpoint, number):
                del self.associations[(owner, owner_id, name)]
            elif KINDS[owner].lists[name] == endpoint and number in numbers:
                numbers.remove(number)
        self._drop_unused_labels()

    @staticmethod
    def _parts(endpoint: str) -> Iterator[tuple[str, str]]:
        if endpoint in TEMPLATES:
            yield ("schedules", "unified_job_template")
        if endpoint == "workflow_job_templates":
            yield ("workflow_job_template_nodes", "workflow_job_template")
        if endpoint == "inventories":
            yield ("inventory_sources", "inventory")

    def _drop_unused_labels(self) -> None:
        used = {
            number
            for (_owner, _id, name), numbers in self.associations.items()
            if name == "labels"
            for number in numbers
        }
        for number in [number for number in self.records["labels"] if number not in used]:
            self.records["labels"].pop(number)

    def start_update(self, endpoint: str, number: int) -> Record:
        """Starts when those that are under way have ended, as AWX has it."""
        owner = self.records[endpoint][number]
        begins = max([time.monotonic(), *(update["ends"] for update in self._updates(endpoint, number))])
        failed = "broken" in str(owner.get("scm_url", "")) or "broken" in str(owner.get("source_path", ""))
        kind = UPDATES[endpoint]
        return self.add(kind, {"owner": number, "ends": begins + UPDATE_SECONDS, "fails": failed})

    def _updates(self, endpoint: str, number: int) -> list[Record]:
        return [update for update in self.records[UPDATES[endpoint]].values() if update["owner"] == number]

    def status(self, endpoint: str, number: int) -> str:
        updates = self._updates(endpoint, number)
        return update_status(updates[-1]) if updates else "never updated"

    def state(self) -> dict[str, Any]:
        """Everything that a request can change, by names, for comparing."""
        kinds = {endpoint: list(self.records[endpoint].values()) for endpoint in KINDS}
        lists = [[*owner, numbers] for owner, numbers in sorted(self.associations.items()) if numbers]
        surveys = [[*owner, survey] for owner, survey in sorted(self.surveys.items())]
        secrets = [[*owner, values] for owner, values in sorted(self.secrets.items())]
        return {"objects": kinds, "associations": lists, "surveys": surveys, "secrets": secrets}

    def has_survey(self, endpoint: str) -> bool:
        return endpoint in SURVEYS


def update_status(update: Record) -> str:
    left = update["ends"] - time.monotonic()
    if left > 0:
        return "running" if left <= UPDATE_SECONDS else "pending"
    return "failed" if update["fails"] else "successful"
