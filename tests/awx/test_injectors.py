# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job gets of a credential, by AWX's own code, and that the collection signs in by it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from conftest import PLAYED_WITH, ROOT, ansible
from emulator_process import EmbeddedTenant

TYPES = ROOT / "extensions" / "awx"
MODULE = "tenantops.qlik_cloud.tenant_info"


@pytest.fixture(scope="module")
def tenant() -> Iterator[EmbeddedTenant]:
    with EmbeddedTenant() as running:
        yield running


def injected(file: str, folder: Path, **inputs: str) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """The environment of the job, what AWX shows of it, and further arguments of ansible-playbook."""
    sys.path.insert(0, str(PLAYED_WITH))
    try:
        from awx_plugins.interfaces import _temporary_private_inject_api as injector
        from awx_plugins.interfaces._temporary_private_credential_api import Credential
    finally:
        sys.path.remove(str(PLAYED_WITH))
    content = yaml.safe_load((TYPES / file).read_text())
    kind = SimpleNamespace(managed=False, custom_injectors=None, **content)
    environment: dict[str, str] = {}
    shown: dict[str, str] = {}
    arguments: list[str] = []
    (folder / "env").mkdir(exist_ok=True)
    injector.inject_credential(kind, Credential(inputs), environment, shown, arguments, str(folder))
    # The container has the folder as /runner.
    return {name: value.replace("/runner/", f"{folder}/") for name, value in environment.items()}, shown, arguments


def run(folder: Path, environment: dict[str, str], options: str) -> str:
    done = ansible(folder, "ansible", "localhost", "-m", MODULE, "-a", options, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["client", "token"])
@pytest.mark.parametrize("address", ["credential", "task"])
def test_a_module_signs_in_by_what_the_credential_injects(
    tenant: EmbeddedTenant, tmp_path: Path, kind: str, address: str
) -> None:
    ready = tenant.ready
    texts = {"tenant_url": "", "client_id": "", "client_secret": "", "access_token": ""}
    if kind == "client":
        texts.update(client_id=ready["client_id"], client_secret=ready["client_secret"])
    else:
        texts.update(access_token=ready["admin_token"])
    if address == "credential":
        texts.update(tenant_url=ready["url"])
    environment, shown, arguments = injected("credential_type.yml", tmp_path, **texts)
    assert set(environment) == {"QLIK_TENANT_URL", "QLIK_CLIENT_ID", "QLIK_CLIENT_SECRET", "QLIK_ACCESS_TOKEN"}
    assert arguments == []
    secrets = {ready["client_secret"], ready["admin_token"]}
    assert secrets.isdisjoint(shown.values())
    output = run(tmp_path, environment, f"tenant_url={ready['url']}" if address == "task" else "")
    assert ready["tenant_id"] in output
    assert [secret for secret in secrets if secret in output] == []


def test_a_contexts_file_signs_in_to_the_tenant_of_each_context(tenant: EmbeddedTenant, tmp_path: Path) -> None:
    ready = tenant.ready
    context = {
        "server": ready["url"],
        "oauth-client-id": ready["client_id"],
        "oauth-client-secret": ready["client_secret"],
    }
    contexts = yaml.safe_dump({"contexts": {"production": context}})
    environment, shown, arguments = injected("contexts_credential_type.yml", tmp_path, contexts=contexts)
    assert list(environment) == ["QLIK_CONTEXTS_FILE"]
    assert arguments == []
    assert Path(environment["QLIK_CONTEXTS_FILE"]).read_text() == contexts
    output = run(tmp_path, environment, "context=production")
    assert ready["tenant_id"] in output
    assert ready["client_secret"] not in output
    source = tmp_path / "contexts.qlik.yml"
    source.write_text((ROOT / "docs/examples/awx/project/inventory/contexts.qlik.yml").read_text())
    listed = ansible(tmp_path, "ansible-inventory", "-i", str(source), "--host", "production", environment=environment)
    assert yaml.safe_load(listed.stdout)["onboarding_context"] == "production"


def test_the_token_of_a_key_is_in_the_environment_only_and_not_shown(tmp_path: Path) -> None:
    environment, shown, arguments = injected("token_credential_type.yml", tmp_path, token="a-token", key_id="an-id")
    assert environment == {"QLIK_STORED_TOKEN": "a-token", "QLIK_STORED_KEY_ID": "an-id"}
    assert shown == {"QLIK_STORED_TOKEN": "**********", "QLIK_STORED_KEY_ID": "an-id"}
    assert arguments == []
