# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of qlik-cli contexts: listed, and played over, with two tenants of different generations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Playground, Run, assert_no_secret, run_ansible
from emulator_process import EmbeddedTenant

LOOK = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Sign in by the context alone",
                "tenantops.qlik_cloud.tenant_info": {
                    "context": "{{ qlik_context }}",
                    "contexts_file": "{{ qlik_contexts_file }}",
                },
                "register": "about",
            },
            {
                "name": "Keep the answer",
                "ansible.builtin.copy": {
                    "content": "{{ about | combine({'python': ansible_python_interpreter, 'url': qlik_tenant_url}) | to_json }}",
                    "dest": "{{ playbook_dir }}/{{ inventory_hostname }}.json",
                    "mode": "0600",
                },
            },
        ],
    }
]


class Estate:
    """Two tenants, and a contexts file with an API key for the one and an OAuth client for the other."""

    def __init__(self, by_key: EmbeddedTenant, by_client: EmbeddedTenant, folder: Path):
        self.by_key, self.by_client, self.folder = by_key, by_client, folder
        owner = Playground(by_key, "permission", folder)
        owner.allow_keys()
        self.api_key = owner.api("POST", "/api-keys", {"description": "qlik-cli", "expiry": "PT1H"}).json()["token"]
        contexts = {
            "by-key": {"server": by_key.url, "headers": {"Authorization": f"Bearer {self.api_key}"}},
            "by-client": {
                "server": by_client.url,
                "server-type": "cloud",
                "oauth-client-id": by_client.ready["client_id"],
                "oauth-client-secret": by_client.ready["client_secret"],
            },
        }
        self.contexts_file = folder / "contexts.yml"
        self.contexts_file.write_text(json.dumps({"contexts": contexts}))
        self.source = folder / "tenants.qlik.yml"
        self.source.write_text(json.dumps({"plugin": "tenantops.qlik_cloud.contexts"}))
        self.environment = {"QLIK_CLI_USER_HOME_DIR": str(folder)}

    def run(self, command: str, *arguments: str) -> Run:
        """A command of ansible-core over the inventory at ``-vvvv``, its output searched for any secret."""
        run = run_ansible(
            self.folder, command, "-i", str(self.source), "-vvvv", *arguments, environment=self.environment
        )
        assert run.code == 0, run.output
        assert "Traceback (most recent call last)" not in run.output, run.output
        self.assert_no_secret_in(run.output)
        return run

    def assert_no_secret_in(self, text: str) -> None:
        for tenant in (self.by_key, self.by_client):
            assert_no_secret(tenant, text)
        assert self.api_key not in text


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[Estate]:
    with EmbeddedTenant(generation="permission") as by_key, EmbeddedTenant(generation="switch") as by_client:
        yield Estate(by_key, by_client, tmp_path)


def test_the_inventory_lists_every_context_and_no_secret(estate: Estate) -> None:
    output = estate.folder / "inventory.json"
    estate.run("ansible-inventory", "--list", "--output", str(output))
    estate.assert_no_secret_in(output.read_text())
    inventory = json.loads(output.read_text())
    common = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "qlik_contexts_file": str(estate.contexts_file),
    }
    assert inventory["_meta"]["hostvars"] == {
        "by-key": {**common, "qlik_context": "by-key", "qlik_tenant_url": estate.by_key.url},
        "by-client": {**common, "qlik_context": "by-client", "qlik_tenant_url": estate.by_client.url},
    }
    assert inventory["qlik_type_cloud"]["hosts"] == ["by-key", "by-client"]


def test_a_play_over_all_hosts_signs_in_on_each_tenant(estate: Estate) -> None:
    playbook = estate.folder / "look.yml"
    playbook.write_text(json.dumps(LOOK))
    run = estate.run("ansible-playbook", "--diff", str(playbook))
    assert run.output.count("failed=0") == 2
    answers = {host: json.loads((estate.folder / f"{host}.json").read_text()) for host in ("by-key", "by-client")}
    for host, tenant, enabled_by in (
        ("by-key", estate.by_key, "permission"),
        ("by-client", estate.by_client, "switch"),
    ):
        assert answers[host]["tenant"]["id"] == tenant.ready["tenant_id"]
        assert answers[host]["enabled_by"] == enabled_by
        assert answers[host]["url"] == tenant.url
        assert "{{" not in answers[host]["python"]
    assert answers["by-key"]["requester"]["id"] == estate.by_key.ready["user_id"]
    # The id of an OAuth client is in its bot user's subject, which must come whole.
    assert answers["by-client"]["requester"]["subject"].endswith(estate.by_client.ready["client_id"])
    paths = [call["path"] for call in estate.by_client.control("GET", "requests")["requests"]]
    assert paths.count("/oauth/token") == 1


def test_what_is_exported_leads_no_host_to_another_tenant(estate: Estate) -> None:
    estate.environment |= {"QLIK_TENANT_URL": estate.by_key.url, "QLIK_CONTEXT": "by-key"}
    estate.environment |= {"QLIK_ACCESS_TOKEN": estate.by_key.ready["admin_token"]}
    playbook = estate.folder / "look.yml"
    playbook.write_text(json.dumps(LOOK))
    estate.run("ansible-playbook", str(playbook))
    answers = {host: json.loads((estate.folder / f"{host}.json").read_text()) for host in ("by-key", "by-client")}
    assert answers["by-key"]["tenant"]["id"] == estate.by_key.ready["tenant_id"]
    assert answers["by-client"]["tenant"]["id"] == estate.by_client.ready["tenant_id"]


def test_the_role_takes_the_contexts_of_the_file_that_the_inventory_read(estate: Estate) -> None:
    compose = {"onboarding_context": "qlik_context", "onboarding_contexts_file": "qlik_contexts_file"}
    read = {"contexts_file": str(estate.contexts_file), "compose": compose}
    estate.source.write_text(json.dumps({"plugin": "tenantops.qlik_cloud.contexts", **read}))
    estate.environment = {}
    run = estate.run("ansible-playbook", "--limit", "by-client", "tenantops.qlik_cloud.report")
    assert f"by-client: {estate.by_client.ready['hostname']}: 0 active keys" in run.output


def test_a_broken_contexts_file_is_told_without_its_content(estate: Estate) -> None:
    estate.contexts_file.write_text(estate.contexts_file.read_text()[:-1])
    run = estate.run("ansible-inventory", "--list")
    assert "is not valid YAML" in run.output
    assert "by-key" not in run.output


def test_an_ad_hoc_command_reaches_a_tenant_by_the_name_of_its_context(estate: Estate) -> None:
    estate.by_key.control("DELETE", "requests")
    options = ("-m", "tenantops.qlik_cloud.tenant_info", "-a", "context='{{ qlik_context }}'")
    run = estate.run("ansible", "by-client", *options)
    assert estate.by_client.ready["tenant_id"] in run.output
    assert estate.by_key.control("GET", "requests")["requests"] == []
