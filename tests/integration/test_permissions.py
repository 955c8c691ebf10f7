# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/permissions.md says which user may do what; each of them does it, on a tenant that checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Playground
from emulator_process import EmbeddedTenant
from test_jobs import allow_keys, make_key

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
ADMIN = "admin@tenant.example"


def read_rows() -> dict[str, list[str]]:
    """The cells of the table of modules, by what the module is used for."""
    table = PAGE.read_text("utf-8").split("## What each module needs")[1].split("## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    return {what: cells for what, *cells in rows}


def list_tasks(tenant: EmbeddedTenant, folder: Path, token: str, number: int) -> dict[str, dict[str, Any]]:
    """A task for each row, signed in by the token."""
    ready = tenant.ready
    victim = make_key(tenant, f"of the admin {number}", ready["user_id"])

    def task(module: str, **options: Any) -> dict[str, Any]:
        return {
            f"tenantops.qlik_cloud.{module}": {"tenant_url": tenant.url, "access_token": token, **options},
            "check_mode": options == {"max_keys_per_user": 1},
        }

    return {
        "`tenant_info`": task("tenant_info"),
        "`api_key_info`, own keys": task("api_key_info"),
        "`api_key_info`, keys of others": task("api_key_info", id=victim),
        "`api_key`, `api_keys`, own keys": task("api_key", description="own", token_file=f"{folder}/own-{number}"),
        "`api_key`, `api_keys`, SCIM keys": task(
            "api_key", description="scim", idp_id=ready["idp_id"], token_file=f"{folder}/scim-{number}"
        ),
        "`api_key`, `api_keys`, retire or rename keys of others": task("api_key", id=victim, state="absent"),
        "`api_key_report_info`": task("api_key_report_info"),
        "`api_key_event_info`": task("api_key_event_info"),
        "`api_key_config`, read in check mode": task("api_key_config", max_keys_per_user=1),
        "`api_key_config`, change": task("api_key_config", max_keys_per_user=100 + number),
        "`api_key_permission`": task("api_key_permission", role=f"Role {number}"),
        "`tenant`": task("tenant", config={"max_keys_per_user": 200 + number}),
        "`identity_provider_info`": task("identity_provider_info"),
        "`token_info`": task("token_info", token=ready["member_token"]),
    }


@pytest.fixture
def tenant() -> Any:
    with EmbeddedTenant(settings={"listing_needs_permission": True}) as running:
        yield running


def test_a_user_may_do_what_the_page_says(tenant: EmbeddedTenant, tmp_path: Path) -> None:
    rows = read_rows()
    folder = tmp_path / "folder"
    folder.mkdir()
    playground = Playground(tenant, "permission", folder)
    users = ["member_token", "member_token", "admin_token"]
    wrong = []
    for number, user in enumerate(users):
        if number == 1:
            allow_keys(tenant)
        tasks = list_tasks(tenant, folder, tenant.ready[user], number)
        assert set(tasks) == set(rows)
        for what, result in zip(tasks, playground.run(*tasks.values())):
            cell = rows[what][number]
            status = result.get("failure", {}).get("status")
            if (cell.startswith("yes") and result.get("failed")) or (cell == "no" and status != 403):
                wrong.append((what, number, cell, result.get("msg")))
    assert wrong == []
