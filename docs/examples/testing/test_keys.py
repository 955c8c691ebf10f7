# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of keys.yml against an embedded tenant. Run them with pytest, with the Python that has Ansible."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

COLLECTIONS = Path(os.environ.get("ANSIBLE_COLLECTIONS_PATH", "~/.ansible/collections")).expanduser()
EMULATOR = COLLECTIONS / "ansible_collections" / "tenantops" / "qlik_cloud" / "tests" / "emulator"
PLAYBOOK = Path(__file__).with_name("keys.yml")
DAY = 24 * 60 * 60


class Tenant:
    """An embedded tenant. ``ready`` has its address, its credentials and its ids."""

    def __init__(self, ready: dict, folder: Path) -> None:
        self.ready = ready
        self.folder = folder

    def control(self, method: str, path: str, body: object = None) -> dict:
        """Ask the control endpoint, which only an embedded tenant has."""
        request = urllib.request.Request(
            f"{self.ready['control_url']}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")

    def active_keys(self) -> list[dict]:
        return [key for key in self.control("GET", "keys")["keys"] if key["status"] == "active"]

    def play(self, *options: str) -> int:
        """Run the playbook, which must succeed; return how many tasks changed something."""
        command = [str(Path(sys.executable).with_name("ansible-playbook")), str(PLAYBOOK)]
        environment = {
            **os.environ,
            "QLIK_TENANT_URL": self.ready["url"],
            "QLIK_CLIENT_ID": self.ready["client_id"],
            "QLIK_CLIENT_SECRET": self.ready["client_secret"],
            "ANSIBLE_NOCOLOR": "true",
        }
        run = subprocess.run(
            [*command, "-e", f"token_folder={self.folder}", *options],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return int(re.findall(r"changed=(\d+)", run.stdout)[-1])


@pytest.fixture
def tenant(tmp_path: Path):
    """A new tenant for each test, on a free port."""
    command = [sys.executable, str(EMULATOR), "--db", str(tmp_path / "tenant.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert line, "The tenant did not start. The reason is on stderr."
        try:
            yield Tenant(json.loads(line), tmp_path)
        finally:
            process.terminate()


def test_the_key_is_made_once_and_its_token_is_stored(tenant: Tenant) -> None:
    assert tenant.play() == 1
    assert (tenant.folder / "reload.token").stat().st_mode & 0o777 == 0o600
    assert tenant.play() == 0
    assert [key["description"] for key in tenant.active_keys()] == ["nightly reload"]


def test_check_mode_changes_nothing(tenant: Tenant) -> None:
    before = tenant.control("GET", "state")
    assert tenant.play("--check") == 1
    assert tenant.control("GET", "state") == before


def test_the_key_is_renewed_in_time(tenant: Tenant) -> None:
    # The tenant's clock must not be ahead of this machine's, so the key is made 100 days ago.
    tenant.control("PATCH", "clock", {"offset": -100 * DAY})
    tenant.play()
    tenant.control("PATCH", "clock", {"offset": -20 * DAY})
    assert tenant.play() == 1
    assert len(tenant.active_keys()) == 2, "the old key lives on for the overlap"
    tenant.control("PATCH", "clock", {"offset": -17 * DAY})
    tenant.play()
    assert len(tenant.active_keys()) == 1


def test_a_lost_answer_does_not_double_the_key(tenant: Tenant) -> None:
    lost = {"method": "POST", "path": "/api/v1/api-keys", "kind": "drop", "when": "after"}
    tenant.control("POST", "faults", lost)
    tenant.play()
    assert len(tenant.active_keys()) == 1
