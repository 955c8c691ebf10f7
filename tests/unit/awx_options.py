# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of action awx_plan, checked and complete, and a controller that holds records."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.tenantops.qlik_cloud.plugins.module_utils._arguments.modules import AWX_PLAN

ORGANIZATION = {"id": 1, "name": "Default"}


def options(**given: Any) -> dict[str, Any]:
    checked = ArgumentSpecValidator(**AWX_PLAN.build_module_arguments()).validate(
        {"project_url": "https://git.example.com/x.git", **given}
    )
    assert checked.error_messages == []
    return checked.validated_parameters


class FakeController:
    """``records`` are those of each endpoint; each query selects by the fields that a record has."""

    def __init__(self, **records: list[dict[str, Any]]):
        self._records = {"organizations": [ORGANIZATION], **records}
        self.galaxy = [{"id": 9, "name": "Ansible Galaxy"}]

    def find(self, endpoint: str, **query: Any) -> list[dict[str, Any]]:
        if endpoint == "organizations/1/galaxy_credentials":
            return self.galaxy
        records = self._records.get(endpoint, [])
        return [record for record in records if all(record.get(name) == value for name, value in query.items())]
