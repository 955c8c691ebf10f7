# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory of tenants in slices, each by an ansible-runner of its own, as the example in the documentation does it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import assert_no_secret
from emulator_process import EmbeddedTenant, ServedTenant
from long_runs import silent_until

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "run_slices.py"
MAX_SECONDS = 240.0


def scim_keys(tenant: ServedTenant) -> list[str]:
    return [key["description"] for key in tenant.control("GET", "keys")["keys"]]


def host(tenant: ServedTenant, url: str, **more: object) -> dict:
    """The variables of a host; what a user would have encrypted is in a file of its own."""
    key = {"description": "{{ inventory_hostname }}", "idp_id": tenant.ready["idp_id"]}
    token_file = "{{ tokens }}/{{ inventory_hostname }}"
    return {"onboarding_tenant_url": url, "onboarding_scim_keys": [{**key, "token_file": token_file}], **more}


@pytest.fixture
def tenants() -> Iterator[list[ServedTenant]]:
    with EmbeddedTenant(tenants=4) as process:
        yield process.all


def run_slices(
    folder: Path, hosts: dict[str, dict], secrets: dict[str, object], *options: str, for_ansible: tuple[str, ...] = ()
) -> tuple[int, list[str], str]:
    """Exit status, and what was printed: to stdout, by lines, and to stderr."""
    inventory, variables = folder / "tenants.json", folder / "secrets.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    variables.write_text(json.dumps(secrets))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("QLIK_", "ANSIBLE_"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    collections = {"ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    finished = subprocess.run(
        [
            sys.executable,
            str(EXAMPLE),
            "--inventory",
            inventory.name,
            "--slices",
            "2",
            *options,
            "tenantops.qlik_cloud.onboard",
            "--",
            "--forks",
            "3",
            "-e",
            f"@{variables.name}",
            *for_ansible,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=MAX_SECONDS * 2,
        cwd=folder,
        env={**inherited, **collections, "PATH": path, "ANSIBLE_HOME": str(folder / "ansible")},
    )
    assert "Traceback" not in finished.stderr, finished.stderr
    return finished.returncode, finished.stdout.splitlines(), finished.stderr


def test_each_tenant_is_done_once_and_a_silent_one_is_named_and_holds_up_no_other(
    tenants: list[ServedTenant], tmp_path: Path
) -> None:
    (tmp_path / "tokens").mkdir()
    names = ["amber", "birch", "cedar", "delta"]
    secrets: dict[str, Any] = {
        "tokens": str(tmp_path / "tokens"),
        "credentials": {name: tenant.ready["admin_token"] for name, tenant in zip(names, tenants)},
        "onboarding_access_token": "{{ credentials[inventory_hostname[:5]] | default('none') }}",
        "onboarding_timeout": MAX_SECONDS,
        "onboarding_retries": 0,
    }
    hosts = {name: host(tenant, tenant.url) for name, tenant in zip(names, tenants)}
    # The first tenant has a second name in the inventory.
    hosts["amber-again"] = host(tenants[0], f"{tenants[0].url}/")
    expected = [["amber", "amber-again"], ["birch"], ["cedar"], ["delta"]]

    def others_are_done() -> bool:
        return [sorted(scim_keys(tenant)) for tenant in tenants] == expected

    with silent_until(others_are_done, MAX_SECONDS) as (url, ends):
        code, lines, _errors = run_slices(tmp_path, {**hosts, "silent": host(tenants[0], url)}, secrets)
    assert ends == [True]
    assert [sorted(scim_keys(tenant)) for tenant in tenants] == expected
    posts = [
        len([call for call in tenant.control("GET", "requests")["requests"] if call["method"] == "POST"])
        for tenant in tenants
    ]
    assert posts == [2, 1, 1, 1]
    done, [failed] = [line for line in lines if line.endswith(": done")], [line for line in lines if "FAILED" in line]
    assert done == [f"slice 1: {name}: done" for name in ("amber", "amber-again", "cedar")] + [
        f"slice 2: {name}: done" for name in ("birch", "delta")
    ]
    assert failed.startswith("slice 1: silent: FAILED: ") and "got no answer" in failed
    assert code == 1

    assert (tmp_path / "slices" / "failed").read_text() == "silent"
    hosts["silent"] = host(tenants[1], tenants[1].url)
    secrets["credentials"]["silen"] = tenants[1].ready["admin_token"]
    code, lines, _errors = run_slices(tmp_path, hosts, secrets, "--only", "slices/failed")
    assert (code, lines) == (0, ["slice 1: silent: done"])
    assert sorted(scim_keys(tenants[1])) == ["birch", "silent"]
    artifacts = [path.read_text(encoding="utf-8") for path in (tmp_path / "slices").rglob("*") if path.is_file()]
    for tenant in tenants:
        assert_no_secret(tenant, "\n".join([*lines, *artifacts]))


def test_what_would_make_the_slices_overlap_is_refused(tmp_path: Path) -> None:
    code, lines, errors = run_slices(tmp_path, {"amber": {}}, {}, for_ansible=("--limit", "amber"))
    assert (code, lines) == (2, [])
    assert "--limit would take the place of each slice's own hosts; use --only" in errors


def test_an_address_that_is_a_template_does_not_put_all_hosts_into_one_slice(tmp_path: Path) -> None:
    template = {"onboarding_tenant_url": "http://127.0.0.1:9/{{ inventory_hostname }}"}
    code, lines, _errors = run_slices(tmp_path, dict.fromkeys(["amber", "birch"], template), {"onboarding_retries": 0})
    assert code == 1
    assert [line.partition(": FAILED")[0] for line in lines] == ["slice 1: amber", "slice 2: birch"]
